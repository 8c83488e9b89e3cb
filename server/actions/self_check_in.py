"""Checking in oneself at the wall's code: a ticket on opening, then a name; nobody is ever shown a list.

The code is accepted for fifteen seconds, and whoever opened the page in time has a few minutes to type. A
ticket's check-in has one id, so that a double tap or a page sent again is the same check-in.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from server.actions.attendance_photos import keep_photo
from server.actions.check_ins import Sighting, check_is_open, count_place, get_session, record
from server.actions.events import Take
from server.actions.rosters import Guest, village_names, walk_in
from server.actions.throttles import Limit, count_try, seconds_closed
from server.attendance import NO_PHONE_KNOWN, WALK_IN, window_problem
from server.clock import now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.ids import new_id
from server.models import Attendance, CheckIn, Event, EventSession, RosterEntry
from server.problems import Problem
from server.wall_codes import CodeRefused, WallCode, check_slot, read_code

TICKET_LIFE = timedelta(minutes=5)
TAIL_DIGITS = 4
# Wrong names or PINs from one browser, and from one address, behind which a whole hall may sit.
OF_BROWSER = Limit(10, timedelta(minutes=10), timedelta(minutes=10))
OF_ADDRESS = Limit(100, timedelta(minutes=10), timedelta(minutes=10))
MAX_NAME, MAX_REASON = 40, 200
DEMO_MARK = "(演示)"


@dataclass(frozen=True)
class Ticket:
    """The right to check in once at a session, given to whoever showed the code in time."""

    town_id: str
    event_id: str
    session_no: int
    direction: str
    check_in_id: str
    is_printed: bool


@dataclass(frozen=True)
class Opened:
    """What the page shows of the event before anybody has said a name."""

    ticket: str
    event: Event
    session: EventSession
    direction: str
    needs_pin: bool
    villages: dict[str, str]


@dataclass(frozen=True)
class Entered:
    """What somebody typed."""

    name: str
    phone: str = ""  # its last four digits, of a walk-in the whole number
    pin: str = ""
    village: str = ""
    reason: str = ""
    is_walk_in: bool = False
    lat: str = ""
    lon: str = ""
    photo: str = ""  # base64
    device: str = ""
    address: str = ""


@dataclass(frozen=True)
class Welcome:
    """What the last page says."""

    name: str
    unit: str
    at: datetime
    place: int
    is_again: bool
    is_late: bool


def open_code(text: str) -> Opened:
    """Take the code in the page's fragment. Raises: Problem code_…, event_not_open, check_in_early, _over."""
    moment = now()
    try:
        code = read_code(text, find_key)
        check_slot(code, moment)
    except CodeRefused as refused:
        raise Problem(refused.code) from refused
    event = find_event(code.event_id)
    if event.state != "open":
        raise Problem("event_not_open", name=event.name)
    if code.is_printed and not event.details.get("pin"):
        raise Problem("code_old")
    session = get_session(event, code.session_no, code.direction)
    problem = window_problem(moment, session.start_at, session.end_at)
    if problem:
        raise Problem(problem, name=event.name)
    ticket = issue(event, code, moment)
    return Opened(ticket, event, session, code.direction, code.is_printed, village_names(event.town_id))


def find_key(event_id: str) -> str | None:
    return db.session.scalar(select(Event.wall_key).where(Event.event_id == event_id))


def find_event(event_id: str) -> Event:
    return db.session.scalars(select(Event).where(Event.event_id == event_id)).one()


def issue(event: Event, code: WallCode, moment: datetime) -> str:
    ends = int((moment + TICKET_LIFE).timestamp())
    content = [
        event.town_id,
        event.event_id,
        code.session_no,
        code.direction,
        new_id(),
        code.is_printed,
        ends,
    ]
    text = tickets().dumps(content)
    return text if isinstance(text, str) else text.decode("ascii")


def tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="check-in")


def read_ticket(text: str) -> Ticket:
    """Raises: Problem ticket_over."""
    try:
        *fields, ends = tickets().loads(text)
    except (BadData, ValueError, TypeError) as error:
        raise Problem("ticket_over") from error
    if now().timestamp() > ends:
        raise Problem("ticket_over")
    return Ticket(*fields)


def check_in(text: str, entered: Entered) -> Welcome:
    """Check somebody in. Raises: Problem ticket_over, event_not_open, pin_wrong, name_missing,
    attendee_not_found, attendee_ambiguous, too_many_tries, file_type, file_too_large.
    """
    ticket = read_ticket(text)
    again = db.session.get(CheckIn, (ticket.town_id, ticket.check_in_id))
    if again is not None:
        return welcome(again, is_again=False)
    keys = {f"check_in:{entered.device}": OF_BROWSER, f"check_in:{entered.address}": OF_ADDRESS}
    check_failures(keys)
    try:
        return keep(ticket, entered)
    except Problem as problem:
        if problem.code in ("pin_wrong", "attendee_not_found"):
            count_failure(keys)
        raise


