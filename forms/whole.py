"""What is computed for a question of type `int` is whole, for one of type `date` a date, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from forms import definition as d
from forms.expression import Call, Expression, Number, String

_MAKERS = {"int": "int", "date": "date"}
_ALREADY = {
    "int": ("int", "floor", "ceiling", "count", "count-non-empty", "count-selected", "string-length"),
    "date": ("date", "today"),
}


def of_its_type(expression: Expression, node: d.Node, nodes: Sequence[d.Node]) -> Expression:
    """The expression for a node's value, converted at the ends of its branches."""
    if node.type not in _MAKERS:
        return expression

    def made(part: Expression) -> Expression:
        match part:
            case Call(name="if", arguments=(condition, *branches)):
                return Call("if", (condition, *map(made, branches)))
            case Call(name="once" | "coalesce", arguments=arguments):
                return Call(part.name, tuple(map(made, arguments)))
            case Call(name=name) if name in _ALREADY[node.type]:
                return part
            case d.Ref() if nodes[part.node].type == node.type:
                return part
            case String(value="") | d.Position():
                return part
            case Number(value=value) if node.type == "int" and value.is_integer():
                return part
        return Call(_MAKERS[node.type], (part,))

    return made(expression)
