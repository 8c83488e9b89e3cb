"""What a phone has not heard of yet: rows in its scope, removals, forms, lists, and its own submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, or_, select

from server.access import ListAccess, Scope, entities_in
from server.database import db
from server.event_changes import check_in_changes, event_changes
from server.inbox_changes import inbox_changes
from server.leave_changes import leave_changes
from server.models import (
    Decision,
    Departure,
    Entity,
    EntityList,
    File,
    Form,
    FormVersion,
    HeldItem,
    Submission,
    SubmissionFile,
    SubmissionVersion,
)
from sync.changes import Change, Page, page

VERDICTS = ("approved", "returned", "rejected")


def read_page(scope: Scope, access: Mapping[str, ListAccess], cursor: int, limit: int, last_seq: int) -> Page:
    """The next stretch of changes after `cursor`."""
    streams = [
        row_changes(scope, access, cursor, limit),
        departures(scope, cursor, limit),
        list_changes(scope, cursor, limit),
        form_changes(cursor),
        submission_changes(scope, cursor, limit),
        held_changes(scope, cursor, limit),
        event_changes(scope, cursor, limit),
        check_in_changes(scope, cursor, limit),
        inbox_changes(scope, cursor, limit),
        leave_changes(scope, cursor, limit),
    ]
    return page(streams, limit, last_seq)


def row_changes(scope: Scope, access: Mapping[str, ListAccess], cursor: int, limit: int) -> list[Change]:
    query = (
        select(
            Entity.list_name,
            Entity.entity_id,
            Entity.label,
            Entity.data,
            Entity.pinyin,
            Entity.version,
            Entity.is_unreviewed,
            Entity.is_deleted,
            Entity.seq,
        )
        .where(entities_in(scope, access), Entity.seq > cursor)
        .order_by(Entity.seq)
        .limit(limit + 1)
    )
    return [row_change(scope, access, row) for row in db.session.execute(query)]


def row_change(scope: Scope, access: Mapping[str, ListAccess], row: Any) -> Change:
    if row.is_deleted:
        return removal(row.seq, row.list_name, row.entity_id)
    rule = access.get(row.list_name)
    data = rule.masked(scope, row.data) if rule else row.data
    shown = {
        **data,
        "name": row.entity_id,
        "label": row.label,
        "__version": str(row.version),
        "pinyin": row.pinyin,
    }
    if row.is_unreviewed:
        shown["__unreviewed"] = "1"
    return {"kind": "row", "seq": row.seq, "list": row.list_name, "row": shown}


def removal(seq: int, list_name: str, entity_id: str) -> Change:
    return {"kind": "row", "seq": seq, "list": list_name, "name": entity_id, "removed": True}


def departures(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """Rows that left the person's villages for good; whoever sees the whole town keeps them."""
    if not scope.villages:
        return []
    is_still_seen = (
        select(Entity.entity_id)
        .where(
            Entity.town_id == Departure.town_id,
            Entity.list_name == Departure.list_name,
            Entity.entity_id == Departure.entity_id,
            scope.where_village(Entity.village),
        )
        .exists()
    )
    query = (
        select(Departure.seq, Departure.list_name, Departure.entity_id)
        .where(
            Departure.town_id == scope.town_id,
            scope.where_village(Departure.village),
            Departure.seq > cursor,
            ~is_still_seen,
        )
        .order_by(Departure.seq)
        .limit(limit + 1)
    )
    return [removal(*row) for row in db.session.execute(query)]


def list_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    query = (
        select(EntityList)
        .where(EntityList.town_id == scope.town_id, EntityList.seq > cursor)
        .order_by(EntityList.seq)
        .limit(limit + 1)
    )
    return [
        {"kind": "list", "seq": row.seq, "list": row.name, "columns": row.columns}
        for row in db.session.scalars(query)
    ]


def form_changes(cursor: int) -> list[Change]:
    """Current versions; forms are few, so they need no limit."""
    query = (
        select_versions()
        .where(FormVersion.version == Form.current_version, Form.seq > cursor)
        .order_by(Form.seq, Form.form_id)
    )
    return [form_change(*row) for row in db.session.execute(query)]


