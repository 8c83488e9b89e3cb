"""What a record tells those that write tables from it: its root's answers by name, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.actions.records import read_payload
from server.checkers import find_form
from server.database import db
from server.form_changes import setting
from server.models import Submission, SubmissionVersion
from server.outline import take


@dataclass(frozen=True)
class Told:
    """One record as it stands; `answers` are by name, of the root only, with what the server computed."""

    root_id: str
    instance_id: str
    form_id: str
    writes: str  # the form's setting `ly:writes`
    answers: Mapping[str, Any]
    repeats: Mapping[str, Sequence[Mapping[str, Any]]]  # by name, each row's answers by name
    subject: tuple[str, str]  # list name and row, '' and '' for none
    village: str
    user_id: str
    received_at: datetime
    is_approved: bool

    def text(self, name: str) -> str:
        """An answer as text; '' for none."""
        value = self.answers.get(name)
        return "" if value is None else str(value)

    def texts(self, name: str) -> list[str]:
        """The choices made in a question that takes several."""
        value = self.answers.get(name)
        return [str(each) for each in value] if isinstance(value, list) else str(value or "").split()

    def number(self, name: str) -> float | None:
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def file(self, name: str) -> str:
        """The digest of a file that answers a question; '' for none."""
        value = self.answers.get(name)
        return str(value.get("sha256", "")) if isinstance(value, dict) else ""


def tell(submissions: Sequence[Submission]) -> dict[str, Told]:
    """What each of these says now, by root id; nothing of those that no longer count."""
    standing = {row.root_id: standing_version(row) for row in submissions}
    versions = versions_of(submissions[0].town_id, standing.values()) if submissions else {}
    return {
        row.root_id: tell_one(row, versions[standing[row.root_id]])
        for row in submissions
        if standing[row.root_id] in versions
    }


def standing_version(submission: Submission) -> str:
    """The version that counts: the current one, else what was approved before it; '' for none."""
    if submission.is_withdrawn or submission.duplicate_of:
        return ""
    if submission.review_state != "rejected":
        return submission.current_id
    return submission.approved_id if submission.approved_id != submission.current_id else ""


def versions_of(town_id: str, instance_ids: Iterable[str]) -> dict[str, SubmissionVersion]:
    query = select(SubmissionVersion).where(
        SubmissionVersion.town_id == town_id, SubmissionVersion.instance_id.in_({*instance_ids} - {""})
    )
    return {row.instance_id: row for row in db.session.scalars(query)}


def outline_of(version: SubmissionVersion) -> Mapping[str, Any]:
    """The outline it was filled with, as it is kept in memory; an empty one for a form that isn't there."""
    found = find_form(version.form_id, version.version)
    return found[1].outline if found else {"nodes": ()}


def tell_one(submission: Submission, version: SubmissionVersion) -> Told:
    outline = outline_of(version)
    return Told(
        root_id=submission.root_id,
        instance_id=version.instance_id,
        form_id=submission.form_id,
        writes=setting(outline, "writes"),
        answers=answers_by_name(outline, version),
        repeats=rows_by_name(outline, version),
        subject=(submission.subject_list, submission.subject_id),
        village=submission.village,
        user_id=submission.user_id,
        received_at=submission.received_at,
        is_approved=submission.approved_id == version.instance_id,
    )


def answers_by_name(outline: Mapping[str, Any], version: SubmissionVersion) -> dict[str, Any]:
    """The root's questions, through groups but not into repeats; what the server computed goes first."""
    answers = read_payload(version.payload).get("answers") or {}
    repeats = tuple(f"{node['path'].strip('/')}/" for node in outline["nodes"] if node["kind"] == "repeat")
    found: dict[str, Any] = {}
    for node in outline["nodes"]:
        path = node["path"].strip("/")
        if node["kind"] != "question" or path.startswith(repeats):
            continue
        value = version.calculated.get(path, take(answers, path.split("/")))
        if value not in (None, "", []):
            found[node["name"]] = value
    return found


def rows_by_name(outline: Mapping[str, Any], version: SubmissionVersion) -> dict[str, list[dict[str, Any]]]:
    """The rows of the repeats that stand in no other, each with its answers by name."""
    answers = read_payload(version.payload).get("answers") or {}
    repeats = [node for node in outline["nodes"] if node["kind"] == "repeat"]
    outer = tuple(f"{node['path'].strip('/')}/" for node in repeats)
    found = {}
    for node in repeats:
        path = node["path"].strip("/")
        if not path.startswith(tuple(one for one in outer if one != f"{path}/")):
            rows = take(answers, path.split("/"))
            found[node["name"]] = [
                row_by_name(outline, path, row, version.calculated, number)
                for number, row in enumerate(rows if isinstance(rows, list) else [], start=1)
            ]
    return found


def row_by_name(
    outline: Mapping[str, Any], path: str, row: Mapping[str, Any], calculated: Mapping[str, Any], number: int
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in outline["nodes"]:
        own = node["path"].strip("/")
        if node["kind"] == "question" and own.startswith(f"{path}/"):
            rest = own.removeprefix(f"{path}/")
            value = calculated.get(f"{path}[{number}]/{rest}", take(row, rest.split("/")))
            if value not in (None, "", []):
                found[node["name"]] = value
    return found
