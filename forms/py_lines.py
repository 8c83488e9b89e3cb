"""Lines of an emitted checker: indentation, loops over instances, and attempts that a missing list ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from forms.py_layout import Layout

_STEP = "    "


class Lines:
    """Collects lines; those for a node in a repeat go into a loop, shared with its neighbours if possible."""

    def __init__(self, layout: Layout) -> None:
        """Start empty, outside of any loop."""
        self.layout = layout
        self.written: list[str] = []
        self._indent = 0
        self._home = 0
        self._in_loop: set[int] = set()
        self._n_loops = 0

    @property
    def loop(self) -> int:
        """Number of the loop that is open, 0 outside of any."""
        return self._n_loops if self._home else 0

    def add(self, line: str) -> None:
        """Write one line at the current indentation."""
        self.written.append(_STEP * self._indent + line)

    def extend(self, lines: Iterable[str]) -> None:
        """Write lines that have their own indentation below the current one."""
        for line in lines:
            self.add(line)

    @contextmanager
    def indented(self) -> Iterator[None]:
        """Indent what is written inside."""
        self._indent += 1
        yield
        self._indent -= 1

    @contextmanager
    def when(self, flag: str) -> Iterator[None]:
        """Write `if flag:` around what is written inside; nothing without a flag."""
        if not flag:
            yield
            return
        self.add(f"if {flag}:")
        with self.indented():
            yield

    @contextmanager
    def attempt(self, may_fail: bool, *rescue: str) -> Iterator[None]:
        """Write `try:` around what is written inside, and what to do when a list is unavailable."""
        if not may_fail:
            yield
            return
        self.add("try:")
        with self.indented():
            yield
        self.add("except h_ListUnavailable:")
        with self.indented():
            self.extend(rescue)

    def within(self, home: int, node: int, reads: Collection[int] = ()) -> None:
        """Go on inside a loop over the instances of `home`.

        The loop that is open serves, unless the node reads across instances what is computed in it.
        """
        if home == self._home and not self._in_loop.intersection(reads):
            self._in_loop.add(node)
            return
        self.close()
        self._home, self._in_loop = home, {node}
        self._n_loops += 1
        frame = ""
        for repeat in self.layout.home_chain(home):
            self.add(f"for f{repeat} in h_going(x, {self.layout.at(repeat, frame)}):")
            frame = f"f{repeat}"
            self._indent += 1

    def close(self) -> None:
        """Leave any loop."""
        self._home, self._indent = 0, 0
        self._in_loop = set()
