"""Expression text -> syntax tree (XPath 1.0 as XForms use it); knows nothing of forms, names or types.

`parse` gives the tree an author wrote; `resolve.py` replaces each `Path` by a `Ref`, `Nodes` or `Rows`
(see `forms/definition.py`). Trees are frozen and compare by value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, lru_cache
from pathlib import Path as FilePath
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

# CPython refuses more than 200 nested parentheses, and the emitted checker nests one or two per level.
MAX_DEPTH = 150
MAX_LENGTH = 60_000


AXES = ("child", "parent", "self", "attribute", "descendant")


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric literal, an IEEE double as XPath says."""

    value: float


@dataclass(frozen=True, slots=True)
class String:
    """A string literal, without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: `name` is an element name or `*`; `axis` is one of `AXES`."""

    axis: str
    name: str
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A location path; `base` is a call such as `instance('x')` or `current()`, or None."""

    is_absolute: bool
    steps: tuple[Step, ...]
    base: Expression | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """`${name}` as an author writes it in a sheet; XForms have paths in its place."""

    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function call by the name the author wrote."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator` is one of: or and = != < <= > >= + - * div mod |."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    operand: Expression


Expression: TypeAlias = "Number | String | Path | Name | Call | Binary | Negate | object"


class ExpressionError(ValueError):
    """The text is no expression; `position` is the 0-based character where reading stopped."""

    def __init__(self, code: str, position: int, found: str) -> None:
        """Keep what a message needs: a code, where, and the text found there."""
        super().__init__(f"{code} at {position}: {found!r}")
        self.code = code
        self.position = position
        self.found = found

    @property
    def values(self) -> dict[str, object]:
        """What the words of its message need; the position counts from 1."""
        limit = MAX_LENGTH if self.code == "too_long" else MAX_DEPTH
        return {"position": self.position + 1, "found": self.found, "limit": limit}


@v_args(inline=True)
class _Builder(Transformer[Token, Expression]):
    """Turns each grammar rule into its node while lark reads, so that no second walk is needed."""

    def number(self, token: Token) -> Expression:
        return Number(float(token))

    def string(self, token: Token) -> Expression:
        return String(str(token)[1:-1])

    def name(self, token: Token) -> Expression:
        return Name(str(token)[2:-1].strip())

    def binary(self, left: Expression, operator: Token, right: Expression) -> Expression:
        return Binary(str(operator), left, right)

    def negate(self, operand: Expression) -> Expression:
        return Negate(operand)

    def call(self, name: Token, *arguments: Expression) -> Expression:
        return Call(str(name), tuple(argument for argument in arguments if argument is not None))

    def relative(self, *steps: Step | Token) -> Expression:
        """Put the steps together; `//` makes the one behind it look deeper."""
        made: list[Step] = []
        is_deep = False
        for step in steps:
            if isinstance(step, Step):
                made.append(_deep(step) if is_deep else step)
            is_deep = not isinstance(step, Step)
        return tuple(made)

    def relative_path(self, steps: tuple[Step, ...]) -> Expression:
        return Path(False, steps)

    def absolute_path(self, steps: tuple[Step, ...]) -> Expression:
        return Path(True, steps)

    def deep_path(self, steps: tuple[Step, ...]) -> Expression:
        return Path(True, (_deep(steps[0]), *steps[1:]))

    def deep_based_path(self, base: Expression, steps: tuple[Step, ...]) -> Expression:
        return self.based_path(base, (_deep(steps[0]), *steps[1:]))

    def based_path(self, base: Expression, steps: tuple[Step, ...]) -> Expression:
        if isinstance(base, Path) and base.base is not None:
            return Path(base.is_absolute, base.steps + steps, base.base)
        return Path(False, steps, base)

    def filter(self, base: Expression, *predicates: Expression) -> Expression:
        return Path(False, (Step("self", "*", predicates),), base)

    def child_step(self, name: Token, *predicates: Expression) -> Expression:
        return Step("child", str(name), predicates)

    def attribute_step(self, name: Token, *predicates: Expression) -> Expression:
        return Step("attribute", str(name), predicates)

    def self_step(self, *predicates: Expression) -> Expression:
        return Step("self", "*", predicates)

    def parent_step(self, *predicates: Expression) -> Expression:
        return Step("parent", "*", predicates)

    def axis_step(self, axis: Token, name: Token, *predicates: Expression) -> Expression:
        if str(axis) not in AXES:
            raise ExpressionError("unsupported_axis", axis.start_pos or 0, str(axis))
        return Step(str(axis), "*" if name == "node" else str(name), predicates)

    def predicate(self, condition: Expression) -> Expression:
        return condition


def _deep(step: Step) -> Step:
    return replace(step, axis="descendant") if step.axis == "child" else step


_PARSER = Lark(
    (FilePath(__file__).parent / "expression.lark").read_text(encoding="utf-8"),
    parser="lalr",
    maybe_placeholders=False,
    transformer=_Builder(),
)


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Read one expression, with `${name}` or with paths.

    Raises:
        ExpressionError: `syntax`, `unexpected_end`, `unsupported_axis`, `too_deep` or `too_long`.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError("too_long", MAX_LENGTH, "")
    try:
        tree: Expression = _PARSER.parse(text)
    except UnexpectedInput as error:
        raise _positioned(error, text) from None
    if _depth(tree) > MAX_DEPTH:
        raise ExpressionError("too_deep", 0, text[:20])
    return tree


def _positioned(error: UnexpectedInput, text: str) -> ExpressionError:
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at_end:
        return ExpressionError("unexpected_end", len(text), "")
    position = error.pos_in_stream or 0
    return ExpressionError("syntax", position, text[position : position + 20])


def parts(node: Expression) -> Iterator[Expression]:
    """The direct parts of a tree node, as written (steps, predicates and what stands beside them)."""
    for name in _names(node) or ():
        yield from _flat(getattr(node, name))


def _names(node: Expression) -> tuple[str, ...] | None:
    """The fields of a node; None for what is none."""
    kind: Any = type(node)
    return _fields_of(kind)


@cache
def _fields_of(kind: type) -> tuple[str, ...] | None:
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else None


def _flat(value: object) -> Iterator[Expression]:
    """Tuples opened: a predicate stands beside its column or its repeat."""
    if isinstance(value, tuple):
        for each in value:
            yield from _flat(each)
    else:
        yield value


def walk(node: Expression) -> Iterator[Expression]:
    """Every node of a tree, itself first and parts after what holds them, without recursion."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if _names(current) is not None:
            yield current
            waiting.extend(reversed([*parts(current)]))


def mapped(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The same tree with what `change` gives in place of each part, the smallest first."""
    if not is_dataclass(node) or isinstance(node, type):
        return node
    made = {each.name: _mapped_value(getattr(node, each.name), change) for each in fields(node)}
    return change(replace(node, **made))


def _mapped_value(value: object, change: Callable[[Expression], Expression]) -> object:
    if isinstance(value, tuple):
        return tuple(_mapped_value(each, change) for each in value)
    return mapped(value, change)


def _depth(tree: Expression) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [part for node in level for part in parts(node) if is_dataclass(part)]
    return depth
