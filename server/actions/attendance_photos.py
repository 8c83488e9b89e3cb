"""Photos taken at check-in, where the event says why: kept by digest, so that one used twice shows."""

from __future__ import annotations

import base64
import binascii
import hashlib

from sqlalchemy import select

from server.access import Scope
from server.actions import files
from server.attendance import MAX_PHOTO_BYTES
from server.database import db
from server.models import CheckIn, Event
from server.problems import Problem

KEEPER = "check-in"  # in whose name pieces are gathered: attendees have no account
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def keep_photo(event: Event, text: str) -> str:
    """Put a photo in base64 on disk; its digest, '' for none or where the event asks for none.

    Outside a write transaction. Raises: Problem file_type, file_too_large, file_image_too_big.
    """
    if not text or not event.details.get("photo_reason"):
        return ""
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Problem("file_type", field="photo") from error
    if not content.startswith(PICTURES):
        raise Problem("file_type", field="photo")
    if len(content) > MAX_PHOTO_BYTES:
        raise Problem("file_too_large", limit_bytes=MAX_PHOTO_BYTES)
    return store(Scope(event.town_id, KEEPER, "", frozenset()), content)


def store(scope: Scope, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    if not files.begin(scope, digest, len(content)).is_complete:
        files.append(scope, digest, 0, content)
    return digest


def is_used(row: CheckIn) -> bool:
    """Whether another check-in of the town came with the very same photo, at whichever event."""
    query = select(CheckIn.check_in_id).where(
        CheckIn.town_id == row.town_id,
        CheckIn.photo == row.photo,
        CheckIn.check_in_id != row.check_in_id,
    )
    return bool(row.photo) and db.session.scalar(query.limit(1)) is not None


def is_of(event: Event, sha256: str) -> bool:
    """Whether a picture was taken at a check-in of this event."""
    query = select(CheckIn.check_in_id).where(
        CheckIn.town_id == event.town_id, CheckIn.event_id == event.event_id, CheckIn.photo == sha256
    )
    return db.session.scalar(query.limit(1)) is not None
