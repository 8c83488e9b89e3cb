"""Helpers of the runtime over texts that hold a list, over ranks, and the cases of letters; as `items.ts`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

NO_RANK = 999.0  # Source: SurveyCTO's rank-index() and rank-value()
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_SPACES = " \t\r\n"
_ANY_SPACES = re.compile("[ \t\r\n\f\v\u00a0\u3000]+")


def _items(separator: str, value: str) -> list[str]:
    """Empty items count; an empty text has none."""
    if value == "":
        return []
    return value.split(separator) if separator else [value]


def count_items(separator: str, value: str) -> float:
    return float(len(_items(separator, value)))


def item_at(separator: str, value: str, index: float) -> str:
    """Take the item at a 0-based place; '' where there is none."""
    items = _items(separator, value)
    return items[int(index)] if 0 <= index < len(items) else ""


def item_index(separator: str, value: str, item: str) -> float:
    """Find the 0-based place of an item; -1 where it isn't."""
    items = _items(separator, value)
    return float(items.index(item)) if item in items else -1.0


def item_present(separator: str, value: str, item: str) -> bool:
    return item in _items(separator, value)


def de_duplicate(separator: str, value: str) -> str:
    """Keep the first of equal items."""
    return separator.join(dict.fromkeys(_items(separator, value)))


def rank_value(value: float, others: str) -> float:
    """Rank a number among those of a text, the largest first."""
    numbers = [_number(each) for each in _ANY_SPACES.split(others)]
    return NO_RANK if value != value else 1.0 + sum(1 for each in numbers if each > value)


def rank_index(own: Sequence[str], up_to: Sequence[str], everyone: Sequence[str]) -> float:
    """Rank the text of one instance among all, the largest first; of equals the earlier comes first.

    Args:
        own: the text, in a list of one; an empty list has no rank.
        up_to: the texts up to it, itself the last.
    """
    value = _number(own[0]) if own else math.nan
    if value != value:
        return NO_RANK
    larger = sum(1 for each in everyone if _number(each) > value)
    return float(larger + sum(1 for each in up_to if _number(each) == value))


def _number(value: str) -> float:
    return float(value) if _NUMBER.fullmatch(value.strip(_SPACES)) else math.nan


def lower(value: str) -> str:
    return value.lower()


def upper(value: str) -> str:
    return value.upper()


def trim(value: str) -> str:
    return value.strip(_SPACES)


def strip_whitespace(value: str) -> str:
    """Take out all spaces, also those inside."""
    return _ANY_SPACES.sub("", value)


def is_luhn(value: str, length: float = math.nan) -> bool:
    """Whether the digits, and as many as `length` says, pass the Luhn check."""
    digits = strip_whitespace(value)
    if not (digits.isascii() and digits.isdigit()) or (length == length and len(digits) != length):
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(int(digit) for digit in digits[::-2]) + sum(each - 9 * (each > 9) for each in doubled)
    return total % 10 == 0
