"""What HTTP reports when something can't be done: one table of codes, one exception, one handler."""

from __future__ import annotations

import csv
import logging
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from flask import Flask, Response, render_template, request
from jinja2 import TemplateNotFound
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from server.database import Busy

log = logging.getLogger(__name__)

RETRY_AFTER_S = 5


class Entry(NamedTuple):
    """What a code means: the status, and in both languages what is wrong and what to do."""

    status: int
    zh: str
    en: str
    fix_zh: str
    fix_en: str


def read_table() -> dict[str, Entry]:
    """The table of problems by code; codes are permanent, `{names}` are filled from Problem's details."""
    with (Path(__file__).parent / "problems.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {code: Entry(int(status), *texts) for code, status, *texts in rows}


TABLE = read_table()
BY_STATUS = {404: "not_found", 405: "method_not_allowed", 411: "length_required", 413: "body_too_large"}


class Problem(Exception):
    """Something that can't be done, by its code; details fill the text, `field` names where."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def status(self) -> int:
        return TABLE[self.code].status

    def as_json(self) -> dict[str, Any]:
        return describe(self.code, self.details)


def describe(code: str, details: dict[str, Any]) -> dict[str, Any]:
    """A problem as the wire says it."""
    entry = TABLE[code]
    words = defaultdict(str, details)
    problem = {
        "code": code,
        "message_zh": entry.zh.format_map(words),
        "message_en": entry.en.format_map(words),
        "fix_zh": entry.fix_zh.format_map(words),
        "fix_en": entry.fix_en.format_map(words),
    }
    if details.get("field"):
        problem["field"] = details["field"]
    return problem


def register(app: Flask) -> None:
    """Let every error leave as a problem: JSON for machines, a page for people."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(Busy, lambda error: answer(Problem("busy")))
    app.register_error_handler(OperationalError, answer_database)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_unexpected)


def answer(problem: Problem) -> Response:
    response = as_json(problem) if wants_json() else as_page(problem)
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    if problem.status in {429, 503}:
        response.headers["Retry-After"] = str(problem.details.get("retry_after_s", RETRY_AFTER_S))
    return response


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def as_json(problem: Problem) -> Response:
    body = {"problem": problem.as_json(), **problem.details.get("answer", {})}
    return Response(orjson.dumps(body), mimetype="application/json")


def as_page(problem: Problem) -> Response:
    text = problem.as_json()
    try:
        return Response(render_template("problem.html", problem=text, status=problem.status))
    except TemplateNotFound:
        return Response(
            f"<!doctype html><title>{escape(text['message_zh'])}</title>{escape(text['message_zh'])}"
        )


def answer_database(error: OperationalError) -> Response:
    """Tell a full disk and a busy database from a fault of ours."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return answer(Problem("busy"))
    if code == sqlite3.SQLITE_FULL:
        return answer(Problem("storage_full"))
    return answer_unexpected(error)


def answer_http(error: HTTPException) -> BaseResponse:
    """Translate what Werkzeug raises; redirects and the like pass."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response(request.environ)
    if status == 413:
        return answer(Problem("body_too_large", limit_bytes=request.max_content_length or 0))
    default = "request_invalid" if status < 500 else "internal"
    return answer(Problem(BY_STATUS.get(status, default), field=error.name))


def answer_unexpected(error: Exception) -> Response:
    """A fault of ours: the trace goes to the log, never to the client."""
    log.exception("A request failed: %s %s", request.method, request.path, exc_info=error)
    return answer(Problem("internal"))
