"""One's own account: a new password, and the sessions and phones that are signed in, each to be ended."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from server.actions.desk_sessions import end_sessions_of, sessions_of
from server.actions.sessions import check_password
from server.actions.users import check_password_strength
from server.audit import audit
from server.clock import now
from server.database import db, write_transaction
from server.models import DeskSession, Device, User
from server.passwords import digest_password
from server.problems import Problem

MARK_LENGTH = 16  # enough of a digest to tell sessions apart; a page needn't hold it whole


def change_password(user: User, present: str, new: str, keep: str, address: str) -> None:
    """Give oneself a new password; every desk session ends but the one of the digest `keep`.

    Phones stay signed in: their tokens don't come from the password, and a cadre in the field would find out
    far from anybody who could help. Raises: Problem password_wrong, _weak, sign_in_locked or _slowed.
    """
    user_id, username = user.user_id, user.username
    check_password_strength(username, new)
    try:
        check_password(username, present, address)
    except Problem as problem:
        if problem.code != "sign_in_failed":
            raise
        raise Problem("password_wrong", field="present") from problem
    digest = digest_password(new)
    with write_transaction() as session:
        found = session.get_one(User, user_id)
        found.password_digest = digest
        end_sessions_of(user_id, keep)
        audit(found.town_id, user_id, "change_password", "user", user_id)


def mark_of(row: DeskSession) -> str:
    return row.session_digest[:MARK_LENGTH]


def end_sessions(user: User, by: str, mark: str = "", keep: str = "") -> None:
    """End the desk session of this mark, or all of somebody's but the one of the digest `keep`.

    Raises: Problem session_unknown, also for other people's.
    """
    user_id, town_id = user.user_id, user.town_id
    with write_transaction() as session:
        ended = [row for row in sessions_of(user_id) if row.session_digest != keep]
        if mark:
            ended = [row for row in ended if mark_of(row) == mark]
        if mark and not ended:
            raise Problem("session_unknown")
        for row in ended:
            session.delete(row)
        if ended:
            audit(town_id, by, "end_session", "user", user_id, n=len(ended))


def phones_of(user_id: str) -> Sequence[Device]:
    """The phones that are signed in as somebody, the one used last first."""
    query = select(Device).filter_by(user_id=user_id, revoked_at=None).order_by(Device.last_seen_at.desc())
    return [row for row in db.session.scalars(query) if is_signed_in(row)]


def is_signed_in(device: Device) -> bool:
    """A token that has ended is written over with words."""
    return " " not in device.token_digest


def end_phones(user: User, device_id: str = "") -> None:
    """Sign one of one's phones out, or all; what is unsent stays on them.

    Raises: Problem device_unknown, also for other people's.
    """
    user_id, town_id = user.user_id, user.town_id
    with write_transaction():
        ended = [row for row in phones_of(user_id) if device_id in ("", row.device_id)]
        if device_id and not ended:
            raise Problem("device_unknown")
        for row in ended:
            row.token_digest = f"signed out at the desk {now().isoformat()} {row.device_id}"
            audit(town_id, user_id, "sign_out", "device", row.device_id)
