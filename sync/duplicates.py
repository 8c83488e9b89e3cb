"""Two instances, one case: a fingerprint over what people entered, the same for the same content."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Set
from typing import Any

import orjson


def fingerprint(answers: dict[str, Any], entered: Set[str]) -> str:
    """A digest over the normalised answers; '' when nothing was entered.

    Only what somebody entered counts: calculations hold made-up ids and times that differ each time.

    Args:
        answers: shaped like the form.
        entered: paths of the questions that a person answers, without positions ("member/age").
    """
    content = normalise(answers, "", entered)
    if content is None:
        return ""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def normalise(value: Any, path: str, entered: Set[str]) -> Any:
    """The value without what does not count; None when nothing is left."""
    if path in entered:
        return normalise_answer(value)
    if isinstance(value, dict):
        kept = {
            name: found
            for name, child in value.items()
            if (found := normalise(child, f"{path}/{name}" if path else name, entered)) is not None
        }
        return kept or None
    if isinstance(value, list):
        rows = [found for child in value if (found := normalise(child, path, entered)) is not None]
        return rows or None
    return None


def normalise_answer(value: Any) -> Any:
    """One answer as its meaning: full-width letters and spaces folded, a file as its digest, `1` like `1`."""
    if isinstance(value, str):
        return (
            unicodedata.normalize("NFKC", value).strip() or None
            if not value.isascii()
            else value.strip() or None
        )
    if isinstance(value, dict):
        return value.get("sha256")
    if isinstance(value, list):
        return [normalise_answer(part) for part in value] or None
    return value
