"""F16: check-ins that phones bring as records: an organiser's scans and taps, and one's own scan offline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from server.access import Scope, scope_of
from server.actions.attendance_effects import follow_attendance
from server.actions.check_ins import Sighting, confirm, dismiss, record
from server.actions.events import may_run
from server.actions.rosters import Guest, guests_of_rows, village_names, walk_in
from server.actions.told import Told
from server.attendance import WALK_IN, window_problem
from server.database import db
from server.models import Card, CheckIn, Event, EventSession, RosterEntry, User
from server.problems import Problem
from server.rows import RowWriter
from server.wall_codes import SLOT_S, CodeRefused, WallCode, check_slot, read_code

NOT_ORGANISER = "not_organiser"
WAYS = ("badge", "manual")
MAX_NUMBER = 1000


def follow_record(writer: RowWriter, root_id: str, told: Told | None) -> None:
    """Let a check-in stand as its record says; one that no longer counts is dismissed, never deleted."""
    known = check_ins_of(writer.town_id, root_id)
    if told is None:
        withdraw(writer, known)
        return
    event = db.session.get(Event, (writer.town_id, told.text("event")))
    user = db.session.get(User, told.user_id)
    if event is None or user is None or known:
        return  # the record itself stays, and the desk shows it
    try:
        take(writer, event, scope_of(user), told)
        follow_attendance(event, told.user_id)
    except (Problem, CodeRefused):
        return  # such as a session that was struck out meanwhile; the record stays


def check_ins_of(town_id: str, root_id: str) -> Sequence[CheckIn]:
    return db.session.scalars(
        select(CheckIn).where(CheckIn.town_id == town_id, CheckIn.root_id == root_id)
    ).all()


def withdraw(writer: RowWriter, rows: Sequence[CheckIn]) -> None:
    for row in rows:
        if row.state != "dismissed":
            event = db.session.get_one(Event, (row.town_id, row.event_id))
            dismiss(event, row, writer.next_seq, writer.user_id)
            follow_attendance(event, writer.user_id)


def take(writer: RowWriter, event: Event, scope: Scope, told: Told) -> None:
    """Do what the record asks: a check-in, one's own with the wall's code, or a word about an earlier one."""
    if told.text("code"):
        take_own(writer, event, scope, told)
        return
    about = told.text("undoes") or told.text("confirms")
    if about:
        row = db.session.get(CheckIn, (event.town_id, about))
        if row is not None and row.event_id == event.event_id and may_run(scope, event):
            act = dismiss if told.text("undoes") else confirm
            act(event, row, writer.next_seq, scope.user_id)
        return
    take_scan(writer, event, scope, told)


def take_scan(writer: RowWriter, event: Event, scope: Scope, told: Told) -> None:
    """A badge that was scanned or a name that was tapped; from anybody but an organiser it waits."""
    is_run = may_run(scope, event)
    entry = find_entry(writer, event, told)
    flags = (*(() if is_run else (NOT_ORGANISER,)), *((WALK_IN,) if entry.state == "walk_in" else ()))
    way = told.text("way")
    seen = Sighting(
        check_in_id=told.instance_id,
        attendee_id=entry.attendee_id,
        session_no=whole(told.number("session")),
        direction="out" if told.text("direction") == "out" else "in",
        way=way if way in WAYS else "manual",
        reason=told.text("reason"),
        by=scope.user_id,
        time_device=moment_in(told.text("at")),
        root_id=told.root_id,
        is_confirmed=is_run,
        flags=flags,
    )
    record(event, seen, writer.next_seq, told.received_at)


def find_entry(writer: RowWriter, event: Event, told: Told) -> RosterEntry:
    """Whom the record is about; a badge nobody expected, or a name that was typed, joins the roster."""
    attendee_id, card_id = told.text("attendee"), told.text("card")
    key = (event.town_id, event.event_id)
    row = db.session.get(RosterEntry, (*key, attendee_id)) if attendee_id else None
    if row is not None:
        return row
    if card_id:
        card = db.session.get(Card, (event.town_id, card_id))
        if card is None or card.purpose != "badge" or card.revoked_at is not None:
            raise Problem("attendee_unknown")
        return entry_of_row(writer, event, card.list_name, card.entity_id)
    if not told.text("walk_name") or not attendee_id:
        raise Problem("attendee_unknown")
    village = told.text("walk_village")
    guest = Guest(
        name=told.text("walk_name"),
        unit=told.text("walk_unit") or village_names(event.town_id).get(village, ""),
        phone=told.text("walk_phone"),
        village=village,
        role="guest",
        note=told.text("reason"),
        state="walk_in",
    )
    return walk_in(event, guest, attendee_id, writer.next_seq, writer.user_id)


def entry_of_row(writer: RowWriter, event: Event, list_name: str, entity_id: str) -> RosterEntry:
    """The roster's entry for a list row, made if nobody expected it."""
    row = db.session.get(RosterEntry, (event.town_id, event.event_id, f"{list_name}:{entity_id}"))
    if row is not None:
        return row
    found = guests_of_rows(event.town_id, {(list_name, entity_id): "guest"})
    if not found:
        raise Problem("attendee_unknown")
    one = found[0]
    guest = Guest(
        one.name, one.unit, one.position, one.phone, one.village, "guest", "", list_name, entity_id, "walk_in"
    )
    return walk_in(event, guest, guest.attendee_id, writer.next_seq, writer.user_id)


def take_own(writer: RowWriter, event: Event, scope: Scope, told: Told) -> None:
    """The wall's code, scanned by an attendee whose app was offline: it waits, unless it came in time.

    The code proves that somebody saw the wall then; when it comes late it may have been passed on.
    """
    code = read_code(
        told.text("code"), lambda event_id: event.wall_key if event_id == event.event_id else None
    )
    session = db.session.get(EventSession, (event.town_id, event.event_id, code.session_no))
    shown_at = datetime.fromtimestamp(code.shown_at_s + SLOT_S, UTC)
    if session is None or not scope.person or code.is_printed:
        raise Problem("session_unknown")
    if window_problem(shown_at, session.start_at, session.end_at) or shown_at.timestamp() > (
        told.received_at.timestamp() + SLOT_S * 2
    ):
        raise Problem("check_in_early")
    entry = entry_of_row(writer, event, "person", scope.person)
    seen = Sighting(
        check_in_id=told.instance_id,
        attendee_id=entry.attendee_id,
        session_no=code.session_no,
        direction=code.direction,
        way="wall",
        time_device=shown_at,
        root_id=told.root_id,
        is_confirmed=is_in_time(code, told.received_at),
    )
    record(event, seen, writer.next_seq, told.received_at)


def is_in_time(code: WallCode, at: datetime) -> bool:
    try:
        check_slot(code, at)
    except CodeRefused:
        return False
    return True


def whole(number: float | None) -> int:
    """A session's number; 0, which no session has, for anything that is none."""
    return int(number) if number is not None and 0 < number < MAX_NUMBER else 0


def moment_in(text: str) -> datetime | None:
    """An ISO time with its zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
