"""A town with mentors and supervisors, and a clock that walks through its days, for reminder tests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from server.actions.deadlines import open_deadline
from server.actions.reminding import remind
from server.clock import TOWN_ZONE, SetClock
from server.database import db, write_transaction
from server.models import Deadline, Message, Pairing, Reminder, User, UserRole
from server.reminder_words import render
from tests.server import town
from tests.server.town import TOWN

STAFF = (("head", "village_head", town.EAST), ("clerk", "town_office", ""), ("leader", "town_leader", ""))
NAMES = {
    "p-mentor": "王帮扶(演示)",
    "p-head": "李书记(演示)",
    "p-clerk": "赵办公(演示)",
    "p-leader": "钱镇长(演示)",
}


def staff_town(app: Flask) -> None:
    """Supervisors of every level, all of them persons."""
    digest = town.digest_once()
    with app.app_context(), write_transaction() as session:
        for username, role, village in STAFF:
            user = User(user_id=f"u-{username}", username=username, name=username, town_id=TOWN)
            user.posts = [UserRole(role=role, village=village)]
            user.person, user.password_digest = f"p-{username}", digest
            session.add(user)
    for person, name in NAMES.items():
        town.put_row(app, "person", person, name, phone="10000000009")


def put_pairing(pairing_id: str = "pair-1", due_on: str = "2016-09-30", **columns: Any) -> None:
    """An active pairing with an open deadline; inside a write transaction."""
    row = {
        "kind": "hand_in_hand",
        "mentor_list": "person",
        "mentor_id": "p-mentor",
        "mentee_list": "household",
        "mentee_id": "h-1",
        "village": town.EAST,
        "supervisor": "p-clerk",
        "start_on": "2016-01-01",
        "cadence_n": 1,
        "cadence_unit": "month",
        "state": "active",
        "due_on": due_on,
        "seq": 1,
        "updated_at": datetime(2016, 1, 1, tzinfo=UTC),
        **columns,
    }
    db.session.add(Pairing(town_id=TOWN, pairing_id=pairing_id, **row))
    db.session.flush()
    open_deadline(TOWN, "pairing", pairing_id, due_on)


def in_town(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


TIMES = ("00:00", "08:00", "08:30", "09:00", "10:00", "18:00", "18:30", "23:30")


def moments(first: str, last: str) -> Iterator[datetime]:
    """The moments of each day at which something may happen, and some at which nothing must."""
    day = in_town(first).date()
    while day <= in_town(last).date():
        found = [in_town(f"{day}T{time}") for time in TIMES]
        yield from (moment for moment in found if in_town(first) <= moment <= in_town(last))
        day += timedelta(days=1)


def walk(app: Flask, clock: SetClock, first: str, last: str, who: str = "one") -> None:
    """Let the engine do its rounds from one moment in the town to another."""
    for moment in moments(first, last):
        clock.at = moment
        with app.app_context():
            remind(moment, who)


def told() -> list[tuple[str, str, str, str]]:
    """(when, stage, person, text) of every reminder, in order."""
    rows = db.session.query(Reminder).order_by(Reminder.deliver_at, Reminder.stage, Reminder.person)
    return [(when(row.deliver_at), row.stage, row.person, render(row.kind, row.words, "zh")) for row in rows]


def messages() -> list[tuple[str, str, str]]:
    """(when, person, text) of every message in an inbox."""
    rows = db.session.query(Message).filter_by(channel="inbox").order_by(Message.made_at, Message.person)
    return [(when(row.made_at), row.person, row.body) for row in rows]


def open_days() -> list[str]:
    """The days on which something is due still."""
    query = db.session.query(Deadline.due_on).filter_by(state="open").order_by(Deadline.due_on)
    return [row.due_on for row in query]


def when(moment: datetime) -> str:
    return f"{moment.astimezone(TOWN_ZONE):%m-%d %H:%M}"
