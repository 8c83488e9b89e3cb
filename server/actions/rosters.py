"""Who is expected at an event: taken from lists, villages, pairings or a pasted table; leave and walk-ins."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from server.access import Scope
from server.actions.events import Take, announce, get_event
from server.audit import audit
from server.clock import now
from server.counter import seq_taker
from server.database import db, insert_missing, write_transaction
from server.ids import new_id
from server.models import Attendance, CheckIn, Entity, Event, Pairing, RosterEntry
from server.problems import Problem

ROLES = ("trainee", "teacher", "organiser", "mentor", "mentee", "guest", "teller")
MAX_ROSTER = 10_000
COLUMN_WORDS = {  # what offices call the columns of a table they paste
    "name": ("姓名", "name"),
    "unit": ("单位", "单位(村)", "村", "unit"),
    "position": ("职务", "position"),
    "phone": ("联系电话", "电话", "手机", "phone"),
    "note": ("备注", "note"),
}
PASTED_ORDER = ("name", "unit", "position", "phone", "note")
LISTS = ("person", "household", "member")


@dataclass(frozen=True)
class Guest:
    """Somebody who is to be on a roster."""

    name: str
    unit: str = ""
    position: str = ""
    phone: str = ""
    village: str = ""
    role: str = "trainee"
    note: str = ""
    list_name: str = ""
    entity_id: str = ""
    state: str = "expected"

    @property
    def attendee_id(self) -> str:
        """The same for the same row of a list, so that nobody is on a roster twice."""
        return f"{self.list_name}:{self.entity_id}" if self.list_name else new_id()


def add_guests(scope: Scope, event_id: str, guests: Sequence[Guest]) -> int:
    """Put people on the roster; those on it already stay as they are. How many were added."""
    with write_transaction():
        event = get_event(scope, event_id)
        n_added = insert_guests(event, guests)
        if n_added:
            announce(event, seq_taker(scope.town_id), now(), scope.user_id)
            audit(scope.town_id, scope.user_id, "add_to_roster", "event", event_id, n=n_added)
    return n_added


def insert_guests(event: Event, guests: Sequence[Guest]) -> int:
    known = {(row.attendee_id) for row in roster_of(event)}
    names = {(row.name, row.unit, row.phone) for row in roster_of(event)}
    rows = {}
    for guest in guests:
        row = as_row(event, guest)
        is_twice = not guest.list_name and (guest.name, guest.unit, guest.phone) in names
        if row["attendee_id"] not in known and not is_twice:
            rows[row["attendee_id"]] = row
            names.add((guest.name, guest.unit, guest.phone))
    if len(known) + len(rows) > MAX_ROSTER:
        raise Problem("roster_too_long", limit=MAX_ROSTER)
    insert_missing(RosterEntry, list(rows.values()))
    return len(rows)


def as_row(event: Event, guest: Guest, attendee_id: str = "") -> dict[str, str]:
    return {
        "town_id": event.town_id,
        "event_id": event.event_id,
        "attendee_id": attendee_id or guest.attendee_id,
        "list_name": guest.list_name,
        "entity_id": guest.entity_id,
        "name": guest.name,
        "unit": guest.unit,
        "position": guest.position,
        "phone": guest.phone,
        "village": guest.village,
        "role": guest.role,
        "state": guest.state,
        "note": guest.note,
    }


def roster_of(event: Event) -> Sequence[RosterEntry]:
    """Those expected first, by village and name."""
    query = select(RosterEntry).where(
        RosterEntry.town_id == event.town_id, RosterEntry.event_id == event.event_id
    )
    return db.session.scalars(
        query.order_by(RosterEntry.village, RosterEntry.unit, RosterEntry.name, RosterEntry.attendee_id)
    ).all()


def guests_from_list(town_id: str, list_name: str, villages: Sequence[str], role: str) -> list[Guest]:
    """The living rows of a list of people, of some villages or of all."""
    if list_name not in LISTS or role not in ROLES:
        raise Problem("request_invalid", field="list")
    rows = db.session.scalars(
        select(Entity)
        .where(Entity.town_id == town_id, Entity.list_name == list_name, Entity.is_deleted.is_(False))
        .order_by(Entity.label)
    )
    names = village_names(town_id)
    guests = (guest_of(row, names, role) for row in rows)
    return [guest for guest in guests if not villages or guest.village in villages]


def guest_of(row: Entity, names: Mapping[str, str], role: str = "trainee") -> Guest:
    village = row.data.get("village", "") or code_of(row.data.get("place", ""), names)
    return Guest(
        name=row.label,
        unit=names.get(village, "") or row.data.get("place", ""),
        position=row.data.get("position", ""),
        phone=row.data.get("phone", ""),
        village=village,
        role=role,
        list_name=row.list_name,
        entity_id=row.entity_id,
    )


def village_names(town_id: str) -> dict[str, str]:
    query = select(Entity.entity_id, Entity.label).where(
        Entity.town_id == town_id, Entity.list_name == "village", Entity.is_deleted.is_(False)
    )
    return dict(db.session.execute(query).all())


def code_of(name: str, names: Mapping[str, str]) -> str:
    return next((code for code, label in names.items() if name and label == name), "")


def guests_from_pairings(town_id: str, villages: Sequence[str], kind: str = "") -> list[Guest]:
    """Mentor and mentee of each running pairing, each once."""
    query = select(Pairing).where(Pairing.town_id == town_id, Pairing.state == "active")
    if villages:
        query = query.where(Pairing.village.in_(villages))
    if kind:
        query = query.where(Pairing.kind == kind)
    keys: dict[tuple[str, str], str] = {}
    for row in db.session.scalars(query):
        keys.setdefault((row.mentor_list, row.mentor_id), "mentor")
        keys.setdefault((row.mentee_list, row.mentee_id), "mentee")
    return guests_of_rows(town_id, keys)


def guests_of_rows(town_id: str, keys: Mapping[tuple[str, str], str]) -> list[Guest]:
    names = village_names(town_id)
    guests = []
    for list_name in sorted({name for name, _ in keys} & set(LISTS)):
        ids = [entity_id for name, entity_id in keys if name == list_name]
        rows = db.session.scalars(
            select(Entity).where(
                Entity.town_id == town_id,
                Entity.list_name == list_name,
                Entity.entity_id.in_(ids),
                Entity.is_deleted.is_(False),
            )
        )
        guests += [guest_of(row, names, keys[list_name, row.entity_id]) for row in rows]
    return sorted(guests, key=lambda guest: (guest.village, guest.name))


def guests_from_text(text: str, role: str = "trainee") -> list[Guest]:
    """A table pasted from Excel: tabs or commas between the cells; a first line with column names may stand.

    Raises: Problem roster_pasted, its `row` named, when a line has no name.
    """
    lines = [(number, split(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    order = read_header(lines[0][1]) if lines else None
    guests = []
    for number, cells in lines[1:] if order else lines:
        found = dict(zip(order or PASTED_ORDER, cells, strict=False))
        found.pop("", None)
        if not found.get("name"):
            raise Problem("roster_pasted", row=number, field="pasted")
        guests.append(Guest(role=role, **found))
    return guests


def split(line: str) -> list[str]:
    text = unicodedata.normalize("NFKC", line)  # full-width commas too
    return [cell.strip() for cell in text.split("\t" if "\t" in text else ",")]


def read_header(cells: Iterable[str]) -> list[str] | None:
    """Which column is which; None when the first line is somebody already."""
    words = {word: name for name, known in COLUMN_WORDS.items() for word in known}
    order = [words.get(cell.lower(), "") for cell in cells]
    return order if "name" in order else None


def set_leave(scope: Scope, event_id: str, attendee_id: str, *, is_leave: bool, note: str = "") -> None:
    """Somebody who is on leave isn't absent."""
    with write_transaction():
        event = get_event(scope, event_id)
        row = get_entry(event, attendee_id)
        row.state = "leave" if is_leave else "expected"
        row.note = note or row.note
        announce(event, seq_taker(scope.town_id), now(), scope.user_id)
        audit(scope.town_id, scope.user_id, "set_leave", "event", event_id, attendee=attendee_id)


