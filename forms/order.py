"""Resolved definition -> dependency graph and the order in which nodes are computed; names every cycle.

It knows which node reads which, not what an expression means; emitters follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import TypeAlias

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import Expression, walk
from forms.itself import keeps_itself
from forms.tree import Tree

_DECIDING = ("relevant", "calculation", "count")  # decide values, so they decide the order
_CHECKING = ("required", "read_only", "constraint")  # look at values that are settled
_TEXTS = ("label", "hint", "guidance", "required_message", "constraint_message")


# List -> what the labels of its choices insert.
Inserted: TypeAlias = Mapping[str, tuple[Expression, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """Who reads whom.

    `sequence` has each node after all it reads and after its parent, else in document order; `order` those
    of them that have any computation. `dependents` and `wide` give for a node those to look at again when
    it changes; in `wide` are references that may read any instance of a repeat (sets, predicates, positions).
    """

    sequence: tuple[int, ...]
    order: tuple[int, ...]
    dependents: tuple[tuple[int, ...], ...]
    wide: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Reads:
    """The nodes that expressions read: `near` in the scope around, `wide` in any instance.

    Those in `held`, also in `near`, only for the answer that stands there: nothing must be settled before.
    """

    near: frozenset[int]
    wide: frozenset[int]
    held: frozenset[int]


def arrange(definition: d.Definition, errors: ErrorList) -> Order:
    """Order the computations of a form; cycles are noted as errors, each once."""
    tree = Tree(definition.nodes)
    told = inserted(definition)
    before = [_before(node, tree, told) for node in definition.nodes]
    sequence, left = _sort_all(definition, before, tree, errors)
    for cycle in _cycles(before, left):
        names = [tree.path(node) for node in (*cycle, cycle[0])]
        errors.add("cycle", _place(definition.nodes[cycle[0]]), path=" → ".join(names))
    reads = [read_by(_told(expressions_of(node, definition), told), tree) for node in definition.nodes]
    return Order(
        sequence=tuple(sequence),
        order=tuple(node for node in sequence if _has_computation(definition.nodes[node])),
        dependents=_turned([each.near - each.wide for each in reads]),
        wide=_turned([each.wide for each in reads]),
    )


def find_circles(definition: d.Definition) -> list[list[int]]:
    """Circles among the nodes of a form, each from its first node on along "is needed for"."""
    tree = Tree(definition.nodes)
    before = [_before(node, tree, {}) for node in definition.nodes]  # what labels insert makes no circle
    _, left = _sort_all(definition, before, tree, ErrorList())
    return list(_cycles(before, left))


def _sort_all(
    definition: d.Definition, before: list[set[int]], tree: Tree, errors: ErrorList
) -> tuple[list[int], set[int]]:
    """Sort; a repeat counted by what is in it comes before that, and is counted again when that changes."""
    sequence, left = _sort(before)
    if left:
        # Of what a label inserts and what reads the label, either may come first: both are looked at again.
        before[:] = [_before(node, tree, {}) for node in definition.nodes]
        sequence, left = _sort(before)
    counted = [node for node in sorted(left) if definition.nodes[node].count is not None]
    if not counted:
        return sequence, left
    for node in counted:
        before[node] = _before(replace(definition.nodes[node], count=None), tree, {})
    sequence, still = _sort(before)
    for node in counted:
        if node not in still:
            errors.warn("own_count", _place(definition.nodes[node]), path=tree.path(node))
    return sequence, still


def read_by(expressions: Iterable[Expression], tree: Tree) -> Reads:
    """Collect the nodes that some expressions read."""
    near: set[int] = set()
    wide: set[int] = set()
    held: set[int] = set()
    settled: set[int] = set()
    for part in (part for expression in expressions for part in walk(expression)):
        if isinstance(part, d.Ref):
            (wide if part.level else near).add(part.node)
            (held if part.is_held else settled).add(part.node)
        elif isinstance(part, d.Position):
            wide.add(part.repeat)
        elif isinstance(part, d.Nodes):
            # Adding or removing an instance on the way changes the set as well.
            wide.update(node for node in tree.repeats(part.node) if node > part.anchor)
            wide.add(part.node)
    return Reads(frozenset(near), frozenset(wide), frozenset(held - settled))


def _before(node: d.Node, tree: Tree, told: Inserted) -> set[int]:
    """The nodes that must be settled before this one."""
    reads = read_by(_told(_expressions(node, _DECIDING), told), tree)
    parent = {node.parent} if node.parent >= 0 else set()
    own = {node.id} if keeps_itself(node) else set()
    return (parent | (reads.near - reads.held) | reads.wide) - own


def _expressions(node: d.Node, fields: Sequence[str]) -> Iterator[Expression]:
    for field in fields:
        if (expression := getattr(node, field)) is not None:
            yield expression


def expressions_of(node: d.Node, definition: d.Definition) -> Iterator[Expression]:
    """Every expression that belongs to a node, those in its texts and choices too."""
    yield from _expressions(node, _DECIDING + _CHECKING)
    for field in _TEXTS:
        yield from _outputs(getattr(node, field))
    if node.itemset is not None:
        yield node.itemset.rows
        for row in definition.choice_lists.get(node.itemset.list_name, ()):
            for value in row.values():
                yield from _outputs(value)


def inserted(definition: d.Definition) -> Inserted:
    """What the labels of a list's choices insert, for the lists where one does."""
    by_list = {
        name: tuple(part for row in rows for value in row.values() for part in _outputs(value))
        for name, rows in definition.choice_lists.items()
    }
    return {name: parts for name, parts in by_list.items() if parts}


