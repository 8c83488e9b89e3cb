"""Whether the server can do its work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from sqlalchemy import select

from server.clock import now
from server.database import db
from server.models import Town
from sync.ledger import wire_time

health = Blueprint("health", __name__, url_prefix="/api/v1/health")


@health.get("")
def show() -> dict[str, Any]:
    """Answers when the database does."""
    db.session.scalar(select(Town.town_id).limit(1))
    return {"ok": True, "server_at": wire_time(now())}
