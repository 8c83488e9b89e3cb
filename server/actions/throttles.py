"""Throttles: what was tried too often lately has to wait, also after a restart: the database counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.clock import now
from server.database import db
from server.models import Throttle

KEPT = timedelta(days=1)  # longer than any window or lock


@dataclass(frozen=True)
class Limit:
    """So many tries within a window close a throttle for a while."""

    n_tries: int
    window: timedelta
    closed_for: timedelta


def seconds_closed(key: str) -> int:
    """How long a throttle stays closed; 0 when it is open."""
    row = db.session.get(Throttle, key)
    if row is None or row.locked_until is None or row.locked_until <= now():
        return 0
    return int((row.locked_until - now()).total_seconds()) + 1


def count_try(session: Session, key: str, limit: Limit) -> bool:
    """Count one try, inside a write transaction. Returns: whether it closed the throttle."""
    moment = now()
    row = session.get(Throttle, key)
    if row is None:
        session.execute(delete(Throttle).where(Throttle.since < moment - KEPT))
        row = Throttle(key=key, n_tries=0, since=moment)
        session.add(row)
    if moment - row.since > limit.window:
        row.n_tries, row.since = 0, moment
    row.n_tries += 1
    if row.n_tries < limit.n_tries:
        return False
    row.n_tries, row.since, row.locked_until = 0, moment, moment + limit.closed_for
    return True
