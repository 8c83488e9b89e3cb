"""Look-ups in lists that several nodes ask for -> variables, each filled once ahead of its first use.

A variable of a loop is good for the same turn of it, one outside of loops for all that follows: what is asked
by was computed before, and doesn't change any more. A list that is unavailable says so where rows are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass(slots=True)
class Lookups:
    """Counts look-ups by their text while a checker is written; names those in `wanted` when it is again."""

    wanted: Collection[str] = ()
    counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    _asked: dict[str, None] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _filled: dict[int, set[str]] = field(default_factory=dict)

    def ask(self, arguments: str) -> str:
        """Give the variable of a look-up, '' for one that is asked for once only."""
        self._asked[arguments] = None
        if arguments not in self.wanted:
            return ""
        return self._names.setdefault(arguments, f"l{len(self._names) + 1}")

    def fill(self, loop: int) -> list[str]:
        """Write the variables that were asked for since and are not filled yet in a loop, 0 for none."""
        asked, self._asked = self._asked, {}
        filled = self._filled.setdefault(loop, set())
        self.counts.update((loop, each) for each in asked)
        new = [
            each for each in asked if each in self.wanted and each not in filled | self._filled.get(0, set())
        ]
        filled.update(new)
        return [f"{self._names[each]} = h_find({each})" for each in new]

    def repeated(self) -> set[str]:
        """Those asked for by more than one node where one variable can serve."""
        return {arguments for (_, arguments), count in self.counts.items() if count > 1}
