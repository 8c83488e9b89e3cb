"""The rotating code: what an event's key didn't sign lately is refused, each case by name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from server.wall_codes import (
    BODY,
    VERSION,
    CodeRefused,
    WallCode,
    check_slot,
    decode,
    encode,
    make_key,
    read_code,
    sign,
    slot_of,
    write_code,
)

EVENT, OTHER = "0192a4c0-5d1e-7a43-9a55-3f0f7c1c2b11", "0192a4c0-5d1e-7a43-9a55-3f0f7c1c2b12"
NOW = datetime(2016, 10, 15, 4, 0, tzinfo=UTC)
KEYS = {EVENT: make_key(), OTHER: make_key()}


def code(**changes: object) -> WallCode:
    return WallCode(
        **{"event_id": EVENT, "session_no": 1, "direction": "in", "slot": slot_of(NOW), **changes}
    )  # type: ignore[arg-type]


def refusal(text: str) -> str:
    with pytest.raises(CodeRefused) as refused:
        read_code(text, KEYS.get)
    return refused.value.code


def test_reads_what_the_key_signed() -> None:
    text = write_code(KEYS[EVENT], code(session_no=3, direction="out"))
    assert read_code(text, KEYS.get) == code(session_no=3, direction="out")
    assert len(text) < 60


@pytest.mark.parametrize("age_s", [0, 4, 9, 14])
def test_accepts_for_fifteen_seconds(age_s: int) -> None:
    check_slot(code(), NOW + timedelta(seconds=age_s))


@pytest.mark.parametrize(
    ("age_s", "expected"), [(15, "code_old"), (60, "code_old"), (86400, "code_old"), (-6, "code_early")]
)
def test_refuses_another_time(age_s: int, expected: str) -> None:
    with pytest.raises(CodeRefused) as refused:
        check_slot(code(), NOW + timedelta(seconds=age_s))
    assert refused.value.code == expected


def test_a_printed_code_has_no_time() -> None:
    check_slot(code(slot=0), NOW)
    assert code(slot=0).is_printed


def test_refuses_every_flipped_bit() -> None:
    raw = decode(write_code(KEYS[EVENT], code()))
    for at in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[at // 8] ^= 1 << at % 8
        assert refusal(encode(bytes(flipped))) in {"code_forged", "code_foreign", "code_unreadable"}


def test_refuses_a_direction_that_is_none_though_it_is_signed() -> None:
    body = BODY.pack(VERSION, UUID(EVENT).bytes, 1, 2, 0)
    assert refusal(encode(body + sign(KEYS[EVENT], body))) == "code_forged"


def test_refuses_another_events_key() -> None:
    assert refusal(write_code(KEYS[OTHER], code())) == "code_forged"


def test_refuses_an_event_that_is_not_here() -> None:
    stranger = "0192a4c0-5d1e-7a43-9a55-3f0f7c1c2b13"
    assert refusal(write_code(KEYS[EVENT], code(event_id=stranger))) == "code_foreign"


@pytest.mark.parametrize("text", ["", "x", "中文", "A" * 10_000, "====", "a b", "AAAA", "-_-_"])
def test_refuses_what_is_no_code(text: str) -> None:
    assert refusal(text) == "code_unreadable"


def test_refuses_a_cut_or_lengthened_code() -> None:
    text = write_code(KEYS[EVENT], code())
    assert {refusal(text[:end]) for end in range(len(text))} == {"code_unreadable"}
    assert refusal(text + "A") == "code_unreadable"


def test_one_text_stands_for_some_bytes() -> None:
    text = write_code(KEYS[EVENT], code())
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twins = [text[:-1] + letter for letter in last if text[:-1] + letter != text]
    assert {refusal(twin) for twin in twins} <= {"code_unreadable", "code_forged"}


def test_phones_make_the_same_code() -> None:
    """server/phone/test/events.test.ts holds the phone to the same text."""
    text = "AQGSpMBdHnpDmlU_D3wcKxEDARGZ7sAk0jXOi5f99J0PFUWpyiup"
    key = encode(bytes(range(32)))
    assert write_code(key, code(session_no=3, direction="out")) == text
