"""Nodes whose computations read themselves: what has one safe meaning is put so, with a warning.

A calculation may read its own value: what stands there, as `once()` does. Whether a group shows may depend on
a question in it: the answer that stands there, shown or not. Everything else is a circle, which `order.py`
names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import Binary, Call, Expression, mapped, walk
from forms.tree import Tree


@dataclass(frozen=True, slots=True)
class Itself:
    """Settles the nodes of one form, after their paths are resolved."""

    tree: Tree
    errors: ErrorList

    def settled(self, node: d.Node) -> d.Node:
        """The node with its reading of itself made plain."""
        return self._relevant(self._calculation(node))

    def _calculation(self, node: d.Node) -> d.Node:
        if node.calculation == d.Ref(node.id):
            return replace(node, calculation=None)  # it is what it is
        if keeps_itself(node):
            self.errors.warn("own_value", place_of(node, "calculation"), path=self.tree.path(node.id))
        return node

    def _relevant(self, node: d.Node) -> d.Node:
        node = self._computed(node)
        inside = [part for part in walk(node.relevant) if self._is_inside(part, node.id)]
        if node.relevant is None or not inside:
            return node
        held = {part: replace(part, is_held=True) for part in inside if isinstance(part, d.Ref)}
        self._tell_relevance(node, [part.node for part in held])
        made = mapped(node.relevant, lambda part: held.get(part, part) if isinstance(part, d.Ref) else part)
        return replace(node, relevant=made)

    def _tell_relevance(self, node: d.Node, answers: Iterable[int]) -> None:
        """Warn where somebody may give an answer that hides it for good; what nobody is asked can't."""
        asked = next((each for each in answers if self.tree.nodes[each].control), None)
        if asked is not None:
            code = "own_answer" if asked == node.id else "own_relevance"
            path, inner = self.tree.path(node.id), self.tree.path(asked)
            self.errors.warn(code, place_of(node, "relevant"), path=path, inner=inner)

    def _computed(self, node: d.Node) -> d.Node:
        """Whether it shows may depend on what its own formula gives."""
        own, made = d.Ref(node.id), node.calculation
        if node.relevant is None or made is None or own not in walk(node.relevant) or reads(made, node.id):
            return node
        path = self.tree.path(node.id)
        self.errors.warn("own_relevance", place_of(node, "relevant"), path=path, inner=path)
        value = Call("string", (made,))
        return replace(node, relevant=mapped(node.relevant, lambda part: value if part == own else part))

    def _is_inside(self, part: Expression, around: int) -> bool:
        """Whether a part reads an answer, which nothing computes, in a node or of the node itself."""
        if not isinstance(part, d.Ref) or part.level or around not in self.tree.chains[part.node]:
            return False
        is_answer = self.tree.nodes[part.node].calculation is None
        return is_answer and self.tree.repeats(part.node) == self.tree.repeats(around)


def keeps_itself(node: d.Node) -> bool:
    """Whether a calculation reads its own value only to keep it."""
    if node.calculation is None or (node.relevant is not None and reads(node.relevant, node.id)):
        return False
    return reads(node.calculation, node.id) and keeps(node.calculation, d.Ref(node.id))


def keeps(expression: Expression, own: Expression) -> bool:
    """Whether computing it again changes nothing: `coalesce(., x)`, `if(x != '', x, .)`; not `. + 1`."""
    if expression == own or own not in walk(expression):
        return True
    match expression:
        case Call(name="if", arguments=(condition, then, otherwise)):
            is_test = own in (then, otherwise) or own not in walk(condition)
            return is_test and keeps(then, own) and keeps(otherwise, own)
        case Call(name="coalesce" | "string" | "once"):
            return all(keeps(each, own) for each in expression.arguments)
    return False


def reads(expression: Expression, node: int) -> bool:
    """Whether an expression reads a node in its own scope."""
    return any(isinstance(part, d.Ref) and part.node == node for part in walk(expression))


def spread(nodes: Iterable[d.Node], tree: Tree) -> tuple[d.Node, ...]:
    """A repeat's condition that asks for its own instance becomes one of everything in it.

    What stands in the form once can't tell instances apart. (`begin repeat`, relevant `index() < 3`)
    """
    made: list[d.Node] = []
    conditions: dict[int, Expression] = {}
    for node in nodes:
        around = conditions.get(node.parent)
        if around is not None:
            own = around if node.relevant is None else Binary("and", around, node.relevant)
            node = replace(node, relevant=own)
        parts = walk(node.relevant) if node.kind == "repeat" else ()
        if any(_is_of_instance(part, node.id, tree) for part in parts):
            conditions[node.id] = node.relevant
            node = replace(node, relevant=None)
        made.append(node)
    return tuple(made)


def _is_of_instance(part: Expression, repeat: int, tree: Tree) -> bool:
    if isinstance(part, d.Ref):
        return part.level == 0 and part.node != repeat and repeat in tree.chains[part.node]
    return part == d.Position(repeat)


def place_of(node: d.Node, column: str) -> d.Place:
    """Where the author wrote a column of a node."""
    return node.places.get(column) or next(iter(node.places.values()), d.Place("survey", 0, column))
