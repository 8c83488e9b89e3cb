"""A person's own records, for a phone that doesn't hold them: a new one, or one whose storage was lost."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response

from server.access import scope_of
from server.actions.own_records import OwnRecord, read_own
from server.api.callers import require_caller

submissions = Blueprint("submissions", __name__, url_prefix="/api/v1/submissions")


@submissions.get("/<instance_id>")
def show(instance_id: str) -> Response:
    """One version as it was sent, with its receipt and its form."""
    record = read_own(scope_of(require_caller().user), instance_id)
    return Response(orjson.dumps(as_wire(record)), mimetype="application/json")


def as_wire(record: OwnRecord) -> dict[str, Any]:
    version = record.version
    return {
        "instance_id": version.instance_id,
        "deprecated_id": version.deprecated_id,
        "root_id": record.submission.root_id,
        "form_id": version.form_id,
        "version": version.version,
        "title": record.submission.title,
        "subject": record.submission.subject_id,
        "payload": version.payload,
        "receipt": record.receipt.as_wire(),
        "form": record.form,
    }
