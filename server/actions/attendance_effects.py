"""What attendance feeds: contacts of pairings whose both sides came, tasks where a pairing day was missed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from server.actions.contacts import record_event_contacts
from server.actions.entities import desk_writer
from server.actions.tasks import Assignment, Order, make
from server.clock import TOWN_ZONE
from server.database import db
from server.models import Attendance, Event, Pairing, RosterEntry, TaskBatch
from server.pairing_kinds import ACTIVE

PAIRING_DAY = "pairing_day"
OVER = ("held", "closed")
MADE_UP_WITHIN = timedelta(days=10)
TASK_TITLE = "补访：未参加{name}"
CONTACT_FORM = "contact_log"


def follow_attendance(event: Event, user_id: str) -> None:
    """Let what hangs on the attendance of a pairing day that is over be what it says now.

    Called again whenever it changes; inside a write transaction.
    """
    if event.kind != PAIRING_DAY or event.state not in OVER:
        return
    db.session.flush()
    writer = desk_writer(event.town_id, user_id)
    present = rows_present(event)
    on = event.start_at.astimezone(TOWN_ZONE).date()
    record_event_contacts(writer, event.event_id, on.isoformat(), present)
    if not has_batch(event):
        missed = find_missed(event, present, on.isoformat())
        title = TASK_TITLE.format(name=event.name)
        due_on = (event.end_at.astimezone(TOWN_ZONE).date() + MADE_UP_WITHIN).isoformat()
        if missed:
            make(writer, Order(title, CONTACT_FORM, "pairing", due_on, {"event": event.event_id}), missed)
    writer.save()


def rows_present(event: Event) -> set[str]:
    """The list rows of those who checked in."""
    query = (
        select(RosterEntry.entity_id)
        .join(
            Attendance,
            (Attendance.town_id == RosterEntry.town_id)
            & (Attendance.event_id == RosterEntry.event_id)
            & (Attendance.attendee_id == RosterEntry.attendee_id),
        )
        .where(
            RosterEntry.town_id == event.town_id,
            RosterEntry.event_id == event.event_id,
            RosterEntry.entity_id != "",
            Attendance.direction == "in",
        )
    )
    return set(db.session.scalars(query))


def has_batch(event: Event) -> bool:
    """Whether the tasks were made already: they are made once, when the day is over."""
    query = select(TaskBatch).where(TaskBatch.town_id == event.town_id, TaskBatch.form_id == CONTACT_FORM)
    return any(batch.chosen_by.get("event") == event.event_id for batch in db.session.scalars(query))


def find_missed(event: Event, present: set[str], on: str) -> list[Assignment]:
    """Pairings that ran on that day, of which both sides were expected and one didn't come."""
    query = select(RosterEntry.entity_id, RosterEntry.name).where(
        RosterEntry.town_id == event.town_id,
        RosterEntry.event_id == event.event_id,
        RosterEntry.entity_id != "",
        RosterEntry.state != "walk_in",
    )
    expected = dict(db.session.execute(query).all())
    pairings = db.session.scalars(
        select(Pairing)
        .where(
            Pairing.town_id == event.town_id,
            Pairing.state.in_(ACTIVE),
            Pairing.start_on <= on,
            Pairing.mentor_list == "person",
            Pairing.mentee_id.in_(expected),
            or_(Pairing.mentor_id.in_(expected), Pairing.mentor_2.in_(expected)),
        )
        .order_by(Pairing.pairing_id)
    )
    return [
        Assignment(one.pairing_id, expected[one.mentee_id], one.village, one.mentor_id)
        for one in pairings
        if one.mentee_id not in present or not {one.mentor_id, one.mentor_2} & present
    ]
