"""Figures of attendance: who was there, what looks odd, hours per person and year, events by kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import ColumnElement, String, cast, func, or_, select

from server.access import RECORD_ROLES, Scope
from server.actions.events import sessions_of
from server.actions.rosters import roster_of
from server.attendance import DOUBTFUL, is_manual_share_high
from server.clock import TOWN_ZONE
from server.database import db
from server.models import Attendance, CheckIn, Event, EventSession, RosterEntry

EVENTS_PER_PAGE = 50
HELD = ("open", "held", "closed")
Key = tuple[int, str]  # session and direction
ONES = frozenset({"wrong_clock", "outside_hours", "not_organiser"})


@dataclass(frozen=True)
class Wanted:
    """Which events to list; '' is no limit."""

    kind: str = ""
    state: str = ""
    year: str = ""
    page: int = 1

    def as_query(self, **changes: object) -> dict[str, str]:
        values: dict[str, object] = {"kind": self.kind, "state": self.state, "year": self.year, **changes}
        return {name: str(value) for name, value in values.items() if value != ""}


@dataclass
class Line:
    """One attendee: when they came and went, and what came in for them."""

    entry: RosterEntry
    counted: dict[Key, Attendance] = field(default_factory=dict)
    check_ins: list[CheckIn] = field(default_factory=list)

    @property
    def is_present(self) -> bool:
        return any(direction == "in" for _, direction in self.counted)

    @property
    def state(self) -> str:
        """present, late, leave or absent."""
        if self.is_present:
            first = min(
                (row for (_, way), row in self.counted.items() if way == "in"), key=lambda row: row.at
            )
            return "late" if first.is_late else "present"
        return "leave" if self.entry.state == "leave" else "absent"

    @property
    def first_at(self) -> datetime | None:
        return min((row.at for (_, way), row in self.counted.items() if way == "in"), default=None)

    @property
    def doubtful(self) -> list[CheckIn]:
        """What an organiser should look at."""
        return [row for row in self.check_ins if is_doubtful(row)]

    @property
    def doubles(self) -> list[CheckIn]:
        return [row for row in self.check_ins if row.state in ("valid", "merged")]

    @property
    def is_manual(self) -> bool:
        return any(row.way == "manual" and row.state == "valid" for row in self.check_ins)


@dataclass(frozen=True)
class Sheet:
    """An event's attendance, whole."""

    event: Event
    sessions: Sequence[EventSession]
    lines: list[Line]

    @property
    def n_due(self) -> int:
        return sum(line.entry.state != "walk_in" for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        """应到、实到、请假、缺席."""
        states = Counter(line.state for line in self.lines)
        present = states["present"] + states["late"]
        return {
            "due": self.n_due,
            "present": present,
            "late": states["late"],
            "leave": states["leave"],
            "absent": states["absent"],
        }

    @property
    def by_key(self) -> dict[Key, int]:
        return dict(Counter(key for line in self.lines for key in line.counted))

    @property
    def n_manual(self) -> int:
        return sum(line.is_manual for line in self.lines)

    @property
    def is_manual_high(self) -> bool:
        return is_manual_share_high(self.n_manual, self.counts["present"])

    @property
    def not_checked_out(self) -> list[Line]:
        """Who came to a session with check-out and never left it, once it is over."""
        asked = [row.session_no for row in self.sessions if row.has_check_out]
        if self.event.state not in ("held", "closed"):
            return []
        return [
            line
            for line in self.lines
            if any((number, "in") in line.counted and (number, "out") not in line.counted for number in asked)
        ]


def is_doubtful(row: CheckIn) -> bool:
    if row.state == "unconfirmed":
        return True
    return row.state == "valid" and not row.decided_by and bool({*row.flags} & (DOUBTFUL | ONES))


def read_sheet(event: Event) -> Sheet:
    lines = {row.attendee_id: Line(row) for row in roster_of(event)}
    for counted in of_event(Attendance, event):
        if counted.attendee_id in lines:
            lines[counted.attendee_id].counted[counted.session_no, counted.direction] = counted
    for row in of_event(CheckIn, event):
        if row.attendee_id in lines:
            lines[row.attendee_id].check_ins.append(row)
    for line in lines.values():
        line.check_ins.sort(key=lambda row: (row.time_server, row.seq))
    return Sheet(event, sessions_of(event), list(lines.values()))


def of_event(model, event: Event):  # type: ignore[no-untyped-def] # two tables, one question
    return db.session.scalars(
        select(model).where(model.town_id == event.town_id, model.event_id == event.event_id)
    ).all()


def visible_events(scope: Scope) -> ColumnElement[bool]:
    """Town events and those of one's villages; what one runs oneself is always there."""
    own = or_(
        Event.organiser == scope.person,
        cast(Event.helpers, String).contains(f'"{scope.person}"', autoescape=True),
    )
    if not scope.has(RECORD_ROLES):
        return (Event.town_id == scope.town_id) & (Event.event_id == "")
    seen = or_(Event.village == "", scope.where_village(Event.village))
    return (Event.town_id == scope.town_id) & (or_(seen, own) if scope.person else seen)


def conditions(scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [visible_events(scope)]
    if wanted.kind:
        found.append(Event.kind == wanted.kind)
    if wanted.state:
        found.append(Event.state == wanted.state)
    if wanted.year:
        found += in_year(Event.start_at, int(wanted.year))
    return found


def in_year(column, year: int) -> list[ColumnElement[bool]]:  # type: ignore[no-untyped-def]
    """Within a year of the town's calendar."""
    return [
        column >= datetime(year, 1, 1, tzinfo=TOWN_ZONE),
        column < datetime(year + 1, 1, 1, tzinfo=TOWN_ZONE),
    ]


def list_events(scope: Scope, wanted: Wanted) -> Sequence[Event]:
    query = select(Event).where(*conditions(scope, wanted)).order_by(Event.start_at.desc(), Event.event_id)
    return db.session.scalars(query.limit(EVENTS_PER_PAGE).offset((wanted.page - 1) * EVENTS_PER_PAGE)).all()


def count_events(scope: Scope, wanted: Wanted) -> int:
    query = select(func.count()).select_from(Event).where(*conditions(scope, wanted))
    return db.session.scalar(query) or 0


def years_of(scope: Scope) -> list[int]:
    """The years in which there are events, the latest first."""
    first, last = db.session.execute(
        select(func.min(Event.start_at), func.max(Event.start_at)).where(visible_events(scope))
    ).one()
    if first is None:
        return []
    return list(range(last.astimezone(TOWN_ZONE).year, first.astimezone(TOWN_ZONE).year - 1, -1))


def count_by_kind(scope: Scope, year: str) -> dict[str, tuple[int, int]]:
    """Kind -> events that were held, with at least one check-in, and how many were there in all."""
    query = (
        select(
            Event.kind,
            func.count(Event.event_id.distinct()),
            func.count((Attendance.event_id + " " + Attendance.attendee_id).distinct()),
        )
        .join(Attendance, (Attendance.town_id == Event.town_id) & (Attendance.event_id == Event.event_id))
        .where(visible_events(scope), Event.state.in_(("held", "closed")), Attendance.direction == "in")
        .group_by(Event.kind)
    )
    if year:
        query = query.where(*in_year(Event.start_at, int(year)))
    return {kind: (n_events, n_people) for kind, n_events, n_people in db.session.execute(query)}


def count_in(events: Iterable[Event]) -> dict[str, tuple[int, int]]:
    """Event -> how many are expected and how many were there."""
    ids = [event.event_id for event in events]
    if not ids:
        return {}
    due = select(RosterEntry.event_id, func.count()).where(
        RosterEntry.event_id.in_(ids), RosterEntry.state != "walk_in"
    )
    came = select(Attendance.event_id, func.count(Attendance.attendee_id.distinct())).where(
        Attendance.event_id.in_(ids), Attendance.direction == "in"
    )
    n_due = dict(db.session.execute(due.group_by(RosterEntry.event_id)).all())
    n_came = dict(db.session.execute(came.group_by(Attendance.event_id)).all())
    return {event_id: (n_due.get(event_id, 0), n_came.get(event_id, 0)) for event_id in ids}


@dataclass
class Hours:
    """What one person attended in a year."""

    name: str
    unit: str
    n_events: int
    hours: Decimal


def hours_of_year(scope: Scope, year: int, village: str = "") -> list[Hours]:
    """学时: the sessions that each person was checked in at, by unit and name."""
    query = (
        select(RosterEntry, EventSession, Event)
        .join(
            Attendance,
            (Attendance.town_id == RosterEntry.town_id)
            & (Attendance.event_id == RosterEntry.event_id)
            & (Attendance.attendee_id == RosterEntry.attendee_id),
        )
        .join(
            EventSession,
            (EventSession.town_id == Attendance.town_id)
            & (EventSession.event_id == Attendance.event_id)
            & (EventSession.session_no == Attendance.session_no),
        )
        .join(Event, (Event.town_id == Attendance.town_id) & (Event.event_id == Attendance.event_id))
        .where(visible_events(scope), *in_year(Event.start_at, year))
        .where(Event.state.in_(HELD), Attendance.direction == "in", RosterEntry.state != "leave")
    )
    if village:
        query = query.where(RosterEntry.village == village)
    found: dict[str, Hours] = {}
    seen: dict[str, set[str]] = defaultdict(set)
    n_sessions = count_sessions(scope.town_id)
    for entry, session, event in db.session.execute(query):
        hours = session_hours(session, event, n_sessions[event.event_id])
        if not hours:
            continue
        who = entry.attendee_id if entry.list_name else f"{entry.name} {entry.unit} {entry.phone}"
        one = found.setdefault(who, Hours(entry.name, entry.unit, 0, Decimal(0)))
        one.hours += hours
        seen[who].add(event.event_id)
        one.n_events = len(seen[who])
    return sorted(found.values(), key=lambda one: (one.unit, one.name))


def count_sessions(town_id: str) -> Mapping[str, int]:
    query = select(EventSession.event_id, func.count()).where(EventSession.town_id == town_id)
    return defaultdict(lambda: 1, db.session.execute(query.group_by(EventSession.event_id)).all())


def session_hours(session: EventSession, event: Event, n_sessions: int) -> Decimal:
    """The session's own hours, else its share of the event's."""
    own = as_hours(session.hours)
    return own if session.hours else as_hours(event.hours) / n_sessions


def as_hours(text: str) -> Decimal:
    try:
        hours = Decimal(text or "0")
    except InvalidOperation:
        return Decimal(0)
    return hours if hours.is_finite() and hours > 0 else Decimal(0)
