"""Signing in and out: passwords checked with a lock after failures, phones given a token kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import audit
from server.clock import now
from server.database import db, write_transaction
from server.models import Device, Town, User
from server.passwords import matches
from server.problems import Problem
from server.schemas.sessions import SignIn

FAILURES_ALLOWED = 5
LOCK = timedelta(minutes=15)
TOKEN_BYTES = 32


def check_password(username: str, password: str) -> User:
    """The user with this name and password.

    Raises: Problem sign_in_failed, the same for unknown and disabled users; sign_in_locked after failures.
    """
    user = db.session.scalar(select(User).where(User.username == username))
    if user is not None and is_locked(user):
        raise Problem("sign_in_locked", minutes=minutes_left(user), retry_after_s=60 * minutes_left(user))
    is_right = matches(user.password_digest if user else "", password)
    if user is None or user.is_disabled or not is_right:
        if user is not None:
            count_failure(user.user_id)
        raise Problem("sign_in_failed")
    if user.n_failures:
        forget_failures(user.user_id)
    return user


def is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > now()


def minutes_left(user: User) -> int:
    return int(((user.locked_until or now()) - now()).total_seconds() // 60) + 1


def count_failure(user_id: str) -> None:
    with write_transaction() as session:
        user = session.get_one(User, user_id)
        user.n_failures += 1
        if user.n_failures >= FAILURES_ALLOWED:
            user.locked_until = now() + LOCK
            user.n_failures = 0
        audit(user.town_id, user_id, "sign_in_failed", "user", user_id)


def forget_failures(user_id: str) -> None:
    with write_transaction() as session:
        user = session.get_one(User, user_id)
        user.n_failures, user.locked_until = 0, None


def enrol(request: SignIn) -> tuple[str, User, Town]:
    """Sign a person in on a phone and give its token; an earlier token of the phone stops working."""
    user = check_password(request.username, request.password)
    user_id, town_id, token = user.user_id, user.town_id, secrets.token_urlsafe(TOKEN_BYTES)
    with write_transaction() as session:
        place_device(session, user, request.device_id, request.device_name, token)
        audit(town_id, user_id, "sign_in", "device", request.device_id)
    return token, db.session.get_one(User, user_id), db.session.get_one(Town, town_id)


def place_device(session: Session, user: User, device_id: str, name: str, token: str) -> None:
    """Make the phone this person's, with a new token, inside a write transaction.

    Raises: Problem device_revoked, until somebody allows it again.
    """
    device = session.get(Device, (user.town_id, device_id))
    if device is not None and device.revoked_at is not None:
        raise Problem("device_revoked")
    if device is None:
        device = Device(town_id=user.town_id, device_id=device_id, enrolled_at=now())
        session.add(device)
    device.user_id, device.name = user.user_id, name
    device.token_digest, device.last_seen_at = digest_token(token), now()
    if device.wipe == "done":
        device.wipe, device.wipe_asked_at = "", None


def digest_token(token: str) -> str:
    """Tokens are random, so a plain digest is enough to keep them."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_device(token: str) -> tuple[Device, User] | None:
    """The phone of a token and its user, also if revoked since: what it holds may still come in."""
    row = db.session.execute(
        select(Device, User)
        .join(User, User.user_id == Device.user_id)
        .where(Device.token_digest == digest_token(token))
    ).first()
    return (row[0], row[1]) if row else None


def sign_out(device: Device) -> None:
    """Forget the phone's token."""
    key, user_id = (device.town_id, device.device_id), device.user_id
    with write_transaction() as session:
        found = session.get_one(Device, key)
        found.token_digest = f"signed out {now().isoformat()} {found.device_id}"
        audit(found.town_id, user_id, "sign_out", "device", found.device_id)
