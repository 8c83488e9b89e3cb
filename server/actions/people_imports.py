"""Accounts from a table: each row checked against the town and the other rows, then all made or none."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from server.actions.forms import define_list
from server.actions.imports import place_of, refuse
from server.actions.people_checks import COLUMNS, OF_PERSON, Newcomer, check_row, look_around
from server.actions.staged import drop_staged, read_staged, stage
from server.actions.users import PERSONS, make_user, say_posts
from server.audit import audit
from server.clock import now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.ids import new_id
from server.rows import RowWriter, Write
from server.tables import Row, TableError, read_table, table_error

KIND = "people"
MAX_PEOPLE = 1000


@dataclass(frozen=True)
class Checked:
    """What a file holds; with `errors` nobody would be let in."""

    file_name: str
    people: list[Newcomer]
    errors: list[TableError]


def stage_people(folder: Path, user_id: str, file_name: str, content: bytes) -> str:
    """Keep an upload to be looked at. Raises: Problem list_file_type."""
    read_table(file_name, content)  # refuses at once what is no table
    document = {"name": file_name, "content": base64.b64encode(content).decode("ascii")}
    return stage(folder, user_id, KIND, document)


def check_staged(folder: Path, town_id: str, user_id: str, token: str) -> Checked:
    """Every error, or who would be let in; writes nothing."""
    name, rows, errors = read_file(folder, user_id, token)
    return check(town_id, user_id, name, rows, errors)


def import_staged(folder: Path, town_id: str, user_id: str, token: str) -> list[str]:
    """Let everybody in who was looked at. Returns: their ids. Raises: Problem list_file_invalid."""
    name, rows, errors = read_file(folder, user_id, token)
    with write_transaction():
        checked = check(town_id, user_id, name, rows, errors)
        refuse(checked.errors)
        user_ids = let_in(town_id, user_id, checked.people)
        audit(town_id, user_id, "import", "list", PERSONS, n_rows=len(rows), file=name[:200])
    drop_staged(folder, token)
    return user_ids


def read_file(folder: Path, user_id: str, token: str) -> tuple[str, list[Row], list[TableError]]:
    document = read_staged(folder, user_id, KIND, token)
    rows, errors = read_table(document["name"], base64.b64decode(document["content"]))
    return document["name"], rows, errors


def check(
    town_id: str, by: str, file_name: str, rows: Sequence[Row], errors: Iterable[TableError]
) -> Checked:
    found = [*errors]
    strange = sorted({column for row in rows for column in row.cells} - {*COLUMNS})
    known_columns = " ".join(COLUMNS)
    found += [table_error("column_unknown", 1, text, text=text, known=known_columns) for text in strange]
    if len(rows) > MAX_PEOPLE:
        found.append(table_error("too_many_people", rows[MAX_PEOPLE].number, limit=MAX_PEOPLE))
    elif not rows and not found:
        found.append(table_error("rows_missing", 1))
    known = look_around(town_id, by)
    people = [check_row(row, known, found) for row in rows[:MAX_PEOPLE]]
    return Checked(file_name, people, sorted(found, key=place_of))


def let_in(town_id: str, by: str, people: Sequence[Newcomer]) -> list[str]:
    """Make rows of the list of persons, and accounts that no password opens: their phones are enrolled."""
    used = {column for newcomer in people for column in newcomer.cells}
    define_list(town_id, PERSONS, {column: OF_PERSON[column] for column in OF_PERSON if column in used})
    writer = RowWriter(town_id, by, now(), seq_taker(town_id))
    writer.fetch_list(PERSONS)
    user_ids = []
    for newcomer in people:
        user = make_user(town_id, replace(newcomer.account, person=write_person(writer, newcomer)), "")
        db.session.add(user)
        audit(town_id, by, "add_user", "user", user.user_id, posts=say_posts(newcomer.account.posts))
        user_ids.append(user.user_id)
    writer.save()
    return user_ids


def write_person(writer: RowWriter, newcomer: Newcomer) -> str:
    """Make or complete somebody's row; its name."""
    account = newcomer.account
    column = writer.access[PERSONS].village_column
    placed = {column: account.posts[0].village} if column and account.posts[0].village else {}
    cells = {"label": account.name, **placed, **newcomer.cells}
    person = account.person or new_id()
    writer.apply(Write((PERSONS, person), "update" if account.person else "create", cells))
    return person
