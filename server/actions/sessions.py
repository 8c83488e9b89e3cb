"""Signing in and out: passwords checked and guessing slowed down, phones given a token kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from server.actions.throttles import Limit, count_try, seconds_closed
from server.audit import audit
from server.clock import now
from server.database import db, write_transaction
from server.models import Device, Town, User
from server.passwords import matches
from server.problems import Problem
from server.schemas.sessions import SignIn

FAILURES_ALLOWED = 5
LOCK = timedelta(minutes=15)
PER_ADDRESS = Limit(30, LOCK, LOCK)  # a village may share one address
OVERALL = Limit(200, LOCK, timedelta(minutes=1))
OVERALL_KEY = "sign-in"
TOKEN_BYTES = 32
SIGNED_IN = (
    select(Device, User)
    .join(User, User.user_id == Device.user_id)
    .where(Device.token_digest == bindparam("token_digest"))
    .options(joinedload(User.posts))  # every request asks for them: one statement instead of two
)


def check_password(username: str, password: str, address: str) -> User:
    """The user with this name and password, typed at this address.

    Raises: Problem sign_in_failed, the same for unknown and disabled users; sign_in_locked after failures
    of the account; sign_in_slowed after failures from the address or, for wrong ones, of everybody.
    """
    refuse_while(seconds_closed(address_key(address)))
    user = db.session.scalar(select(User).where(User.username == username))
    if user is not None and is_locked(user):
        raise Problem("sign_in_locked", minutes=minutes_left(user), retry_after_s=60 * minutes_left(user))
    is_right = matches(user.password_digest if user else "", password)
    if user is None or user.is_disabled or not is_right:
        wait = seconds_closed(OVERALL_KEY)
        count_failure(user.user_id if user else "", address)
        refuse_while(wait)  # counted all the same: a right password would have passed
        raise Problem("sign_in_failed")
    if user.n_failures:
        forget_failures(user.user_id)
    return user


def is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > now()


def minutes_left(user: User) -> int:
    return int(((user.locked_until or now()) - now()).total_seconds() // 60) + 1


def address_key(address: str) -> str:
    return f"sign-in address {address}"


def refuse_while(seconds: int) -> None:
    if seconds:
        raise Problem("sign_in_slowed", minutes=-(-seconds // 60), retry_after_s=seconds)


def count_failure(user_id: str, address: str) -> None:
    """Count a wrong password everywhere it counts; what it closes raises an alarm in the log."""
    limits = {address_key(address): PER_ADDRESS, OVERALL_KEY: OVERALL}
    with write_transaction() as session:
        user = session.get(User, user_id)  # '' is nobody's
        if user is not None:
            count_against(user, address)
        closed = [key for key, limit in limits.items() if count_try(session, key, limit)]
        for town_id in session.scalars(select(Town.town_id)).all() if closed else ():
            for key in closed:
                audit(town_id, "", "sign_in_alarm", "throttle", key, address=address)


def count_against(user: User, address: str) -> None:
    """Count a failure of an account, and lock it after some."""
    user.n_failures += 1
    audit(user.town_id, user.user_id, "sign_in_failed", "user", user.user_id)
    if user.n_failures >= FAILURES_ALLOWED:
        user.n_failures, user.locked_until = 0, now() + LOCK
        audit(user.town_id, "", "sign_in_alarm", "user", user.user_id, address=address)


def forget_failures(user_id: str) -> None:
    with write_transaction() as session:
        user = session.get_one(User, user_id)
        user.n_failures, user.locked_until = 0, None


def enrol(request: SignIn, address: str) -> tuple[str, User, Town]:
    """Sign a person in on a phone and give its token; an earlier token of the phone stops working."""
    user = check_password(request.username, request.password, address)
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
    row = db.session.execute(SIGNED_IN, {"token_digest": digest_token(token)}).unique().first()
    return (row[0], row[1]) if row else None


def sign_out(device: Device) -> None:
    """Forget the phone's token."""
    key, user_id = (device.town_id, device.device_id), device.user_id
    with write_transaction() as session:
        found = session.get_one(Device, key)
        found.token_digest = f"signed out {now().isoformat()} {found.device_id}"
        audit(found.town_id, user_id, "sign_out", "device", found.device_id)
