"""The lists: how many rows each has, and files imported into them after a look at what would happen."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8 as BOM
from collections.abc import Iterable

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from server.access import ListAccess, read_lists
from server.actions.imports import CLASSES, KINDS, Stated
from server.actions.previews import import_staged, preview_staged, stage_table
from server.actions.vocabulary import current_outlines
from server.actions.workbooks import find_library_list
from server.config import MAX_BODY_BYTES, MEBIBYTE
from server.database import db
from server.models import Entity
from server.pages.door import desk_blueprint, in_language, language, say, visitor
from server.pages.uploads import staging, take_file
from server.problems import Problem
from server.tables import MAX_ROWS, TableError

list_pages = desk_blueprint("lists", "lists")

# What every town begins with; the columns are those the forms of the library read.
FIRST_LISTS = {"village": (), "person": ("place", "position", "phone")}
WRITTEN_BY_ACCOUNTS = {("person", "username")}  # an empty cell in a file would take it away
LIMITS = {"mib": MAX_BODY_BYTES // MEBIBYTE, "rows": f"{MAX_ROWS:,}"}
MAX_ERRORS_SHOWN = 1000
MAX_CHANGES_SHOWN = 200


@list_pages.get("/lists")
def show() -> str:
    """Every list with its number of rows, and those that forms read but nobody made yet."""
    return show_lists()


def show_lists(problem: Problem | None = None) -> str:
    town_id = visitor().user.town_id
    lists, readers = read_lists(town_id), find_readers()
    return render_template(
        "desk/lists.html",
        lists=dict(sorted(lists.items())),
        n_rows=count_rows(town_id),
        readers=readers,
        missing=sorted({*readers, *FIRST_LISTS} - lists.keys()),
        list_name=request.values.get("list", ""),
        limits=LIMITS,
        problem=in_language(problem) if problem else None,
    )


def count_rows(town_id: str) -> dict[str, int]:
    query = (
        select(Entity.list_name, func.count())
        .where(Entity.town_id == town_id, Entity.is_deleted.is_(False))
        .group_by(Entity.list_name)
    )
    return dict(db.session.execute(query).all())


def find_readers() -> dict[str, dict[str, list[str]]]:
    """List -> form -> the columns that its current version reads."""
    found: dict[str, dict[str, list[str]]] = {}
    for outline in current_outlines():
        for use in outline["lists"]:
            found.setdefault(use["name"], {})[outline["form_id"]] = use["columns"]
    return found


@list_pages.get("/lists/<list_name>/template.csv")
def send_template(list_name: str) -> Response:
    """A table with the list's columns, which Excel opens: empty, or with the rows that come along."""
    rule = read_lists(visitor().user.town_id).get(list_name)
    rows = None if rule else find_library_list(list_name)
    columns = template_columns(list_name, rule, find_readers().get(list_name, {}))
    if rows is None and columns is None:
        raise Problem("list_unknown", list_name=list_name)
    text = io.StringIO()
    csv.writer(text).writerow(("name", "label", *(columns or ())))
    table = rows or text.getvalue().encode()
    response = FlaskResponse(BOM + table.removeprefix(BOM), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{list_name}.csv"'
    return response


def template_columns(
    list_name: str, rule: ListAccess | None, readers: dict[str, list[str]]
) -> Iterable[str] | None:
    """The columns a file for this list has beside name and label; None if nothing is known of it."""
    if rule is not None:
        own = (column for column, about in rule.columns.items() if about.get("kind") != "serial")
        return [column for column in own if (list_name, column) not in WRITTEN_BY_ACCOUNTS]
    if list_name in FIRST_LISTS:
        return FIRST_LISTS[list_name]
    read = dict.fromkeys(column for columns in readers.values() for column in columns)
    return [column for column in read if column not in ("name", "label")] if readers else None


@list_pages.post("/lists")
def take_table() -> Response | tuple[str, int]:
    """Take a file, and show what it would do."""
    user_id, list_name = visitor().user.user_id, request.form.get("list", "").strip()
    try:
        name, content = take_file("table")
        token = stage_table(staging(), user_id, list_name, name, content)
    except Problem as problem:
        return show_lists(problem), problem.status
    return redirect(url_for("desk_lists.show_preview", token=token))


@list_pages.get("/uploads/lists/<token>")
def show_preview(token: str) -> str:
    """Every error of a file, or what importing it would do."""
    return show_file(token)


def show_file(token: str, problem: Problem | None = None) -> str:
    user = visitor().user
    preview = preview_staged(staging(), user.town_id, user.user_id, token)
    found: list[TableError] = problem.details.get("errors", []) if problem else []
    errors = preview.errors or found
    return render_template(
        "desk/preview.html",
        here="lists",
        token=token,
        preview=preview,
        errors=errors[:MAX_ERRORS_SHOWN],
        n_errors=len(errors),
        changes=preview.changes[:MAX_CHANGES_SHOWN],
        is_for_everybody=preview.list_name in FIRST_LISTS,
        classes=CLASSES,
        kinds=KINDS,
        values=request.form,
        language=language(),
        problem=in_language(problem) if problem else None,
    )


@list_pages.post("/uploads/lists/<token>")
def take_import(token: str) -> Response | tuple[str, int]:
    """Import the file: all rows or none."""
    user = visitor().user
    try:
        done = import_staged(staging(), user.town_id, user.user_id, token, read_stated())
    except Problem as problem:
        if problem.code == "upload_gone":
            raise
        return show_file(token, problem), problem.status
    flash(say("list_is_imported", created=done.n_created, changed=done.n_changed, same=done.n_unchanged))
    return redirect(url_for("desk_lists.show"))


def read_stated() -> Stated:
    """What the page's form says of the list: who sees its rows, what its new columns hold."""
    values = request.form
    classes = {key.removeprefix("class:"): text for key, text in values.items() if key.startswith("class:")}
    kinds = {key.removeprefix("kind:"): text for key, text in values.items() if key.startswith("kind:")}
    if not {*classes.values()} <= {*CLASSES} or not {*kinds.values()} <= {*KINDS, ""}:
        raise Problem("request_invalid", field="class")
    seen_by = values.get("seen_by", "")
    return Stated(
        village_column=seen_by.removeprefix("column:") if seen_by.startswith("column:") else "",
        is_for_everybody=seen_by == "everybody",
        classes=classes,
        kinds={column: kind for column, kind in kinds.items() if kind},
    )
