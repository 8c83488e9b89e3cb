"""The one exchange that a phone needs: it hands in what it holds and hears what is new."""

from __future__ import annotations

import gzip
from typing import Any

import orjson
from flask import Blueprint, Response, request
from marshmallow import ValidationError

from server.actions.ingest import Answer, Withdrawal, take_batch
from server.api.bodies import read_json_body
from server.api.callers import find_caller
from server.problems import Problem, describe
from server.schemas.batch import Batch, batch_schema, find_fault
from sync.batch import MAX_ITEMS
from sync.ledger import wire_time
from sync.outcomes import ItemOutcome

WORTH_PACKING_BYTES = 1024
GZIP_LEVEL = 6

door = Blueprint("sync", __name__, url_prefix="/api/v1/sync")


@door.post("")
def exchange() -> Response:
    """Take a batch and answer with an outcome for each item and the changes since the cursor."""
    caller = find_caller()
    body = read_json_body(needs_digest=True)
    batch, device_id = read_batch(body)
    if device_id != caller.device.device_id:
        raise Problem("request_invalid", field="device.device_id")
    answer = take_batch(caller.device, caller.user, batch, is_revoked=caller.is_revoked)
    return packed(orjson.dumps(as_wire(answer)))


def packed(content: bytes) -> Response:
    """The answer, compressed for who takes it: a first sync says the names of columns again and again."""
    response = Response(content, mimetype="application/json")
    response.vary.add("Accept-Encoding")
    if len(content) >= WORTH_PACKING_BYTES and "gzip" in request.accept_encodings:
        response.data = gzip.compress(content, compresslevel=GZIP_LEVEL, mtime=0)
        response.content_encoding = "gzip"
    return response


def read_batch(body: Any) -> tuple[Batch, str]:
    """The batch and the device it names."""
    try:
        batch = batch_schema.load(body)
    except ValidationError as error:
        code, field = find_fault(error.normalized_messages())
        raise Problem(
            "field_unknown" if code == "field_unknown" else "request_invalid", field=field
        ) from error
    if len(batch.items) > MAX_ITEMS:
        raise Problem("too_many_items", limit=MAX_ITEMS)
    return batch, body["device"]["device_id"]


def as_wire(answer: Answer) -> dict[str, Any]:
    return {
        "epoch": answer.epoch,
        "scope": answer.scope,
        "reset": answer.is_reset,
        "wipe": answer.must_wipe,
        "server_at": wire_time(answer.server_at),
        "outcomes": [outcome_as_wire(outcome) for outcome in answer.outcomes],
        "withdrawals": [withdrawal_as_wire(withdrawal) for withdrawal in answer.withdrawals],
        "changes": answer.page.changes,
        "cursor": answer.page.cursor,
        "has_more": answer.page.has_more,
    }


def outcome_as_wire(outcome: ItemOutcome) -> dict[str, Any]:
    wire: dict[str, Any] = {"instance_id": outcome.instance_id, "outcome": outcome.outcome.value}
    if outcome.receipt is not None:
        wire["receipt"] = outcome.receipt.as_wire()
    if outcome.code:
        wire["problem"] = describe(outcome.code, outcome.details or {})
    return wire


def withdrawal_as_wire(withdrawal: Withdrawal) -> dict[str, Any]:
    if not withdrawal.code:
        return {"instance_id": withdrawal.instance_id, "outcome": "withdrawn"}
    problem = describe(withdrawal.code, {})
    return {"instance_id": withdrawal.instance_id, "outcome": "refused", "problem": problem}
