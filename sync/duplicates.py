"""Two instances, one case: a fingerprint over what people entered, the same for the same content."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

import orjson

from sync.shape import Shape

SPACE_AT_EDGE = re.compile(rb'" +| +"')


def fingerprint(answers: dict[str, Any], entered: Shape) -> str:
    """A digest over what people entered, with full-width letters and spaces folded; '' when that is nothing.

    Calculations don't count: they hold made-up ids and times that differ each time. The folded text need not
    be JSON any more: it only has to be the same for the same content.
    """
    content = pick(answers, entered)
    if content is None:
        return ""
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.decode()).encode()
    if b'" ' in text or b' "' in text:  # rare, and much faster to find out
        text = SPACE_AT_EDGE.sub(b'"', text)
    return hashlib.sha256(text).hexdigest()


def pick(value: Any, entered: Shape) -> Any:
    """A group's or a repeat's answers without what does not count; None when nothing is left."""
    if isinstance(value, list):
        return [found for child in value if (found := pick(child, entered)) is not None] or None
    if not isinstance(value, dict):
        return None
    kept: dict[str, Any] = {}
    for name, child in value.items():
        if name not in entered:
            continue
        inner, kind = entered[name], type(child)
        if inner is not None:
            child = pick(child, inner)
        elif kind is str:
            if child and not child.isspace():
                kept[name] = child
            continue
        elif kind is dict:
            child = child.get("sha256")  # a file is what it holds, whatever its name
        if child is not None and child != []:
            kept[name] = child
    return kept or None
