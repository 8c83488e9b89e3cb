"""How long the checks of a batch may take, each and together: a phone waits for the answer."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

RECORD_S = 2.0  # F02 takes a fifth of a millisecond
BATCH_S = 10.0
LEAST_S = 0.1  # for each, however long those before it took


class Patience:
    """With the records of one batch."""

    def __init__(self) -> None:
        self._ends_at = monotonic() + BATCH_S

    def begin(self) -> Callable[[], bool]:
        """Say from now on whether the next check has taken too long."""
        now = monotonic()
        ends_at = min(now + RECORD_S, max(now + LEAST_S, self._ends_at))
        return lambda: monotonic() > ends_at
