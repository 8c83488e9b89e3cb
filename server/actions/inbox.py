"""The desk's inbox: own reminders, what is overdue where one watches over, and the month's list 通报名单."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from server.access import Scope
from server.actions.mutes import Wish, village_of
from server.actions.subjects import FINDERS, read_labels, read_staff
from server.clock import now, today
from server.database import db, write_transaction
from server.inbox_changes import read_texts
from server.models import Deadline, Mute, Pairing, Reminder
from server.reminder_words import render

SHOWN = 200
OVERDUE_KINDS = ("pairing", "task", "ticket", "returned")
WATCHERS = frozenset({"village_head", "village_clerk", "town_office", "town_leader", "county", "auditor"})


@dataclass(frozen=True)
class Line:
    """A reminder in one language."""

    reminder: Reminder
    text: str


@dataclass(frozen=True)
class Overdue:
    """Something whose day has passed."""

    kind: str
    subject_id: str
    due_on: str
    who: str
    about: str
    days: int
    listed_on: str = ""
    is_closed: bool = False


def own_reminders(scope: Scope, language: str) -> list[Line]:
    """What the person was told and is not done with, unread first."""
    if not scope.person:
        return []
    query = select(Reminder).where(
        Reminder.town_id == scope.town_id, Reminder.person == scope.person, Reminder.state == "delivered"
    )
    rows = db.session.scalars(query.order_by(Reminder.read_at.is_not(None), Reminder.due_on).limit(SHOWN))
    texts = read_texts(scope.town_id)
    return [
        Line(row, render(row.kind, row.words, language, texts.get((row.kind, language), ""))) for row in rows
    ]


def mark_read(scope: Scope, reminder_id: str) -> None:
    """Note that the person read one of their own, or all; nobody counts it."""
    mine = [
        Reminder.town_id == scope.town_id,
        Reminder.person == scope.person,
        Reminder.state == "delivered",
        Reminder.read_at.is_(None),
    ]
    if reminder_id:
        mine.append(Reminder.reminder_id == reminder_id)
    with write_transaction() as session:
        session.execute(
            update(Reminder).where(*mine).values(read_at=now()).execution_options(synchronize_session=False)
        )


def overdue_in(scope: Scope) -> list[Overdue]:
    """What is overdue where the person watches over, the longest first."""
    if not scope.has(WATCHERS):
        return []
    query = (
        select(Deadline)
        .where(
            Deadline.town_id == scope.town_id,
            Deadline.state == "open",
            Deadline.subject_kind.in_(OVERDUE_KINDS),
            Deadline.due_on < today().isoformat(),
        )
        .order_by(Deadline.due_on)
    )
    return tell(scope, db.session.scalars(query).all())[:SHOWN]


def tell(scope: Scope, rows: Sequence[Deadline]) -> list[Overdue]:
    """Deadlines with the names of who is behind, within the person's places."""
    staff = read_staff(scope.town_id)
    found = []
    for kind in OVERDUE_KINDS:
        members = [row for row in rows if row.subject_kind == kind]
        subjects = FINDERS[kind](scope.town_id, {row.subject_id for row in members}, staff) if members else {}
        for row in members:
            subject = subjects.get(row.subject_id)
            if subject is None or not scope.has_at(WATCHERS, subject.village):
                continue
            words = subject.words
            found.append(
                Overdue(
                    kind,
                    row.subject_id,
                    row.due_on,
                    words.get("mentor") or words.get("person", ""),
                    words.get("mentee")
                    or words.get("task")
                    or words.get("form")
                    or words.get("business", ""),
                    (today() - day_of(row.due_on)).days,
                )
            )
    return sorted(found, key=lambda one: (one.due_on, one.who))


def month_list(scope: Scope, month: str) -> list[Overdue]:
    """The pairings that came on the list in a month, such as 2016-10; also those made up for since."""
    if not scope.has(WATCHERS):
        return []
    query = (
        select(Deadline, Pairing)
        .join(
            Pairing,
            (Pairing.town_id == Deadline.town_id) & (Pairing.pairing_id == Deadline.subject_id),
        )
        .where(
            Deadline.town_id == scope.town_id,
            Deadline.listed_on.between(f"{month}-01", f"{month}-31"),
            scope.where_village(Pairing.village, WATCHERS),
        )
        .order_by(Deadline.listed_on, Deadline.subject_id)
        .limit(SHOWN)
    )
    rows = db.session.execute(query).all()
    keys = {(pairing.mentor_list, pairing.mentor_id) for _, pairing in rows}
    keys |= {(pairing.mentee_list, pairing.mentee_id) for _, pairing in rows}
    labels = read_labels(scope.town_id, keys)
    return [listed(deadline, pairing, labels) for deadline, pairing in rows]


def listed(deadline: Deadline, pairing: Pairing, labels: Mapping[tuple[str, str], str]) -> Overdue:
    return Overdue(
        "pairing",
        pairing.pairing_id,
        deadline.due_on,
        labels.get((pairing.mentor_list, pairing.mentor_id), pairing.mentor_id),
        labels.get((pairing.mentee_list, pairing.mentee_id), pairing.mentee_id),
        (today() - day_of(deadline.due_on)).days,
        deadline.listed_on,
        deadline.state == "closed",
    )


def day_of(iso: str) -> date:
    return date.fromisoformat(iso)


def months_listed(scope: Scope) -> list[str]:
    """The months that have a list, the latest first."""
    query = select(Deadline.listed_on).where(Deadline.town_id == scope.town_id, Deadline.listed_on != "")
    return sorted({day[:7] for day in db.session.scalars(query.distinct())}, reverse=True)


def place_of(scope: Scope, row: Mute) -> str:
    """The village of what rests, '' for the town."""
    return village_of(scope, Wish(row.kind, row.subject_id, row.from_on, row.until_on, row.reason))


def mutes_shown(scope: Scope) -> list[tuple[Mute, str]]:
    """What was asked for and what holds or will hold, with the name of what rests."""
    query = (
        select(Mute)
        .where(
            Mute.town_id == scope.town_id,
            Mute.state.in_(("asked", "approved")),
            Mute.until_on >= today().isoformat(),
        )
        .order_by(Mute.state.desc(), Mute.from_on)
    )
    rows = db.session.scalars(query.limit(SHOWN)).all()
    pairing_ids = [row.subject_id for row in rows if row.subject_kind == "pairing"]
    pairings = FINDERS["pairing"](scope.town_id, pairing_ids, read_staff(scope.town_id))
    labels = read_labels(
        scope.town_id, {("person", row.subject_id) for row in rows if row.subject_kind == "person"}
    )
    shown = []
    for row in rows:
        if not scope.has_at(WATCHERS, place_of(scope, row)):
            continue
        pairing = pairings.get(row.subject_id)
        name = labels.get(("person", row.subject_id), "") or (pairing.words["mentee"] if pairing else "")
        shown.append((row, name))
    return shown
