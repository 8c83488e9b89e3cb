"""Two instances, one case: a fingerprint over what people entered, the same for the same content."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

import orjson

from sync.shape import Shape


def fingerprint(answers: dict[str, Any], entered: Shape) -> str:
    """A digest over the normalised answers; '' when nothing was entered.

    Only what somebody entered counts: calculations hold made-up ids and times that differ each time.
    """
    content = normalise(answers, entered)
    if content is None:
        return ""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def normalise(value: Any, entered: Shape) -> Any:
    """A group's or a repeat's answers without what does not count; None when nothing is left."""
    if isinstance(value, list):
        return [found for child in value if (found := normalise(child, entered)) is not None] or None
    if not isinstance(value, dict):
        return None
    kept: dict[str, Any] = {}
    for name, child in value.items():
        if name not in entered:
            continue
        inner = entered[name]
        found = normalise_answer(child) if inner is None else normalise(child, inner)
        if found is not None:
            kept[name] = found
    return kept or None


def normalise_answer(value: Any) -> Any:
    """One answer as its meaning: full-width letters and spaces folded, a file as its digest."""
    if type(value) is str:
        return (value if value.isascii() else unicodedata.normalize("NFKC", value)).strip() or None
    if isinstance(value, dict):
        return value.get("sha256")
    if isinstance(value, list):
        return [normalise_answer(part) for part in value] or None
    return value
