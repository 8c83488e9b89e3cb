"""Messages on their way out: claimed one by one, tried again after growing pauses, given up at last."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.actions.digests import read_people
from server.audit import SYSTEM, audit
from server.cadence import is_quiet, next_digest
from server.channels import Channel, ChannelError, Letter, read_channels, send
from server.clock import TOWN_ZONE
from server.database import db, write_transaction
from server.models import Message, Town
from server.problems import Problem
from server.workdays import read_calendar

MAX_TRIES = 6
FIRST_PAUSE = timedelta(minutes=1)
GROWTH = 4  # 1, 4, 16, 64, 256 minutes
# A try that was begun and not ended, because the process died, is taken up again after this.
STALE = timedelta(minutes=5)
ROUND = 50  # messages in one round, so that a slow gateway doesn't keep the next sweep waiting for long


def send_waiting(now: datetime) -> int:
    """Send what waits, in the daytime. Returns: how many were tried."""
    if is_quiet(now):
        return 0
    try:
        channels = read_channels()
    except ChannelError:
        return 0  # the settings page says what is wrong
    n_tried = 0
    for key in find_waiting(now):
        message = claim(key, now)
        if message is not None:
            settle(message, post_one(message, channels), now)
            n_tried += 1
    return n_tried


def find_waiting(now: datetime) -> list[tuple[str, str]]:
    query = (
        select(Message.town_id, Message.message_id)
        .join(Town, Town.town_id == Message.town_id)
        .where(
            Message.state.in_(("waiting", "sending")),
            Message.next_try_at <= now,
            Town.is_sending,
            Town.is_demo.is_(False),
        )
        .order_by(Message.next_try_at)
        .limit(ROUND)
    )
    found = [(row.town_id, row.message_id) for row in db.session.execute(query)]
    db.session.rollback()
    return found


def claim(key: tuple[str, str], now: datetime) -> Message | None:
    """Make a message ours for a try; None if somebody else was faster."""
    with write_transaction() as session:
        mine = (Message.town_id == key[0], Message.message_id == key[1], Message.next_try_at <= now)
        claimed = session.execute(
            update(Message)
            .where(*mine, Message.state.in_(("waiting", "sending")))
            .values(state="sending", n_tries=Message.n_tries + 1, next_try_at=now + STALE)
        )
        if getattr(claimed, "rowcount", 0) != 1:
            return None
    return db.session.get(Message, key, populate_existing=True)


def post_one(message: Message, channels: dict[str, Channel]) -> str:
    channel = channels.get(message.channel)
    if channel is None:
        return "unknown"
    entity = read_people(message.town_id, [message.person]).get(message.person)
    data = entity.data if entity else {}
    url = channel.fill(data, entity.label if entity else message.person, message.idempotency_key)
    letter = Letter(url, message.title, message.body, channel.allow)
    db.session.rollback()
    return send(letter)


def settle(message: Message, problem: str, now: datetime) -> None:
    """Note what became of a try."""
    key = (message.town_id, message.message_id)
    with write_transaction() as session:
        row = session.get_one(Message, key, populate_existing=True)
        row.problem = problem
        if not problem:
            row.state, row.sent_at, row.next_try_at = "sent", now, None
        elif row.n_tries >= MAX_TRIES:
            row.state, row.next_try_at = "given_up", None
        else:
            row.state, row.next_try_at = "waiting", next_try(row.n_tries, now)
        audit(
            row.town_id,
            SYSTEM,
            "send",
            "message",
            row.message_id,
            channel=row.channel,
            state=row.state,
            n_tries=row.n_tries,
            problem=problem,
        )


def next_try(n_tries: int, now: datetime) -> datetime:
    """After a pause that grows and differs from message to message; at night it waits for the morning."""
    spread = random.uniform(0.5, 1.5)  # noqa: S311 - only keeps messages from coming back all at once
    pause_s = FIRST_PAUSE.total_seconds() * float(GROWTH ** (n_tries - 1)) * spread
    moment = now + timedelta(seconds=pause_s)
    if not is_quiet(moment):
        return moment
    return next_digest(moment, read_calendar(moment.astimezone(TOWN_ZONE).date()))


def try_again(town_id: str, message_id: str, user_id: str, now: datetime) -> None:
    """Give a message that was given up another round of tries."""
    with write_transaction() as session:
        row = session.get(Message, (town_id, message_id))
        if row is None:
            raise Problem("record_unknown")
        if row.state == "given_up":
            row.state, row.n_tries, row.next_try_at = "waiting", 0, now
            audit(town_id, user_id, "send_again", "message", message_id)
