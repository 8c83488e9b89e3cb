"""The envelope of a batch and of its items; unknown fields are errors, and one bad item stays one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from sync.attachments import SHA256
from sync.batch import MAX_COUNT, MAX_PAYLOAD_BYTES, FileClaim, Item, Refusal, is_valid_id
from sync.changes import DEFAULT_LIMIT, MAX_LIMIT
from sync.text import CONTROL

MAX_FILES = 100  # per item; twenty members with a photo each and the house leave room
COUNT = validate.Range(min=0, max=MAX_COUNT)
MAX_NAME, MAX_TYPE = 300, 100  # characters
FILE_MEMBERS = {"sha256", "bytes", "type", "name"}
UNKNOWN = ["Unknown field."]  # marshmallow's own words


class Strict(Schema):
    class Meta:
        unknown = RAISE


@dataclass(frozen=True)
class Batch:
    """A sync request, its items not looked at yet."""

    app_version: str
    n_unsent: int
    epoch: str
    cursor: int
    items: list[Any]
    withdrawals: list[str]
    scope: str
    limit: int
    n_drafts: int = 0
    bytes_used: int = 0
    bytes_free: int = 0
    wipe: str = ""  # what became of a wipe the phone was asked for: '', waits or done


class DeviceSchema(Strict):
    device_id = fields.String(required=True)
    app_version = fields.String(load_default="", validate=validate.Length(max=50))
    n_unsent = fields.Integer(load_default=0, strict=True, validate=COUNT)
    n_drafts = fields.Integer(load_default=0, strict=True, validate=COUNT)
    bytes_used = fields.Integer(load_default=0, strict=True, validate=COUNT)
    bytes_free = fields.Integer(load_default=0, strict=True, validate=COUNT)
    wipe = fields.String(load_default="", validate=validate.OneOf(("", "waits", "done")))


class HaveSchema(Strict):
    forms = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    scope = fields.String(load_default="")


class BatchSchema(Strict):
    device = fields.Nested(DeviceSchema, required=True)
    epoch = fields.String(load_default="", validate=validate.Length(max=64))
    cursor = fields.Integer(load_default=0, strict=True, validate=COUNT)
    items = fields.List(fields.Raw(allow_none=True), load_default=list)
    withdrawals = fields.List(
        fields.String(validate=validate.Length(max=64)), load_default=list, validate=validate.Length(max=200)
    )
    have = fields.Nested(HaveSchema, load_default=lambda: {"forms": {}, "scope": ""})
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT, strict=True, validate=validate.Range(min=1, max=MAX_LIMIT)
    )

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Batch:
        device, have = values.pop("device"), values.pop("have")
        del device["device_id"]
        return Batch(**device, scope=have["scope"], **values)


class FileField(fields.Field[FileClaim]):
    """A file as an item declares it: exactly these four members. Items have several, so it is no schema."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> FileClaim:
        if not isinstance(value, dict) or value.keys() != FILE_MEMBERS:
            raise ValidationError("not a file")
        sha256, size, media_type, name = (value[key] for key in ("sha256", "bytes", "type", "name"))
        is_sound = (
            isinstance(sha256, str)
            and SHA256.match(sha256) is not None
            and type(size) is int
            and 0 <= size < MAX_COUNT
            and isinstance(media_type, str)
            and len(media_type) <= MAX_TYPE
            and isinstance(name, str)
            and len(name) <= MAX_NAME
        )
        if not is_sound:
            raise ValidationError("not a file")
        return FileClaim(sha256, size, media_type, name)


class ItemSchema(Strict):
    instance_id = fields.String(required=True)
    form_id = fields.String(required=True, validate=validate.Length(1, 200))
    version = fields.String(required=True, validate=validate.Length(1, 200))
    deprecated_id = fields.String(load_default="", allow_none=True)
    payload = fields.String(required=True)
    files = fields.List(FileField(), load_default=list, validate=validate.Length(max=MAX_FILES))


batch_schema = BatchSchema()
item_schema = ItemSchema()


def read_item(raw: Any) -> Item | Refusal:
    """One item of a batch, or why it stays on the phone."""
    instance_id = raw.get("instance_id") if isinstance(raw, Mapping) else None
    if not isinstance(instance_id, str) or not instance_id:
        return Refusal("", "id_missing", "instance_id")
    if not is_valid_id(instance_id):
        return Refusal(instance_id[:64], "id_invalid", "instance_id")
    try:
        values = item_schema.load(raw)
    except ValidationError as error:
        return Refusal(instance_id, *find_fault(error.normalized_messages()))
    return check_item(values)


def check_item(values: dict[str, Any]) -> Item | Refusal:
    """What a schema says badly: sizes in bytes, and characters that no column can hold."""
    instance_id, payload = values["instance_id"], values["payload"]
    deprecated_id = values["deprecated_id"] or ""
    if deprecated_id and (not is_valid_id(deprecated_id) or deprecated_id == instance_id):
        return Refusal(instance_id, "field_invalid", "deprecated_id")
    if len(payload) > MAX_PAYLOAD_BYTES or len(payload.encode()) > MAX_PAYLOAD_BYTES:
        return Refusal(instance_id, "payload_too_large", "payload", MAX_PAYLOAD_BYTES)
    names = [claim.name for claim in values["files"]] + [claim.type for claim in values["files"]]
    if any(CONTROL.search(text) for text in (payload, values["form_id"], values["version"], *names)):
        return Refusal(instance_id, "char_invalid", "payload")
    return Item(
        instance_id, values["form_id"], values["version"], payload, deprecated_id, tuple(values["files"])
    )


def find_fault(messages: Any, path: Sequence[str] = ()) -> tuple[str, str]:
    """The code and the dotted path of the first thing that is wrong."""
    if isinstance(messages, Mapping) and messages:
        key = next(iter(messages))
        return find_fault(messages[key], (*path, str(key)))
    is_unknown = isinstance(messages, list) and messages == UNKNOWN
    return ("field_unknown" if is_unknown else "field_invalid"), ".".join(path)
