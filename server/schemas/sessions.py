"""What a phone sends to sign in, with a password or with an enrolment code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from marshmallow import RAISE, Schema, fields, post_load, validate


@dataclass(frozen=True)
class SignIn:
    """Who signs in, on which phone."""

    username: str
    password: str
    device_id: str
    device_name: str


@dataclass(frozen=True)
class EnrolmentRequest:
    """Which phone shows which code."""

    code: str = field(repr=False)
    device_id: str
    device_name: str


class DeviceSchema(Schema):
    class Meta:
        unknown = RAISE

    device_id = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{8,64}\Z"))
    device_name = fields.String(load_default="", validate=validate.Length(max=200))


class SignInSchema(DeviceSchema):
    username = fields.String(required=True, validate=validate.Length(1, 100))
    password = fields.String(required=True, validate=validate.Length(1, 200))

    @post_load
    def build(self, fields: dict[str, Any], **_: Any) -> SignIn:
        return SignIn(**fields)


class EnrolmentSchema(DeviceSchema):
    code = fields.String(required=True, validate=validate.Regexp(r"[0-9a-z]{10,64}\Z"))

    @post_load
    def build(self, fields: dict[str, Any], **_: Any) -> EnrolmentRequest:
        return EnrolmentRequest(**fields)
