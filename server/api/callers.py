"""Who calls a machine's door: the phone behind a bearer token."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from server.access import scope_of
from server.actions.sessions import find_device
from server.models import Device, User
from server.permissions import may_use
from server.problems import Problem

SCHEME = "bearer "


@dataclass(frozen=True)
class Caller:
    """A signed-in phone and its user; `is_revoked` when either may only hand in what it holds."""

    device: Device
    user: User
    is_revoked: bool


def find_caller() -> Caller:
    """The phone that calls.

    Raises: Problem not_signed_in without a known token; not_allowed when no role of theirs may.
    """
    header = request.headers.get("Authorization", "")
    token = header[len(SCHEME) :].strip() if header[: len(SCHEME)].lower() == SCHEME else ""
    found = find_device(token) if token else None
    if found is None:
        raise Problem("not_signed_in")
    device, user = found
    if not may_use(scope_of(user), request.endpoint or ""):
        raise Problem("not_allowed")
    return Caller(device, user, device.revoked_at is not None or user.is_disabled)


def require_caller() -> Caller:
    """The same, but neither phone nor user may be revoked."""
    caller = find_caller()
    if caller.is_revoked:
        raise Problem("device_revoked")
    return caller
