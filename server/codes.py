"""Signed codes of badges and door cards: a key and an id to text; text and known keys to its id, or why not.

Knows no database and no clock. What a code says is in docs/wire.md.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

VERSION = 1
PURPOSES = {"badge": 1, "door": 2}
PURPOSE_NAMES = {number: name for name, number in PURPOSES.items()}
PATHS = {"badge": "/b", "door": "/d"}  # of the page that an ordinary camera opens

# Version, purpose, key id, card id, first and last second; all of it is signed.
BODY = struct.Struct(">BB4s16sII")
KEY_ID_BYTES = 4
# A signature of ours is of this and nothing else, whatever else a key may come to sign.
CONTEXT = b"lingyan code 1\0"
TEXT_FORM = re.compile(r"[A-Za-z0-9_-]{126}")

INVALID = "code_invalid"  # forged, damaged, of an unknown key: the same words for all of them
NOT_YET, EXPIRED, REVOKED = "code_not_yet", "code_expired", "code_revoked"
OTHER_TOWN, OTHER_PURPOSE = "code_other_town", "code_other_purpose"


class CodeRefused(Exception):
    """A code that doesn't count, by its problem's code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Signer:
    """A key that signs: its id and its private half."""

    key_id: str
    private: Ed25519PrivateKey


@dataclass(frozen=True)
class KnownKey:
    """A key that is known: its public half and whose it is."""

    public: Ed25519PublicKey
    town_id: str
    is_revoked: bool = False


@dataclass(frozen=True)
class Ring:
    """What a reader knows: its own town, everybody's keys by id, and the cards that count no more."""

    town_id: str
    keys: Mapping[str, KnownKey]
    revoked_cards: Container[str] = field(default=frozenset())


@dataclass(frozen=True)
class Token:
    """What a code says; `purpose` is '' for a number that we don't know."""

    purpose: str
    key_id: str
    card_id: str
    not_before: datetime
    expires_at: datetime


def name_key(public: bytes) -> str:
    """A key's id: the head of its digest, 8 hex digits."""
    return hashlib.sha256(public).hexdigest()[: 2 * KEY_ID_BYTES]


def sign(key: Signer, purpose: str, card_id: str, not_before: datetime, expires_at: datetime) -> str:
    """The code's text, 126 characters."""
    body = BODY.pack(
        VERSION,
        PURPOSES[purpose],
        bytes.fromhex(key.key_id),
        bytes.fromhex(card_id),
        int(not_before.timestamp()),
        int(expires_at.timestamp()),
    )
    return encode(body + key.private.sign(CONTEXT + body))


def read(text: str, purpose: str, ring: Ring, now: datetime) -> Token:
    """What a code says, if it is ours and counts now.

    Raises: CodeRefused: code_invalid for whatever was not signed as it stands by a known key; else, in this
        order, code_other_town, code_other_purpose, code_revoked, code_not_yet, code_expired.
    """
    raw = decode(text)
    body, signature = raw[: BODY.size], raw[BODY.size :]
    version, number, key_id, card_id, first, last = BODY.unpack(body)
    key = ring.keys.get(key_id.hex())
    if version != VERSION or key is None or not is_signed(key, body, signature):
        raise CodeRefused(INVALID)
    token = Token(
        PURPOSE_NAMES.get(number, ""),
        key_id.hex(),
        card_id.hex(),
        datetime.fromtimestamp(first, UTC),
        datetime.fromtimestamp(last, UTC),
    )
    why = judge(token, key, purpose, ring, now)
    if why:
        raise CodeRefused(why)
    return token


def key_id_of(text: str) -> str:
    """The id of the key that a code names. Raises: CodeRefused."""
    key_id: bytes = BODY.unpack(decode(text)[: BODY.size])[2]
    return key_id.hex()


def judge(token: Token, key: KnownKey, purpose: str, ring: Ring, now: datetime) -> str:
    """Why a code with a right signature doesn't count, '' if it does."""
    reasons = (
        (OTHER_TOWN, key.town_id != ring.town_id),
        (OTHER_PURPOSE, token.purpose != purpose),
        (REVOKED, key.is_revoked or token.card_id in ring.revoked_cards),
        (NOT_YET, now < token.not_before),
        (EXPIRED, now > token.expires_at),
    )
    return next((why for why, holds in reasons if holds), "")


def is_signed(key: KnownKey, body: bytes, signature: bytes) -> bool:
    try:
        key.public.verify(signature, CONTEXT + body)
    except InvalidSignature:
        return False
    return True


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of a code that is written as we write it: its alphabet, its length, no other last digit."""
    if TEXT_FORM.fullmatch(text) is None:
        raise CodeRefused(INVALID)
    raw = base64.urlsafe_b64decode(text + "==")
    if encode(raw) != text:
        raise CodeRefused(INVALID)
    return raw
