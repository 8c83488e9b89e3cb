"""Deadlines open when something becomes due and close when it is done, in the caller's write transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update

from server.cadence import first_stage, missed_in_a_row
from server.clock import now, today
from server.counter import next_seq
from server.database import db
from server.models import Deadline, Pairing, Reminder
from server.workdays import read_calendar
from server.working_days import Calendar

NEGLECTED_AFTER = 2  # missed periods in a row (domain.md 5.3)
KEPT_IN_TIME = "done"
MADE_UP_LATE = "late"


def open_deadline(
    town_id: str, subject_kind: str, subject_id: str, due_on: str, calendar: Calendar | None = None
) -> None:
    """Let something be due on a day; one that is open already stays as it is, a closed one opens again.

    Args:
        calendar: read once by whoever opens many.
    """
    row = db.session.get(Deadline, (town_id, subject_kind, subject_id, due_on))
    if row is not None and row.state == "open":
        return
    begin = first_stage(subject_kind, date.fromisoformat(due_on), now(), calendar or read_calendar())
    row = row or Deadline(town_id=town_id, subject_kind=subject_kind, subject_id=subject_id, due_on=due_on)
    row.state, row.closed_at, row.why_closed = "open", None, ""
    row.stage, row.remind_at = begin or ("", None)
    db.session.add(row)
    db.session.flush()


def close_deadlines(
    town_id: str, subject_kind: str, subject_id: str, why: str, due_on: str | None = None
) -> None:
    """End a subject's open deadlines, or the one of a day, and the reminders that speak of them.

    Args:
        why: `done` when it was done; of a pairing's period that had passed before, `late` is noted instead,
            unless `due_on` says that the contact belongs to that very period. Else cancelled, ended, ...
    """
    conditions = [
        Deadline.town_id == town_id,
        Deadline.subject_kind == subject_kind,
        Deadline.subject_id == subject_id,
        Deadline.state == "open",
    ]
    if due_on is not None:
        conditions.append(Deadline.due_on == due_on)
    rows = db.session.scalars(select(Deadline).where(*conditions)).all()
    for row in rows:
        is_late = why == KEPT_IN_TIME and due_on is None and row.due_on < today().isoformat()
        row.state, row.closed_at, row.remind_at = "closed", now(), None
        row.why_closed = MADE_UP_LATE if is_late else why
    db.session.flush()
    if rows:
        close_reminders(town_id, subject_kind, subject_id, [row.due_on for row in rows])
    if rows and subject_kind == "pairing":
        count_missed(town_id, subject_id)


def open_days(town_id: str, subject_kind: str, subject_id: str) -> list[str]:
    """The days on which something of the subject is due still."""
    query = select(Deadline.due_on).filter_by(
        town_id=town_id, subject_kind=subject_kind, subject_id=subject_id, state="open"
    )
    return list(db.session.scalars(query.order_by(Deadline.due_on)))


def close_reminders(town_id: str, subject_kind: str, subject_id: str, due_days: Iterable[str]) -> None:
    """Take reminders out of the inboxes, and those that wait for a digest out of it."""
    about = (
        Reminder.town_id == town_id,
        Reminder.subject_kind == subject_kind,
        Reminder.subject_id == subject_id,
        Reminder.due_on.in_(list(due_days)),
        Reminder.state.in_(("waiting", "delivered")),
    )
    if db.session.scalar(select(Reminder.reminder_id).where(*about).limit(1)) is None:
        return
    closed = {"state": "closed", "closed_at": now(), "seq": next_seq(town_id)}
    db.session.execute(update(Reminder).where(*about).values(closed))


def count_missed(town_id: str, pairing_id: str) -> None:
    """Count the periods a pairing missed in a row: two make it neglected (脱管), to be replaced."""
    pairing = db.session.get(Pairing, (town_id, pairing_id))
    if pairing is None:
        return
    query = (
        select(Deadline.why_closed)
        .where(
            Deadline.town_id == town_id,
            Deadline.subject_kind == "pairing",
            Deadline.subject_id == pairing_id,
            Deadline.due_on < today().isoformat(),
        )
        .order_by(Deadline.due_on.desc())
    )
    # Open still, or made up for after the period: missed. Muted and cancelled ones don't count.
    pairing.n_missed = missed_in_a_row(why in {"", MADE_UP_LATE} for why in db.session.scalars(query))
    pairing.is_neglected = pairing.n_missed >= NEGLECTED_AFTER
    db.session.flush()


def close_corrected(town_id: str, root_ids: Iterable[str]) -> None:
    """A returned record came back corrected."""
    for root_id in root_ids:
        close_deadlines(town_id, "returned", root_id, KEPT_IN_TIME)
