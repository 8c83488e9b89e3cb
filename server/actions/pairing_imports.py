"""Pairings from a table: every error by row and column at once, or all made, active from the start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from server.actions.entities import desk_writer
from server.actions.imports import find_name_errors, refuse
from server.actions.pairings import a_year_after, new_pairing, settle
from server.audit import audit
from server.database import db, write_transaction
from server.models import Entity, Pairing
from server.pairing_kinds import KINDS, LIVING, Kind
from server.tables import Row, TableError, read_table, table_error

COLUMNS = (
    "name kind mentor mentor_2 mentor_unit mentee village start_on end_plan_on cadence_n goal mentee_agreed"
).split()
LISTS = frozenset({"person", "business", "household", "village"})
SAME = tuple[str, str]  # kind and mentee


@dataclass
class Known:
    """What cells may name, by list: a row id, or a label that one row alone has -> row id and village."""

    rows: dict[str, dict[str, tuple[str, str]]]
    ids: set[str]
    mentees: Counter[SAME] = field(default_factory=Counter)
    firms: set[tuple[str, str]] = field(default_factory=set)  # enterprise and village
    mentors: Counter[SAME] = field(default_factory=Counter)


def read_known(town_id: str) -> Known:
    rows: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in LISTS}
    query = select(Entity.list_name, Entity.entity_id, Entity.label, Entity.village).where(
        Entity.town_id == town_id, Entity.list_name.in_(LISTS), Entity.is_deleted.is_(False)
    )
    found = db.session.execute(query).all()
    labels = Counter((list_name, label) for list_name, _, label, _ in found)
    for list_name, entity_id, label, village in found:
        place = (entity_id, entity_id if list_name == "village" else village)
        rows[list_name][entity_id] = place
        if labels[list_name, label] == 1:
            rows[list_name].setdefault(label, place)
    known = Known(rows, set())
    for pairing in db.session.scalars(select(Pairing).where(Pairing.town_id == town_id)):
        known.ids.add(pairing.pairing_id)
        if pairing.state in LIVING:
            note(known, pairing.kind, pairing.mentor_id, pairing.mentee_id)
    return known


def note(known: Known, kind: str, mentor: str, mentee: str) -> None:
    known.mentees[kind, mentee] += 1
    known.mentors[kind, mentor] += 1
    known.firms.add((mentor, mentee))


@dataclass(frozen=True)
class Checked:
    """The pairings a table asks for, as columns of the table `pairing`, and what is wrong with it."""

    wanted: list[dict[str, Any]]
    errors: list[TableError]


def check(town_id: str, file_name: str, content: bytes) -> Checked:
    """Read and check a file; writes nothing."""
    rows, errors = read_table(file_name, content)
    errors = [*errors, *find_name_errors(rows)]
    known = read_known(town_id)
    wanted = []
    for row in rows:
        columns, found = check_row(row, known)
        errors += found
        if not found:
            wanted.append(columns)
    return Checked(wanted, errors)


def check_row(row: Row, known: Known) -> tuple[dict[str, Any], list[TableError]]:
    cells = {name: text.strip() for name, text in row.cells.items()}
    kind = KINDS.get(cells.get("kind", ""))
    if kind is None:
        return {}, [table_error("kind_unknown", row.number, "kind", text=cells.get("kind", ""))]
    errors: list[TableError] = []
    mentor = find(row, known, kind.mentor_list, "mentor", errors)
    mentee, village = find(row, known, kind.mentee_list, "mentee", errors)
    second = find(row, known, "person", "mentor_2", errors)[0] if cells.get("mentor_2") else ""
    village = village or find(row, known, "village", "village", errors)[0]
    start_on = read_day(row, "start_on", errors)
    end_plan_on = read_day(row, "end_plan_on", errors) if cells.get("end_plan_on") else ""
    errors += check_rules(row, known, kind, mentor[0], mentee)
    if errors:
        return {}, errors
    note(known, kind.name, mentor[0], mentee)
    known.ids.add(cells["name"])
    return {
        "pairing_id": cells["name"],
        "kind": kind.name,
        "mentor_id": mentor[0],
        "mentor_2": second,
        "mentee_id": mentee,
        "village": village,
        "start_on": start_on,
        "end_plan_on": end_plan_on or a_year_after(start_on),
        "cadence_n": max(kind.cadence_n, int(cells.get("cadence_n") or 0)),
        "goal": cells.get("goal", ""),
        "mentor_unit": cells.get("mentor_unit", ""),
        "is_mentee_agreed": cells.get("mentee_agreed", "yes") in ("yes", "1", "是"),
        "state": "active",
    }, []


def find(row: Row, known: Known, list_name: str, column: str, errors: list[TableError]) -> tuple[str, str]:
    """The list's row that a cell names, with its village; an error if there is none or several."""
    text = row.cells.get(column, "").strip()
    found = known.rows[list_name].get(text)
    if found is None:
        errors.append(table_error("row_unknown", row.number, column, text=text, list=list_name))
        return "", ""
    return found


def read_day(row: Row, column: str, errors: list[TableError]) -> str:
    text = row.cells.get(column, "").strip()[:10]
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        errors.append(table_error("day_invalid", row.number, column, text=text))
        return ""


def check_rules(row: Row, known: Known, kind: Kind, mentor: str, mentee: str) -> list[TableError]:
    """V25 and V26, and a name that is taken; the rows above count as if they were made."""
    errors = []
    number, cells = row.number, row.cells
    if cells.get("name") in known.ids:
        errors.append(table_error("name_taken", number, "name", text=cells.get("name", "")))
    is_same_firm = kind.most_for_mentee > 1 and (mentor, mentee) in known.firms
    if mentee and (known.mentees[kind.name, mentee] >= kind.most_for_mentee or is_same_firm):
        errors.append(table_error("already_paired", number, "mentee", text=cells.get("mentee", "")))
    if mentor and kind.most and known.mentors[kind.name, mentor] >= kind.most:
        errors.append(table_error("too_many_pairings", number, "mentor", text=cells.get("mentor", "")))
    if cells.get("cadence_n") and not cells["cadence_n"].strip().isdecimal():
        errors.append(table_error("count_invalid", number, "cadence_n", text=cells["cadence_n"]))
    return errors


def import_pairings(town_id: str, user_id: str, file_name: str, content: bytes) -> int:
    """Make all of them, or none. Raises: Problem list_file_type, list_file_invalid with `errors`."""
    checked = check(town_id, file_name, content)
    refuse(checked.errors)
    with write_transaction():
        make_all(town_id, user_id, checked.wanted)
        audit(town_id, user_id, "import", "pairing", "", n_rows=len(checked.wanted), file=file_name[:200])
    return len(checked.wanted)


def make_all(town_id: str, user_id: str, wanted: Sequence[Mapping[str, Any]]) -> None:
    writer = desk_writer(town_id, user_id)
    for columns in wanted:
        about = dict(columns)
        settle(writer, new_pairing(writer, about.pop("pairing_id"), about.pop("kind"), **about))
    writer.save()
