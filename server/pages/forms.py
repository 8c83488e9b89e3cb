"""The forms: what is published, one form with its questions, a workbook checked and published, closing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from forms import MEMORY_BYTES, TIMEOUT_S, CompiledForm
from server.access import RECORD_ROLES, read_lists
from server.actions.forms import close_form, reopen_form
from server.actions.records import in_scope, user_names
from server.actions.workbooks import (
    check_library_form,
    check_workbook,
    find_standing,
    list_library,
    publish_checked,
    read_checked,
)
from server.config import MAX_BODY_BYTES, MEBIBYTE
from server.database import db
from server.models import Form, FormVersion, Submission, User
from server.outline import Node, Outline, pick
from server.pages.door import desk_blueprint, in_language, language, say, visitor
from server.pages.uploads import staging, take_file, take_files
from server.permissions import may_use
from server.problems import Problem

form_pages = desk_blueprint("forms", "forms")

LIMITS = {"s": TIMEOUT_S, "mib": MEMORY_BYTES // MEBIBYTE, "body_mib": MAX_BODY_BYTES // MEBIBYTE}


@form_pages.get("/forms")
def show() -> str:
    """Every form, with its current version."""
    return show_forms()


def show_forms(problem: Problem | None = None) -> str:
    user = visitor().user
    query = (
        select(Form, FormVersion)
        .join(FormVersion, Form.form_id == FormVersion.form_id)
        .where(FormVersion.version == Form.current_version)
        .order_by(Form.form_id)
    )
    rows = list(db.session.execute(query).all())
    return render_template(
        "desk/forms.html",
        rows=rows,
        purpose=purpose_of,
        title=title_of,
        people=user_names({version.published_by for _, version in rows}),
        n_records=count_records(user) if visitor().scope.has(RECORD_ROLES) else None,
        may_change=may_use(visitor().scope, "desk_forms.take_workbook"),
        library=find_unpublished({form.form_id for form, _ in rows}),
        limits=LIMITS,
        problem=in_language(problem) if problem else None,
    )


def find_unpublished(known: set[str]) -> dict[str, str]:
    """Form id -> title of those that come with the server and nobody published yet."""
    here = language()
    return {form_id: pick(title, here) for form_id, title in list_library().items() if form_id not in known}


def count_records(user: User) -> dict[str, int]:
    """Form -> its records in scope."""
    query = select(Submission.form_id, func.count()).where(in_scope(user)).group_by(Submission.form_id)
    return dict(db.session.execute(query).all())


def title_of(form: Form | FormVersion) -> str:
    return pick(form.title, language()) or form.form_id


def purpose_of(version: FormVersion) -> str:
    return pick(version.outline.get("purpose"), language()) or version.purpose


@form_pages.post("/forms")
def take_workbook() -> Response | tuple[str, int]:
    """Check an upload, or a form that comes with the server, and show what was found."""
    user_id = visitor().user.user_id
    try:
        if "library" in request.form:
            token = check_library_form(staging(), user_id, request.form["library"])
        else:
            name, source = take_file("workbook")
            token = check_workbook(staging(), user_id, name, source, take_files("lists"))
    except Problem as problem:
        return show_forms(problem), problem.status
    return redirect(url_for("desk_forms.show_checked", token=token))


@form_pages.get("/uploads/forms/<token>")
def show_checked(token: str) -> str:
    """What the check found, and the question whether to publish."""
    return show_check(token)


def show_check(token: str, problem: Problem | None = None) -> str:
    user = visitor().user
    document, form = read_checked(staging(), user.user_id, token)
    return render_template(
        "desk/checked.html",
        here="forms",
        token=token,
        document=document,
        form=form,
        outline=Outline(form.outline) if form else None,
        standing=find_standing(form) if form else "",
        missing=find_missing_lists(user.town_id, form) if form else [],
        problem=in_language(problem) if problem else None,
    )


def find_missing_lists(town_id: str, form: CompiledForm) -> list[str]:
    """Lists the form reads that are not there yet and whose rows it doesn't make itself."""
    read = {use["name"] for use in form.outline["lists"]}
    made = {entity["list_name"] for entity in form.outline["entities"] if entity["kind"] != "update"}
    return sorted(read - made - read_lists(town_id).keys())


@form_pages.post("/uploads/forms/<token>")
def take_publish(token: str) -> Response | tuple[str, int]:
    """Publish what was checked."""
    user_id, is_acknowledged = visitor().user.user_id, "acknowledged" in request.form
    try:
        form = publish_checked(staging(), user_id, token, is_acknowledged=is_acknowledged)
    except Problem as problem:
        if problem.code == "upload_gone":
            raise
        return show_check(token, problem), problem.status
    flash(say("form_published", title=pick(form.title, language()) or form.form_id, version=form.version))
    return redirect(url_for("desk_forms.show_form", form_id=form.form_id))


@form_pages.get("/forms/<form_id>")
def show_form(form_id: str) -> str:
    """One form: its questions in order, its versions, closing and reopening."""
    user = visitor().user
    form = db.session.get(Form, form_id)
    if form is None:
        raise Problem("form_unknown", form_id=form_id)
    query = select(FormVersion).filter_by(form_id=form_id).order_by(FormVersion.published_at.desc())
    versions = list(db.session.scalars(query))
    asked = request.args.get("version", form.current_version)
    version = next((one for one in versions if one.version == asked), versions[0])
    return render_template(
        "desk/form.html",
        form=form,
        title=title_of(version),
        purpose=purpose_of(version),
        version=version,
        versions=versions,
        lines=list_nodes(version.outline),
        outline=Outline(version.outline),
        people=user_names({one.published_by for one in versions}),
        n_records=count_records(user).get(form_id, 0) if visitor().scope.has(RECORD_ROLES) else None,
        may_change=may_use(visitor().scope, "desk_forms.take_workbook"),
    )


def list_nodes(raw: dict[str, Any]) -> list[tuple[Node, dict[str, Any], int]]:
    """Groups, repeats and the questions people read, in order: (node, what the outline says, depth)."""
    outline = Outline(raw)
    told = {node["path"].strip("/"): node for node in raw["nodes"]}
    lines = ((node, told[node.path], node.path.count("/")) for node in outline.nodes)
    return [line for line in lines if line[0].label or line[1].get("rule")]


@form_pages.post("/forms/<form_id>/closing")
def take_closing(form_id: str) -> Response:
    """Close or reopen a form."""
    user_id, is_closed = visitor().user.user_id, request.form.get("closed") == "yes"
    (close_form if is_closed else reopen_form)(form_id, user_id)
    flash(say("form_is_closed" if is_closed else "form_is_reopened"))
    return redirect(url_for("desk_forms.show_form", form_id=form_id))
