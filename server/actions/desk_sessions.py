"""Sessions of the desk: the cookie holds a secret, the row its digest; signing in always makes a new one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from server.access import Post, scope_of
from server.clock import now
from server.database import db, write_transaction
from server.models import DeskSession, Town, User, UserRole

COOKIE = "lingyan_desk"
IDLE_LIMIT = timedelta(hours=4)  # an office's half day
TOTAL_LIMIT = timedelta(hours=14)
TOUCH_EVERY = timedelta(minutes=5)  # a write per page would be too many


def digest_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def start_session(user_id: str, language: str, browser: str = "") -> str:
    """Make a session and give its secret; inside a write transaction."""
    secret = secrets.token_urlsafe(32)
    moment = now()
    db.session.add(
        DeskSession(
            session_digest=digest_secret(secret),
            user_id=user_id,
            csrf=secrets.token_urlsafe(32),
            created_at=moment,
            last_seen_at=moment,
            language=language,
            browser=browser,
        )
    )
    return secret


def find_session(secret: str) -> tuple[DeskSession, User] | None:
    """The living session of a cookie, with its user; None when it is over or the user disabled."""
    row = db.session.get(DeskSession, digest_secret(secret)) if secret else None
    if row is None or is_over(row):
        return None
    user = db.session.get(User, row.user_id)
    return (row, seat(user, row.town_id)) if user is not None and not user.is_disabled else None


def seat(user: User, town_id: str) -> User:
    """Somebody of the county in the town they look at: there with the county's post, and no other."""
    if town_id in {"", user.town_id} or town_id not in {town.town_id for town in towns_of(user)}:
        return user
    return User(
        user_id=user.user_id,
        username=user.username,
        name=user.name,
        town_id=town_id,
        person="",
        password_digest=user.password_digest,
        posts=[UserRole(role="county", village="")],
    )


def towns_of(user: User) -> Sequence[Town]:
    """The towns somebody may look at: the own one, and for who works for its county all that are there."""
    home = db.session.get_one(Town, user.town_id)
    if not home.county or Post("county") not in scope_of(user).posts:
        return [home]
    return db.session.scalars(select(Town).filter_by(county=home.county).order_by(Town.name)).all()


def is_over(row: DeskSession) -> bool:
    moment = now()
    return moment - row.last_seen_at > IDLE_LIMIT or moment - row.created_at > TOTAL_LIMIT


def touch_session(row: DeskSession) -> None:
    """Remember that somebody is there."""
    if now() - row.last_seen_at < TOUCH_EVERY:
        return
    session_digest = row.session_digest
    with write_transaction() as session:
        found = session.get(DeskSession, session_digest)
        if found is not None:
            found.last_seen_at = now()


def end_session(secret: str) -> None:
    with write_transaction() as session:
        session.execute(delete(DeskSession).where(DeskSession.session_digest == digest_secret(secret)))


def end_sessions_of(user_id: str, but: str = "") -> None:
    """Sign a user out at every desk, but not in the session of this digest; inside a write transaction."""
    ended = delete(DeskSession).where(DeskSession.user_id == user_id, DeskSession.session_digest != but)
    db.session.execute(ended)


def sessions_of(user_id: str) -> Sequence[DeskSession]:
    """The living sessions of a user, the one used last first."""
    query = select(DeskSession).filter_by(user_id=user_id).order_by(DeskSession.last_seen_at.desc())
    return [row for row in db.session.scalars(query) if not is_over(row)]
