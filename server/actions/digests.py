"""Digests: what waits for a person becomes one message for each way to reach them, and shows in the inbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_, update

from server.actions.leases import Hold, renew
from server.audit import SYSTEM, audit
from server.cadence import STAGES, is_quiet
from server.channels import Channel, read_channels
from server.clock import TOWN_ZONE
from server.counter import next_seq
from server.database import db, insert_missing, write_transaction
from server.ids import new_id
from server.inbox_changes import read_texts
from server.models import Entity, Message, Reminder, Town
from server.reminder_words import render
from server.workdays import read_calendar

PEOPLE = 100  # in one transaction
MAX_LINES = 12  # of a message; the inbox shows them all
INBOX = "inbox"
LANGUAGE = "zh"  # of what leaves the server
MORE = "……共{n}项，请打开领雁查看。"
TITLE = "领雁提醒：{name}，您有{n}项"
Person = tuple[str, str]  # town and row of list `person`


def deliver(now: datetime, hold: Hold | None = None) -> int:
    """Deliver everything that is due, unless it is night or a rest day. Returns: how many messages."""
    calendar = read_calendar(now.astimezone(TOWN_ZONE).date())
    if is_quiet(now) or not calendar.is_working(now.astimezone(TOWN_ZONE).date()):
        return 0
    n_messages = 0
    while people := find_people(now):
        with write_transaction():
            if hold:
                renew(hold)
            n_messages += sum(deliver_town(town, people[town], now) for town in sorted(people))
        db.session.rollback()
    db.session.rollback()
    return n_messages


def find_people(now: datetime) -> dict[str, list[str]]:
    """The next people who have something waiting, by town."""
    query = (
        select(Reminder.town_id, Reminder.person)
        .where(Reminder.state == "waiting", Reminder.deliver_at <= now)
        .distinct()
        .limit(PEOPLE)
    )
    people: dict[str, list[str]] = defaultdict(list)
    for town_id, person in db.session.execute(query):
        people[town_id].append(person)
    return people


def deliver_town(town_id: str, persons: Sequence[str], now: datetime) -> int:
    """Put what waits into the inboxes and make the messages; inside the write transaction."""
    query = select(Reminder).where(
        Reminder.town_id == town_id,
        Reminder.person.in_(persons),
        Reminder.state == "waiting",
        Reminder.deliver_at <= now,
    )
    by_person: dict[str, list[Reminder]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(Reminder.due_on, Reminder.reminder_id)):
        by_person[row.person].append(row)
    seq = next_seq(town_id)
    for rows in by_person.values():
        supersede(town_id, rows, now, seq)
    texts, channels = read_texts(town_id), active_channels(town_id)
    entities = read_people(town_id, persons)
    messages = [
        message
        for person, rows in by_person.items()
        for message in messages_to(person, rows, entities.get(person), texts, channels, now)
    ]
    insert_missing(Message, messages)
    for message in messages:
        audit(
            town_id,
            SYSTEM,
            "remind",
            "message",
            message["message_id"],
            person=message["person"],
            channel=message["channel"],
            n_reminders=message["n_reminders"],
        )
    db.session.flush()
    return len(messages)


def supersede(town_id: str, rows: Sequence[Reminder], now: datetime, seq: int) -> None:
    """Show these, and no longer what an earlier stage of the same said to the same person."""
    about = {(row.subject_kind, row.subject_id, row.due_on) for row in rows}
    earlier = (
        Reminder.town_id == town_id,
        Reminder.person == rows[0].person,
        Reminder.state == "delivered",
        tuple_(Reminder.subject_kind, Reminder.subject_id, Reminder.due_on).in_(about),
    )
    db.session.execute(
        update(Reminder)
        .where(*earlier)
        .values(state="closed", closed_at=now, seq=seq)
        .execution_options(synchronize_session=False)
    )
    last = {id(row) for row in last_stages(rows)}
    for row in rows:
        row.state, row.seq = ("delivered" if id(row) in last else "closed"), seq


def last_stages(rows: Sequence[Reminder]) -> list[Reminder]:
    """One row for each thing: the same person at two stages is told of the later one."""
    last: dict[tuple[str, str, str], Reminder] = {}
    for row in rows:
        key = (row.subject_kind, row.subject_id, row.due_on)
        other = last.get(key)
        if other is None or rank(row) > rank(other):
            last[key] = row
    return list(last.values())


def rank(row: Reminder) -> int:
    return STAGES[row.subject_kind].index(row.stage)


def messages_to(
    person: str,
    rows: Sequence[Reminder],
    entity: Entity | None,
    texts: Mapping[tuple[str, str], str],
    channels: Sequence[Channel],
    now: datetime,
) -> list[dict[str, Any]]:
    """The inbox's message, and one for each channel that reaches the person."""
    lines = lines_of(last_stages(rows), texts, LANGUAGE)
    name = entity.label if entity else person
    data = entity.data if entity else {}
    base = {
        "town_id": rows[0].town_id,
        "person": person,
        "title": TITLE.format(name=name, n=len(lines)),
        "body": shorten(lines),
        "n_reminders": len(rows),
        "n_tries": 0,
        "problem": "",
        "made_at": now,
    }
    moment = max(row.deliver_at for row in rows).isoformat()
    ways = [INBOX, *(channel.name for channel in channels if channel.reaches(data))]
    return [
        {
            **base,
            "message_id": new_id(),
            "idempotency_key": f"{rows[0].town_id}/{person}/{way}/{moment}/{rows[0].reminder_id}",
            "channel": way,
            "state": "sent" if way == INBOX else "waiting",
            "next_try_at": None if way == INBOX else now,
            "sent_at": now if way == INBOX else None,
        }
        for way in ways
    ]


def lines_of(rows: Sequence[Reminder], texts: Mapping[tuple[str, str], str], language: str) -> list[str]:
    """One line for each; new tasks of one batch are counted together."""
    lines: list[str] = []
    batches: dict[tuple[str, str], list[Reminder]] = {}
    for row in rows:
        if row.kind == "assigned":
            batches.setdefault((row.words.get("title", ""), row.due_on), []).append(row)
        else:
            lines.append(render(row.kind, row.words, language, texts.get((row.kind, language), "")))
    for (title, _), members in batches.items():
        words = {**members[0].words, "count": len(members)}
        words |= {"task": title} if len(members) > 1 else {}
        lines.append(render("assigned", words, language, texts.get(("assigned", language), "")))
    return lines


def shorten(lines: Sequence[str]) -> str:
    shown = list(lines[:MAX_LINES])
    if len(lines) > MAX_LINES:
        shown.append(MORE.format(n=len(lines)))
    return "\n".join(shown)


def active_channels(town_id: str) -> list[Channel]:
    """The channels that messages go to; none while sending is switched off."""
    town = db.session.get_one(Town, town_id)
    return list(read_channels().values()) if town.is_sending and not town.is_demo else []


def read_people(town_id: str, persons: Sequence[str]) -> dict[str, Entity]:
    query = select(Entity).where(
        Entity.town_id == town_id, Entity.list_name == "person", Entity.entity_id.in_(persons)
    )
    return {row.entity_id: row for row in db.session.scalars(query)}
