"""The nodes of a form as a tree: children by name, chains from the root, paths, repeats around a node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from forms.definition import Node


class Tree:
    """Looks nodes up; ids are indices in document order, 0 is the root."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        """Keep the nodes of one form."""
        self.nodes = nodes

    @cached_property
    def _children(self) -> dict[tuple[int, str], int]:
        return {(node.parent, node.name): node.id for node in self.nodes}

    @cached_property
    def _held(self) -> list[list[int]]:
        held: list[list[int]] = [[] for _ in self.nodes]
        for node in self.nodes[1:]:
            held[node.parent].append(node.id)
        return held

    def children(self, node: int) -> Sequence[int]:
        """The nodes directly in a node, in document order."""
        return self._held[node]

    @cached_property
    def _namesakes(self) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = {}
        for node in self.nodes[1:]:
            found.setdefault((node.parent, node.name), []).append(node.id)
        return found

    def namesakes(self, parent: int, name: str) -> Sequence[int]:
        """The nodes of one name directly in a node, in document order."""
        return self._namesakes.get((parent, name), ())

    def below(self, node: int) -> Iterator[int]:
        """All nodes in a node, in document order."""
        for each in self._held[node]:
            yield each
            yield from self.below(each)

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for node in self.nodes[1:]:
            found.setdefault(node.name, []).append(node.id)
        return found

    @cached_property
    def chains(self) -> list[tuple[int, ...]]:
        """For each node the ids from the root down to it."""
        chains: list[tuple[int, ...]] = []
        for node in self.nodes:
            chains.append((*chains[node.parent], node.id) if node.parent >= 0 else (node.id,))
        return chains

    def child(self, parent: int, name: str) -> int | None:
        """Find a child by name."""
        return self._children.get((parent, name))

    def named(self, name: str) -> list[int]:
        """Find all nodes of a name."""
        return self._by_name.get(name, [])

    @property
    def names(self) -> list[str]:
        """All names in document order, for hints."""
        return list(self._by_name)

    def is_repeat(self, node: int) -> bool:
        """Whether a node is a repeat."""
        return self.nodes[node].kind == "repeat"

    def repeats(self, node: int) -> list[int]:
        """The repeats around a node from the outside in, itself included."""
        return [each for each in self.chains[node] if self.is_repeat(each)]

    def nearest_repeat(self, node: int) -> int:
        """The innermost repeat around a node, itself included; 0 for none."""
        return (self.repeats(node) or [0])[-1]

    def path(self, node: int) -> str:
        """Path without the root and without indices: `member/age`; '' for the root."""
        return "/".join(self.nodes[each].name for each in self.chains[node][1:])
