"""Typed tree -> JavaScript expression text and the helpers it calls; `literal` lets author text in."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence

from forms import typed as t

# What JSON allows but a script, or a page around it, could read otherwise; and what UTF-8 can't hold.
_UNSAFE = re.compile("[<\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_OPERATORS = {"=": "===", "!=": "!=="}


def literal(text: str) -> str:
    """Write author text as a JavaScript string: the only door for it."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


class Writer:
    """Prints typed trees; `helpers` collects the names to take from the runtime.

    Scopes are `c` (level 0), `c1`, `c2` …; inside a predicate `p` is the position and `s` the size, and in
    one over rows `r` is the row: the innermost of each is the one meant, so shadowing is right.
    """

    def __init__(self) -> None:
        """Start without helpers."""
        self.helpers: set[str] = set()

    def function(self, tree: t.Typed) -> str:
        """Write `c=>…`; an expression in parentheses could not be mistaken for a block."""
        return f"c=>{self.expression(tree)}"

    def expression(self, tree: t.Typed, level: int = 0) -> str:
        """Write one tree; `level` counts the predicates over form nodes around it."""
        match tree:
            case t.Constant():
                return _constant(tree.value)
            case t.Value():
                return self.call("held" if tree.is_held else "v", _scope(tree.level), str(tree.node))
            case t.Texts() | t.Count():
                return self.nodes(tree, level)
            case t.Rows():
                return self.rows(tree, level)
            case t.Cell():
                return self.call("cell", "r", literal(tree.column))
            case t.Index():
                return self.call("pos", _scope(tree.level), str(tree.repeat))
            case t.Place():
                return "s" if tree.is_last else "p"
            case t.Helper():
                return self.helper(tree, level)
            case t.Gather():
                return self.gather(tree, level)
        return self.operation(tree, level)

    def operation(self, tree: t.Typed, level: int) -> str:
        match tree:
            case t.Arithmetic():
                rest = "".join(f"{sign}{self.expression(each, level)}" for sign, each in tree.rest)
                return f"({self.expression(tree.first, level)}{rest})"
            case t.Compare():
                sign = _OPERATORS.get(tree.operator, tree.operator)
                return f"({self.expression(tree.left, level)}{sign}{self.expression(tree.right, level)})"
            case t.Every():
                return self.joined("&&", tree.operands, level)
            case t.Either():
                return self.joined("||", tree.operands, level)
            case t.Not():
                return f"!{self.expression(tree.operand, level)}"
            case t.Negative():
                return f"(-{self.expression(tree.operand, level)})"
            case t.Choose():
                parts = (tree.condition, tree.then, tree.otherwise)
                condition, then, otherwise = (self.expression(each, level) for each in parts)
                return f"({condition}?{then}:{otherwise})"
        raise TypeError(f"not typed: {tree!r}")

    def joined(self, sign: str, operands: Sequence[t.Typed], level: int) -> str:
        return f"({sign.join(self.expression(each, level) for each in operands)})"

    def call(self, helper: str, *arguments: str) -> str:
        self.helpers.add(helper)
        return f"{helper}({','.join(arguments)})"

    def helper(self, tree: t.Helper, level: int) -> str:
        scope = [_scope(level)] if tree.needs_scope else []
        return self.call(tree.name, *scope, *(self.expression(each, level) for each in tree.arguments))

    def nodes(self, tree: t.Texts | t.Count, level: int) -> str:
        """Write `set(c,17,0,[[12,(c1,p,s)=>…]])`; `instances(…)` counts them."""
        tests = [
            f"[{repeat},({_scope(level + 1)},p,s)=>{self.expression(test, level + 1)}]"
            for repeat, test in tree.tests
        ]
        helper = "set" if isinstance(tree, t.Texts) else "instances"
        arguments = [_scope(tree.level), str(tree.node), str(tree.anchor)]
        return self.call(helper, *arguments, *([_list(tests)] if tests else []))

    def rows(self, tree: t.Rows, level: int) -> str:
        """Write `rows(c,"household",[["village",v(c,3)]],[(r,p,s)=>…])`."""
        equals = [f"[{literal(column)},{self.expression(value, level)}]" for column, value in tree.equals]
        tests = [f"(r,p,s)=>{self.expression(test, level)}" for test in tree.tests]
        arguments = [_list(equals)] if equals or tests else []
        return self.call(
            "rows", _scope(level), literal(tree.list_name), *arguments, *([_list(tests)] if tests else [])
        )

    def gather(self, tree: t.Gather, level: int) -> str:
        if len(tree.items) == 1 and tree.items[0][0]:
            return self.expression(tree.items[0][1], level)
        return _list(("..." if spread else "") + self.expression(each, level) for spread, each in tree.items)


def _scope(level: int) -> str:
    return f"c{level}" if level else "c"


def _list(items: Iterable[str]) -> str:
    return f"[{','.join(items)}]"


def _constant(value: str | float | bool) -> str:
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not math.isfinite(value):
        return "Infinity" if value > 0 else "NaN" if value != value else "(-Infinity)"
    return repr(value).removesuffix(".0")
