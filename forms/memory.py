"""A function of texts remembers what it gave for short ones; long ones would only fill the memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

LONGEST = 64  # characters
MOST = 8192  # texts

T = TypeVar("T")


class _Memory(dict[str, T]):
    """Forgets everything when it is full: it is filled again within a record or two."""

    def __init__(self, make: Callable[[str], T]) -> None:
        """Start without any."""
        self.make = make

    def __missing__(self, text: str) -> T:
        """Make what isn't there."""
        made = self.make(text)
        if len(text) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[text] = made
        return made


def remembered(make: Callable[[str], T]) -> Callable[[str], T]:
    """As a decorator; what is remembered costs no call of Python's."""
    return _Memory(make).__getitem__
