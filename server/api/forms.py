"""Compiled forms as modules, and their pictures and sounds, public under their digests.

They hold no personal data and never change.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Blueprint, Response, jsonify, request, send_file
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from server.actions.form_files import find_media, find_media_of
from server.actions.workbooks import find_module
from server.database import db
from server.models import FormVersion
from server.problems import Problem

IMMUTABLE = "public, max-age=31536000, immutable"
PACKED_MODULES = 32  # of about 50 KB each

modules = Blueprint("forms", __name__, url_prefix="/forms")


@modules.get("/<digest>.js")
def show(digest: str) -> BaseResponse:
    """The module of one form version."""
    published = select(FormVersion.javascript).where(FormVersion.digest == digest).limit(1)
    source = db.session.scalar(published) or find_module(digest)
    if source is None:
        raise Problem("not_found")
    takes_gzip = "gzip" in request.accept_encodings
    response = Response(pack(source) if takes_gzip else source, mimetype="text/javascript")
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = IMMUTABLE
    response.set_etag(digest)
    return response.make_conditional(request)


@modules.get("/<digest>.media.json")
def list_media(digest: str) -> BaseResponse:
    """Where the pictures and sounds of a version or a test are, by name; for trying it out."""
    response = jsonify({name: f"/forms/media/{sha256}" for name, sha256 in find_media_of(digest).items()})
    response.headers["Cache-Control"] = "no-cache"  # a draft's pictures may change while its module doesn't
    return response


@modules.get("/media/<sha256>")
def show_media(sha256: str) -> BaseResponse:
    """A picture or sound that a form shows."""
    found = find_media(sha256)
    if found is None:
        raise Problem("not_found")
    media_type, path = found
    response = send_file(path, mimetype=media_type, conditional=True, etag=sha256)
    response.headers["Cache-Control"] = IMMUTABLE
    return response


@lru_cache(maxsize=PACKED_MODULES)
def pack(source: str) -> bytes:
    return gzip.compress(source.encode(), compresslevel=9, mtime=0)
