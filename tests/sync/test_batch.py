"""Items and payloads, taken apart."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from sync.batch import Item, Unreadable, find_mismatch, is_valid_id, read_payload

ID = "8f382a06-f758-48a0-973b-95f57151efdf"
META = {"started_at": "2016-10-15T09:00:00+08:00", "ended_at": "", "utc_offset_min": 480, "lists_cursor": 7}


def payload(**changes: Any) -> str:
    content = {"instance_id": ID, "form_id": "f", "version": "1", "answers": {}, "meta": META, **changes}
    return orjson.dumps(content).decode()


def test_reads_a_payload() -> None:
    read = read_payload(payload(answers={"a": 1}))
    assert read.answers == {"a": 1}
    assert read.meta.started_at == datetime(2016, 10, 15, 1, 0, tzinfo=UTC)
    assert (read.meta.ended_at, read.meta.lists_cursor) == (None, 7)


def test_takes_a_time_without_a_zone_in_the_phones_zone() -> None:
    read = read_payload(payload(meta={**META, "started_at": "2016-10-15T09:00:00"}))
    assert read.meta.started_at == datetime(2016, 10, 15, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answers": []}, "answers"),
        ({"meta": None}, "meta"),
        ({"status": "approved"}, "status"),
        ({"meta": {**META, "received_at": "x"}}, "meta.received_at"),
        ({"meta": {**META, "lists_cursor": -1}}, "meta.lists_cursor"),
        ({"meta": {**META, "lists_cursor": True}}, "meta.lists_cursor"),
        ({"meta": {**META, "utc_offset_min": 9999}}, "meta.utc_offset_min"),
        ({"meta": {**META, "started_at": "yesterday"}}, "meta.started_at"),
        ({"meta": {**META, "ended_at": "0001-01-01T00:00:00+14:00"}}, "meta.ended_at"),
    ],
)
def test_names_what_is_unreadable(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read_payload(payload(**changes))
    assert unreadable.value.field == field


@pytest.mark.parametrize(
    ("changes", "mismatch"),
    [
        ({}, ""),
        ({"form_id": "g"}, "form_id"),
        ({"version": "2"}, "version"),
        ({"deprecated_id": ID}, "deprecated_id"),
    ],
)
def test_compares_envelope_and_payload(changes: dict[str, Any], mismatch: str) -> None:
    item = Item(ID, "f", "1", payload(**changes))
    assert find_mismatch(item, read_payload(item.payload)) == mismatch


def test_takes_only_ids_that_cannot_be_guessed_or_collide() -> None:
    assert (
        is_valid_id(ID) and is_valid_id(f"uuid:{ID}") and is_valid_id("0192f0c4-1f6e-7cc2-98f8-2f4bd7d4b7a1")
    )
    assert not is_valid_id("8f382a06-f758-18a0-973b-95f57151efdf")  # version 1 tells the machine and the time
    assert not is_valid_id(ID + "\n") and not is_valid_id(ID.upper()) and not is_valid_id("x" * 10_000)
