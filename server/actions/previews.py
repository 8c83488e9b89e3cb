"""What importing a file into a list would do, found out without doing it; the file is kept for the yes."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.access import read_lists
from server.actions.forms import VILLAGE
from server.actions.imports import (
    Imported,
    Stated,
    check_list_name,
    columns_in,
    find_village_errors,
    import_list,
    place_of,
    read_rows,
)
from server.actions.staged import drop_staged, read_staged, stage
from server.clock import now
from server.rows import RowWriter, Write
from server.tables import Row, TableError

KIND = "list"


@dataclass(frozen=True)
class Change:
    """A row that is there and would be changed; only what the file says is told, not what stands there."""

    row: int
    name: str
    label: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Preview:
    """What would happen; with `errors` nothing would."""

    list_name: str
    file_name: str
    is_new: bool  # there is no such list yet
    columns: list[str]
    new_columns: list[str]
    village_column: str
    errors: list[TableError]
    n_created: int
    n_unchanged: int
    changes: list[Change]


def stage_table(folder: Path, user_id: str, list_name: str, file_name: str, content: bytes) -> str:
    """Keep an upload to be looked at. Raises: Problem list_name_invalid, list_file_type."""
    check_list_name(list_name)
    read_rows(file_name, content)  # refuses at once what is no table
    document = {"list": list_name, "name": file_name, "content": base64.b64encode(content).decode("ascii")}
    return stage(folder, user_id, KIND, document)


def preview_staged(folder: Path, town_id: str, user_id: str, token: str) -> Preview:
    document = read_staged(folder, user_id, KIND, token)
    return preview(town_id, user_id, document["list"], document["name"], content_of(document))


def import_staged(folder: Path, town_id: str, user_id: str, token: str, stated: Stated) -> Imported:
    """Import what was looked at. Raises: Problem, as `import_list`; the upload then stays."""
    document = read_staged(folder, user_id, KIND, token)
    done = import_list(town_id, user_id, document["list"], document["name"], content_of(document), stated)
    drop_staged(folder, token)
    return done


def content_of(document: dict[str, Any]) -> bytes:
    return base64.b64decode(document["content"])


def preview(town_id: str, user_id: str, list_name: str, file_name: str, content: bytes) -> Preview:
    """Every error, or what would be created, changed and left; writes nothing."""
    rows, errors = read_rows(file_name, content)
    columns = columns_in(rows)
    known = read_lists(town_id).get(list_name)
    village_column = known.village_column if known else VILLAGE if VILLAGE in columns else ""
    errors = sorted([*errors, *find_village_errors(town_id, list_name, village_column, rows)], key=place_of)
    n_created, n_unchanged, changes = (0, 0, []) if errors else compare(town_id, user_id, list_name, rows)
    return Preview(
        list_name=list_name,
        file_name=file_name,
        is_new=known is None,
        columns=sorted(columns),
        new_columns=sorted(columns - (known.columns.keys() if known else set())),
        village_column=village_column,
        errors=errors,
        n_created=n_created,
        n_unchanged=n_unchanged,
        changes=changes,
    )


def compare(town_id: str, user_id: str, list_name: str, rows: list[Row]) -> tuple[int, int, list[Change]]:
    """How many rows would be made, how many stay, and which change."""
    writer = RowWriter(town_id, user_id, now(), lambda: 0)  # is asked only, writes and numbers nothing
    writer.fetch_list(list_name)
    n_created, changes = 0, list[Change]()
    for row in rows:
        cells = dict(row.cells)
        name = cells.pop("name")
        changed = writer.would_change(Write((list_name, name), "update", cells))
        if changed is None:
            n_created += 1
        elif changed:
            changes.append(Change(row.number, name, cells.get("label", ""), changed))
    return n_created, len(rows) - n_created - len(changes), changes
