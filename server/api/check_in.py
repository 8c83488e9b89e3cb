"""Checking in oneself from any browser: no account, no app; what it may ask is small and counted."""

from __future__ import annotations

import secrets
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, request

from server.actions.self_check_in import Entered, Opened, Welcome, check_in, digest, open_code
from server.api.bodies import read_json_body
from server.schemas.check_in import CheckInSchema, OpenSchema, load
from sync.ledger import wire_time

own_check_in = Blueprint("check_in", __name__, url_prefix="/api/v1/check-in")

COOKIE = "lingyan_attendee"  # anonymous: only tells that two check-ins came from one browser
COOKIE_DAYS = 30
MAX_BODY = 4096
MAX_WITH_PHOTO = 512 * 1024


@own_check_in.post("/open")
def open_page() -> Response:
    """Show the code that was scanned, and get a ticket for a few minutes."""
    values = load(OpenSchema(), read_json_body(MAX_BODY))
    response = answer(opened_as_wire(open_code(values["code"])))
    if not request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(16),
            max_age=COOKIE_DAYS * 86400,
            httponly=True,
            secure=request.is_secure,
            samesite="Lax",
            path="/api/v1/check-in",
        )
    return response


@own_check_in.post("")
def take() -> Response:
    """Check in with a ticket and a name."""
    values = load(CheckInSchema(), read_json_body(MAX_WITH_PHOTO))
    ticket = values.pop("ticket")
    place = {key: "" if values[key] is None else str(values[key]) for key in ("lat", "lon")}
    secret = current_app.config["SECRET_KEY"]
    entered = Entered(
        **{**values, **place},
        device=digest(secret, request.cookies.get(COOKIE, "")),
        address=digest(secret, request.remote_addr or ""),
    )
    return answer(welcome_as_wire(check_in(ticket, entered)))


def answer(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), mimetype="application/json")


def opened_as_wire(opened: Opened) -> dict[str, Any]:
    event, session = opened.event, opened.session
    return {
        "ticket": opened.ticket,
        "event": event.name,
        "place": event.place,
        "session": session.title,
        "direction": opened.direction,
        "start_at": wire_time(session.start_at),
        "needs_pin": opened.needs_pin,
        "position_reason": event.position_reason,
        "photo_reason": event.details.get("photo_reason", ""),
        "villages": [{"name": name, "label": label} for name, label in sorted(opened.villages.items())],
    }


def welcome_as_wire(welcome: Welcome) -> dict[str, Any]:
    return {
        "name": welcome.name,
        "unit": welcome.unit,
        "at": wire_time(welcome.at),
        "place": welcome.place,
        "is_again": welcome.is_again,
        "is_late": welcome.is_late,
    }
