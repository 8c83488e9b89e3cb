"""Codes that make a phone somebody's: made at the desk, shown once, kept as digests, good for one phone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import ColumnElement, CursorResult, func, select, update
from sqlalchemy.orm import Session

from server.access import scope_of
from server.actions.people import Wanted, matching
from server.actions.sessions import digest_token, place_device
from server.actions.throttles import Limit, count_try, seconds_closed
from server.audit import audit
from server.clock import now
from server.database import db, write_transaction
from server.ids import new_id
from server.models import Device, Enrolment, Town, User, UserRole
from server.problems import Problem
from server.schemas.sessions import EnrolmentRequest

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # what nobody mistakes for something else
CODE_LENGTH = 30  # 148 bits; an enrolment code needs 128
PREFIX_LENGTH = 4
SHORTEST, LONGEST = 1, 7 * 24  # hours that a code may live
HOURS = 24
SLIPS_AT_ONCE = 200  # as many as are drawn while somebody waits
ANSWER_AGAIN = timedelta(minutes=30)  # an answer lost on the way is given again to the same phone

LOCK = timedelta(minutes=15)
PER_CODE = Limit(5, LOCK, LOCK)
PER_ACCOUNT = Limit(10, LOCK, LOCK)
PER_ADDRESS = Limit(20, LOCK, LOCK)  # a village may share one address
OVERALL = Limit(200, LOCK, timedelta(minutes=1))
OVERALL_KEY = "enrolment"


@dataclass(frozen=True)
class Slip:
    """A new code for somebody, to be handed over; nothing shows it again."""

    user_id: str
    name: str
    username: str
    village: str
    code: str
    expires_at: datetime


def make_slips(town_id: str, user_ids: Sequence[str], by: str, hours: int = HOURS) -> list[Slip]:
    """A code for each of these people who may sign in; codes they have not used yet stop working."""
    lifetime = timedelta(hours=min(max(hours, SHORTEST), LONGEST))
    living = select(User).where(User.town_id == town_id, User.is_disabled.is_(False))
    with write_transaction() as session:
        people = session.scalars(living.where(User.user_id.in_(user_ids))).all()
        by_village = sorted(people, key=lambda user: (scope_of(user).village, user.name))
        return [make_slip(session, user, by, now() + lifetime) for user in by_village]


def make_slip(session: Session, user: User, by: str, expires_at: datetime) -> Slip:
    withdraw_codes(session, user.town_id, Enrolment.user_id == user.user_id)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    row = Enrolment(town_id=user.town_id, enrolment_id=new_id(), code_digest=digest_token(code))
    row.user_id, row.made_by, row.made_at, row.expires_at = user.user_id, by, now(), expires_at
    row.prefix = code[:PREFIX_LENGTH]
    session.add(row)
    audit(user.town_id, by, "make_code", "user", user.user_id)
    return Slip(user.user_id, user.name, user.username, scope_of(user).village, code, expires_at)


def withdraw_codes(session: Session, town_id: str, which: ColumnElement[bool]) -> int:
    """Withdraw the unused codes that `which` says; how many these were."""
    unused = update(Enrolment).where(
        Enrolment.town_id == town_id,
        which,
        Enrolment.used_at.is_(None),
        Enrolment.withdrawn_at.is_(None),
    )
    done = cast("CursorResult[Any]", session.execute(unused.values(withdrawn_at=now())))
    return done.rowcount


def withdraw_code(town_id: str, enrolment_id: str, by: str) -> None:
    """Make a code useless that nobody used yet."""
    with write_transaction() as session:
        row = session.get(Enrolment, (town_id, enrolment_id))
        if row is None:
            raise Problem("enrolment_unknown")
        if withdraw_codes(session, town_id, Enrolment.enrolment_id == enrolment_id):
            audit(town_id, by, "withdraw_code", "user", row.user_id)


def enrol_by_code(asked: EnrolmentRequest, address: str) -> tuple[str, User, Town]:
    """Make a phone the person's whose code it shows. Returns: its token, the person, the town.

    Raises: Problem enrolment_unknown, _used, _expired, _withdrawn, _locked, or device_revoked.
    """
    check_throttles(asked.code, address)
    row = find_code(asked.code)
    if row is None:
        count_guess(asked.code, address)
        raise Problem("enrolment_unknown")
    key, token = (row.town_id, row.enrolment_id), make_token(asked)
    with write_transaction() as session:
        row = session.get_one(Enrolment, key, populate_existing=True)
        user = session.get_one(User, row.user_id)
        check_row(session, row, user, asked.device_id, token)
        if row.used_at is None:
            row.used_at, row.device_id = now(), asked.device_id
            place_device(session, user, asked.device_id, asked.device_name, token)
            audit(row.town_id, row.user_id, "enrol", "device", asked.device_id)
        user_id = row.user_id
    return token, db.session.get_one(User, user_id), db.session.get_one(Town, key[0])


def check_row(session: Session, row: Enrolment, user: User, device_id: str, token: str) -> None:
    """Whether this phone may use the code now, or had it just before and asks again."""
    if row.used_at is not None:
        device = session.get(Device, (row.town_id, device_id))
        has_token = device is not None and device.token_digest == digest_token(token)
        if row.device_id == device_id and has_token and now() - row.used_at <= ANSWER_AGAIN:
            return
        raise Problem("enrolment_used")
    if row.withdrawn_at is not None or user.is_disabled:
        raise Problem("enrolment_withdrawn")
    if row.expires_at <= now():
        raise Problem("enrolment_expired")


def make_token(asked: EnrolmentRequest) -> str:
    """The token of this phone by this code: always the same, so that an answer can be given again."""
    secret = str(current_app.secret_key).encode()
    text = f"enrolment\n{asked.device_id}\n{asked.code}"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def find_code(code: str) -> Enrolment | None:
    return db.session.scalar(select(Enrolment).filter_by(code_digest=digest_token(code)))


def throttle_keys(code: str, address: str) -> dict[str, Limit]:
    """What a guess is counted by: the code's beginning, the accounts with such codes, the address."""
    prefix = code[:PREFIX_LENGTH]
    accounts = select(Enrolment.user_id).filter_by(prefix=prefix, used_at=None).distinct().limit(3)
    return {
        f"enrolment code {prefix}": PER_CODE,
        f"enrolment address {address}": PER_ADDRESS,
        **{f"enrolment account {user_id}": PER_ACCOUNT for user_id in db.session.scalars(accounts)},
    }


