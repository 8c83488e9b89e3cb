"""JSON as phones may and may not send it."""

import time

import pytest

from sync.text import TextError, has_control_characters, read_json


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":2}',
        b'{"a" :1,"a":2}',
        b'{"\\u0061":1,"a":2}',
        b'{"b":{"a":1,"c":[{"x":1,"x":1}]}}',
        b'{"a":"\\u0022:","a":1}',
    ],
)
def test_refuses_a_key_given_twice(text: bytes) -> None:
    with pytest.raises(TextError) as refused:
        read_json(text)
    assert refused.value.code == "json_duplicate_key"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'"\\ud800"',
        b"\xef\xbb\xbf{}",
        b"\xff",
        b"{}x",
    ],
)
def test_refuses_what_is_not_json(text: bytes) -> None:
    with pytest.raises(TextError) as refused:
        read_json(text)
    assert refused.value.code == "json_invalid"


def test_refuses_deep_nesting_at_once() -> None:
    started = time.monotonic()
    with pytest.raises(TextError):
        read_json(b"[" * 100_000)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":{"a":1},"b":{"a":2}}',
        '{"a":"\\":","b":"周"}'.encode(),
        b'{ "a" : 1 , "b" : [ ] }',
        b'"\\ud83d\\ude00"',
    ],
)
def test_reads_what_is_fine(text: bytes) -> None:
    read_json(text)


def test_finds_control_characters_also_escaped() -> None:
    assert has_control_characters('{"a":"\\u0000"}')
    assert has_control_characters('{"a":"\\u001B"}')
    assert not has_control_characters('{"a":"\\n\\t\\u0041\\u00e9"}')
