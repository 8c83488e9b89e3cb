"""Exporting the records that the queue's filters find."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, render_template, request, send_file

from server.access import OFFICE_ROLES
from server.actions.exports import BULK, FILE_TYPES, WORDS, Export, Wish, may_export, open_export
from server.actions.records import count, read_filters
from server.actions.reveal import may_reveal
from server.pages.door import desk_blueprint, in_language, language, visitor
from server.pages.queue import STATES, form_titles, village_names
from server.problems import Problem

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

export_pages = desk_blueprint("exports", "queue")


@export_pages.get("/exports")
def show() -> str:
    """What would be exported, and how it may be."""
    return show_page()


@export_pages.post("/exports")
def take() -> Response | tuple[str, int]:
    """The file itself, or the page again with what is missing."""
    wish = Wish(
        filters=read_filters(request.form),
        file_type=request.form.get("file_type", ""),
        words=request.form.get("words", ""),
        is_open="open" in request.form,
        reason=request.form.get("reason", ""),
    )
    try:
        export = open_export(visitor().user, wish)
    except Problem as problem:
        return show_page(problem), problem.status
    try:
        return send_workbook(export) if wish.file_type == "xlsx" else stream_csv(export)
    except BaseException:
        export.close()
        raise


def send_workbook(export: Export) -> Response:
    file = export.xlsx()
    export.close()
    return send_file(file, mimetype=XLSX_TYPE, as_attachment=True, download_name=export.file_name)


def stream_csv(export: Export) -> Response:
    """The export stays open until the last piece is sent or the browser is gone."""
    kind = "application/zip" if export.has_repeats else "text/csv; charset=utf-8"
    response = Response(export.csv_pieces(), content_type=kind)
    response.call_on_close(export.close)
    name = export.file_name
    plain = f"{export.wish.filters.form_id}.{name.rpartition('.')[2]}"
    response.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"
    return response


def show_page(problem: Problem | None = None) -> str:
    user, filters = visitor().user, read_filters(request.values)
    if not may_export(user):
        raise Problem("not_allowed")
    n_records = count(user, filters, OFFICE_ROLES) if filters.form_id else 0
    return render_template(
        "desk/export.html",
        filters=filters,
        forms=form_titles(),
        villages=village_names(user),
        states=STATES,
        n_records=n_records,
        is_bulk=n_records > BULK,
        file_types=FILE_TYPES,
        all_words=WORDS,
        may_open=may_reveal(user),
        typed=request.form if problem else {"file_type": FILE_TYPES[0], "words": language()},
        problem=in_language(problem) if problem else None,
    )
