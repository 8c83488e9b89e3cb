"""Phones sign in and out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from marshmallow import ValidationError

from server.actions.sessions import enrol, sign_out
from server.api.bodies import read_json_body
from server.api.callers import find_caller
from server.models import Town, User
from server.problems import Problem
from server.schemas.batch import find_fault
from server.schemas.sessions import SignInSchema

MAX_SIGN_IN_BYTES = 4096

sessions = Blueprint("sessions", __name__, url_prefix="/api/v1/sessions")
schema = SignInSchema()


@sessions.post("")
def create() -> tuple[dict[str, Any], int]:
    """Sign in with a password; the answer holds the phone's token."""
    try:
        asked = schema.load(read_json_body(MAX_SIGN_IN_BYTES))
    except ValidationError as error:
        code, field = find_fault(error.normalized_messages())
        raise Problem(code, field=field) from error
    return as_signed_in(*enrol(asked, request.remote_addr or "")), 201


def as_signed_in(token: str, user: User, town: Town) -> dict[str, Any]:
    return {
        "token": token,
        "user": {
            "user_id": user.user_id,
            "username": user.username,
            "name": user.name,
            "posts": [{"role": row.role, "village": row.village} for row in user.posts],
            "person": user.person,
        },
        "town": {"town_id": town.town_id, "name": town.name, "is_demo": town.is_demo},
        "epoch": town.epoch,
    }


@sessions.delete("")
def delete() -> tuple[str, int]:
    """Sign out: the token stops working."""
    sign_out(find_caller().device)
    return "", 204
