"""Functions of dialects that look at the form itself: at repeats, their instances, and what is relevant.

SurveyCTO's `count-if(${member}, ${age} > 17)` becomes the node-set `${member}[./age > 17]` as references have
it: a `${name}` inside the condition means the instance that is being tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Protocol, TypeVar

from forms import definition as d
from forms.expression import Binary, Call, Expression, Name, Number, Path, Step
from forms.paths import Around, Entry, PathError
from forms.tree import Tree


class Resolving(Protocol):
    """What is needed of a `Resolver`."""

    @property
    def tree(self) -> Tree:
        """The form's nodes."""

    @property
    def own(self) -> int:
        """The node the expression belongs to."""

    def resolve(self, expression: Expression, around: Around) -> Expression:
        """Resolve one expression."""

    def condition(self, expression: Expression, around: Around) -> Expression:
        """Resolve what is used as true or false."""

    def target_of(self, expression: Expression, around: Around) -> tuple[list[Entry], int]:
        """Walk the path or the name an argument is; gives its entries and the level of its scope."""


def index(resolver: Resolving, call: Call, around: Around) -> Expression:
    """`index()`: which instance of the innermost repeat this is; 1 outside, as `position(..)` has it."""
    repeat = resolver.tree.nearest_repeat(around.node)
    return d.Position(repeat, around.level) if repeat else Number(1.0)


def relevant(resolver: Resolving, call: Call, around: Around) -> Expression:
    """`relevant(${q})`: node-sets leave out what is not relevant, so whether there is one says it."""
    entries, level = resolver.target_of(call.arguments[0], around)
    bound = [each.node for each in entries if each.is_bound and resolver.tree.is_repeat(each.node)]
    return Call("boolean", (d.Nodes(entries[-1].node, max(bound, default=0), (), level),))


def aggregate_if(resolver: Resolving, call: Call, around: Around) -> Expression:
    """`sum-if(${q}, condition)` is `sum()` of the instances that meet it; `join-if` has its glue in front."""
    *glue, nodes, condition = call.arguments
    made = [resolver.resolve(each, around) for each in glue]
    return Call(call.name.removesuffix("-if"), (*made, _instances(resolver, nodes, around, [condition])))


def rank_index(resolver: Resolving, call: Call, around: Around) -> Expression:
    """`rank-index(i, ${q})`: the i-th instance's text, those up to it, and all, as `lower.py` wants them."""
    at, nodes, *conditions = call.arguments
    number = Call("number", (resolver.resolve(at, around),))
    everyone = _instances(resolver, nodes, around, conditions)
    repeat = resolver.tree.nearest_repeat(everyone.node)
    own, up_to = (
        ((repeat, Binary(sign, Call("position", ()), number)), *everyone.predicates) for sign in ("=", "<=")
    )
    return Call(call.name, (replace(everyone, predicates=own), replace(everyone, predicates=up_to), everyone))


def _instances(
    resolver: Resolving, nodes: Expression, around: Around, conditions: Sequence[Expression]
) -> d.Nodes:
    """All instances of the innermost repeat around what is named, below those that this expression is in."""
    entries, level = resolver.target_of(nodes, around)
    tree, target = resolver.tree, entries[-1].node
    repeats = tree.repeats(target)
    if not repeats:
        raise PathError("misplaced_function", name="…-if", reason=tree.nodes[target].name)
    inside = around.testing(repeats[-1])
    moved = _Moved(resolver, around, repeats[-1])
    tests = tuple((repeats[-1], resolver.condition(moved.into(each), inside)) for each in conditions)
    own = set(tree.chains[around.node])
    anchor = max((each for each in repeats[:-1] if each in own), default=0)
    return d.Nodes(target, anchor, tests, level)


@dataclass(frozen=True, slots=True)
class _Moved:
    """Moves a condition into an instance of a repeat: what it names there is meant in that instance."""

    resolver: Resolving
    around: Around
    repeat: int

    def into(self, expression: Expression) -> Expression:
        """Put the path from the instance for each name or path that leads into the repeat."""
        if isinstance(expression, Name | Path):
            return self.reference(expression)
        return _mapped(expression, self.into)

    def reference(self, reference: Name | Path) -> Expression:
        if isinstance(reference, Path) and isinstance(reference.base, Call):
            return reference  # rows of a list
        chain = [each.node for each in self.resolver.target_of(reference, self.around)[0]]
        if self.repeat not in chain[:-1]:
            return reference
        names = (self.resolver.tree.nodes[node].name for node in chain[chain.index(self.repeat) + 1 :])
        return Path(False, tuple(Step("child", name) for name in names))


_Part = TypeVar("_Part")


def _mapped(node: _Part, change: Callable[[object], object]) -> _Part:
    """A copy of a tree node with its parts changed, also those in tuples."""
    if not is_dataclass(node) or isinstance(node, type):
        return node
    made = {each.name: _changed(getattr(node, each.name), change) for each in fields(node)}
    return replace(node, **made)


def _changed(value: object, change: Callable[[object], object]) -> object:
    if isinstance(value, tuple):
        return tuple(_changed(each, change) for each in value)
    return change(value) if is_dataclass(value) else value


SPECIAL: dict[str, Callable[[Resolving, Call, Around], Expression]] = {
    "index": index,
    "relevant": relevant,
    **dict.fromkeys(("count-if", "sum-if", "min-if", "max-if", "join-if"), aggregate_if),
    **dict.fromkeys(("rank-index", "rank-index-if"), rank_index),
}
