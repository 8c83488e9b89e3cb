"""The phones of a town, as its administrator keeps them: found, revoked, allowed again, wiped when safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from server.audit import audit
from server.clock import now
from server.database import db, write_transaction
from server.models import Device, User, UserRole
from server.problems import Problem

DEVICES_PER_PAGE = 50
QUIET_AFTER = timedelta(days=7)  # a phone in use is heard of more often
STATES = ("active", "unsent", "quiet", "revoked", "wipe")
WIPE_OPEN = ("asked", "waits")


@dataclass(frozen=True)
class Wanted:
    """Which phones to list; '' is no limit."""

    text: str = ""
    state: str = ""
    page: int = 1

    def as_query(self, **changes: object) -> dict[str, str]:
        values: dict[str, object] = {"q": self.text, "state": self.state, **changes}
        return {name: str(value) for name, value in values.items() if value != ""}


def matching(town_id: str, wanted: Wanted) -> Select[Device, User]:
    query = select(Device, User).join(User, User.user_id == Device.user_id).where(Device.town_id == town_id)
    if wanted.state:
        query = query.where(in_state(wanted.state))
    if wanted.text:
        columns = (User.name, User.username, Device.name, Device.device_id, Device.app_version)
        found = [column.contains(wanted.text, autoescape=True) for column in columns]
        query = query.where(or_(*found, User.posts.any(UserRole.village == wanted.text)))
    return query


def in_state(state: str) -> ColumnElement[bool]:
    """The condition for phones in one of STATES."""
    conditions: dict[str, ColumnElement[bool]] = {
        "active": Device.revoked_at.is_(None) & (Device.wipe == ""),
        "unsent": (Device.n_unsent > 0) | (Device.n_drafts > 0),
        "quiet": Device.last_seen_at < now() - QUIET_AFTER,
        "revoked": Device.revoked_at.is_not(None),
        "wipe": Device.wipe != "",
    }
    return conditions.get(state, Device.device_id == Device.device_id)


def count_devices(town_id: str, wanted: Wanted) -> int:
    return db.session.scalar(select(func.count()).select_from(matching(town_id, wanted).subquery())) or 0


def list_devices(town_id: str, wanted: Wanted) -> Sequence[tuple[Device, User]]:
    """A page of phones with their people, the one heard of last first."""
    query = matching(town_id, wanted).order_by(Device.last_seen_at.desc(), Device.device_id)
    page = query.limit(DEVICES_PER_PAGE).offset((wanted.page - 1) * DEVICES_PER_PAGE)
    return [(row[0], row[1]) for row in db.session.execute(page)]


def get_device(session: Session, town_id: str, device_id: str) -> Device:
    device = session.get(Device, (town_id, device_id))
    if device is None:
        raise Problem("device_unknown")
    return device


def revoke_device(town_id: str, device_id: str, by: str) -> None:
    """Let a phone hear nothing more; what it still holds may be handed in and is held."""
    with write_transaction() as session:
        device = get_device(session, town_id, device_id)
        if device.revoked_at is None:
            device.revoked_at = now()
            audit(town_id, by, "revoke", "device", device_id, user=device.user_id)


def allow_device(town_id: str, device_id: str, by: str) -> None:
    """Let a revoked phone take part again."""
    with write_transaction() as session:
        device = get_device(session, town_id, device_id)
        if device.revoked_at is not None:
            device.revoked_at = None
            audit(town_id, by, "allow", "device", device_id, user=device.user_id)


def ask_wipe(town_id: str, device_id: str, by: str) -> None:
    """Ask a phone to clear itself, as it is told when it syncs; it never drops what is unsent."""
    with write_transaction() as session:
        device = get_device(session, town_id, device_id)
        if device.wipe not in WIPE_OPEN:
            device.wipe, device.wipe_asked_at = "asked", now()
            audit(town_id, by, "ask_wipe", "device", device_id, user=device.user_id)


def cancel_wipe(town_id: str, device_id: str, by: str) -> None:
    """Take the wish to wipe back, unless the phone did it already."""
    with write_transaction() as session:
        device = get_device(session, town_id, device_id)
        if device.wipe in WIPE_OPEN:
            device.wipe, device.wipe_asked_at = "", None
            audit(town_id, by, "cancel_wipe", "device", device_id, user=device.user_id)


def note_wipe(device: Device, told: str) -> None:
    """What a phone says about its wipe, inside a write transaction; a wiped one is signed out."""
    if device.wipe not in WIPE_OPEN or told == device.wipe or not told:
        return
    device.wipe = told
    if told == "done":
        device.token_digest = f"wiped {now().isoformat()} {device.device_id}"
        device.n_unsent = device.n_drafts = 0
        audit(device.town_id, device.user_id, "wipe", "device", device.device_id)
