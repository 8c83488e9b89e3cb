"""Files under their digest: the core of tus 1.0 for phones that hand in, and reading within scope."""

from __future__ import annotations

import base64
import binascii

from flask import Blueprint, Response, request, send_file

from server.access import Scope, scope_of
from server.actions import files as uploads
from server.actions.desk_sessions import COOKIE, find_session
from server.actions.files import Upload
from server.api.bodies import read_whole
from server.api.callers import find_caller, require_caller
from server.config import MAX_BODY_BYTES
from server.permissions import may_use
from server.problems import Problem
from sync.attachments import SHA256

TUS = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})

files = Blueprint("files", __name__, url_prefix="/api/v1/files")


@files.after_request
def say_version(response: Response) -> Response:
    response.headers["Tus-Resumable"] = TUS
    return response


@files.post("")
def create() -> Response:
    """Declare an upload by its digest and length."""
    scope = sender_scope()
    metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
    sha256 = metadata.get("sha256", "")
    if not SHA256.match(sha256):
        raise Problem("upload_invalid", field="Upload-Metadata")
    upload = uploads.begin(scope, sha256, read_number("Upload-Length"))
    response = stand(upload, 201)
    response.headers["Location"] = f"/api/v1/files/{sha256}"
    return response


@files.route("/<sha256>", methods=["HEAD"])
def head(sha256: str) -> Response:
    """Say how much has arrived."""
    return stand(uploads.find_upload(sender_scope(), check_digest(sha256)), 200)


@files.patch("/<sha256>")
def patch(sha256: str) -> Response:
    """Take the next piece."""
    scope = sender_scope()
    if request.mimetype != PIECE_TYPE:
        raise Problem("upload_invalid", field="Content-Type")
    offset = read_number("Upload-Offset")
    return stand(uploads.append(scope, check_digest(sha256), offset, read_whole(MAX_BODY_BYTES)), 204)


@files.get("/<sha256>")
def show(sha256: str) -> Response:
    """A file of a record in scope, for the desk's session or the phone that sent it."""
    path, media_type = uploads.open_file(reader_scope(), check_digest(sha256))
    is_inline = media_type in SHOWN_INLINE
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment=not is_inline,
        download_name=sha256,
        conditional=True,
        etag=sha256,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def sender_scope() -> Scope:
    """Who uploads; a revoked phone may still hand in what its records name."""
    version = request.headers.get("Tus-Resumable", TUS)
    if version != TUS:
        raise Problem("upload_version")
    return scope_of(find_caller().user)


def reader_scope() -> Scope:
    found = find_session(request.cookies.get(COOKIE, ""))
    if found is None:
        return scope_of(require_caller().user)
    scope = scope_of(found[1])
    if not may_use(scope, request.endpoint or ""):
        raise Problem("not_allowed")
    return scope


def stand(upload: Upload, status: int) -> Response:
    response = Response(status=status)
    response.headers["Upload-Offset"] = str(upload.offset)
    response.headers["Upload-Length"] = str(upload.length)
    response.headers["Cache-Control"] = "no-store"
    return response


def check_digest(sha256: str) -> str:
    if not SHA256.match(sha256):
        raise Problem("file_unknown")
    return sha256


def read_number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise Problem("upload_invalid", field=header)
    return int(text)


def read_metadata(header: str) -> dict[str, str]:
    """tus's `key base64, key base64`."""
    found: dict[str, str] = {}
    for pair in header.split(",") if header else ():
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Problem("upload_invalid", field="Upload-Metadata") from error
    return found
