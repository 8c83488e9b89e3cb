"""What a phone sends: items, and each item's finalised text taken apart."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sync.text import TextError, has_control_characters, read_json

MAX_ITEMS = 200
MAX_PAYLOAD_BYTES = 1024 * 1024  # F02 with ten members is 6 KB
MAX_COUNT = 2**53  # beyond, a phone's number is not exact
MAX_OFFSET_MIN = 14 * 60  # the widest zone there is
UUID = re.compile(r"(?:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
ENVELOPE = ("instance_id", "form_id", "version")
KEYS = frozenset({*ENVELOPE, "deprecated_id", "answers", "meta"})
META_KEYS = frozenset({"started_at", "ended_at", "utc_offset_min", "lists_cursor"})


class Unreadable(Exception):
    """A payload that can't be taken apart: it is held, with the place that is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class FileClaim:
    """A file as the item declares it."""

    sha256: str
    bytes: int
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """One finalised record in its envelope; `payload` is the phone's text, byte for byte."""

    instance_id: str
    form_id: str
    version: str
    payload: str
    deprecated_id: str = ""
    files: tuple[FileClaim, ...] = ()
    digest: str = field(init=False)  # SHA-256 of the payload as UTF-8, in hex

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.payload.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item that stays on the phone: the code of the reason, and where it is."""

    instance_id: str  # '' when there is none
    code: str
    field: str = ""
    limit_bytes: int = 0  # that it is over, if it is


@dataclass(frozen=True, slots=True)
class Meta:
    """What the phone says about the filling; its clock is a remark."""

    started_at: datetime | None
    ended_at: datetime | None
    utc_offset_min: int
    lists_cursor: int


@dataclass(frozen=True, slots=True)
class Payload:
    """A record's content."""

    envelope: dict[str, Any]
    answers: dict[str, Any]
    meta: Meta
    raw_meta: dict[str, Any]


def is_valid_id(instance_id: str) -> bool:
    return UUID.match(instance_id) is not None


def read_payload(text: str) -> Payload:
    """Take a payload apart.

    Raises: Unreadable, naming the key that is wrong.
    """
    if has_control_characters(text):
        raise Unreadable("control_character")
    try:
        content = read_json(text.encode())
    except TextError as error:
        raise Unreadable(error.detail) from error
    if not isinstance(content, dict):
        raise Unreadable("payload")
    if strangers := content.keys() - KEYS:
        raise Unreadable(min(strangers))
    answers, meta = content.get("answers"), content.get("meta")
    if not isinstance(answers, dict):
        raise Unreadable("answers")
    if not isinstance(meta, dict):
        raise Unreadable("meta")
    return Payload(content, answers, read_meta(meta), meta)


def read_meta(meta: dict[str, Any]) -> Meta:
    if strangers := meta.keys() - META_KEYS:
        raise Unreadable(f"meta.{min(strangers)}")
    offset = read_count(meta, "utc_offset_min", -MAX_OFFSET_MIN)
    if offset > MAX_OFFSET_MIN:
        raise Unreadable("meta.utc_offset_min")
    zone = timezone(timedelta(minutes=offset))
    started_at, ended_at = read_moment(meta, "started_at", zone), read_moment(meta, "ended_at", zone)
    return Meta(started_at, ended_at, offset, read_count(meta, "lists_cursor", 0))


def read_count(meta: dict[str, Any], key: str, least: int) -> int:
    value = meta.get(key, 0)
    if type(value) is not int or not least <= value <= MAX_COUNT:
        raise Unreadable(f"meta.{key}")
    return value


def read_moment(meta: dict[str, Any], key: str, zone: timezone) -> datetime | None:
    """An ISO 8601 time in UTC; one without a zone is taken in the phone's; None when there is none."""
    text = meta.get(key)
    if text is None or text == "":
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable(f"meta.{key}") from error


def find_mismatch(item: Item, payload: Payload) -> str:
    """The first key in which envelope and payload differ, '' when they agree."""
    for key in ENVELOPE:
        if payload.envelope.get(key) != getattr(item, key):
            return key
    return "" if (payload.envelope.get("deprecated_id") or "") == item.deprecated_id else "deprecated_id"