def form_of(form_id: str, version: str) -> Change:
    """One published version, current or not, as phones hear of it."""
    query = select_versions().where(FormVersion.form_id == form_id, FormVersion.version == version)
    return form_change(*db.session.execute(query).one())


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


def submission_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """The phone's own submissions: state, comments and files still missing."""
    query = (
        select(Submission, SubmissionVersion.version)
        .join(
            SubmissionVersion,
            (SubmissionVersion.town_id == Submission.town_id)
            & (SubmissionVersion.instance_id == Submission.current_id),
        )
        .where(
            Submission.town_id == scope.town_id,
            Submission.user_id == scope.user_id,
            Submission.seq > cursor,
        )
        .order_by(Submission.seq)
        .limit(limit + 1)
    )
    found = db.session.execute(query).all()
    rows = [row for row, _ in found]
    decisions = last_decisions(scope.town_id, rows)
    missing = files_missing(scope.town_id, [row.current_id for row in rows if row.n_files_missing])
    return [
        submission_change(row, version, decisions.get(row.root_id), missing.get(row.current_id, []))
        for row, version in found
    ]


def submission_change(row: Submission, version: str, decision: Decision | None, missing: list[str]) -> Change:
    is_returned = row.review_state in {"returned", "rejected"} and decision is not None
    return {
        "kind": "submission",
        "seq": row.seq,
        "root_id": row.root_id,
        "instance_id": row.current_id,
        "form_id": row.form_id,
        "form_version": version,
        "review_state": row.review_state,
        "title": row.title,
        "comment": decision.comment if decision else "",
        "comments": decision.comments if decision and is_returned else {},
        "due_on": decision.due_on if decision and is_returned else "",
        "files_missing": missing,
        "is_withdrawn": row.is_withdrawn,
        "duplicate_of": row.duplicate_of,
    }


def last_decisions(town_id: str, rows: Sequence[Submission]) -> dict[str, Decision]:
    """What the phone shows of each: why it was set aside, else the last word of its review."""
    aside = {row.root_id for row in rows if row.duplicate_of}
    decided = {row.root_id for row in rows if row.review_state != "received"} | aside
    query = (
        select(Decision)
        .where(
            Decision.town_id == town_id,
            Decision.root_id.in_(decided),
            Decision.decision.in_((*VERDICTS, "set_aside")),
        )
        .order_by(Decision.decision_id)
    )
    found = db.session.scalars(query) if decided else ()
    return {one.root_id: one for one in found if (one.decision == "set_aside") == (one.root_id in aside)}


def held_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """What became of the person's items that were stored apart."""
    same_id = and_(
        SubmissionVersion.town_id == HeldItem.town_id, SubmissionVersion.instance_id == HeldItem.taken_as
    )
    query = (
        select(HeldItem, SubmissionVersion.root_id)
        .outerjoin(SubmissionVersion, same_id)
        .where(
            HeldItem.town_id == scope.town_id,
            HeldItem.user_id == scope.user_id,
            HeldItem.decided_seq > cursor,
        )
        .order_by(HeldItem.decided_seq)
        .limit(limit + 1)
    )
    return [
        {
            "kind": "held",
            "seq": row.decided_seq,
            "instance_id": row.instance_id,
            "digest": row.digest,
            "state": row.state,
            "comment": row.comment,
            "taken_as": row.taken_as,
            "root_id": root_id or "",
        }
        for row, root_id in db.session.execute(query)
    ]


def files_missing(town_id: str, instance_ids: Sequence[str]) -> dict[str, list[str]]:
    if not instance_ids:
        return {}
    query = (
        select(SubmissionFile.instance_id, SubmissionFile.sha256)
        .outerjoin(File, (File.town_id == SubmissionFile.town_id) & (File.sha256 == SubmissionFile.sha256))
        .where(
            SubmissionFile.town_id == town_id,
            SubmissionFile.instance_id.in_(instance_ids),
            or_(File.sha256.is_(None), File.completed_at.is_(None)),
        )
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for instance_id, sha256 in db.session.execute(query):
        found.setdefault(instance_id, []).append(sha256)
    return found
