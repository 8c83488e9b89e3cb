"""Calendars: programs read them at a secret address; a phone makes its person's address and ends it."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from server.actions.calendar_feeds import has_feed, make_feed, read_feed, revoke_feed
from server.api.callers import require_caller

calendar = Blueprint("calendar", __name__)
OWN = "/api/v1/calendar"


@calendar.get("/calendar/<token>.ics")
def read(token: str) -> Response:
    """A person's own tasks, pairings due and events."""
    text = read_feed(token, request.remote_addr or "")
    return Response(text, content_type="text/calendar; charset=utf-8")


@calendar.get(OWN)
def show() -> dict[str, bool]:
    """Whether the person has an address."""
    user = require_caller().user
    return {"has_feed": has_feed(user.town_id, user.user_id)}


@calendar.post(OWN)
def create() -> tuple[dict[str, str], int]:
    """Make the address anew; it is told this once."""
    user = require_caller().user
    token = make_feed(user.town_id, user.user_id)
    return {"url": url_for("calendar.read", token=token, _external=True)}, 201


@calendar.delete(OWN)
def delete() -> tuple[str, int]:
    """End the address."""
    user = require_caller().user
    revoke_feed(user.town_id, user.user_id)
    return "", 204
