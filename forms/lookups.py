"""Predicates over the rows of a list -> indexed lookups and what remains to be tried row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forms import definition as d
from forms.expression import Binary, Call, Expression, parts
from forms.lower import spine, type_of

Lookups = tuple[tuple[str, Expression], ...]


def indexed(predicates: Sequence[Expression]) -> tuple[Lookups, tuple[Expression, ...]]:
    """Take out comparisons of a column with a text that doesn't depend on the row.

    Only what comes before any use of the position, since `position()` counts the rows that are left so far.
    """
    equals: list[tuple[str, Expression]] = []
    rest: list[Expression] = []
    is_open = True
    for predicate in predicates:
        is_open = is_open and type_of(predicate) != "number" and not has_place(predicate)
        conditions = spine(predicate, ("and",)) if is_open else [predicate]
        found = [_lookup(condition) if is_open else None for condition in conditions]
        equals.extend(lookup for lookup in found if lookup is not None)
        rest.extend(_joined([c for c, lookup in zip(conditions, found, strict=True) if lookup is None]))
    return tuple(equals), tuple(rest)


def _joined(conditions: Sequence[Expression]) -> list[Expression]:
    if not conditions:
        return []
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = Binary("and", joined, condition)
    return [joined]


def _lookup(condition: Expression) -> tuple[str, Expression] | None:
    """Read `column = value` either way round; a number doesn't compare as its text does: no lookup."""
    if not isinstance(condition, Binary) or condition.operator != "=":
        return None
    for column, value in ((condition.left, condition.right), (condition.right, condition.left)):
        if isinstance(column, d.Column) and type_of(value) in ("text", "value") and not _reads_row(value):
            return column.name, value
    return None


def _inside(expression: Expression) -> Iterator[Expression]:
    """All parts that belong to the same predicate: those of inner predicates don't."""
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        yield current
        if not isinstance(current, d.Rows | d.Nodes):
            waiting.extend(parts(current))


def _reads_row(expression: Expression) -> bool:
    return any(isinstance(part, d.Column) for part in _inside(expression))


def has_place(expression: Expression) -> bool:
    """Whether a predicate asks for the position of what it tries."""
    return any(isinstance(part, Call) and part.name in ("position", "last") for part in _inside(expression))
