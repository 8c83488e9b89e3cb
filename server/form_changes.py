"""What phones hear of forms: the current version of each that is for them, and that others are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true, tuple_

from server.access import Scope
from server.database import db
from server.models import Form, FormAssignment, FormFile, FormVersion
from sync.changes import Change

Media = dict[tuple[str, str], dict[str, str]]  # form id, version -> name -> digest


def form_changes(scope: Scope, cursor: int) -> list[Change]:
    """Current versions; forms are few, so they need no limit. What this person no longer gets is gone."""
    theirs = set(db.session.scalars(select(Form.form_id).where(is_assigned(scope))))
    query = (
        select_versions()
        .where(FormVersion.version == Form.current_version, Form.seq > cursor)
        .order_by(Form.seq, Form.form_id)
    )
    rows = list(db.session.execute(query))
    media = find_media([(form.form_id, version) for form, version, *_ in rows])
    return [
        form_change(*row) | media_of(media, row) | ({} if row[0].form_id in theirs else {"removed": True})
        for row in rows
    ]


def form_of(form_id: str, version: str) -> Change:
    """One published version, current or not, as phones hear of it."""
    query = select_versions().where(FormVersion.form_id == form_id, FormVersion.version == version)
    row = db.session.execute(query).one()
    return form_change(*row) | media_of(find_media([(form_id, version)]), row)


def find_media(versions: list[tuple[str, str]]) -> Media:
    """The pictures and sounds of form versions: name as the form says it -> digest."""
    media: Media = {}
    query = select(FormFile.form_id, FormFile.version, FormFile.name, FormFile.sha256).where(
        FormFile.kind == "media", tuple_(FormFile.form_id, FormFile.version).in_(versions)
    )
    for form_id, version, name, sha256 in db.session.execute(query.order_by(FormFile.name)):
        media.setdefault((form_id, version), {})[name] = sha256
    return media


def media_of(media: Media, row: Sequence[Any]) -> Change:
    """Most forms have none, and say nothing of it."""
    found = media.get((row[0].form_id, row[1]))
    return {"media": found} if found else {}


def select_versions() -> Select[Form, str, str, dict[str, str], dict[str, Any]]:
    """What `form_change` tells of form versions, without their bulky texts."""
    return select(Form, FormVersion.version, FormVersion.digest, FormVersion.title, FormVersion.outline).join(
        FormVersion, FormVersion.form_id == Form.form_id
    )


def form_change(
    form: Form, version: str, digest: str, title: dict[str, str], outline: dict[str, Any]
) -> Change:
    change = {
        "kind": "form",
        "seq": form.seq,
        "form_id": form.form_id,
        "version": version,
        "digest": digest,
        "title": title,
        "url": f"/forms/{digest}.js",
        "starts_from": setting(outline, "starts_from"),
        "find": setting(outline, "find").split(),
        "subject_list": subject_list(outline),
    }
    return {**change, "removed": True} if form.is_closed else change


def setting(outline: Mapping[str, Any], name: str) -> str:
    """A setting in the ly namespace, with or without its prefix."""
    settings = outline.get("settings", {})
    return str(settings.get(f"ly:{name}") or settings.get(name) or "")


def subject_list(outline: Mapping[str, Any]) -> str:
    """The list whose row the filling is about."""
    path = outline.get("subject") or ""
    found = (node.get("subject") for node in outline["nodes"] if path and node["path"] == path)
    return next((name for name in found if name), "") or setting(outline, "starts_from")


def is_assigned(scope: Scope) -> ColumnElement[bool]:
    """The condition for forms this person gets."""
    of_form = and_(FormAssignment.town_id == scope.town_id, FormAssignment.form_id == Form.form_id)
    theirs = or_(*(is_met(role, village) for role, village in scope.posts))
    return or_(~exists().where(of_form), exists().where(of_form, theirs))


def is_met(role: str, village: str) -> ColumnElement[bool]:
    """Whether an assignment names a post; who serves the whole town is in every village."""
    is_there = FormAssignment.village.in_(("", village)) if village else true()
    return and_(FormAssignment.role.in_(("", role)), is_there)
