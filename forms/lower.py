"""Resolved expression -> typed tree: decides every conversion once, so that both emitters only print.

Types are those of `functions.py`, and `value` for one form node or list cell (a node-set of one), and `any`
for an `if` whose branches differ. Semantics: XPath 1.0 as ODK Web Forms has it; an empty value is '', as a
number NaN.
It knows nothing of Python or JavaScript.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from forms import definition as d
from forms import typed as t
from forms.expression import Binary, Call, Expression, Negate, Number, String
from forms.function import Function
from forms.functions import FUNCTIONS
from forms.runtime import text as number_text

_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_TEXTUAL = frozenset(("text", "value", "date", "nodes"))


def type_of(expression: Expression) -> str:
    """Give the type an expression has before anyone converts it."""
    match expression:
        case Number() | Negate() | d.Position():
            return "number"
        case String():
            return "text"
        case d.Ref() | d.Column():
            return "value"
        case d.Nodes() | d.Union():
            return "nodes"
        case d.Group():
            return "text"
        case d.Offered():
            return "rows"
        case d.Rows():
            return "nodes" if expression.column else "rows"
        case Binary():
            return "boolean" if expression.operator in _COMPARISONS | {"and", "or"} else "number"
        case Call(name="if"):
            return _unify(type_of(expression.arguments[1]), type_of(expression.arguments[2]))
        case Call(name="depend" | "randomize"):
            return type_of(expression.arguments[0])
        case Call():
            return FUNCTIONS[expression.name].result
    raise TypeError(f"not resolved: {expression!r}")


def _unify(one: str, other: str) -> str:
    if one == other:
        return one
    return "text" if {one, other} <= _TEXTUAL else "any"


@dataclass(frozen=True, slots=True)
class Lowering:
    """Lowers the expressions of one node: `own` is its id, which `once()` reads; `nodes` are the form's."""

    nodes: Sequence[d.Node]
    own: int = 0

    def text(self, expression: Expression) -> t.Typed:
        """Lower an expression whose text is wanted (calculations, defaults, outputs)."""
        return self._as(expression, "text")

    def number(self, expression: Expression) -> t.Typed:
        """Lower an expression whose number is wanted (repeat counts)."""
        return self._as(expression, "number")

    def boolean(self, expression: Expression) -> t.Typed:
        """Lower a condition (relevant, required, constraint)."""
        return self._as(expression, "boolean")

    def rows(self, expression: Expression) -> t.Typed:
        """Lower the rows of an itemset."""
        return self._as(expression, "rows")

    def _as(self, expression: Expression, wanted: str) -> t.Typed:
        match expression:
            case Call(name="if", arguments=(condition, then, otherwise)):
                return t.Choose(
                    self._as(condition, "boolean"), self._as(then, wanted), self._as(otherwise, wanted)
                )
            case Call(name="depend", arguments=(first, *_)):
                return self._as(first, wanted)
            case Call(name="randomize") if wanted == "rows":
                return self._call(expression)
        return self._convert(self._natural(expression), type_of(expression), wanted, expression)

    def _convert(self, made: t.Typed, found: str, wanted: str, expression: Expression) -> t.Typed:
        """Wrap `made` of type `found` so that it is of type `wanted`."""
        if wanted == "text":
            return _to_text(made, found)
        if wanted == "number":
            return _to_number(made, found)
        if wanted == "boolean":
            return self._to_boolean(made, found, expression)
        if wanted == "moment":
            return t.Helper("date_of_days", (made,)) if found == "number" else _to_text(made, found)
        if wanted == "nodes":
            return made if found in ("nodes", "rows") else t.Helper("value_set", (_to_text(made, found),))
        if wanted == "any" and found == "nodes":
            return _to_text(made, found)
        return made

    def _to_boolean(self, made: t.Typed, found: str, expression: Expression) -> t.Typed:
        if found == "boolean":
            return made
        if found == "number":
            return t.Helper("truth_num", (made,))
        if found == "value":  # a node-set of one always has an element, whatever its text
            return t.Constant(True)
        if isinstance(expression, d.Group):
            return t.Compare(">", self._count(expression.nodes), t.Constant(0.0))
        if isinstance(expression, d.Nodes) and self._is_container(expression.node):
            return t.Compare(">", self._count(expression), t.Constant(0.0))
        if found in ("nodes", "rows"):
            return t.Helper("exists", (made,))
        return t.Compare("!=", made, t.Constant(""))

    def _natural(self, expression: Expression) -> t.Typed:
        match expression:
            case Number():
                return t.Constant(expression.value)
            case String():
                return t.Constant(expression.value)
            case Negate():
                return t.Negative(self._as(expression.operand, "number"))
            case Binary():
                return self._binary(expression)
            case Call():
                return self._call(expression)
        return self._reference(expression)

    def _reference(self, expression: Expression) -> t.Typed:
        match expression:
            case d.Ref():
                return t.Value(expression.node, expression.level, expression.is_held)
            case d.Group():
                return self._natural(expression.text)
            case d.Offered():
                return t.Helper(
                    "choice_rows", (self._natural(expression.names), self._natural(expression.labels))
                )
            case d.Union():
                return t.Gather(tuple(self._item(part, "texts") for part in expression.parts))
            case d.Column():
                return t.Cell(expression.name)
            case d.Position():
                return t.Index(expression.repeat, expression.level)
            case d.Nodes():
                if self._is_container(expression.node):
                    return self._count(expression)
                tests = self._node_tests(expression)
                return t.Texts(expression.node, expression.anchor, expression.level, tests)
            case d.Rows():
                return self._rows(expression)
        raise TypeError(f"not resolved: {expression!r}")

    def _is_container(self, node: int) -> bool:
        return self.nodes[node].kind != "question"

    def _count(self, nodes: d.Nodes) -> t.Count:
        return t.Count(nodes.node, nodes.anchor, nodes.level, self._node_tests(nodes))

    def _count_all(self, union: d.Union) -> t.Typed:
        """Questions are counted together, groups and repeats one by one."""
        whole = [part for part in union.parts if self._is_whole(part)]
        texts = self._gather([part for part in union.parts if not self._is_whole(part)], "texts")
        counts = (self._as(Call("count", (part,)), "number") for part in whole)
        return t.Arithmetic(t.Helper("count", (texts,)), tuple(("+", each) for each in counts))

    def _is_whole(self, part: Expression) -> bool:
        return isinstance(part, d.Group) or (isinstance(part, d.Nodes) and self._is_container(part.node))

    def _node_tests(self, nodes: d.Nodes) -> tuple[tuple[int, t.Typed], ...]:
        return tuple((repeat, self._test(predicate)) for repeat, predicate in nodes.predicates)

    def _test(self, predicate: Expression) -> t.Typed:
        """Lower a predicate; a number means `position() =` that number."""
        if type_of(predicate) == "number":
            return t.Compare("=", t.Place(), self._as(predicate, "number"))
        return self._as(predicate, "boolean")

    def _rows(self, rows: d.Rows) -> t.Typed:
        equals = tuple((column, self._as(value, "text")) for column, value in rows.equals)
        made = t.Rows(rows.list_name, equals, tuple(self._test(each) for each in rows.predicates))
        return t.Helper("column", (made, t.Constant(rows.column))) if rows.column else made

    def _binary(self, expression: Binary) -> t.Typed:
        if expression.operator == "and":
            return t.Every(tuple(self._as(part, "boolean") for part in spine(expression, ("and",))))
        if expression.operator == "or":
            return t.Either(tuple(self._as(part, "boolean") for part in spine(expression, ("or",))))
        if expression.operator in _COMPARISONS:
            return self._compare(expression.operator, expression.left, expression.right)
        if expression.operator in ("div", "mod"):
            helper = "divide" if expression.operator == "div" else "modulo"
            return t.Helper(
                helper, (self._as(expression.left, "number"), self._as(expression.right, "number"))
            )
        return self._arithmetic(expression)

    def _arithmetic(self, expression: Binary) -> t.Typed:
        rest: list[tuple[str, t.Typed]] = []
        operators = ("*",) if expression.operator == "*" else ("+", "-")
        first: Expression = expression
        while isinstance(first, Binary) and first.operator in operators:
            rest.append((first.operator, self._as(first.right, "number")))
            first = first.left
        return t.Arithmetic(self._as(first, "number"), tuple(reversed(rest)))

    def _compare(self, operator: str, left: Expression, right: Expression) -> t.Typed:
        types = {type_of(left), type_of(right)}
        if "boolean" in types and operator in ("=", "!="):
            return t.Compare(operator, self._as(left, "boolean"), self._as(right, "boolean"))
        if "nodes" in types:
            return self._compare_nodes(operator, left, right)
        if operator in ("=", "!="):
            return self._equal(operator, left, right, types)
        return t.Compare(operator, self._as(left, "number"), self._as(right, "number"))

    def _equal(self, operator: str, left: Expression, right: Expression, types: set[str]) -> t.Typed:
        if "any" in types:
            same = t.Helper("equal_any", (self._as(left, "any"), self._as(right, "any")))
            return same if operator == "=" else t.Not(same)
        wanted = "number" if types & {"number", "date"} else "text"
        return t.Compare(operator, self._as(left, wanted), self._as(right, wanted))

    def _compare_nodes(self, operator: str, left: Expression, right: Expression) -> t.Typed:
        """A node-set compares as its nodes do: true when some node does."""
        if type_of(left) != "nodes":
            return self._compare_nodes(_MIRRORED[operator], right, left)
        nodes, sign = self._as(left, "nodes"), t.Constant(operator)
        if type_of(right) == "nodes":
            return t.Helper("some_pair", (sign, nodes, self._as(right, "nodes")))
        if type_of(right) in ("number", "date") or operator not in ("=", "!="):
            return t.Helper("some_number", (sign, nodes, self._as(right, "number")))
        return t.Helper("some_text", (sign, nodes, self._as(right, "text")))

    def _call(self, call: Call) -> t.Typed:
        match call.name, call.arguments:
            case (("true" | "false"), _):
                return t.Constant(call.name == "true")
            case "pi", _:
                return t.Constant(math.pi)
            case (("position" | "last"), _):
                return t.Place(is_last=call.name == "last")
            case "not", (operand,):
                return t.Not(self._as(operand, "boolean"))
            case (("boolean" | "number" | "string"), (operand,)):
                return self._as(operand, "text" if call.name == "string" else call.name)
            case "count", (d.Group() as group,):
                return self._count(group.nodes)
            case "count", (d.Union() as union,):
                return self._count_all(union)
            case "randomize", (operand,):
                return t.Helper("shuffled", (self._as(operand, "rows"), t.Constant(float(self.own))), True)
            case "once", (operand,):
                own = t.Value(self.own)
                return t.Choose(t.Compare("!=", own, t.Constant("")), own, self._as(operand, "text"))
            case "count", (d.Nodes() as nodes,) if self._is_container(nodes.node):
                return self._count(nodes)
            case (("rank-index" | "rank-index-if"), sets):
                return t.Helper("rank_index", tuple(self._as(each, "nodes") for each in sets))
            case "weighted-checklist", (least, most, *pairs):
                return self._weighted(least, most, pairs)
        return self._helper(FUNCTIONS[call.name], call.arguments)

    def _weighted(self, least: Expression, most: Expression, pairs: Sequence[Expression]) -> t.Typed:
        bounds = (self._as(least, "number"), self._as(most, "number"))
        answers, weights = self._gather(pairs[::2], "truths"), self._gather(pairs[1::2], "numbers")
        return t.Helper("weighted_checklist", (*bounds, answers, weights))

    def _helper(self, function: Function, arguments: Sequence[Expression]) -> t.Typed:
        fixed = len(function.arguments)
        made = [self._as(each, wanted) for each, wanted in zip(arguments, function.arguments, strict=False)]
        if function.rest not in ("", "any"):
            made.append(self._gather(arguments[fixed:], function.rest))
        return t.Helper(function.helper, tuple(made), function.needs_scope)

    def _gather(self, arguments: Sequence[Expression], kind: str) -> t.Gather:
        """Make one list of the arguments: numbers, texts or truths."""
        return t.Gather(tuple(self._item(each, kind) for each in arguments))

    def _item(self, argument: Expression, kind: str) -> tuple[bool, t.Typed]:
        found = type_of(argument)
        if found == "nodes":
            nodes = self._as(argument, "nodes")
            spread = {"numbers": "nums", "truths": "truths"}.get(kind)
            return True, t.Helper(spread, (nodes,)) if spread else nodes
        if kind == "numbers":
            return False, self._as(argument, "number")
        if kind == "texts":
            return False, self._as(argument, "text")
        if found in ("value", "text", "date"):
            return False, t.Helper("truth", (self._as(argument, "text"),))
        return False, self._as(argument, "boolean")


def spine(expression: Expression, operators: Sequence[str]) -> list[Expression]:
    """Flatten the left spine of a chain of equal operators, so that a long chain is not a deep tree."""
    parts: list[Expression] = []
    while isinstance(expression, Binary) and expression.operator in operators:
        parts.append(expression.right)
        expression = expression.left
    return [expression, *reversed(parts)]


def _to_text(made: t.Typed, found: str) -> t.Typed:
    if found == "number":
        if isinstance(made, t.Constant):
            return t.Constant(number_text(float(made.value)))
        return t.Helper("text", (made,))
    if found == "boolean":
        return t.Helper("text_bool", (made,))
    if found == "nodes":
        return t.Helper("first", (made,))
    return t.Helper("text_any", (made,)) if found == "any" else made


def _to_number(made: t.Typed, found: str) -> t.Typed:
    if found == "number":
        return made
    if found == "boolean":
        return t.Helper("num_bool", (made,))
    if found == "any":
        return t.Helper("num_any", (made,))
    return t.Helper("num", (_to_text(made, found),))
