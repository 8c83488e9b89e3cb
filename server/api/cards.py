"""What a door card's page asks for: whom to reach about the house, for whoever holds the card."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from server.actions.door_cards import public_contacts
from server.actions.public_cards import read_public_card
from server.api.bodies import read_json_body
from server.problems import Problem

MAX_ASKED_BYTES = 1024

cards = Blueprint("cards", __name__, url_prefix="/api/v1/cards")


@cards.post("/door")
def show_contacts() -> dict[str, Any]:
    """The contacts behind a door card; nothing of the household."""
    asked = read_json_body(MAX_ASKED_BYTES)
    token = asked.get("token") if isinstance(asked, dict) else None
    if not isinstance(token, str):
        raise Problem("request_invalid", field="token")
    card, town = read_public_card(token, "door", request.remote_addr or "")
    found = asdict(public_contacts(card))
    return {"town": town, **found}
