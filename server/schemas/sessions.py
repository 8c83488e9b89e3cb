"""What a phone sends to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, fields, post_load, validate


@dataclass(frozen=True)
class SignIn:
    """Who signs in, on which phone."""

    username: str
    password: str
    device_id: str
    device_name: str


class SignInSchema(Schema):
    class Meta:
        unknown = RAISE

    username = fields.String(required=True, validate=validate.Length(1, 100))
    password = fields.String(required=True, validate=validate.Length(1, 200))
    device_id = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{8,64}\Z"))
    device_name = fields.String(load_default="", validate=validate.Length(max=200))

    @post_load
    def build(self, fields: dict[str, Any], **_: Any) -> SignIn:
        return SignIn(**fields)
