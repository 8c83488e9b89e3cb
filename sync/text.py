"""JSON text as phones send it: read strictly, so that what is stored means one thing only."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

SPACE_BEFORE_COLON = re.compile(rb'"[ \t\r\n]+:')
# Escapes of control characters; JSON.stringify writes tab, line feed and carriage return in short form.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
CONTROL_ESCAPE = re.compile(r"\\u00(?:0[0-9a-f]|1[0-9a-f]|7f)", re.IGNORECASE)


class TextError(ValueError):
    """The text is not JSON as agreed; `code` is json_invalid or json_duplicate_key, `field` the key."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def read_json(text: bytes) -> Any:
    """Parse UTF-8 JSON; NaN, infinite numbers, lone surrogates, deep nesting and keys given twice are errors.

    Raises: TextError.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise TextError("json_invalid", str(error)) from error
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError as error:  # it reads deeper than it writes
        raise TextError("json_invalid", "nested too deeply") from error
    if not keys_surely_differ(text, written):
        json.loads(text, object_pairs_hook=refuse_duplicates)
    return value


def keys_surely_differ(text: bytes, written: bytes) -> bool:
    """Whether counting alone shows that no key came twice; False means that somebody must look.

    A key given twice is `written` once when the value is dumped again, so the count of `":` drops. Where an
    escape or a space could hide or fake such a pair, the count proves nothing.
    """
    if b"\\u" in text or (has_space_after_quote(text) and SPACE_BEFORE_COLON.search(text)):
        return False
    return text.count(b'":') == written.count(b'":')


def has_space_after_quote(text: bytes) -> bool:
    """Never in what JSON.stringify writes, and found out much faster than by the pattern."""
    return b'" ' in text or b'"\n' in text or b'"\t' in text or b'"\r' in text


def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise TextError("json_duplicate_key", twice)
    return found


def has_control_characters(text: str) -> bool:
    """Whether JSON text holds, also escaped, a control character other than tab and line ends."""
    return "\\u00" in text and CONTROL_ESCAPE.search(text) is not None
