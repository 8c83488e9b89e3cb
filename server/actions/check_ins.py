"""Check-ins as they come, and the attendance that follows: the first valid one by server order counts.

Nothing is ever deleted: a second one is `merged` and shown beside the first, a mis-tap is `dismissed`, and
then the next one that came takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from server.access import Scope
from server.actions.attendance_effects import follow_attendance
from server.actions.attendance_photos import is_used
from server.actions.events import Take, get_event
from server.attendance import (
    BURST_LIMIT,
    BURST_SPAN,
    MARGIN,
    Facts,
    distance_m,
    find_flags,
    is_late,
    window_problem,
)
from server.audit import audit
from server.clock import now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.models import Attendance, CheckIn, Event, EventSession
from server.problems import Problem

WRONG_CLOCK, OUTSIDE_HOURS = "wrong_clock", "outside_hours"
COUNTING = ("valid", "merged")


@dataclass(frozen=True)
class Sighting:
    """Somebody was seen at a session; what its sender says of it."""

    check_in_id: str
    attendee_id: str
    session_no: int
    direction: str
    way: str
    reason: str = ""
    by: str = ""
    device: str = ""
    address: str = ""
    time_device: datetime | None = None
    lat: str = ""
    lon: str = ""
    photo: str = ""
    root_id: str = ""
    is_confirmed: bool = True
    flags: tuple[str, ...] = ()


def record(event: Event, seen: Sighting, take: Take, at: datetime) -> CheckIn:
    """Keep a check-in and let it count if it is the first; the same one again changes nothing.

    Raises: Problem session_unknown. Inside a write transaction.
    """
    known = db.session.get(CheckIn, (event.town_id, seen.check_in_id))
    if known is not None:
        return known
    session = get_session(event, seen.session_no, seen.direction)
    row = as_row(event, seen, take(), at)
    when, doubts = moment_of(session, seen, at)
    row.flags = [*find_flags(gather(event, session, row, when)), *doubts, *seen.flags]
    if WRONG_CLOCK in doubts:
        row.flags = [flag for flag in row.flags if flag != "late"]
    db.session.add(row)
    if seen.is_confirmed:
        settle(row, session, when)
    db.session.flush()
    return row


def get_session(event: Event, session_no: int, direction: str) -> EventSession:
    session = db.session.get(EventSession, (event.town_id, event.event_id, session_no))
    if session is None or (direction == "out" and not session.has_check_out):
        raise Problem("session_unknown")
    return session


def as_row(event: Event, seen: Sighting, seq: int, at: datetime) -> CheckIn:
    row = CheckIn(town_id=event.town_id, check_in_id=seen.check_in_id, event_id=event.event_id)
    row.session_no, row.direction, row.attendee_id = seen.session_no, seen.direction, seen.attendee_id
    row.way, row.reason, row.by = seen.way, seen.reason, seen.by
    row.device, row.address, row.root_id = seen.device, seen.address, seen.root_id
    row.time_device, row.time_server, row.seq = seen.time_device, at, seq
    row.lat, row.lon, row.distance_m = seen.lat, seen.lon, distance_to(event, seen)
    row.photo, row.state, row.decided_by = seen.photo, "unconfirmed", ""
    return row


def distance_to(event: Event, seen: Sighting) -> int | None:
    if not (event.lat and event.lon and seen.lat and seen.lon):
        return None
    return distance_m((float(event.lat), float(event.lon)), (float(seen.lat), float(seen.lon)))


def moment_of(session: EventSession, seen: Sighting, at: datetime) -> tuple[datetime, list[str]]:
    """When it was: what an organiser's phone wrote offline if that can be, else when it arrived.

    A phone's clock proves nothing: a time outside the session's hours or in the future is told as wrong.
    """
    said = seen.time_device
    if said is None:
        return at, []
    is_possible = session.start_at - MARGIN <= said <= min(session.end_at + MARGIN, at + BURST_SPAN)
    if is_possible:
        return said, []
    if not window_problem(at, session.start_at, session.end_at):
        return at, [WRONG_CLOCK]
    return at, [WRONG_CLOCK, OUTSIDE_HOURS]


def gather(event: Event, session: EventSession, row: CheckIn, when: datetime) -> Facts:
    is_wall = row.way == "wall"
    return Facts(
        at=when,
        start_at=session.start_at,
        way=row.way,
        direction=row.direction,
        n_others_on_device=count_others(row) if is_wall and row.device else 0,
        recent_from_address=recent_from(row) if is_wall and row.address else (),
        distance_m=row.distance_m,
        radius_m=event.radius_m,
        is_photo_used=is_used(row),
    )


def count_others(row: CheckIn) -> int:
    """How many other people checked in on this device at this event."""
    query = select(func.count(CheckIn.attendee_id.distinct())).where(
        CheckIn.town_id == row.town_id,
        CheckIn.event_id == row.event_id,
        CheckIn.device == row.device,
        CheckIn.attendee_id != row.attendee_id,
    )
    return db.session.scalar(query) or 0


def recent_from(row: CheckIn) -> list[datetime]:
    query = (
        select(CheckIn.time_server)
        .where(
            CheckIn.town_id == row.town_id,
            CheckIn.event_id == row.event_id,
            CheckIn.address == row.address,
            CheckIn.time_server >= row.time_server - BURST_SPAN,
        )
        .limit(BURST_LIMIT)
    )
    return list(db.session.scalars(query))


def settle(row: CheckIn, session: EventSession, when: datetime) -> None:
    """Let the first count and merge the others."""
    key = (row.town_id, row.event_id, row.session_no, row.direction, row.attendee_id)
    if db.session.get(Attendance, key) is not None:
        row.state = "merged"
        return
    row.state = "valid"
    names = ("town_id", "event_id", "session_no", "direction", "attendee_id")
    counted = Attendance(**dict(zip(names, key, strict=True)), check_in_id=row.check_in_id, at=when)
    counted.is_late = is_late(when, session.start_at, row.direction) and WRONG_CLOCK not in row.flags
    db.session.add(counted)
    db.session.flush()


def count_place(row: CheckIn) -> int:
    """第N位: how many are in at this session by now."""
    query = select(func.count()).where(
        Attendance.town_id == row.town_id,
        Attendance.event_id == row.event_id,
        Attendance.session_no == row.session_no,
        Attendance.direction == row.direction,
    )
    return db.session.scalar(query) or 0


def confirm_check_in(scope: Scope, event_id: str, check_in_id: str) -> None:
    """The organiser says it is right: what waited counts, what was flagged is marked as looked at."""
    with write_transaction():
        event = get_event(scope, event_id)
        row = get_check_in(event, check_in_id)
        confirm(event, row, seq_taker(scope.town_id), scope.user_id)
        follow_attendance(event, scope.user_id)
        audit(scope.town_id, scope.user_id, "confirm", "check_in", check_in_id)


def confirm(event: Event, row: CheckIn, take: Take, user_id: str) -> None:
    """Inside a write transaction."""
    row.decided_by, row.seq = user_id, take()
    if row.state not in COUNTING:
        session = get_session(event, row.session_no, row.direction)
        seen = Sighting("", "", 0, "", row.way, time_device=row.time_device)
        settle(row, session, moment_of(session, seen, row.time_server)[0])
    db.session.flush()


def dismiss_check_in(scope: Scope, event_id: str, check_in_id: str, reason: str = "") -> None:
    """The organiser says it doesn't count; it stays in the list, struck out."""
    with write_transaction():
        event = get_event(scope, event_id)
        row = get_check_in(event, check_in_id)
        dismiss(event, row, seq_taker(scope.town_id), scope.user_id)
        follow_attendance(event, scope.user_id)
        audit(scope.town_id, scope.user_id, "dismiss", "check_in", check_in_id, reason=reason)


