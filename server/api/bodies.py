"""A request's body, taken only when it came whole: length, digest, packing and JSON are all checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import zlib
from typing import Any

from flask import request
from werkzeug.exceptions import ClientDisconnected

from server.problems import Problem
from sync.text import TextError, read_json

MAX_PACKED_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 16 * 1024 * 1024
GZIP_WINDOW = 31  # zlib's word for: a gzip header, 32 KiB window
SHA256_MEMBER = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]*):", re.IGNORECASE)


def read_json_body(max_bytes: int = MAX_PACKED_BYTES, *, needs_digest: bool = False) -> Any:
    """The JSON of the request, read strictly.

    Raises: Problem, naming what is wrong with the body.
    """
    if request.mimetype != "application/json":
        raise Problem("content_type_unknown")
    body = read_whole(max_bytes)
    if needs_digest:
        check_digest(body)
    try:
        return read_json(unpack(body))
    except TextError as error:
        raise Problem(error.code, detail=error.detail, field=error.detail) from error


def read_whole(max_bytes: int) -> bytes:
    """Exactly as many bytes as were declared."""
    declared = request.content_length
    if declared is None:
        raise Problem("length_required")
    if declared > max_bytes:
        raise Problem("body_too_large", limit_bytes=max_bytes)
    try:
        body = request.get_data(cache=False)
    except ClientDisconnected as error:
        raise Problem("body_incomplete") from error
    if len(body) != declared:
        raise Problem("body_incomplete")
    return body


def check_digest(body: bytes) -> None:
    """Compare Content-Digest. Source: RFC 9530; over the body as it was sent, packed or not."""
    found = SHA256_MEMBER.search(request.headers.get("Content-Digest", ""))
    if found is None:
        raise Problem("digest_missing")
    try:
        declared = base64.b64decode(found.group(1), validate=True)
    except binascii.Error as error:
        raise Problem("digest_missing") from error
    if not hmac.compare_digest(declared, hashlib.sha256(body).digest()):
        raise Problem("digest_mismatch")


def unpack(body: bytes) -> bytes:
    """Inflate a gzip body, never beyond the limit."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return body
    if encoding != "gzip":
        raise Problem("encoding_unknown")
    inflater = zlib.decompressobj(GZIP_WINDOW)
    try:
        unpacked = inflater.decompress(body, MAX_UNPACKED_BYTES + 1)
    except zlib.error as error:
        raise Problem("gzip_invalid") from error
    if len(unpacked) > MAX_UNPACKED_BYTES:
        raise Problem("unpacked_too_large", limit_bytes=MAX_UNPACKED_BYTES)
    if not inflater.eof or inflater.unused_data:
        raise Problem("gzip_invalid")
    return unpacked
