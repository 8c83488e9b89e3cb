"""Submissions that may be one case: the same content or the same business key under two roots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, select, update

from server.database import db, fetch, insert_missing
from server.models import Duplicate, Submission, SubmissionKey, SubmissionVersion
from sync.decide import Kept
from sync.store import Arrival

Mark = tuple[str, str]  # form id with a fingerprint or a business key
Roots = dict[Mark, dict[str, Any]]  # mark -> root id -> when it came


def record_duplicates(town_id: str, stored: Sequence[Arrival]) -> None:
    """Add a pair for each stored arrival and each living submission that looks like the same case."""
    contents = find_same(town_id, stored, content_marks, BY_CONTENT)
    keys = find_same(town_id, stored, key_marks, BY_KEY)
    rows = [*pair_up(town_id, "content", stored, content_marks, contents)]
    rows += pair_up(town_id, "business_key", stored, key_marks, keys)
    insert_missing(Duplicate, rows)


def content_marks(one: Arrival) -> list[Mark]:
    found = one.prepared.fingerprint
    return [(one.prepared.item.form_id, found)] if found else []


def key_marks(one: Arrival) -> list[Mark]:
    keys = one.prepared.checked.keys if one.prepared.checked else ()
    return [(one.prepared.item.form_id, key) for key in keys]


def find_same(
    town_id: str,
    stored: Sequence[Arrival],
    marks_of: Callable[[Arrival], list[Mark]],
    statement: Executable,
) -> Roots:
    """Living submissions by mark; what was rejected or withdrawn may be filled anew."""
    wanted = {mark for one in stored for mark in marks_of(one)}
    found: Roots = defaultdict(dict)
    form_ids, texts = ({mark[part] for mark in wanted} for part in (0, 1))
    where = {"town_id": town_id, "form_ids": list(form_ids), "texts": list(texts)}
    for form_id, text, root_id, at in fetch(statement, where) if wanted else ():
        found[form_id, text][root_id] = at
    return found


def is_living(of: type[Submission] = Submission) -> ColumnElement[bool]:
    """Records that still count as their case; `of` may be an alias."""
    return and_(of.is_withdrawn.is_(False), of.review_state != "rejected", of.duplicate_of == "")


def counts(submission: Submission) -> bool:
    """The same for a row at hand."""
    is_out = submission.is_withdrawn or submission.review_state == "rejected"
    return not (is_out or submission.duplicate_of)


BY_CONTENT = (
    select(Submission.form_id, SubmissionVersion.fingerprint, Submission.root_id, Submission.received_at)
    .join(
        Submission,
        and_(
            Submission.town_id == SubmissionVersion.town_id,
            Submission.root_id == SubmissionVersion.root_id,
            Submission.current_id == SubmissionVersion.instance_id,
        ),
    )
    .where(
        SubmissionVersion.town_id == bindparam("town_id"),
        SubmissionVersion.fingerprint.in_(bindparam("texts", expanding=True)),
        is_living(),
    )
)
BY_KEY = (
    select(SubmissionKey.form_id, SubmissionKey.key, Submission.root_id, Submission.received_at)
    .join(
        Submission,
        and_(Submission.town_id == SubmissionKey.town_id, Submission.root_id == SubmissionKey.root_id),
    )
    .where(
        SubmissionKey.town_id == bindparam("town_id"),
        SubmissionKey.form_id.in_(bindparam("form_ids", expanding=True)),
        SubmissionKey.key.in_(bindparam("texts", expanding=True)),
        is_living(),
    )
)


def pair_up(
    town_id: str,
    kind: str,
    stored: Sequence[Arrival],
    marks_of: Callable[[Arrival], list[Mark]],
    same: Roots,
) -> Iterable[dict[str, Any]]:
    """A row for each pair, the earlier root first; within a batch the order of its items decides."""
    order = {one.root_id: one.seq for one in stored if one.decision.kept is Kept.SUBMISSION}
    for one in stored:
        for roots in (same.get(mark, {}) for mark in marks_of(one)):
            for other in roots:
                if other == one.root_id:
                    continue
                pair = (one.root_id, other)
                left, right = sorted(pair, key=lambda root: (roots[root], order.get(root, 0), root))
                yield {
                    "town_id": town_id,
                    "left_id": left,
                    "right_id": right,
                    "kind": kind,
                    "found_at": one.received_at,
                    "state": "open",
                    "decided_by": "",
                    "decided_at": None,
                    "comment": "",
                }


def open_again(town_id: str, root_ids: Sequence[str]) -> None:
    """A record that was set aside and now has a new version is to be looked at anew, beside the one kept."""
    query = select(Submission.root_id, Submission.duplicate_of).where(
        Submission.town_id == town_id, Submission.root_id.in_(root_ids), Submission.duplicate_of != ""
    )
    for pair in db.session.execute(query).all():
        db.session.execute(
            update(Duplicate)
            .where(Duplicate.town_id == town_id, Duplicate.left_id.in_(pair), Duplicate.right_id.in_(pair))
            .values(state="open")
        )
