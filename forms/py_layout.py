"""Where an emitted checker keeps each node: in variables, or in a slot of the instance of a repeat.

An instance is the list `[parent instance or None, 1-based index, slot, slot, …]`. Nothing is emitted here.
"""

from __future__ import annotations

from functools import cached_property

from forms.definition import Definition
from forms.tree import Tree

PARENT, INDEX, FIRST_SLOT = 0, 1, 2


class Layout:
    """Names and slots for the nodes of one form."""

    def __init__(self, definition: Definition) -> None:
        """Lay out a form."""
        self.form = definition
        self.tree = Tree(definition.nodes)

    @cached_property
    def homes(self) -> list[int]:
        """For each node the repeat whose instances hold it; 0 is the form."""
        tree = self.tree
        return [tree.nearest_repeat(node.parent) if node.parent >= 0 else 0 for node in self.form.nodes]

    def home_chain(self, repeat: int) -> list[int]:
        """The repeats from the outside in that an instance of `repeat` stands in, itself included."""
        return self.tree.repeats(repeat) if repeat else []

    @cached_property
    def guards(self) -> list[int]:
        """For each node the nearest condition on it within its instance: its own or a group's; else -1.

        Conditions further out empty the whole repeat, so what is inside need not ask.
        """
        return [self._guard(node) for node in range(len(self.form.nodes))]

    def _guard(self, node: int) -> int:
        for each in reversed(self.tree.chains[node]):
            if each != node and self.tree.is_repeat(each):
                return -1
            if self.form.nodes[each].relevant is not None:
                return each
        return -1

    @cached_property
    def slots(self) -> dict[int, int]:
        """Slot of every node that lives in a repeat; a group's holds whether it is relevant."""
        free: dict[int, int] = {}
        slots: dict[int, int] = {}
        for node in self.form.nodes:
            home = self.homes[node.id]
            if home:
                slots[node.id] = free.setdefault(home, FIRST_SLOT)
                free[home] += 1
        return slots

    def blank(self, repeat: int, parent: str, index: str) -> str:
        """Write a new instance of a repeat, all empty."""
        held = [node for node in self.form.nodes if self.homes[node.id] == repeat]
        empty = {"question": '""', "repeat": "[]", "group": "True"}
        return f"[{', '.join([parent, index, *(empty[node.kind] for node in held)])}]"

    def holds(self, node: int) -> str:
        """Name of what holds a node of the form itself."""
        letter = {"question": "v", "repeat": "s", "group": "r"}[self.form.nodes[node].kind]
        return f"{letter}{node}"

    def at(self, node: int, frame: str = "") -> str:
        """Write where a node's text, instances or relevance is; `frame` is the instance that holds it."""
        return f"{frame}[{self.slots[node]}]" if self.homes[node] else self.holds(node)
