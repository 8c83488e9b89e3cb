"""The forms: what is published, one form with its questions, who gets it, closing, what it was made from."""

from __future__ import annotations

from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import load_only
from werkzeug.wrappers import Response

from forms import MEMORY_BYTES, TIMEOUT_S, CompiledForm, Difference, compare
from server.access import RECORD_ROLES, SENDING_ROLES
from server.actions.form_assignments import assign, read_assignments
from server.actions.form_files import find_file, list_files
from server.actions.forms import close_form, reopen_form
from server.actions.records import in_scope, user_names
from server.actions.workbooks import list_library
from server.config import MAX_BODY_BYTES, MEBIBYTE
from server.database import db
from server.models import Form, FormDraft, FormVersion, Submission, User
from server.outline import Node, Outline, pick
from server.pages.door import desk_blueprint, in_language, language, say, visitor
from server.pages.queue import village_names
from server.permissions import may_use
from server.problems import Problem

form_pages = desk_blueprint("forms", "forms")

LIMITS = {
    "s": TIMEOUT_S,
    "mib": MEMORY_BYTES // MEBIBYTE,
    "body_mib": MAX_BODY_BYTES // MEBIBYTE,
    "bytes": MAX_BODY_BYTES - MEBIBYTE // 16,  # the rest is for what stands around the files
}


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
    drafts = list_drafts() if may_change() else []
    return render_template(
        "desk/forms.html",
        rows=rows,
        purpose=purpose_of,
        title=title_of,
        people=user_names(
            {*(version.published_by for _, version in rows), *(draft.saved_by for draft in drafts)}
        ),
        n_records=count_records(user) if visitor().scope.has(RECORD_ROLES) else None,
        may_change=may_change(),
        drafts=drafts,
        library=find_unpublished({form.form_id for form, _ in rows}),
        limits=LIMITS,
        problem=in_language(problem) if problem else None,
    )


def may_change() -> bool:
    return may_use(visitor().scope, "desk_publishing.take_workbook")


def list_drafts() -> list[FormDraft]:
    return list(db.session.scalars(select(FormDraft).order_by(FormDraft.form_id)))


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


@form_pages.get("/forms/<path:form_id>")
def show_form(form_id: str) -> str:
    """One form: its questions in order, its versions, closing and reopening."""
    user = visitor().user
    form = db.session.get(Form, form_id)
    if form is None:
        raise Problem("form_unknown", form_id=form_id)
    versions = list_versions(form_id)
    asked = request.args.get("version", form.current_version)
    place = next((place for place, one in enumerate(versions) if one.version == asked), 0)
    version, before = versions[place], next(iter(versions[place + 1 :]), None)
    return render_template(
        "desk/form.html",
        form=form,
        title=title_of(version),
        purpose=purpose_of(version),
        version=version,
        versions=versions,
        before=before,
        differences=find_differences(before, version) if before and "compared" in request.args else None,
        lines=list_nodes(version.outline),
        outline=Outline(version.outline),
        people=user_names({one.published_by for one in versions}),
        n_records=count_records(user).get(form_id, 0) if visitor().scope.has(RECORD_ROLES) else None,
        may_change=may_change(),
        files=list_files(form_id, version.version),
        draft=db.session.get(FormDraft, form_id) if may_change() else None,
        assigned=read_assignments(user.town_id, form_id),
        sending_roles=sorted(SENDING_ROLES),
        villages=village_names(user),
    )


def list_versions(form_id: str) -> list[FormVersion]:
    """The newest first; what is large of each is read only when it is shown."""
    told = load_only(FormVersion.version, FormVersion.published_at, FormVersion.published_by)
    query = select(FormVersion).filter_by(form_id=form_id).options(told)
    return list(db.session.scalars(query.order_by(FormVersion.published_at.desc(), FormVersion.version)))


def find_differences(before: FormVersion, after: FormVersion | CompiledForm) -> list[Difference]:
    return compare(before.outline, before.xform, after.outline, after.xform)


def list_nodes(raw: dict[str, Any]) -> list[tuple[Node, dict[str, Any], int]]:
    """Groups, repeats and the questions people read, in order: (node, what the outline says, depth)."""
    outline = Outline(raw)
    told = {node["path"].strip("/"): node for node in raw["nodes"]}
    lines = ((node, told[node.path], node.path.count("/")) for node in outline.nodes)
    return [line for line in lines if line[0].label or line[1].get("rule")]


@form_pages.post("/forms/<path:form_id>/closing")
def take_closing(form_id: str) -> Response:
    """Close or reopen a form."""
    user_id, is_closed = visitor().user.user_id, request.form.get("closed") == "yes"
    (close_form if is_closed else reopen_form)(form_id, user_id)
    flash(say("form_is_closed" if is_closed else "form_is_reopened"))
    return redirect(url_for("desk_forms.show_form", form_id=form_id))


@form_pages.post("/forms/<path:form_id>/assignments")
def take_assignments(form_id: str) -> Response:
    """Who gets the form on the phone."""
    user = visitor().user
    roles, villages = request.form.getlist("role"), request.form.getlist("village")
    known = village_names(user)
    assign(user.town_id, form_id, roles, [each for each in villages if each in known], user.user_id)
    flash(say("form_assigned"))
    return redirect(url_for("desk_forms.show_form", form_id=form_id))


@form_pages.get("/forms/<path:form_id>/versions/<path:version>/files/<name>")
def show_file(form_id: str, version: str, name: str) -> FlaskResponse:
    """The workbook, or what came with it, as it was brought."""
    row, path = find_file(form_id, version, name)
    return send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=row.name)


@form_pages.get("/forms/<path:form_id>/versions/<path:version>/xform.xml")
def show_xform(form_id: str, version: str) -> FlaskResponse:
    """The XForm of a version, for ODK's other tools."""
    row = db.session.get(FormVersion, (form_id, version))
    if row is None:
        raise Problem("form_version_unknown", form_id=form_id, version=version)
    answer = FlaskResponse(row.xform, mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{form_id}-{version}.xml")
    return answer
