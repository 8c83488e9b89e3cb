"""The order that randomize() gives: the same seed gives the same order, in every client of the standard."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import TypeVar

_MODULUS = 2147483647
_MULTIPLIER = 16807

T = TypeVar("T")


def shuffle(items: Sequence[T], seed: float | str) -> list[T]:
    """Shuffle inside out (Fisher-Yates) over the Park-Miller generator.

    Source: https://getodk.github.io/xforms-spec/#fn:randomize, and what Collect and Web Forms make of seeds.
    """
    draw = _generator(_start(seed))
    shuffled: list[T] = []
    for index, each in enumerate(items):
        at = int(draw() * (index + 1))
        shuffled.append(each)
        shuffled[index], shuffled[at] = shuffled[at], each
    return shuffled


def _generator(state: int) -> Callable[[], float]:
    def draw() -> float:
        nonlocal state
        state = state * _MULTIPLIER % _MODULUS
        return (state - 1) / (_MODULUS - 1)

    return draw


def _start(seed: float | str) -> int:
    """Take a number without its fraction; of a text the first eight bytes of its SHA-256, signed."""
    if isinstance(seed, str):
        whole = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], signed=True) if seed else 0
    else:
        whole = math.trunc(seed) if math.isfinite(seed) else 0
    # The remainder has the sign of the dividend, as JavaScript's has.
    start = int(math.copysign(abs(whole) % _MODULUS, whole))
    return start if start > 0 else start + _MODULUS - 1
