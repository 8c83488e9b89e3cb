"""A pairing's period has passed: the miss is counted and the next period begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update

from server.actions.deadlines import count_missed, open_deadline
from server.cadence import period_of
from server.clock import TOWN_ZONE
from server.database import db
from server.models import Deadline, Pairing
from server.working_days import Calendar


def begin_next_period(row: Any, now: datetime, calendar: Calendar, *, is_muted: bool) -> None:
    """Count the period and open the one that holds today; what a muted period missed is not counted."""
    pairing = db.session.get(Pairing, (row.town_id, row.subject_id))
    if pairing is None:
        return
    if is_muted:
        excuse(row)
    count_missed(row.town_id, row.subject_id)
    today = now.astimezone(TOWN_ZONE).date()
    day = max(date.fromisoformat(row.due_on) + timedelta(days=1), today)
    start = date.fromisoformat(pairing.start_on)
    _, last = period_of(start, pairing.cadence_n, pairing.cadence_unit, pairing.kind, day)
    open_deadline(row.town_id, "pairing", row.subject_id, last.isoformat(), calendar)


def excuse(row: Any) -> None:
    about = (
        Deadline.town_id == row.town_id,
        Deadline.subject_kind == row.subject_kind,
        Deadline.subject_id == row.subject_id,
        Deadline.due_on == row.due_on,
    )
    db.session.execute(update(Deadline).where(*about).values(why_closed="muted"))
