"""What a phone's inbox hears: the person's own reminders in both languages, and those that are over."""

from __future__ import annotations

from sqlalchemy import select

from server.access import Scope
from server.counter import after
from server.database import db
from server.models import MessageText, Reminder
from server.reminder_words import LANGUAGES, render
from sync.changes import Change
from sync.ledger import wire_time


def inbox_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """Delivered reminders, and of the ones this phone may hold those that were closed."""
    if not scope.person:
        return []
    states = ("delivered", "closed") if cursor else ("delivered",)
    query = select(Reminder).where(
        Reminder.town_id == scope.town_id, Reminder.person == scope.person, Reminder.state.in_(states)
    )
    rows = db.session.scalars(after(query, Reminder.seq, cursor, limit)).all()
    texts = read_texts(scope.town_id) if rows else {}
    return [reminder_change(row, texts) for row in rows]


def read_texts(town_id: str) -> dict[tuple[str, str], str]:
    """The office's own wordings: (kind, language) -> template."""
    rows = db.session.scalars(select(MessageText).filter_by(town_id=town_id))
    return {(row.kind, row.language): row.text for row in rows}


def reminder_change(row: Reminder, texts: dict[tuple[str, str], str]) -> Change:
    said = {
        f"text_{language}": render(row.kind, row.words, language, texts.get((row.kind, language), ""))
        for language in LANGUAGES
    }
    return {
        "kind": "reminder",
        "seq": row.seq,
        "reminder_id": row.reminder_id,
        "stage": row.stage,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "due_on": row.due_on,
        **said,
        "state": row.state,
        "at": wire_time(row.deliver_at),
    }
