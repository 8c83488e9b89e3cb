"""Which instance of a repeat is which in another version: matched by the answer that tells them apart."""

from __future__ import annotations

from typing import Any

from server.outline import take

Pair = tuple[Any, Any]


def align(rows: list[Any], others: list[Any], questions: list[list[str]]) -> list[Pair]:
    """Pair the instances of two versions: all of `rows` in their order, then what only `others` has.

    Args:
        questions: the names on the way to each question, below the repeat.
    """
    if not others:
        return [(row, None) for row in rows]
    key = identifying_question(rows, others, questions)
    if key is None:
        return pair_by_place(rows, others)
    partners = {text_at(other, key): other for other in others}
    pairs = [(row, partners.pop(text_at(row, key), None)) for row in rows]
    return [*pairs, *((None, other) for other in partners.values())]


def pair_by_place(rows: list[Any], others: list[Any]) -> list[Pair]:
    n_pairs = max(len(rows), len(others))
    padded = [[*side, *[None] * (n_pairs - len(side))] for side in (rows, others)]
    return list(zip(*padded, strict=True))


def identifying_question(rows: list[Any], others: list[Any], questions: list[list[str]]) -> list[str] | None:
    """The question whose values are different within each side and shared most between them."""
    best, n_best = None, 0
    for names in questions:
        left = [text_at(row, names) for row in rows]
        right = [text_at(other, names) for other in others]
        is_unique = len(set(left)) == len(left) and len(set(right)) == len(right)
        n_shared = len(set(left) & set(right) - {""})
        if is_unique and "" not in left + right and n_shared > n_best:
            best, n_best = names, n_shared
    return best


def text_at(row: Any, names: list[str]) -> str:
    value = take(row, names)
    return "" if value is None else str(value)
