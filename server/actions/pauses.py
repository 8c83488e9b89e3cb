"""Pairings that pause and go on: when a pause is granted, ends early, begins later, or is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, and_, or_, select

from server.actions.entities import desk_writer
from server.actions.pairings import settle
from server.audit import SYSTEM, audit
from server.clock import today
from server.database import db, write_transaction
from server.models import Mute, Pairing

TURNS = {"active": "paused", "paused": "active"}


def follow_pause(row: Mute, user_id: str) -> None:
    """Let the pairing rest or go on, as a pause that was just decided says; in the caller's transaction."""
    if row.kind != "pause":
        return
    holds = row.state == "approved" and row.from_on <= today().isoformat() <= row.until_on
    pairing = db.session.get(Pairing, (row.town_id, row.subject_id))
    if pairing is not None and pairing.state == ("active" if holds else "paused"):
        turn([pairing], user_id)


def turn(pairings: Iterable[Pairing], user_id: str) -> None:
    """Pause what is active, let what is paused go on."""
    for pairing in pairings:
        writer = desk_writer(pairing.town_id, user_id)
        pairing.state = TURNS[pairing.state]
        action = "pause" if pairing.state == "paused" else "resume"
        audit(pairing.town_id, user_id, action, "pairing", pairing.pairing_id)
        db.session.flush()
        settle(writer, pairing)
        writer.save()


def follow_pauses(day: date) -> int:
    """Begin the pauses whose first day has come, end those whose last day has passed. Returns: how many."""
    if not db.session.execute(due(day)).first():
        return 0
    with write_transaction() as session:
        found = session.execute(due(day)).all()
        for mute, _ in found:
            if mute.until_on < day.isoformat():
                mute.state = "ended"
        turn(dict.fromkeys(pairing for _, pairing in found), SYSTEM)
    return len(found)


def due(day: date) -> Select[Mute, Pairing]:
    iso = day.isoformat()
    same = and_(Pairing.town_id == Mute.town_id, Pairing.pairing_id == Mute.subject_id)
    is_over = and_(Mute.until_on < iso, Pairing.state == "paused")
    begins = and_(Mute.from_on <= iso, Mute.until_on >= iso, Pairing.state == "active")
    return (
        select(Mute, Pairing)
        .join(Pairing, same)
        .where(Mute.kind == "pause", Mute.state == "approved", or_(is_over, begins))
    )
