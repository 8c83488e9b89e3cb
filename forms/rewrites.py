"""A call of a dialect's function -> an expression of ODK XForms that gives the same; knows no form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from forms.expression import Binary, Call, Expression, Name, Number, Path, String

Arguments = Sequence[Expression]
_NONE = String("")
_APART = String("\x1f")


def plain(call: Call) -> Call:
    """Leave out arguments that say nothing: `int(x, 0)` is `int(x)`, `coalesce(x)` of one value is that."""
    if call.name == "int" and len(call.arguments) == 2 and call.arguments[1] == Number(0.0):
        return Call("int", call.arguments[:1])
    if call.name == "coalesce" and len(call.arguments) == 1:
        return Call("string", call.arguments)
    return call


def told_as(call: Call) -> str:
    """A call as a message shows it: `int(…, …)`."""
    return f"{call.name}({', '.join('…' for _ in call.arguments)})"


def rewritten(call: Call) -> Expression | None:
    """The expression in a call's place; None where the call stays as it is."""
    rewrite = _REWRITES.get(call.name)
    return None if rewrite is None else rewrite(call.arguments)


def _nested_coalesce(arguments: Arguments) -> Expression | None:
    """`coalesce(a, b, c)` is `coalesce(a, coalesce(b, c))`."""
    if len(arguments) == 2:
        return None
    return reduce(lambda rest, each: Call("coalesce", (each, rest)), reversed(arguments))


def _choice_name(arguments: Arguments) -> Expression | None:
    """`choice-label(${q}, value)` is `jr:choice-name(value, '${q}')`."""
    question, value = arguments
    written = f"${{{question.value}}}" if isinstance(question, Name) else _path(question)
    return Call("jr:choice-name", (value, String(written)))


def _path(question: Expression) -> str:
    """Write a plain path as text; '' is no path, which is refused where it is read."""
    if not isinstance(question, Path) or question.base is not None:
        return ""
    steps = ("/".join({"parent": "..", "self": "."}.get(each.axis, each.name) for each in question.steps),)
    return ("/" if question.is_absolute else "") + steps[0]


def _hash(arguments: Arguments) -> Expression | None:
    """`hash(a, b)`: SHA-256 of the texts, set apart by a character that no answer holds."""
    return Call("digest", (Call("join", (_APART, *arguments)), String("SHA-256"), String("hex")))


def _whole_if(arguments: Arguments) -> Expression | None:
    """`if(condition, then)` has '' otherwise, as Enketo takes it."""
    return Call("if", (*arguments, _NONE)) if len(arguments) == 2 else None


_REWRITES: dict[str, Callable[[Arguments], Expression | None]] = {
    "if": _whole_if,
    "linebreak": lambda _: String("\n"),
    "empty": lambda arguments: Binary("=", Call("string", tuple(arguments)), _NONE),
    "choice-label": _choice_name,
    "coalesce": _nested_coalesce,
    "distance-between": lambda arguments: Call("distance", tuple(arguments)),
    "hash": _hash,
    "is-selected": lambda arguments: Call("selected", tuple(arguments)),
    "phone-call-log": lambda _: _NONE,
    "phone-call-duration": lambda _: Number(0.0),
    "collect-is-phone-app": lambda _: Call("false", ()),
    "plug-in-metadata": lambda _: _NONE,
}
