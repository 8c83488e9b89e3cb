"""A workbook on its way to the phones: brought, checked, tried out, kept as a draft or test, published."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import CompiledForm, FormError
from server.actions.forms import find_blockers, is_closed
from server.actions.rechecks import check_again, find_reusable
from server.actions.records import user_names
from server.actions.staged import drop_staged
from server.actions.workbooks import (
    Checked,
    Duties,
    Seen,
    check_library_form,
    check_workbook,
    drop_draft,
    find_current,
    find_other_draft,
    find_standing,
    keep_draft,
    publish_checked,
    read_checked,
    read_draft,
    show_media,
    today_as_version,
)
from server.lan import public_url
from server.outline import Outline, pick
from server.pages.door import desk_blueprint, in_language, language, say, visitor
from server.pages.forms import LIMITS, find_differences, show_forms
from server.pages.uploads import staging, take_files
from server.problems import Problem
from server.qr import draw_picture

publishing_pages = desk_blueprint("publishing", "forms")

LONGEST_PURPOSE = 500
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
        if request.form.get("action") == "again":
            return take_again(checked)
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
        drop_draft(form_id, visitor().user.user_id, read_seen())
        flash(say("draft_dropped"))
        return redirect(url_for("desk_forms.show"))
    try:
        return take_again(checked) if request.form.get("action") == "again" else act(checked)
    except Problem as problem:
        return show_check(checked, f"draft/{form_id}", problem), problem.status


def as_module(checked: Checked) -> FlaskResponse:
    return FlaskResponse(checked.whole().javascript, mimetype="text/javascript")


def act(checked: Checked) -> Response:
    """Do what the pressed button says; answer with the page that shows it. Raises: Problem."""
    user_id, action = visitor().user.user_id, request.form.get("action", "publish")
    form, seen = checked.whole(), read_seen()
    seen.refuse_other(form)
    if action in ("draft", "test"):
        form_id = keep_draft(checked, user_id, is_test=action == "test")
        flash(say(f"form_kept_{action}"))
        return redirect(url_for("desk_publishing.show_draft", form_id=form_id))
    is_acknowledged = "acknowledged" in request.form
    town_id, duties = visitor().user.town_id, read_duties(form)
    form = publish_checked(checked, town_id, user_id, duties, is_acknowledged=is_acknowledged, over=seen.over)
    flash(say("form_published", title=pick(form.title, language()) or form.form_id, version=form.version))
    return redirect(url_for("desk_forms.show_form", form_id=form.form_id))


def take_again(checked: Checked) -> Response:
    """Check it with other files or under another version. Raises: Problem."""
    brought = take_files("workbook")
    workbooks = [name for name in brought if is_workbook(name, checked.document["name"])]
    token = check_again(
        staging(),
        visitor().user.user_id,
        checked,
        brought,
        workbook=choose_workbook(dict.fromkeys(workbooks, b"")) if workbooks else "",
        is_reusing="reuse" in request.form,
        version=request.form.get("version", "").strip(),
    )
    return redirect(url_for("desk_publishing.show_checked", token=token))


def is_workbook(name: str, present: str) -> bool:
    """Whether a file takes the workbook's place; .xml and .csv, which lists may be, only under its name."""
    return name == present or PurePath(name).suffix.lower() in (".xlsx", ".xls", ".md")


def read_seen() -> Seen:
    return Seen(request.form.get("digest"), request.form.get("over"))


def read_duties(form: CompiledForm) -> Duties:
    days = request.form.get("retention_days", "")
    is_number = days.isascii() and days.isdecimal() and len(days) < 10
    return Duties(read_purpose(form), int(days) if is_number else 0)


def read_purpose(form: CompiledForm) -> dict[str, str]:
    """The typed purpose; what was only shown and left as it is keeps its other languages."""
    typed = request.form.get("purpose", "").strip()[:LONGEST_PURPOSE]
    for texts in purposes_of(form):
        if typed == pick(texts, language()):
            return texts
    return {form.outline["default_language"]: typed} if typed else {}


def purposes_of(form: CompiledForm) -> list[dict[str, str]]:
    """What the workbook says it is for, and what the version in use says."""
    current = find_current(form.form_id)
    found = [form.outline.get("purpose"), current.outline.get("purpose") if current else None]
    return [texts for texts in found if texts]


def show_check(checked: Checked, trial: str, problem: Problem | None = None) -> str:
    """Args: trial: what the trial page is told to open."""
    form = checked.form
    blockers = find_blockers(form, visitor().user.town_id) if form else []
    found = [*blockers, *(error for error in checked.errors if error.severity != "blocker")]
    return render_template(
        "desk/checked.html",
        here="forms",
        document=checked.document,
        limits=LIMITS,
        n=len(found),
        kinds=gather(found),
        n_blockers=len(blockers),
        form=form,
        trial=trial,
        is_draft=trial.startswith("draft/"),
        outline=Outline(form.outline) if form else None,
        problem=in_language(problem) if problem else None,
        **(show_prospects(checked, form) if form else {}),
    )


def gather(found: list[FormError]) -> list[list[FormError]]:
    """Warnings of one kind side by side, however far apart their rows are; errors each by itself."""
    kinds: dict[Any, list[FormError]] = {}
    for place, each in enumerate(found):
        kinds.setdefault(each.code if each.severity == "warning" else place, []).append(each)
    return list(kinds.values())


def show_prospects(checked: Checked, form: CompiledForm) -> dict[str, Any]:
    """What publishing it would mean, and what the page's fields hold."""
    current, draft, standing = find_current(form.form_id), find_other_draft(form), find_standing(form)
    days = form.outline.get("retention_days") or (current.retention_days if current else "")
    shown = {"purpose": pick(next(iter(purposes_of(form)), ""), language()), "retention_days": days}
    return {
        "standing": standing,
        "current": current,
        "is_closed": is_closed(form.form_id),
        "before": current,
        "differences": find_differences(current, form) if current and standing == "version" else None,
        "test": draw_test(checked),
        "reusable": [file.name for file in find_reusable(checked)],
        "other_version": today_as_version() if standing == "taken" else form.version,
        "draft": draft,
        "saver": user_names({draft.saved_by}).get(draft.saved_by, "") if draft else "",
        "values": {**shown, **request.form},
    }


def draw_test(checked: Checked) -> dict[str, Any] | None:
    """Address and QR code of a test, which any phone may open."""
    if not checked.is_test:
        return None
    address = public_url(current_app.config["SETTINGS"], url_for("statics.trial"))
    address = f"{address}#{checked.whole().digest}"
    return {"address": address, "picture": draw_picture(address)}
