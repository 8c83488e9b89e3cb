"""A person's own record as it was sent, so that another phone of theirs can show and correct it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.access import Scope
from server.actions.ingest import find_own, read_town
from server.database import db
from server.form_changes import form_of
from server.models import Submission, SubmissionVersion
from server.problems import Problem
from server.record_changes import files_missing
from sync.outcomes import Receipt


@dataclass(frozen=True)
class OwnRecord:
    """One version with its receipt and the form it was filled with."""

    submission: Submission
    version: SubmissionVersion
    receipt: Receipt
    form: dict[str, Any]


def read_own(scope: Scope, instance_id: str) -> OwnRecord:
    """Read a version that this person sent, from whichever phone.

    Raises: Problem record_unknown, for other people's records too.
    """
    submission = find_own(scope, instance_id)
    version = db.session.get(SubmissionVersion, (scope.town_id, instance_id))
    if submission is None or version is None:
        raise Problem("record_unknown")
    receipt = Receipt(
        version.instance_id,
        version.digest,
        read_town(scope.town_id).epoch,
        version.seq,
        version.received_at,
        version.chain,
        files_missing(scope.town_id, [instance_id]).get(instance_id, []),
    )
    return OwnRecord(submission, version, receipt, form_of(version.form_id, version.version))