def _told(expressions: Iterable[Expression], told: Inserted) -> Iterator[Expression]:
    """Expressions, and what is inserted in the labels that they read."""
    for expression in expressions:
        yield expression
        for part in walk(expression) if told else ():
            if isinstance(part, d.Rows) and part.column == "label":
                yield from told.get(part.list_name, ())


def _outputs(text: d.Text | str | None) -> Iterator[Expression]:
    if isinstance(text, d.Text):
        for parts in text.by_language.values():
            yield from (part for part in parts if not isinstance(part, str))


def _has_computation(node: d.Node) -> bool:
    return node.itemset is not None or any(True for _ in _expressions(node, _DECIDING + _CHECKING))


def _turned(reads: Sequence[frozenset[int]]) -> tuple[tuple[int, ...], ...]:
    """Turn "reads" into "is read by"; a constraint on `.` is no dependence on another node."""
    turned: list[list[int]] = [[] for _ in reads]
    for reader, read in enumerate(reads):
        for node in sorted(read):
            if node != reader:
                turned[node].append(reader)
    return tuple(tuple(readers) for readers in turned)


def _sort(before: Sequence[set[int]]) -> tuple[list[int], set[int]]:
    """Sort topologically, the lowest id first; gives the order and what stands in or behind a cycle."""
    waiting = [len(each) for each in before]
    after: list[list[int]] = [[] for _ in before]
    for node, each in enumerate(before):
        for earlier in each:
            after[earlier].append(node)
    ready = [node for node, count in enumerate(waiting) if count == 0]
    heapify(ready)
    order: list[int] = []
    while ready:
        node = heappop(ready)
        order.append(node)
        for later in after[node]:
            waiting[later] -= 1
            if waiting[later] == 0:
                heappush(ready, later)
    return order, set(range(len(before))) - set(order)


def _cycles(before: Sequence[set[int]], left: set[int]) -> Iterator[list[int]]:
    """Name each cycle once, from its first node in document order along "is needed for"."""
    seen: set[int] = set()
    for start in sorted(left):
        trail: list[int] = []
        node: int | None = start
        while node is not None and node not in seen:
            seen.add(node)
            trail.append(node)
            node = min((each for each in before[node] if each in left), default=None)
        if node in trail:
            cycle = list(reversed(trail[trail.index(node) :]))
            first = cycle.index(min(cycle))
            yield cycle[first:] + cycle[:first]


def _place(node: d.Node) -> d.Place:
    for column in ("calculation", "relevant", "repeat_count"):
        if column in node.places:
            return node.places[column]
    return next(iter(node.places.values()), d.Place("survey", 0, ""))
