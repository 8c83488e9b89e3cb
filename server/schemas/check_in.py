"""What a browser sends to check in: the code it scanned, then a name with its ticket."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from server.attendance import MAX_PHOTO_BYTES
from server.problems import Problem


def short(limit: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=limit))


class OpenSchema(Schema):
    code = fields.String(required=True, validate=validate.Length(max=2000))


class CheckInSchema(Schema):
    ticket = fields.String(required=True, validate=validate.Length(max=1000))
    name = short(40)
    phone = short(20)
    pin = short(10)
    village = short(40)
    reason = short(200)
    photo = short(4 * MAX_PHOTO_BYTES // 3 + 4)
    is_walk_in = fields.Boolean(load_default=False)
    lat = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-90, 90))
    lon = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-180, 180))


def load(schema: Schema, body: Any) -> dict[str, Any]:
    """Raises: Problem request_invalid, its field named."""
    faults = schema.validate(body) if isinstance(body, dict) else {"body": [""]}
    if faults:
        raise Problem("request_invalid", field=next(iter(faults)))
    found: dict[str, Any] = schema.load(body)
    return found
