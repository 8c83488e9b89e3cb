"""docs/wire.md is the contract: its JSON is valid, the app's answers have its members, no code is missing."""

import ast
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.actions.enrolments import ALPHABET
from server.problems import TABLE
from server.schemas.batch import batch_schema, read_item
from server.schemas.sessions import EnrolmentSchema, SignInSchema
from sync.batch import Item, Refusal, find_mismatch, read_payload
from tests.server.conftest import SignIn
from tests.server.town import EAST, EPOCH, WEST, Phone, make_item, put_row, register_answers

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "wire.md").read_text(encoding="utf-8")
EXAMPLES = {
    name: json.loads(text)
    for name, text in re.findall(r"<!-- example: (\w+) -->\n```json\n(.*?)\n```", PAGE, re.DOTALL)
}
CODES = {code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d{3}) \|", PAGE, re.MULTILINE)}
# What phones come by; problems of the desk, of publishing and of accounts are not theirs.
MET_BY_PHONES = (
    *(ROOT / "server" / "api").glob("*.py"),
    *(ROOT / "sync").glob("*.py"),
    ROOT / "server" / "schemas" / "batch.py",
    *(ROOT / "server" / "actions" / f"{name}.py" for name in ("ingest", "files", "sessions", "enrolments")),
)
OF_EVERY_DOOR = {"internal", "busy", "storage_full", "method_not_allowed", "request_invalid"}
KEYED_BY_DATA = {"row", "columns", "title", "comments", "label"}  # objects whose members are not ours


def members(value: Any, name: str = "") -> Any:
    """What must agree: the members of objects, the kinds of values."""
    if name in KEYED_BY_DATA:
        return name
    if isinstance(value, dict):
        return {key: members(inner, key) for key, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [members(inner) for inner in value]
    return type(value).__name__


def by_kind(changes: list[dict[str, Any]]) -> dict[tuple[str, bool], Any]:
    return {(change["kind"], "removed" in change): members(change) for change in changes}


@pytest.fixture
def phone(town_app: Flask, sign_in: SignIn) -> Phone:
    """The phone of the examples, before its first exchange; it once sent the record it takes back."""
    phone = sign_in("cadre", EXAMPLES["sync"]["device"]["device_id"])
    phone.sync(make_item("register", register_answers(), instance_id=EXAMPLES["sync"]["withdrawals"][0]))
    put_row(town_app, "household", "h-1", village=WEST)
    return phone


def test_signing_in_is_as_the_page_says(town_app: Flask) -> None:
    assert SignInSchema().validate(EXAMPLES["sign_in"]) == {}
    answer = town_app.test_client().post("/api/v1/sessions", json=EXAMPLES["sign_in"])
    assert answer.status_code == 201
    assert members(answer.get_json()) == members(EXAMPLES["signed_in"])


def test_enrolling_is_as_the_page_says() -> None:
    assert EnrolmentSchema().validate(EXAMPLES["enrol"]) == {}
    assert len(set(EXAMPLES["enrol"]["code"]) - set(ALPHABET)) == 0


def test_the_request_is_valid() -> None:
    batch = batch_schema.load(EXAMPLES["sync"])
    good, held, refused = (read_item(raw) for raw in batch.items)
    assert isinstance(good, Item)
    assert isinstance(held, Item)
    assert refused == Refusal(refused.instance_id, "field_unknown", "status")


def test_the_payload_is_the_text_in_the_request() -> None:
    item = read_item(EXAMPLES["sync"]["items"][0])
    assert isinstance(item, Item)
    assert json.loads(item.payload) == EXAMPLES["payload"]
    assert find_mismatch(item, read_payload(item.payload)) == ""


def test_receipts_are_for_the_bytes_in_the_request() -> None:
    for item, outcome in zip(
        EXAMPLES["sync"]["items"][:2], EXAMPLES["sync_answer"]["outcomes"], strict=False
    ):
        digest = hashlib.sha256(item["payload"].encode()).hexdigest()
        assert (outcome["receipt"]["digest"], outcome["receipt"]["instance_id"]) == (
            digest,
            item["instance_id"],
        )


def test_the_answer_is_as_the_page_says(phone: Phone) -> None:
    said = EXAMPLES["sync_answer"]
    response = phone.post(EXAMPLES["sync"])
    assert response.status_code == 200
    answer = response.get_json()
    assert [one["outcome"] for one in answer["outcomes"]] == [one["outcome"] for one in said["outcomes"]]
    assert [one.get("problem") for one in answer["outcomes"]] == [
        one.get("problem") for one in said["outcomes"]
    ]
    assert answer["withdrawals"] == said["withdrawals"]
    assert answer["reset"] is False
    assert {**members(answer), "changes": by_kind(answer["changes"])} == {
        **members(said),
        "changes": by_kind(said["changes"]),
    }


def test_rows_have_the_members_that_the_page_names(phone: Phone) -> None:
    own = {"name", "label", "pinyin", "__version", "__unreviewed"}
    answer = phone.post(EXAMPLES["sync"]).get_json()
    (said,) = (change["row"] for change in EXAMPLES["sync_answer"]["changes"] if "row" in change)
    row = phone.rows(answer, "household")[said["name"]]
    assert own <= row.keys()
    assert own <= said.keys()
    assert (row["label"], row["village"]) == (said["label"], EAST)


def test_another_epoch_or_scope_starts_anew(phone: Phone) -> None:
    for change in ({"epoch": "another"}, {"cursor": 10**6}, {"have": {"scope": "another"}}):
        request = {**EXAMPLES["sync"], "items": [], "epoch": EPOCH, "cursor": 5, **change}
        assert phone.post(request).get_json()["reset"] is True


def test_an_own_record_is_as_the_page_says(phone: Phone) -> None:
    item = make_item("register", register_answers())
    phone.sync(item)
    answer = phone.client.get(f"/api/v1/submissions/{item['instance_id']}", headers=phone.auth)
    assert members(answer.get_json()) == members(EXAMPLES["own_record"])


def test_problems_are_as_the_page_says(town_app: Flask) -> None:
    answer = town_app.test_client().delete("/api/v1/sessions")
    assert answer.status_code == 401
    assert answer.get_json() == EXAMPLES["problem"]


def test_health_is_as_the_page_says(town_app: Flask) -> None:
    assert town_app.test_client().get("/api/v1/health").get_json() == EXAMPLES["health"]


def test_every_door_of_phones_is_named(town_app: Flask) -> None:
    doors = {
        f"`{method} {rule.rule}`"
        for rule in town_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/api/", "/forms/"))
    }
    assert [door for door in sorted(doors) if door not in PAGE] == []


def test_every_code_is_named_with_its_status() -> None:
    assert {code: TABLE[code].status for code in CODES} == CODES


def test_no_code_that_phones_meet_is_missing() -> None:
    named = {
        node.value
        for path in MET_BY_PHONES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in TABLE
    }
    assert named | OF_EVERY_DOOR == CODES.keys()
