"""The audit log: one row for each look at personal data and each change, in the transaction of the change."""

from __future__ import annotations

from typing import Any

from server.clock import now
from server.database import db
from server.ids import new_id
from server.models import Audit

SYSTEM = "system"  # who does what nobody asked for


def audit(
    town_id: str, user_id: str, action: str, subject_kind: str = "", subject_id: str = "", **detail: Any
) -> None:
    """Add a row; it is stored when the caller's write transaction commits, and with it or not at all."""
    row = Audit(
        town_id=town_id,
        audit_id=new_id(),
        at=now(),
        user_id=user_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail,
    )
    db.session.add(row)
