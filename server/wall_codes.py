"""The rotating code of an event: a key, a session and a slot of five seconds to a short signed text and back.

The key never leaves the server and the organisers' phones; a code that was photographed is refused once its
fifteen seconds have passed. Slot 0 stands for a printed code, which needs the event's PIN beside it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

SLOT_S = 5
ACCEPTED_SLOTS = 3  # fifteen seconds: domain.md 6.2
EARLY_SLOTS = 1  # an organiser's phone whose clock was corrected may be a little ahead
PRINTED = 0
VERSION = 1
BODY = struct.Struct(">B16sBBI")  # version, event, session, direction, slot
MAC_BYTES = 16
DIRECTIONS = ("in", "out")
MAX_TEXT = 200


class CodeRefused(ValueError):
    """Why a code isn't taken: `code_unreadable`, `code_foreign`, `code_forged`, `code_old`, `code_early`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class WallCode:
    """What a code says."""

    event_id: str
    session_no: int
    direction: str
    slot: int

    @property
    def is_printed(self) -> bool:
        return self.slot == PRINTED

    @property
    def shown_at_s(self) -> int:
        """When it was on the wall, in seconds of the Unix clock."""
        return self.slot * SLOT_S


def make_key() -> str:
    """A new secret for one event."""
    return encode(secrets.token_bytes(32))


def slot_of(moment: datetime) -> int:
    return int(moment.timestamp()) // SLOT_S


def write_code(key: str, code: WallCode) -> str:
    """The text that goes behind `#` in the address."""
    body = BODY.pack(
        VERSION,
        uuid.UUID(code.event_id).bytes,
        code.session_no,
        DIRECTIONS.index(code.direction),
        code.slot,
    )
    return encode(body + sign(key, body))


def read_code(text: str, key_of: Callable[[str], str | None]) -> WallCode:
    """The code, if an event's own key signed exactly this.

    Args:
        key_of: event -> its key; None when there is no such event.
    Raises: CodeRefused.
    """
    raw = decode(text)
    if len(raw) != BODY.size + MAC_BYTES or raw[0] != VERSION:
        raise CodeRefused("code_unreadable")
    body, mac = raw[: BODY.size], raw[BODY.size :]
    _, event, session_no, direction, slot = BODY.unpack(body)
    event_id = str(uuid.UUID(bytes=event))
    key = key_of(event_id)
    if key is None:
        raise CodeRefused("code_foreign")
    if not hmac.compare_digest(sign(key, body), mac) or direction >= len(DIRECTIONS):
        raise CodeRefused("code_forged")
    return WallCode(event_id, session_no, DIRECTIONS[direction], slot)


def check_slot(code: WallCode, now: datetime) -> None:
    """Refuse what was on the wall more than fifteen seconds ago. Raises: CodeRefused."""
    age = slot_of(now) - code.slot
    if code.is_printed:
        return
    if age >= ACCEPTED_SLOTS:
        raise CodeRefused("code_old")
    if age < -EARLY_SLOTS:
        raise CodeRefused("code_early")


def sign(key: str, body: bytes) -> bytes:
    return hmac.new(decode(key), body, hashlib.sha256).digest()[:MAC_BYTES]


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Exactly one text stands for some bytes; whatever else decodes to them is refused."""
    if len(text) > MAX_TEXT or not text.isascii():
        raise CodeRefused("code_unreadable")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CodeRefused("code_unreadable") from error
    if encode(raw) != text:
        raise CodeRefused("code_unreadable")
    return raw
