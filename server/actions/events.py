"""Events: made, changed, opened, held, closed or cancelled; their sessions and who may run them.

Every change takes a number, so that phones hear of it, and writes the event's row of list `event`, which
holds what everybody in the town may know.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from server.access import VILLAGE_ROLES, Scope
from server.actions.attendance_effects import follow_attendance
from server.actions.deadlines import close_deadlines, open_deadline
from server.audit import audit
from server.clock import TOWN_ZONE, now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.event_changes import RUNNING
from server.ids import new_id
from server.models import Attendance, CheckIn, Deadline, EntityList, Event, EventSession
from server.problems import Problem
from server.rows import RowWriter
from server.table_lists import show_row
from server.wall_codes import make_key

KINDS = (
    "training",
    "study_tour",
    "pairing_day",
    "salon",
    "activity_day",
    "meeting",
    "appraisal",
    "job_fair",
)
STATES = ("planned", "open", "held", "closed", "cancelled")
# From a state to those it may go to; what was held by mistake may open again.
MOVES: Mapping[str, tuple[str, ...]] = {
    "planned": ("open", "cancelled"),
    "open": ("held", "planned", "cancelled"),
    "held": ("closed", "open"),
    "closed": ("held",),
    "cancelled": ("planned",),
}
MAX_SPAN = timedelta(days=5)
MAX_SESSIONS = 20
MAX_NUMBER = 100_000
MAX_RADIUS_M = 20_000
MIN_PHOTOS = 2  # V34
PIN_DIGITS = 4
TOWN_MAKERS = frozenset({"town_office", "town_leader"})
MAKERS = TOWN_MAKERS | {"village_clerk", "village_head"}
COLUMNS = ("kind", "place", "start_at", "end_at", "state", "host_unit", "session_no")

Take = Callable[[], int]


@dataclass(frozen=True)
class SessionPlan:
    """One session as somebody plans it."""

    title: str
    start_at: datetime
    end_at: datetime
    hours: str = ""
    has_check_out: bool = False


@dataclass(frozen=True)
class Plan:
    """An event as somebody plans it; `sessions` may be empty, then the event is one."""

    name: str
    kind: str
    place: str
    start_at: datetime
    end_at: datetime
    organiser: str
    host_unit: str = ""
    village: str = ""
    series: str = ""
    series_no: int | None = None
    topic: str = ""
    teacher: str = ""
    hours: str = ""
    capacity: int | None = None
    fee: str = ""
    lat: str = ""
    lon: str = ""
    radius_m: int = 300
    position_reason: str = ""
    helpers: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    sessions: tuple[SessionPlan, ...] = ()


def check_plan(plan: Plan) -> None:
    """Raises: Problem event_invalid, its field named."""
    faults = {
        "name": not plan.name,
        "kind": plan.kind not in KINDS,
        "place": not plan.place,
        "organiser": not plan.organiser,
        "end_at": not plan.start_at < plan.end_at <= plan.start_at + MAX_SPAN,
        "sessions": len(plan.sessions) > MAX_SESSIONS
        or any(one.start_at >= one.end_at for one in plan.sessions),
        "destination": plan.kind == "study_tour" and not plan.details.get("destination"),
        "series_no": plan.series_no is not None and not 0 < plan.series_no <= MAX_NUMBER,
        "radius_m": not 0 < plan.radius_m <= MAX_RADIUS_M,
        "capacity": plan.capacity is not None and not 0 < plan.capacity <= MAX_NUMBER,
        "position_reason": bool(plan.position_reason) and not (plan.lat and plan.lon),
    }
    for name, is_wrong in faults.items():
        if is_wrong:
            raise Problem("event_invalid", field=name)


def may_make(scope: Scope, village: str) -> bool:
    """A village's clerk and head make their village's events, the town office the town's too."""
    return scope.has_at(MAKERS if village else TOWN_MAKERS, village)


def may_run(scope: Scope, event: Event) -> bool:
    """Whether the person checks people in at this event and sees who is expected."""
    if scope.person and scope.person in (event.organiser, *event.helpers):
        return True
    return scope.town_id == event.town_id and may_make(scope, event.village)


def make_event(scope: Scope, plan: Plan) -> str:
    """A new planned event; its id. Raises: Problem event_invalid, not_allowed, event_number_taken."""
    with write_transaction():
        take = seq_taker(scope.town_id)
        event = add_event(scope, plan, take, now())
        audit(scope.town_id, scope.user_id, "make", "event", event.event_id)
        return event.event_id