def check_throttles(code: str, address: str) -> None:
    """Refuse who guesses. A right code passes the overall throttle: nobody shuts a town out by guessing."""
    waits = [seconds_closed(key) for key in throttle_keys(code, address)]
    if find_code(code) is None:
        waits.append(seconds_closed(OVERALL_KEY))
    if any(waits):
        raise Problem("enrolment_locked", minutes=-(-max(waits) // 60), retry_after_s=max(waits))


def count_guess(code: str, address: str) -> None:
    """Count a wrong code everywhere it counts; each throttle that it closes raises an alarm in the log."""
    limits = {**throttle_keys(code, address), OVERALL_KEY: OVERALL}
    with write_transaction() as session:
        closed = [key for key, limit in limits.items() if count_try(session, key, limit)]
        for town_id in session.scalars(select(Town.town_id)).all() if closed else ():
            for key in closed:
                audit(town_id, "", "enrolment_alarm", "throttle", key, address=address)


def list_candidates(town_id: str, wanted: Wanted, *, is_without: bool = False) -> Sequence[User]:
    """Whom a code can be made for, by village; `is_without` for those who have no phone in use."""
    query = matching(town_id, wanted).where(User.is_disabled.is_(False))
    if is_without:
        in_use = select(Device.user_id).where(
            Device.town_id == town_id, Device.revoked_at.is_(None), Device.wipe != "done"
        )
        query = query.where(User.user_id.not_in(in_use))
    first_village = (
        select(func.min(UserRole.village)).where(UserRole.user_id == User.user_id).scalar_subquery()
    )
    return db.session.scalars(query.order_by(first_village, User.name).limit(SLIPS_AT_ONCE)).all()


def open_codes(town_id: str, user_ids: Sequence[str]) -> dict[str, Enrolment]:
    """User -> the code that still waits for a phone."""
    query = select(Enrolment).where(
        Enrolment.town_id == town_id,
        Enrolment.user_id.in_(user_ids),
        Enrolment.used_at.is_(None),
        Enrolment.withdrawn_at.is_(None),
        Enrolment.expires_at > now(),
    )
    return {row.user_id: row for row in db.session.scalars(query)}
