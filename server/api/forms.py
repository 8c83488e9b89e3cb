"""Compiled forms as modules, public under their digest: they hold no personal data and never change."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Blueprint, Response, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from server.database import db
from server.models import FormVersion
from server.problems import Problem

IMMUTABLE = "public, max-age=31536000, immutable"
PACKED_MODULES = 32  # of about 50 KB each

modules = Blueprint("forms", __name__, url_prefix="/forms")


@modules.get("/<digest>.js")
def show(digest: str) -> BaseResponse:
    """The module of one form version."""
    source = db.session.scalar(select(FormVersion.javascript).where(FormVersion.digest == digest).limit(1))
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


@lru_cache(maxsize=PACKED_MODULES)
def pack(source: str) -> bytes:
    return gzip.compress(source.encode(), compresslevel=9, mtime=0)