def add_event(
    scope: Scope, plan: Plan, take: Take, at: datetime, event_id: str = "", root_id: str = ""
) -> Event:
    """Inside a write transaction."""
    check_plan(plan)
    if not (may_make(scope, plan.village) or (scope.person == plan.organiser and scope.has(VILLAGE_ROLES))):
        raise Problem("not_allowed")
    event = Event(town_id=scope.town_id, event_id=event_id or new_id(), state="planned")
    event.wall_key, event.made_by, event.root_id = make_key(), scope.user_id, root_id
    event.event_no = f"E{plan.start_at.astimezone(TOWN_ZONE):%Y%m%d}-{event.event_id[-4:].upper()}"
    event.minutes, event.photos, event.seq, event.updated_at = "", [], 0, at
    put_plan(event, plan)
    check_series(event)
    db.session.add(event)
    put_sessions(event, plan)
    announce(event, take, at, scope.user_id)
    remind(event)
    return event


def put_plan(event: Event, plan: Plan) -> None:
    for name in (
        "name",
        "kind",
        "place",
        "start_at",
        "end_at",
        "organiser",
        "host_unit",
        "village",
        "series",
        "series_no",
        "topic",
        "teacher",
        "hours",
        "capacity",
        "fee",
        "lat",
        "lon",
        "radius_m",
        "position_reason",
    ):
        setattr(event, name, getattr(plan, name))
    event.helpers = [one for one in plan.helpers if one != plan.organiser]
    kept = {key: value for key, value in (event.details or {}).items() if key == "pin"}
    event.details = {**plan.details, **kept}


def check_series(event: Event) -> None:
    """A number is used once within its series. Raises: Problem event_number_taken."""
    if event.series_no is None:
        return
    with db.session.no_autoflush:
        taken = db.session.scalar(
            select(Event.event_id).where(
                Event.town_id == event.town_id,
                Event.kind == event.kind,
                Event.series == event.series,
                Event.series_no == event.series_no,
                Event.event_id != event.event_id,
                Event.state != "cancelled",
            )
        )
    if taken:
        raise Problem("event_number_taken", field="series_no")


def put_sessions(event: Event, plan: Plan) -> None:
    """Write the sessions; those people checked in at already stay."""
    planned = plan.sessions or (SessionPlan("", plan.start_at, plan.end_at, plan.hours),)
    db.session.execute(
        delete(EventSession).where(
            EventSession.town_id == event.town_id,
            EventSession.event_id == event.event_id,
            EventSession.session_no.not_in(used_sessions(event)),
        )
    )
    for number, one in enumerate(planned, 1):
        key = (event.town_id, event.event_id, number)
        row = db.session.get(EventSession, key) or EventSession(
            town_id=event.town_id, event_id=event.event_id, session_no=number
        )
        row.title, row.start_at, row.end_at = one.title, one.start_at, one.end_at
        row.hours, row.has_check_out = one.hours, one.has_check_out
        db.session.add(row)


def used_sessions(event: Event) -> list[int]:
    query = select(CheckIn.session_no).where(
        CheckIn.town_id == event.town_id, CheckIn.event_id == event.event_id
    )
    return list(db.session.scalars(query.distinct()))


def change_event(scope: Scope, event_id: str, plan: Plan) -> None:
    """Raises: Problem event_unknown, not_allowed, event_closed, event_invalid, event_number_taken."""
    with write_transaction():
        event = get_event(scope, event_id)
        if event.state in ("closed", "cancelled"):
            raise Problem("event_closed")
        check_plan(plan)
        before, take = heard_by(event), seq_taker(scope.town_id)
        put_plan(event, plan)
        check_series(event)
        put_sessions(event, plan)
        announce(event, take, now(), scope.user_id)
        if heard_by(event) != before:
            tell_again(event, take)
        remind(event)
        audit(scope.town_id, scope.user_id, "change", "event", event_id)


def heard_by(event: Event) -> tuple[object, ...]:
    """What decides whose phones hold the event."""
    return (event.organiser, *event.helpers), event.village, event.end_at, event.state in RUNNING


def tell_again(event: Event, take: Take) -> None:
    """Number its check-ins anew: who runs it from now on hears of those that came before."""
    query = select(CheckIn).where(CheckIn.town_id == event.town_id, CheckIn.event_id == event.event_id)
    for row in db.session.scalars(query.order_by(CheckIn.seq)):
        row.seq = take()


