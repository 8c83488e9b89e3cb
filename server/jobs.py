"""What the server does by itself, apart from answering: each job takes the app and does one round."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, text

from server import clock
from server.actions import reminding, staged
from server.database import db, write_transaction
from server.models import DeskSession

SESSION_KEPT = timedelta(days=30)  # far beyond the time after which a session is refused


def forget_sessions(app: Flask) -> None:
    """Delete desk sessions that nobody has used for a long time."""
    with app.app_context(), write_transaction() as session:
        session.execute(delete(DeskSession).where(DeskSession.last_seen_at < clock.now() - SESSION_KEPT))


def remind(app: Flask) -> None:
    """One round of reminders: sweep what is due, make the digests, send what waits."""
    with app.app_context():
        reminding.remind(clock.now())


def drop_uploads(app: Flask) -> None:
    """Delete uploads that nobody said yes to."""
    with app.app_context():
        staged.drop_stale(staged.folder_in(app.config["DATA"]))


def tidy_database(app: Flask) -> None:
    """Let SQLite refresh its statistics, so that queries keep choosing the right index."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            with write_transaction() as session:
                session.execute(text("PRAGMA optimize"))
