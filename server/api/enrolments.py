"""A phone shows an enrolment code, and is answered as if its person had signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from marshmallow import ValidationError

from server.actions.enrolments import enrol_by_code
from server.api.bodies import read_json_body
from server.api.sessions import MAX_SIGN_IN_BYTES, as_signed_in
from server.problems import Problem
from server.schemas.batch import find_fault
from server.schemas.sessions import EnrolmentSchema

enrolments = Blueprint("enrolments", __name__, url_prefix="/api/v1/enrolments")
schema = EnrolmentSchema()


@enrolments.post("")
def create() -> tuple[dict[str, Any], int]:
    """Enrol by a code, which is good for one phone; the same phone may ask again for a while."""
    try:
        asked = schema.load(read_json_body(MAX_SIGN_IN_BYTES))
    except ValidationError as error:
        code, field = find_fault(error.normalized_messages())
        raise Problem(code, field=field) from error
    return as_signed_in(*enrol_by_code(asked, request.remote_addr or "")), 201
