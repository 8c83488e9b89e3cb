"""Circles that have one safe meaning, broken where a calculation reads what stands there; a warning tells.

Through the relevance of a group: what is computed outside of an answer in it takes that answer, shown or not.
Through a calculation that keeps its own value (`itself.py`): what it is made of takes the value kept so far.
Every other circle is left for `order.py` to name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import Expression, mapped
from forms.itself import keeps_itself, place_of, reads
from forms.order import find_circles
from forms.tree import Tree

_MOST = 100  # broken in one form; each look at the circles costs as much as ordering the form


def break_circles(form: d.Definition, errors: ErrorList) -> d.Definition:
    """Let such calculations read what stands there."""
    tree = Tree(form.nodes)
    for _ in range(_MOST):
        found = next(filter(None, (_edge(circle, form, tree) for circle in find_circles(form))), None)
        if found is None:
            break
        group, answer, reader = found
        node = form.nodes[group or reader]
        if group:
            place = place_of(node, "relevant")
            errors.warn("own_relevance", place, path=tree.path(group), inner=tree.path(answer))
        else:
            errors.warn("own_value", place_of(node, "calculation"), path=tree.path(reader))
        nodes = list(form.nodes)
        nodes[reader] = _holding(nodes[reader], answer)
        form = replace(form, nodes=tuple(nodes))
    return form


def _edge(circle: Sequence[int], form: d.Definition, tree: Tree) -> tuple[int, int, int] | None:
    """A node of a circle, the calculation that reads it, and the group around it that this is about or 0."""
    groups = [each for each in circle if form.nodes[each].kind == "group" and form.nodes[each].relevant]
    for answer, reader in pairwise((*circle, circle[0])):
        node, calculation = form.nodes[answer], form.nodes[reader].calculation
        if (
            calculation is None
            or not reads(calculation, answer)
            or tree.repeats(answer) != tree.repeats(reader)
        ):
            continue
        around = [each for each in groups if each in tree.chains[answer] and each not in tree.chains[reader]]
        if around and node.kind == "question" and node.calculation is None:
            return around[0], answer, reader
        if answer != reader and keeps_itself(node):
            return 0, answer, reader
    return None


def _holding(node: d.Node, answer: int) -> d.Node:
    def held(part: Expression) -> Expression:
        return replace(part, is_held=True) if isinstance(part, d.Ref) and part.node == answer else part

    relevant = node.relevant and mapped(node.relevant, held)  # may be made of the calculation, see itself.py
    return replace(node, calculation=mapped(node.calculation, held), relevant=relevant)
