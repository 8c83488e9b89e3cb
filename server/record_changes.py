"""What a phone hears of its own records: how they stand, what is said of them, which files are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, or_, select

from server.access import Scope
from server.counter import after
from server.database import db, fetch
from server.models import Decision, File, HeldItem, Submission, SubmissionFile, SubmissionVersion
from sync.changes import Change

VERDICTS = ("approved", "returned", "rejected")

OF_TOWN: BindParameter[str] = bindparam("town_id")
OWN = (
    select(
        Submission.root_id,
        Submission.current_id,
        Submission.seq,
        Submission.form_id,
        Submission.review_state,
        Submission.review_level,
        Submission.passed_level,
        Submission.title,
        Submission.n_files_missing,
        Submission.is_withdrawn,
        Submission.duplicate_of,
        SubmissionVersion.version,
    )
    .join(
        SubmissionVersion,
        (SubmissionVersion.town_id == Submission.town_id)
        & (SubmissionVersion.instance_id == Submission.current_id),
    )
    .where(
        Submission.town_id == OF_TOWN,
        Submission.user_id == bindparam("user_id"),
        Submission.seq > bindparam("cursor"),
    )
    .order_by(Submission.seq)
    .limit(bindparam("limit"))
)


def submission_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """The phone's own submissions: state, comments and files still missing."""
    rows = fetch(
        OWN, {"town_id": scope.town_id, "user_id": scope.user_id, "cursor": cursor, "limit": limit + 1}
    )
    decisions = last_decisions(scope.town_id, rows)
    missing = files_missing(scope.town_id, [row.current_id for row in rows if row.n_files_missing])
    return [
        submission_change(row, decisions.get(row.root_id), missing.get(row.current_id, [])) for row in rows
    ]


def submission_change(row: Any, decision: Decision | None, missing: list[str]) -> Change:
    is_returned = row.review_state in {"returned", "rejected"} and decision is not None
    return {
        "kind": "submission",
        "seq": row.seq,
        "root_id": row.root_id,
        "instance_id": row.current_id,
        "form_id": row.form_id,
        "form_version": row.version,
        "review_state": row.review_state,
        "review_level": row.review_level,
        "passed_level": row.passed_level,
        "title": row.title,
        "comment": decision.comment if decision else "",
        "comments": decision.comments if decision and is_returned else {},
        "due_on": decision.due_on if decision and is_returned else "",
        "files_missing": missing,
        "is_withdrawn": row.is_withdrawn,
        "duplicate_of": row.duplicate_of,
    }


def last_decisions(town_id: str, rows: Sequence[Any]) -> dict[str, Decision]:
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
        .where(HeldItem.town_id == scope.town_id, HeldItem.user_id == scope.user_id)
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
        for row, root_id in db.session.execute(after(query, HeldItem.decided_seq, cursor, limit))
    ]


MISSING = (
    select(SubmissionFile.instance_id, SubmissionFile.sha256)
    .outerjoin(File, (File.town_id == SubmissionFile.town_id) & (File.sha256 == SubmissionFile.sha256))
    .where(
        SubmissionFile.town_id == OF_TOWN,
        SubmissionFile.instance_id.in_(bindparam("ids", expanding=True)),
        or_(File.sha256.is_(None), File.completed_at.is_(None)),
    )
    .distinct()
)


def files_missing(town_id: str, instance_ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = fetch(MISSING, {"town_id": town_id, "ids": instance_ids}) if instance_ids else ()
    for instance_id, sha256 in rows:
        found.setdefault(instance_id, []).append(sha256)
    return found
