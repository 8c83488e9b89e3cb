"""Requests and items that no phone of ours sends: a clear answer, and the other items are stored."""

import gzip
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select

from server import patience
from server.database import db
from server.models import HeldItem, Submission, Violation
from tests.server.town import Phone, content_digest, make_item, new_id, register_answers

DEEP = 600  # deeper than what can be written again, not too deep to be read
BEYOND = 2**63  # what no column holds


def with_cursor(text: str) -> bytes:
    return b'{"device":{"device_id":"device-cadre"},"cursor":%s}' % text.encode()


def with_items(text: str) -> bytes:
    return b'{"device":{"device_id":"device-cadre"},"items":[%s]}' % text.encode()


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


BODIES = {
    "byte order mark": (b"\xef\xbb\xbf" + with_cursor("0"), "json_invalid"),
    "UTF-16": (with_cursor("0").decode().encode("utf-16"), "json_invalid"),
    "GBK": ('{"device":{"device_id":"中"}}'.encode("gbk"), "json_invalid"),
    "lone surrogate": (b'{"epoch":"\\ud800"}', "json_invalid"),
    "NUL after the end": (with_cursor("0") + b"\0", "json_invalid"),
    "NaN": (with_cursor("NaN"), "json_invalid"),
    "Infinity": (with_cursor("-Infinity"), "json_invalid"),
    "100,000 digits": (with_cursor("9" * 100_000), "json_invalid"),
    "1e999": (with_cursor("1e999"), "json_invalid"),
    "nested 100,000 deep": (with_items(nested(100_000)), "json_invalid"),
    "nested 600 deep": (with_items(nested(DEEP)), "json_invalid"),
    "nested, with an escape": (with_items(f'"\\u0041",{nested(DEEP)}'), "json_invalid"),
    "cursor with a point": (with_cursor("0.0"), "request_invalid"),
    "cursor beyond": (with_cursor(str(BEYOND)), "request_invalid"),
    "count beyond": (
        b'{"device":{"device_id":"device-cadre","n_unsent":%d}}' % BEYOND,
        "request_invalid",
    ),
    "a key of the language": (with_cursor("0")[:-1] + b',"__proto__":{}}', "field_unknown"),
    "mass assignment": (with_cursor("0")[:-1] + b',"is_admin":true}', "field_unknown"),
    "null": (b"null", "request_invalid"),
    "packed twice": (gzip.compress(with_cursor("0")), "json_invalid"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_batch_is_refused(cadre: Phone, name: str) -> None:
    raw, code = BODIES[name]
    response = cadre.post(gzip.compress(raw), **{"Content-Encoding": "gzip"})
    problem = response.get_json()["problem"]
    assert (response.status_code, problem["code"]) == (400, code)
    assert problem["message_zh"]
    assert problem["fix_en"]


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_what_a_page_elsewhere_could_send_is_refused(cadre: Phone, media_type: str) -> None:
    raw = with_cursor("0")
    headers = {**cadre.auth, "Content-Type": media_type, "Content-Digest": content_digest(raw)}
    response = cadre.client.post("/api/v1/sync", data=raw, headers=headers)
    assert (response.status_code, response.get_json()["problem"]["code"]) == (415, "content_type_unknown")


def make(**changes: Any) -> dict[str, Any]:
    return {**make_item("register", register_answers()), **changes}


def with_meta(**meta: Any) -> dict[str, Any]:
    return make_item("register", register_answers(), meta=meta)


ITEMS = {
    "no id": (make(instance_id=None), "refused", "id_missing"),
    "a number for an id": (make(instance_id=5), "refused", "id_missing"),
    "an id of 10 kB": (make(instance_id="a" * 10_000), "refused", "id_invalid"),
    "an id by the clock": (make(instance_id="5b1f9e20-8a4d-1f7b-b6c3-2e9d0a1c3f58"), "refused", "id_invalid"),
    "an id in capitals": (make(instance_id=new_id().upper()), "refused", "id_invalid"),
    "a reviewer's words": (make(review_state="approved"), "refused", "field_unknown"),
    "another's scope": (make(org_unit="root"), "refused", "field_unknown"),
    "payload nested deep": (
        make(payload=f'{{"answers":{nested(DEEP)}}}'),
        "held",
        "payload_unreadable",
    ),
    "payload with a key twice": (make(payload='{"meta":{},"meta":{}}'), "held", "payload_unreadable"),
    "lists beyond": (with_meta(lists_cursor=BEYOND), "held", "payload_unreadable"),
    "lists before": (with_meta(lists_cursor=-1), "held", "payload_unreadable"),
    "a zone that is none": (with_meta(utc_offset_min=10**9), "held", "payload_unreadable"),
    "a time that is none": (with_meta(ended_at="yesterday"), "held", "payload_unreadable"),
    "a time before all": (with_meta(started_at="0001-01-01T00:00:00+14:00"), "held", "payload_unreadable"),
}


@pytest.mark.parametrize("name", ITEMS)
def test_a_bad_item_is_answered_and_the_others_are_stored(
    town_app: Flask,
    cadre: Phone,
    name: str,
) -> None:
    item, outcome, code = ITEMS[name]
    before, bad, after = cadre.sync(make(), item, make())["outcomes"]
    assert (before["outcome"], after["outcome"]) == ("accepted", "accepted")
    assert (bad["outcome"], bad["problem"]["code"]) == (outcome, code)
    with town_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 2
        assert db.session.scalar(select(func.count()).select_from(HeldItem)) == (outcome == "held")


ANSWERS: dict[str, dict[str, Any]] = {
    "text for a repeat": {"member": "x"},
    "numbers in a repeat": {"member": [1, 2]},
    "an object for a repeat": {"member": {}},
    "5,000 members": {"member": [{}] * 5000},
    "the same member twice": {"member": [{"m_key": "same"}, {"m_key": "same"}]},
    "a number for text": {"head": 5},
    "an array for text": {"head": ["a"]},
    "an object for text": {"head": {"a": 1}},
    "a long text": {"head": "户" * 100_000},
    "text for a file": {"photo": "x"},
    "a file without digest": {"photo": {"sha256": 1}},
    "no such question": {"gone": 1, "__proto__": {"x": 1}, "constructor": "y"},
    "an empty id": {"hh_id": ""},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_of_another_shape_never_stop_a_batch(cadre: Phone, name: str) -> None:
    bad = make_item("register", {**register_answers(), **ANSWERS[name]})
    assert cadre.outcomes(make(), bad, make()) == ["accepted"] * 3


def test_a_check_that_takes_too_long_is_given_up_and_its_record_is_kept(
    town_app: Flask, cadre: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "RECORD_S", 0.0)
    long = make_item("register", {**register_answers(), "member": [{}] * 5000})
    assert cadre.outcomes(make(), long, make()) == ["accepted"] * 3
    with town_app.app_context():
        told = select(Violation.path, Violation.code).where(Violation.instance_id == long["instance_id"])
        assert [tuple(row) for row in db.session.execute(told)] == [("", "not_checked")]


@pytest.mark.parametrize(
    "text",
    [
        "a\u202eb",
        "a\u200bb",
        "𠀀户",
        "e\u0301",
        "👨‍👩‍👧",
        "<img src=x onerror=alert(1)>",
        "=cmd|'/C calc'!A1",
    ],
)
def test_any_text_comes_back_as_it_was_sent(town_app: Flask, cadre: Phone, text: str) -> None:
    item = make_item("register", register_answers(text))
    answer = cadre.sync(item)
    household = orjson.loads(item["payload"])["answers"]["hh_id"]
    assert answer["outcomes"][0]["outcome"] == "accepted"
    assert cadre.rows(answer, "household")[household]["label"] == text
