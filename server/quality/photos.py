"""R43: a photo shows one visit only; the same bytes under another record were used before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import bindparam, select

from server.database import db, fetch
from server.models import SubmissionFile, SubmissionVersion
from server.quality.case import Case, Context

INSTANCE = re.compile(r"\[\d+\]")
MESSAGE = {"zh": "照片重复使用", "en": "Photo used before"}
USERS = (
    select(SubmissionFile.sha256, SubmissionVersion.root_id)
    .join(
        SubmissionVersion,
        (SubmissionVersion.town_id == SubmissionFile.town_id)
        & (SubmissionVersion.instance_id == SubmissionFile.instance_id),
    )
    .where(
        SubmissionFile.town_id == bindparam("town_id"),
        SubmissionFile.sha256.in_(bindparam("digests", expanding=True)),
    )
)


def raise_reused_photos(cases: Sequence[Case], context: Context) -> None:
    with_files = [case for case in cases if case.prepared.files]
    if not with_files:
        return
    roots = find_roots(context.town_id, {case.prepared.item.deprecated_id for case in with_files} - {""})
    users = find_users(
        context.town_id, {digest for case in with_files for digest in case.prepared.file_digests}
    )
    for case in with_files:
        item = case.prepared.item
        own = roots.get(item.deprecated_id, item.instance_id)
        for path, digest in photos_of(case):
            owners = users.setdefault(digest, set())
            if owners - {own}:
                case.add(path, "R43", "W", MESSAGE)
            owners.add(own)


def photos_of(case: Case) -> list[tuple[str, str]]:
    """Photos at the questions that declare R43, else at every question that asks for a picture."""
    asking = {node["path"].strip("/") for node in case.declaring("R43") or case.pictures}
    named = [(one.path, one.claim.sha256) for one in case.prepared.files]
    return [(path, digest) for path, digest in named if INSTANCE.sub("", path) in asking]


def find_roots(town_id: str, instance_ids: set[str]) -> dict[str, str]:
    if not instance_ids:
        return {}
    query = select(SubmissionVersion.instance_id, SubmissionVersion.root_id).where(
        SubmissionVersion.town_id == town_id, SubmissionVersion.instance_id.in_(instance_ids)
    )
    return dict(db.session.execute(query).all())


def find_users(town_id: str, digests: set[str]) -> dict[str, set[str]]:
    """The roots that name each file."""
    users: dict[str, set[str]] = {}
    for sha256, root_id in fetch(USERS, {"town_id": town_id, "digests": list(digests)}):
        users.setdefault(sha256, set()).add(root_id)
    return users
