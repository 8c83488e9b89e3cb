"""Importing a list from CSV or XLSX: all rows in one transaction, or every error at once and no row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from server.actions.forms import VILLAGE, define_list
from server.audit import audit
from server.clock import now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.models import Entity, EntityList
from server.problems import Problem
from server.rows import RowWriter, Write
from server.table_lists import TABLE_LISTS
from server.tables import Row, TableError, is_column, read_table, table_error

CLASSES = ("public", "personal", "sensitive")
KINDS = ("id_number", "account", "phone", "lat", "lon")
UNKNOWN_CLASS = "personal"  # until somebody says otherwise
OWN = frozenset({"name", "label"})  # what every list has

Report = Callable[[int, int], None]  # rows just done, rows in all


@dataclass(frozen=True)
class Stated:
    """What the importer says of a list: who may see its rows, and what its columns hold."""

    village_column: str = ""
    is_for_everybody: bool = False
    classes: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def describe(self, column: str) -> dict[str, str]:
        return {"class": self.classes.get(column, UNKNOWN_CLASS), "kind": self.kinds.get(column, "")}


@dataclass(frozen=True)
class Imported:
    """What an import did; `assumed` are new columns taken as personal, as nobody said what they hold."""

    n_created: int
    n_changed: int
    n_unchanged: int
    assumed: tuple[str, ...] = ()


def import_list(
    town_id: str,
    user_id: str,
    list_name: str,
    file_name: str,
    content: bytes,
    stated: Stated | None = None,
    report: Report = lambda done, total: None,
) -> Imported:
    """Create and change rows by their `name`; columns that the file doesn't have stay, rows too.

    Raises: Problem list_name_invalid, list_file_type, list_scope_…, list_column_…; list_file_invalid with
        `errors`, a list of TableError.
    """
    stated = stated or Stated()
    check_list_name(list_name)
    rows, errors = read_rows(file_name, content)
    refuse(errors if not rows else [])
    columns = columns_in(rows)
    known = db.session.get(EntityList, (town_id, list_name))
    village_column = find_scope(list_name, known, columns, stated)
    check_columns(known.columns if known else {}, columns, stated)
    refuse([*errors, *find_village_errors(town_id, list_name, village_column, rows)])
    new = sorted(columns - (known.columns.keys() if known else set()))
    with write_transaction():
        about = {column: stated.describe(column) for column in new}
        define_list(town_id, list_name, about, village_column=village_column)
        done = write_rows(RowWriter(town_id, user_id, now(), seq_taker(town_id)), list_name, rows, report)
        audit(town_id, user_id, "import", "list", list_name, n_rows=len(rows), file=file_name[:200])
    return Imported(*done, assumed=tuple(column for column in new if column not in stated.classes))


def check_list_name(list_name: str) -> None:
    if not (list_name.isascii() and is_column(list_name)):
        raise Problem("list_name_invalid", list_name=list_name)
    if list_name in TABLE_LISTS:
        raise Problem("list_of_table", list_name=list_name)


def read_rows(file_name: str, content: bytes) -> tuple[list[Row], list[TableError]]:
    """The file's rows and what is wrong with them by themselves, whatever the list knows."""
    rows, errors = read_table(file_name, content)
    return rows, errors + find_name_errors(rows)


def columns_in(rows: list[Row]) -> set[str]:
    return {column for row in rows for column in row.cells} - OWN


def refuse(errors: list[TableError]) -> None:
    if errors:
        raise Problem("list_file_invalid", n_errors=len(errors), errors=sorted(errors, key=place_of))


def place_of(error: TableError) -> tuple[int, str]:
    return error.row, error.column


def find_scope(list_name: str, known: EntityList | None, columns: set[str], stated: Stated) -> str:
    """The column that scopes the rows, '' if the whole town sees them; a column `village` always does."""
    is_said = bool(stated.village_column) or stated.is_for_everybody
    if known is not None:
        is_new = VILLAGE in columns and not known.village_column  # would scope rows that phones hold already
        if is_new or (is_said and stated.village_column != known.village_column):
            raise Problem("list_scope_fixed", list_name=list_name)
        return known.village_column
    if stated.village_column and stated.village_column not in columns:
        raise Problem("list_column_unknown", field=stated.village_column)
    named = stated.village_column or (VILLAGE if VILLAGE in columns else "")
    if bool(named) == stated.is_for_everybody:
        raise Problem("list_scope_missing", list_name=list_name)
    return named


def check_columns(known: Mapping[str, Any], columns: set[str], stated: Stated) -> None:
    """What is stated must be of a column of the file, and not contradict what is known."""
    for key, said in (("class", stated.classes), ("kind", stated.kinds)):
        for column, value in said.items():
            if column not in columns:
                raise Problem("list_column_unknown", field=column)
            before = known.get(column, {}).get(key) or ""
            if column in known and before != value:
                raise Problem("list_column_known", field=column, known=before or "plain text")


def find_name_errors(rows: list[Row]) -> list[TableError]:
    """Each row needs a name of its own."""
    errors, first = [], dict[str, int]()
    for row in rows:
        name = row.cells.get("name", "")
        if not name:
            errors.append(table_error("name_missing", row.number, "name"))
        elif name in first:
            errors.append(table_error("name_twice", row.number, "name", text=name, first=first[name]))
        else:
            first[name] = row.number
    return errors


def find_village_errors(town_id: str, list_name: str, column: str, rows: list[Row]) -> list[TableError]:
    """A row without a village, or with one that isn't there, would be seen by nobody who needs it."""
    if not column:
        return []
    villages, living = names_in(town_id, VILLAGE), names_in(town_id, list_name)
    errors = []
    for row in rows:
        code = row.cells.get(column, "")
        if code and villages and code not in villages:
            errors.append(table_error("village_unknown", row.number, column, text=code))
        elif not code and (column in row.cells or row.cells.get("name") not in living):
            errors.append(table_error("village_missing", row.number, column))
    return errors


def names_in(town_id: str, list_name: str) -> set[str]:
    query = select(Entity.entity_id).where(
        Entity.town_id == town_id, Entity.list_name == list_name, Entity.is_deleted.is_(False)
    )
    return set(db.session.scalars(query))


def write_rows(writer: RowWriter, list_name: str, rows: list[Row], report: Report) -> tuple[int, int, int]:
    """Write them; how many were created, changed, and as they were already."""
    n_created = n_changed = 0
    writer.fetch_list(list_name)
    for row in rows:
        cells = dict(row.cells)
        key = (list_name, cells.pop("name"))
        known = writer.living(key)
        version = known.version if known else 0
        writer.apply(Write(key, "update" if known else "create", cells))
        n_created += known is None
        n_changed += known is not None and known.version != version
        report(1, len(rows))
    writer.save()
    return n_created, n_changed, len(rows) - n_created - n_changed
