"""A check that takes too long or makes too much is given up: emitted loops ask now and then who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

ASKED_EVERY = 16  # a power of two
# Characters of all texts that one check computes; a phone sends records of 1 MiB at most.
MAX_MADE = 8_000_000

T = TypeVar("T")


class GivenUp(Exception):
    """The check was given up: nobody waits for it any longer, or it makes more than a record can be."""


class Effort(Protocol):
    """What a check has done so far, and who knows whether it may go on."""

    n_steps: int
    n_made: int
    is_over: Callable[[], bool]


def never() -> bool:
    """Whoever asked waits however long it takes."""
    return False


def going(run: Effort, many: Iterable[T]) -> Iterator[T]:
    """Go through many, counting all steps of a check together: few in few may be many."""
    for one in many:
        run.n_steps += 1
        if not run.n_steps % ASKED_EVERY and run.is_over():
            raise GivenUp
        yield one


def made(run: Effort, text: str) -> str:
    """Count a text that was computed."""
    run.n_made += len(text)
    if run.n_made > MAX_MADE:
        raise GivenUp
    return text