def move_event(scope: Scope, event_id: str, state: str) -> None:
    """Open, hold, close, cancel. Raises: Problem event_move, event_not_closable, event_has_check_ins."""
    with write_transaction():
        event = get_event(scope, event_id)
        if state not in MOVES[event.state]:
            raise Problem("event_move")
        if state == "closed" and (len(event.photos) < MIN_PHOTOS or not count_present(event)):
            raise Problem("event_not_closable")
        if state == "cancelled" and count_present(event):
            raise Problem("event_has_check_ins")
        before, take = heard_by(event), seq_taker(scope.town_id)
        event.state = state
        announce(event, take, now(), scope.user_id)
        if heard_by(event) != before:
            tell_again(event, take)
        remind(event)
        follow_attendance(event, scope.user_id)
        audit(scope.town_id, scope.user_id, state, "event", event_id)


def set_pin(scope: Scope, event_id: str, *, is_wanted: bool) -> None:
    """Allow a printed code, which needs a PIN, or end it."""
    with write_transaction():
        event = get_event(scope, event_id)
        pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}" if is_wanted else ""
        event.details = {**event.details, "pin": pin}
        audit(scope.town_id, scope.user_id, "set_pin", "event", event_id)


def keep_account(scope: Scope, event_id: str, minutes: str, photos: Sequence[str] = ()) -> None:
    """Write down what happened, and add pictures to those that are there."""
    with write_transaction():
        event = get_event(scope, event_id)
        event.minutes = minutes
        event.photos = list(dict.fromkeys([*event.photos, *photos]))
        announce(event, seq_taker(scope.town_id), now(), scope.user_id)
        audit(scope.town_id, scope.user_id, "account", "event", event_id)


def get_event(scope: Scope, event_id: str) -> Event:
    """An event the person runs. Raises: Problem event_unknown, also for those that others run."""
    event = db.session.get(Event, (scope.town_id, event_id))
    if event is None or not may_run(scope, event):
        raise Problem("event_unknown")
    return event


def sessions_of(event: Event) -> Sequence[EventSession]:
    return db.session.scalars(
        select(EventSession)
        .where(EventSession.town_id == event.town_id, EventSession.event_id == event.event_id)
        .order_by(EventSession.session_no)
    ).all()


def count_present(event: Event) -> int:
    """How many different people were there at any session."""
    query = select(func.count(Attendance.attendee_id.distinct())).where(
        Attendance.town_id == event.town_id,
        Attendance.event_id == event.event_id,
        Attendance.direction == "in",
    )
    return db.session.scalar(query) or 0


def announce(event: Event, take: Take, at: datetime, user_id: str) -> None:
    """Number the event anew and let list `event` say what everybody may know."""
    event.seq, event.updated_at = take(), at
    db.session.flush()
    ensure_list(event.town_id, take)
    writer = RowWriter(event.town_id, user_id, at, take)
    show_row(writer, "event", event.event_id, event.name, as_row(event))
    writer.save()


def remind(event: Event) -> None:
    """Organiser, helpers and those expected are reminded before it begins; not of one that is off."""
    day = event.start_at.astimezone(TOWN_ZONE).date().isoformat()
    former = select(Deadline.due_on).where(
        Deadline.town_id == event.town_id,
        Deadline.subject_kind == "event",
        Deadline.subject_id == event.event_id,
        Deadline.due_on != day,
        Deadline.state == "open",
    )
    for due_on in db.session.scalars(former).all():
        close_deadlines(event.town_id, "event", event.event_id, "moved", due_on)
    if event.state == "planned" and event.start_at > now():
        open_deadline(event.town_id, "event", event.event_id, day)
    elif event.state in ("held", "closed", "cancelled"):
        close_deadlines(event.town_id, "event", event.event_id, event.state)


def ensure_list(town_id: str, take: Take) -> None:
    """The list is there before its first row; numbered by the caller, who may be in the middle of a batch."""
    if db.session.get(EntityList, (town_id, "event")) is None:
        columns = {name: {"class": "public", "kind": "", "label": {}} for name in COLUMNS}
        row = EntityList(town_id=town_id, name="event", columns=columns, village_column="", mentor_columns=[])
        db.session.add(row)
        db.session.flush()


def as_row(event: Event) -> dict[str, str]:
    """No `village` column: it would hide a village's events from everybody else."""
    return {
        "kind": event.kind,
        "place": event.place,
        "start_at": event.start_at.astimezone(TOWN_ZONE).isoformat(timespec="minutes"),
        "end_at": event.end_at.astimezone(TOWN_ZONE).isoformat(timespec="minutes"),
        "state": event.state,
        "host_unit": event.host_unit,
        "session_no": "" if event.series_no is None else str(event.series_no),
    }