def dismiss(event: Event, row: CheckIn, take: Take, user_id: str) -> None:
    """Inside a write transaction; the next one that came takes the place of the one that counted."""
    did_count = row.state == "valid"
    row.state, row.decided_by, row.seq = "dismissed", user_id, take()
    db.session.flush()
    if not did_count:
        return
    key = (row.town_id, row.event_id, row.session_no, row.direction, row.attendee_id)
    counted = db.session.get(Attendance, key)
    if counted is not None:
        db.session.delete(counted)
        db.session.flush()
    follower = next_of(row)
    if follower is not None:
        follower.seq = take()
        confirm_follower(event, follower)


def next_of(row: CheckIn) -> CheckIn | None:
    """The earliest other one that was merged."""
    return db.session.scalar(
        select(CheckIn)
        .where(
            CheckIn.town_id == row.town_id,
            CheckIn.event_id == row.event_id,
            CheckIn.session_no == row.session_no,
            CheckIn.direction == row.direction,
            CheckIn.attendee_id == row.attendee_id,
            CheckIn.state == "merged",
        )
        .order_by(CheckIn.time_server, CheckIn.seq)
        .limit(1)
    )


def confirm_follower(event: Event, row: CheckIn) -> None:
    session = get_session(event, row.session_no, row.direction)
    seen = Sighting("", "", 0, "", row.way, time_device=row.time_device)
    settle(row, session, moment_of(session, seen, row.time_server)[0])
    db.session.flush()


def get_check_in(event: Event, check_in_id: str) -> CheckIn:
    row = db.session.get(CheckIn, (event.town_id, check_in_id))
    if row is None or row.event_id != event.event_id:
        raise Problem("check_in_unknown")
    return row


def check_in_by_hand(
    scope: Scope,
    event_id: str,
    attendee_id: str,
    session_no: int,
    direction: str,
    reason: str,
    check_in_id: str,
) -> CheckIn:
    """An organiser ticks somebody off the list at the desk, and says why. Raises: Problem reason_missing."""
    if not reason.strip():
        raise Problem("reason_missing", field="reason")
    with write_transaction():
        event = get_event(scope, event_id)
        check_is_open(event)
        seen = Sighting(
            check_in_id, attendee_id, session_no, direction, "manual", reason=reason.strip(), by=scope.user_id
        )
        row = record(event, seen, seq_taker(scope.town_id), now())
        follow_attendance(event, scope.user_id)
        return row


def check_is_open(event: Event) -> None:
    """Raises: Problem event_not_open. A list may be completed after the event was held."""
    if event.state not in ("open", "held"):
        raise Problem("event_not_open", name=event.name)