def keep(ticket: Ticket, entered: Entered) -> Welcome:
    photo = keep_photo(find_event(ticket.event_id), entered.photo)
    with write_transaction() as session:
        event = session.get_one(Event, (ticket.town_id, ticket.event_id))
        check_is_open(event)
        if ticket.is_printed and entered.pin != event.details.get("pin"):
            raise Problem("pin_wrong", field="pin")
        take = seq_taker(ticket.town_id)
        entry, flags = find_attendee(event, entered, take)
        row = record(event, sighting(ticket, entry, entered, photo, flags), take, now())
        return welcome(row, is_again=row.state == "merged")


def find_attendee(event: Event, entered: Entered, take: Take) -> tuple[RosterEntry, tuple[str, ...]]:
    if not entered.name.strip():
        raise Problem("name_missing", field="name")
    if entered.is_walk_in:
        return add_walk_in(event, entered, take), (WALK_IN,)
    return match_roster(event, entered.name, entered.phone)


def add_walk_in(event: Event, entered: Entered, take: Take) -> RosterEntry:
    """Somebody who isn't expected says who they are; the same name and number again are the same person."""
    digits = "".join(letter for letter in entered.phone if letter.isdigit())
    village = entered.village if entered.village in village_names(event.town_id) else ""
    if not entered.reason.strip():
        raise Problem("reason_missing", field="reason")
    mark = hashlib.sha256(f"{event.event_id} {plain(entered.name)} {digits}".encode()).hexdigest()[:32]
    guest = Guest(
        name=entered.name.strip()[:MAX_NAME],
        unit=village_names(event.town_id).get(village, ""),
        phone=digits[:20],
        village=village,
        role="guest",
        note=entered.reason.strip()[:MAX_REASON],
        state="walk_in",
    )
    return walk_in(event, guest, f"walk:{mark}", take, "")


def match_roster(event: Event, name: str, phone: str) -> tuple[RosterEntry, tuple[str, ...]]:
    """The one person expected under this name with this number; a wrong number tells nothing of the list."""
    tail = "".join(letter for letter in phone if letter.isdigit())[-TAIL_DIGITS:]
    rows = db.session.scalars(
        select(RosterEntry).where(
            RosterEntry.town_id == event.town_id,
            RosterEntry.event_id == event.event_id,
            bare(RosterEntry.name) == plain(name),
        )
    )
    named = list(rows)
    exact = [row for row in named if row.phone and len(tail) == TAIL_DIGITS and row.phone.endswith(tail)]
    without = [row for row in named if not row.phone]
    found = exact or without
    if not found:
        raise Problem("attendee_not_found", field="name")
    if len(found) > 1:
        raise Problem("attendee_ambiguous", field="name")
    return found[0], () if exact else (NO_PHONE_KNOWN,)


def bare(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The same in the database as far as rosters need it: a hall of thousands isn't read for one name."""
    expression: ColumnElement[str] = func.lower(column)
    for part in (DEMO_MARK, " ", "·", "."):
        expression = func.replace(expression, part, "")
    return expression


def plain(name: str) -> str:
    """A name without spaces, dots and the demo's mark, so that what people type meets what offices wrote."""
    text = unicodedata.normalize("NFKC", name).replace(DEMO_MARK, "").replace("·", "").replace(".", "")
    return "".join(text.split()).casefold()


def sighting(
    ticket: Ticket, entry: RosterEntry, entered: Entered, photo: str, flags: tuple[str, ...]
) -> Sighting:
    return Sighting(
        check_in_id=ticket.check_in_id,
        attendee_id=entry.attendee_id,
        session_no=ticket.session_no,
        direction=ticket.direction,
        way="wall",
        device=entered.device,
        address=entered.address,
        lat=entered.lat,
        lon=entered.lon,
        photo=photo,
        flags=flags,
    )


def welcome(row: CheckIn, *, is_again: bool) -> Welcome:
    entry = db.session.get_one(RosterEntry, (row.town_id, row.event_id, row.attendee_id))
    key = (row.town_id, row.event_id, row.session_no, row.direction, row.attendee_id)
    counted = db.session.get(Attendance, key)
    at = counted.at if counted else row.time_server
    return Welcome(entry.name, entry.unit, at, count_place(row), is_again, bool(counted and counted.is_late))


def check_failures(keys: Mapping[str, Limit]) -> None:
    """Raises: Problem too_many_tries."""
    closed_s = max(seconds_closed(key) for key in keys)
    if closed_s:
        raise Problem("too_many_tries", minutes=closed_s // 60 + 1, retry_after_s=closed_s)


def count_failure(keys: Mapping[str, Limit]) -> None:
    with write_transaction() as session:
        for key, limit in keys.items():
            count_try(session, key, limit)


def digest(secret: str, text: str) -> str:
    """A device or an address as it is kept: enough to see that two are the same, not to know which."""
    return hashlib.sha256(f"{secret} {text}".encode()).hexdigest()[:32] if text else ""
