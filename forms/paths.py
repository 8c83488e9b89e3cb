"""Location path -> entries from the root down, each bound to the current instance or not; knows no functions.

A repeat on the way is *bound* when the current instance is meant: relative paths bind what they did not climb
out of, absolute paths bind the repeats around the expression, except one that is the target itself
(`count(/data/member)` counts all), as Collect does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forms.expression import Expression, Path, Step
from forms.tree import Tree


@dataclass(frozen=True, slots=True)
class Around:
    """Where an expression stands.

    `own` is the node it belongs to, `node` the node that relative paths start from, `level` the number of
    predicates over form nodes around it; `row_of` names the list while inside a predicate over its rows.
    """

    own: int
    node: int
    level: int = 0
    row_of: str = ""
    in_predicate: bool = False

    def testing(self, node: int) -> Around:
        """Step into a predicate over instances of `node`."""
        return replace(self, node=node, level=self.level + 1, row_of="", in_predicate=True)

    def testing_rows(self, list_name: str) -> Around:
        """Step into a predicate over rows of a list."""
        return replace(self, row_of=list_name, in_predicate=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A node on a path; `is_bound` says that its current instance is meant."""

    node: int
    is_bound: bool
    predicates: tuple[Expression, ...] = ()


class PathError(ValueError):
    """A path that leads nowhere or can't be compiled: a form error's code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        """Keep what the message needs."""
        super().__init__(code)
        self.code = code
        self.values = values


def follow(tree: Tree, path: Path, start: int) -> list[Entry]:
    """Walk the steps of a path from `start`, or from the root when it is absolute."""
    if path.is_absolute:
        return _absolute(tree, path)
    entries = [Entry(node, True) for node in tree.chains[start]]
    for step in path.steps:
        entries = _advance(tree, entries, step, path)
    return entries


def _absolute(tree: Tree, path: Path) -> list[Entry]:
    first = path.steps[0]
    if first.axis != "child" or first.name != tree.nodes[0].name or first.predicates:
        raise PathError("unknown_path", path=written(path))
    entries = [Entry(0, True)]
    for step in path.steps[1:]:
        entries = _advance(tree, entries, step, path)
    return entries


def _advance(tree: Tree, entries: list[Entry], step: Step, path: Path) -> list[Entry]:
    if step.axis == "parent":
        if entries[-1].predicates or step.predicates:
            raise PathError("unsupported_path", path=written(path), reason="predicate before '..'")
        if len(entries) == 1:
            raise PathError("unknown_path", path=written(path))
        return entries[:-1]
    if step.axis == "self":
        last = entries[-1]
        return [*entries[:-1], replace(last, predicates=last.predicates + step.predicates)]
    if step.name == "*":
        raise PathError("unsupported_path", path=written(path), reason="*")
    child = tree.child(entries[-1].node, step.name)
    if child is None:
        raise PathError("unknown_path", path=written(path))
    return [*entries, Entry(child, not tree.is_repeat(child), step.predicates)]


def bind(tree: Tree, entries: Sequence[Entry], own: int, *, with_last: bool = False) -> list[Entry]:
    """Bind the repeats of an absolute path that stand around `own`; with `with_last` the target too."""
    around = set(tree.chains[own])
    bound: list[Entry] = []
    is_open = True
    for index, entry in enumerate(entries):
        is_target = index == len(entries) - 1 and not with_last
        is_open = is_open and entry.node in around and not entry.predicates
        bound.append(replace(entry, is_bound=entry.is_bound or (is_open and not is_target)))
    return bound


def first_unbound(entries: Sequence[Entry]) -> int:
    """Index of the first entry that stands for several instances; their number when none does."""
    return next((index for index, entry in enumerate(entries) if not entry.is_bound), len(entries))


def written(path: Path) -> str:
    """Write a path for a message, predicates shortened."""
    steps = "/".join(_step(step) for step in path.steps)
    if path.is_absolute:
        return "/" + steps
    return ("…/" if path.base is not None else "") + steps


def _step(step: Step) -> str:
    name = {"parent": "..", "self": "."}.get(step.axis, step.name)
    return name + "[…]" * len(step.predicates)
