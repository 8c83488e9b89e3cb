"""Many accounts from one table: looked at first, then all made or none."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8 as BOM

from flask import Response as FlaskResponse
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from server.actions.enrolments import HOURS, SLIPS_AT_ONCE
from server.actions.people_checks import COLUMNS
from server.actions.people_imports import check_staged, import_staged, stage_people
from server.pages.door import desk_blueprint, in_language, language, visitor
from server.pages.enrolments import lifetimes
from server.pages.people import show_people
from server.pages.queue import village_names
from server.pages.uploads import staging, take_file
from server.problems import Problem
from server.tables import TableError

people_import_pages = desk_blueprint("people_imports", "people")

MAX_ERRORS_SHOWN = 1000


@people_import_pages.get("/people/imports/template.csv")
def send_template() -> Response:
    """An empty table of people, which Excel opens."""
    text = io.StringIO()
    csv.writer(text).writerow(COLUMNS)
    response = FlaskResponse(BOM + text.getvalue().encode(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


@people_import_pages.post("/people/imports")
def take_table() -> Response | tuple[str, int]:
    """Take a table of people, and show whom it would let in."""
    try:
        name, content = take_file("table")
        token = stage_people(staging(), visitor().user.user_id, name, content)
    except Problem as problem:
        return show_people(problem), problem.status
    return redirect(url_for("desk_people_imports.show_preview", token=token))


@people_import_pages.get("/people/imports/<token>")
def show_preview(token: str) -> str:
    """Every error of a table of people, or whom it would let in."""
    return show_file(token)


def show_file(token: str, problem: Problem | None = None) -> str:
    user = visitor().user
    checked = check_staged(staging(), user.town_id, user.user_id, token)
    found: list[TableError] = problem.details.get("errors", []) if problem else []
    errors = checked.errors or found
    return render_template(
        "desk/people_preview.html",
        here="people",
        checked=checked,
        errors=errors[:MAX_ERRORS_SHOWN],
        n_errors=len(errors),
        villages=village_names(user),
        language=language(),
        problem=in_language(problem) if problem else None,
    )


@people_import_pages.post("/people/imports/<token>")
def take_import(token: str) -> str | tuple[str, int]:
    """Make all the accounts or none, and lead on to their enrolment slips."""
    user = visitor().user
    try:
        user_ids = import_staged(staging(), user.town_id, user.user_id, token)
    except Problem as problem:
        if problem.code == "upload_gone":
            raise
        return show_file(token, problem), problem.status
    starts = range(0, len(user_ids), SLIPS_AT_ONCE)
    return render_template(
        "desk/people_imported.html",
        here="people",
        n_people=len(user_ids),
        sheets=[user_ids[start : start + SLIPS_AT_ONCE] for start in starts],
        lifetimes=lifetimes(),
        hours=HOURS,
    )
