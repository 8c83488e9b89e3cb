"""Importing a list from CSV or XLSX: all rows in one transaction, or every error at once and no row."""

from __future__ import annotations

from dataclasses import dataclass

from server.actions.forms import define_list
from server.audit import audit
from server.clock import now
from server.counter import seq_taker
from server.database import write_transaction
from server.problems import Problem
from server.rows import RowWriter, Write
from server.tables import Row, TableError, read_table, table_error

UNKNOWN_COLUMN = {"class": "personal"}  # until somebody says otherwise


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    n_created: int
    n_changed: int
    n_unchanged: int


def import_list(town_id: str, user_id: str, list_name: str, file_name: str, content: bytes) -> Imported:
    """Create and change rows by their `name`; columns that the file doesn't have stay, rows too.

    Raises: Problem list_file_type; list_file_invalid with `errors`, a list of TableError.
    """
    rows, errors = read_table(file_name, content)
    errors += find_name_errors(rows)
    if errors:
        raise Problem("list_file_invalid", n_errors=len(errors), errors=sorted(errors, key=place_of))
    with write_transaction():
        columns = {column for row in rows for column in row.cells} - {"name", "label"}
        define_list(town_id, list_name, dict.fromkeys(sorted(columns), UNKNOWN_COLUMN))
        done = write_rows(RowWriter(town_id, user_id, now(), seq_taker(town_id)), list_name, rows)
        audit(town_id, user_id, "import", "list", list_name, n_rows=len(rows), file=file_name[:200])
    return done


def place_of(error: TableError) -> tuple[int, str]:
    return error.row, error.column


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


def write_rows(writer: RowWriter, list_name: str, rows: list[Row]) -> Imported:
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
    writer.save()
    return Imported(n_created, n_changed, len(rows) - n_created - n_changed)
