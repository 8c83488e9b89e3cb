"""Splitting counts: a total over weights, and a count's tenth for the lite town."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def part_of(count: int, share: float) -> int:
    """The share of a count, rounded, at least one."""
    return max(1, round(count * share))


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` in proportion to `weights`, largest remainders first."""
    exact = [total * weight / sum(weights) for weight in weights]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: counts[index] - exact[index])
    for index in by_remainder[: total - sum(counts)]:
        counts[index] += 1
    return counts


def spread(random: Random, counts: dict[T, int]) -> list[T]:
    """Each value as often as its count says, in any order."""
    values = [value for value, count in counts.items() for _ in range(count)]
    random.shuffle(values)
    return values


def evenly(rows: Sequence[T], count: int) -> list[T]:
    """Pick `count` of the rows at even distances; all if there are not as many."""
    if count >= len(rows):
        return list(rows)
    return [rows[int((number + 0.5) * len(rows) / count)] for number in range(max(count, 0))]
