"""What a phone hears of its person's own leave: what was asked for, and what became of it."""

from __future__ import annotations

from sqlalchemy import select

from server.access import Scope
from server.counter import after
from server.database import db
from server.models import Mute
from sync.changes import Change


def leave_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """The person's leaves, asked for on a phone or at the desk."""
    if not scope.person:
        return []
    query = select(Mute).where(
        Mute.town_id == scope.town_id, Mute.subject_kind == "person", Mute.subject_id == scope.person
    )
    return [leave_change(row) for row in db.session.scalars(after(query, Mute.seq, cursor, limit))]


def leave_change(row: Mute) -> Change:
    return {
        "kind": "leave",
        "seq": row.seq,
        "leave_id": row.mute_id,
        "leave_kind": row.leave_kind,
        "from_on": row.from_on,
        "until_on": row.until_on,
        "reason": row.reason,
        "state": row.state,
    }
