"""A workbook on its way to the phones: brought, checked, tried out, kept as a draft or test, published."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import CompiledForm, Difference, compare
from server.actions.forms import find_blockers
from server.actions.staged import drop_staged
from server.actions.workbooks import (
    Checked,
    Duties,
    check_library_form,
    check_workbook,
    drop_draft,
    find_standing,
    keep_draft,
    publish_checked,
    read_checked,
    read_draft,
    show_media,
)
from server.database import db
from server.lan import public_url
from server.models import Form, FormVersion
from server.outline import Outline, pick
from server.pages.door import desk_blueprint, in_language, language, say, visitor
from server.pages.forms import show_forms
from server.pages.uploads import staging, take_files
from server.problems import Problem
from server.qr import draw_picture

publishing_pages = desk_blueprint("publishing", "forms")

WORKBOOKS = (".xlsx", ".xls", ".md", ".xml", ".csv")  # of several files the first of these is the form


@publishing_pages.post("/forms")
def take_workbook() -> Response | tuple[str, int]:
    """Check an upload, or a form that comes with the server, and show what was found."""
    user_id = visitor().user.user_id
    try:
        if "library" in request.form:
            token = check_library_form(staging(), user_id, request.form["library"])
        else:
            files = take_files("workbook")
            name = choose_workbook(files)
            source = files.pop(name)
            token = check_workbook(staging(), user_id, name, source, files)
    except Problem as problem:
        return show_forms(problem), problem.status
    return redirect(url_for("desk_publishing.show_checked", token=token))


def choose_workbook(names: dict[str, bytes]) -> str:
    """Which of the files is the form. Raises: Problem file_missing, several_workbooks."""
    for suffix in WORKBOOKS:
        found = [name for name in names if PurePath(name).suffix.lower() == suffix]
        if len(found) > 1:
            raise Problem("several_workbooks", names="、".join(found))
        if found:
            return found[0]
    if not names:
        raise Problem("file_missing", field="workbook")
    return next(iter(names))  # the check says what is wrong with it


@publishing_pages.get("/uploads/forms/<token>")
def show_checked(token: str) -> str:
    """What the check found, and what may be done with it."""
    return show_check(read_checked(staging(), visitor().user.user_id, token), f"staged/{token}")


@publishing_pages.get("/uploads/forms/<token>/module.js")
def show_module(token: str) -> FlaskResponse:
    """The module of an upload, for trying it out."""
    return as_module(read_checked(staging(), visitor().user.user_id, token))


@publishing_pages.get("/uploads/forms/<token>/module.media.json")
def show_module_media(token: str) -> FlaskResponse:
    """The pictures and sounds of an upload, for trying it out."""
    return jsonify(show_media(read_checked(staging(), visitor().user.user_id, token)))


@publishing_pages.post("/uploads/forms/<token>")
def take_publish(token: str) -> Response | tuple[str, int]:
    """Publish what was checked, or keep it as a draft or test."""
    checked = read_checked(staging(), visitor().user.user_id, token)
    try:
        answer = act(checked)
    except Problem as problem:
        return show_check(checked, f"staged/{token}", problem), problem.status
    drop_staged(staging(), token)
    return answer


@publishing_pages.get("/forms/<path:form_id>/draft")
def show_draft(form_id: str) -> str:
    """The draft of a form, as the check showed it."""
    return show_check(read_draft(form_id), f"draft/{form_id}")


@publishing_pages.get("/forms/<path:form_id>/draft/module.js")
def show_draft_module(form_id: str) -> FlaskResponse:
    """The module of a draft, for trying it out."""
    return as_module(read_draft(form_id))


@publishing_pages.get("/forms/<path:form_id>/draft/module.media.json")
def show_draft_media(form_id: str) -> FlaskResponse:
    """The pictures and sounds of a draft, for trying it out."""
    return jsonify(show_media(read_draft(form_id)))


@publishing_pages.post("/forms/<path:form_id>/draft")
def take_draft(form_id: str) -> Response | tuple[str, int]:
    """Publish a draft, test it, end the test, or discard it."""
    checked = read_draft(form_id)
    if request.form.get("action") == "drop":
        drop_draft(form_id, visitor().user.user_id)
        flash(say("draft_dropped"))
        return redirect(url_for("desk_forms.show"))
    try:
        return act(checked)
    except Problem as problem:
        return show_check(checked, f"draft/{form_id}", problem), problem.status


def as_module(checked: Checked) -> FlaskResponse:
    return FlaskResponse(checked.whole().javascript, mimetype="text/javascript")


def act(checked: Checked) -> Response:
    """Do what the pressed button says; answer with the page that shows it. Raises: Problem."""
    user_id, action = visitor().user.user_id, request.form.get("action", "publish")
    if action in ("draft", "test"):
        form_id = keep_draft(checked, user_id, is_test=action == "test")
        flash(say(f"form_kept_{action}"))
        return redirect(url_for("desk_publishing.show_draft", form_id=form_id))
    is_acknowledged = "acknowledged" in request.form
    town_id = visitor().user.town_id
    form = publish_checked(checked, town_id, user_id, read_duties(), is_acknowledged=is_acknowledged)
    flash(say("form_published", title=pick(form.title, language()) or form.form_id, version=form.version))
    return redirect(url_for("desk_forms.show_form", form_id=form.form_id))


def read_duties() -> Duties:
    days = request.form.get("retention_days", "")
    is_number = days.isascii() and days.isdecimal() and len(days) < 10
    return Duties(request.form.get("purpose", "").strip()[:500], int(days) if is_number else 0)


def show_check(checked: Checked, trial: str, problem: Problem | None = None) -> str:
    """Args: trial: what the trial page is told to open."""
    form = checked.form
    blockers = find_blockers(form, visitor().user.town_id) if form else []
    return render_template(
        "desk/checked.html",
        here="forms",
        document=checked.document,
        errors=[*blockers, *(error for error in checked.errors if error.severity != "blocker")],
        n_blockers=len(blockers),
        form=form,
        trial=trial,
        is_draft=trial.startswith("draft/"),
        outline=Outline(form.outline) if form else None,
        standing=find_standing(form) if form else "",
        differences=find_differences(form) if form else [],
        test=draw_test(checked),
        problem=in_language(problem) if problem else None,
    )


def draw_test(checked: Checked) -> dict[str, Any] | None:
    """Address and QR code of a test, which any phone may open."""
    if not checked.is_test:
        return None
    address = public_url(current_app.config["SETTINGS"], url_for("statics.trial"))
    address = f"{address}#{checked.whole().digest}"
    return {"address": address, "picture": draw_picture(address)}


def find_differences(form: CompiledForm) -> list[Difference]:
    """Between the version that phones have now and this one."""
    known = db.session.get(Form, form.form_id)
    current = known and db.session.get(FormVersion, (form.form_id, known.current_version))
    if not current or current.version == form.version:
        return []
    return compare(current.outline, current.xform, form.outline, form.xform)