def remove_guest(scope: Scope, event_id: str, attendee_id: str) -> None:
    """Take somebody off who was put on by mistake; whoever checked in stays."""
    with write_transaction():
        event = get_event(scope, event_id)
        row = get_entry(event, attendee_id)
        if has_check_in(event, attendee_id):
            raise Problem("attendee_has_check_in")
        db.session.execute(
            delete(RosterEntry).where(
                RosterEntry.town_id == row.town_id,
                RosterEntry.event_id == row.event_id,
                RosterEntry.attendee_id == attendee_id,
            )
        )
        announce(event, seq_taker(scope.town_id), now(), scope.user_id)
        audit(scope.town_id, scope.user_id, "remove_from_roster", "event", event_id)


def has_check_in(event: Event, attendee_id: str) -> bool:
    found = (Attendance, CheckIn)
    return any(
        db.session.scalar(
            select(model.attendee_id)
            .where(
                model.town_id == event.town_id,
                model.event_id == event.event_id,
                model.attendee_id == attendee_id,
            )
            .limit(1)
        )
        for model in found
    )


def get_entry(event: Event, attendee_id: str) -> RosterEntry:
    row = db.session.get(RosterEntry, (event.town_id, event.event_id, attendee_id))
    if row is None:
        raise Problem("attendee_unknown")
    return row


def walk_in(event: Event, guest: Guest, attendee_id: str, take: Take, user_id: str) -> RosterEntry:
    """Add somebody nobody expected; inside a write transaction."""
    row = db.session.get(RosterEntry, (event.town_id, event.event_id, attendee_id))
    if row is None:
        row = RosterEntry(**as_row(event, guest, attendee_id))
        db.session.add(row)
        announce(event, take, now(), user_id)
    return row
