"""Private calendars: whoever knows a person's secret address reads what is due; a new one ends the old."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, or_, select

from server.actions.subjects import read_labels
from server.actions.throttles import Limit, count_try, seconds_closed
from server.audit import audit
from server.clock import now, today
from server.database import db, write_transaction
from server.icalendar import Entry, write_calendar
from server.models import CalendarFeed, Event, Pairing, RosterEntry, Task, User
from server.problems import Problem

DAYS_BACK = 30
GUESSES = Limit(20, timedelta(minutes=10), timedelta(minutes=10))


def make_feed(town_id: str, user_id: str) -> str:
    """Make a person's address anew. Returns: its secret part, which is kept as a digest only."""
    token = secrets.token_urlsafe(24)
    with write_transaction() as session:
        session.execute(delete(CalendarFeed).where(mine(town_id, user_id)))
        session.add(CalendarFeed(town_id=town_id, user_id=user_id, token_digest=digest(token), made_at=now()))
        audit(town_id, user_id, "make_feed", "user", user_id)
    return token


def revoke_feed(town_id: str, user_id: str) -> None:
    with write_transaction() as session:
        session.execute(delete(CalendarFeed).where(mine(town_id, user_id)))
        audit(town_id, user_id, "revoke_feed", "user", user_id)


def has_feed(town_id: str, user_id: str) -> bool:
    return db.session.get(CalendarFeed, (town_id, user_id)) is not None


def mine(town_id: str, user_id: str) -> ColumnElement[bool]:
    return (CalendarFeed.town_id == town_id) & (CalendarFeed.user_id == user_id)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def read_feed(token: str, address: str) -> str:
    """The calendar behind a secret. Raises: Problem calendar_feed_unknown, feed_closed."""
    key = f"feed:{address}"
    if seconds := seconds_closed(key):
        raise Problem("feed_closed", minutes=-(-seconds // 60))
    feed = db.session.scalar(select(CalendarFeed).where(CalendarFeed.token_digest == digest(token)))
    user = db.session.get(User, feed.user_id) if feed else None
    if user is None or user.is_disabled:
        with write_transaction() as session:
            count_try(session, key, GUESSES)
        raise Problem("calendar_feed_unknown")
    entries = entries_of(user) if user.person else []
    return write_calendar(f"领雁 {user.name}", entries, now())


def entries_of(user: User) -> list[Entry]:
    """Own tasks, own pairings' due days and events, from a month ago on."""
    since = (today() - timedelta(days=DAYS_BACK)).isoformat()
    return [
        *tasks_of(user, since),
        *pairings_of(user, since),
        *events_of(user),
    ]


def tasks_of(user: User, since: str) -> list[Entry]:
    query = select(Task).where(
        Task.town_id == user.town_id, Task.person == user.person, Task.state == "open", Task.due_on >= since
    )
    rows = db.session.scalars(query.order_by(Task.due_on, Task.task_id)).all()
    labels = read_labels(user.town_id, {(row.list_name, row.entity_id) for row in rows if row.entity_id})
    return [
        Entry(
            f"task-{row.task_id}@lingyan",
            "：".join(filter(None, (row.title, labels.get((row.list_name, row.entity_id), "")))),
            date.fromisoformat(row.due_on),
        )
        for row in rows
    ]


def pairings_of(user: User, since: str) -> list[Entry]:
    query = select(Pairing).where(
        Pairing.town_id == user.town_id,
        or_(Pairing.mentor_id == user.person, Pairing.mentor_2 == user.person),
        Pairing.state == "active",
        Pairing.due_on >= since,
    )
    rows = db.session.scalars(query.order_by(Pairing.due_on, Pairing.pairing_id)).all()
    labels = read_labels(user.town_id, {(row.mentee_list, row.mentee_id) for row in rows})
    return [
        Entry(
            f"pairing-{row.pairing_id}-{row.due_on}@lingyan",
            f"走访{labels.get((row.mentee_list, row.mentee_id), '')}",
            date.fromisoformat(row.due_on),
        )
        for row in rows
    ]


def events_of(user: User) -> list[Entry]:
    expected = select(RosterEntry.event_id).where(
        RosterEntry.town_id == user.town_id,
        RosterEntry.list_name == "person",
        RosterEntry.entity_id == user.person,
        RosterEntry.state == "expected",
    )
    query = select(Event).where(
        Event.town_id == user.town_id,
        or_(Event.organiser == user.person, Event.event_id.in_(expected)),
        Event.state != "cancelled",
        Event.end_at >= now() - timedelta(days=DAYS_BACK),
    )
    return [
        Entry(f"event-{row.event_id}@lingyan", row.name, row.start_at, row.end_at, row.place)
        for row in db.session.scalars(query.order_by(Event.start_at, Event.event_id))
    ]
