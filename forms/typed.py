"""The typed tree that `lower.py` makes and both emitters print: conversions explicit, functions are helpers.

`level` counts enclosing predicates over form nodes: 0 is the scope the expression belongs to, 1 the instance
that the outermost predicate is trying, and so on. Emitters name scopes by level (`c0`, `c1`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; the only way author text gets in."""

    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Value:
    """Text of a question in the nearest instance around scope `level`; JS `rt.v(c0, 17)`."""

    node: int
    level: int = 0
    is_held: bool = False  # the answer that stands there, whether relevant or not; JS `held(c0, 17)`


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of a question in every instance below the anchor's, in document order.

    JS `rt.set(c0, node, anchor, [[repeat, (c1, pos, size) => …]])`; instances not relevant are left out.
    """

    node: int
    anchor: int
    level: int = 0
    tests: tuple[tuple[int, Typed], ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """Number of instances of a group or repeat below the anchor's; JS `rt.count(c0, node, anchor, […])`."""

    node: int
    anchor: int
    level: int = 0
    tests: tuple[tuple[int, Typed], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a list; JS `rt.rows(c0, list, [[column, value], …], [(row, pos, size) => …])`."""

    list_name: str
    equals: tuple[tuple[str, Typed], ...] = ()
    tests: tuple[Typed, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """Inside a test of `Rows`: text of a column of the row being tried; JS `rt.cell(row, column)`."""

    column: str


@dataclass(frozen=True, slots=True)
class Index:
    """1-based index of the current instance of `repeat`; JS `rt.pos(c0, repeat)`."""

    repeat: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Inside a test: `position()` (`pos`) or `last()` (`size`) of the innermost predicate."""

    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Helper:
    """A call of a runtime helper; with `needs_scope` the current scope comes first."""

    name: str
    arguments: tuple[Typed, ...]
    needs_scope: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """A list of the items; those marked True are lists themselves and are spread."""

    items: tuple[tuple[bool, Typed], ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - *` over numbers, left to right: first operand, then (operator, operand) pairs."""

    first: Typed
    rest: tuple[tuple[str, Typed], ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`= != < <= > >=` over two numbers, two texts (= and != only) or two booleans (= and != only)."""

    operator: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True)
class Every:
    """`and` over booleans, tried from the left."""

    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """`or` over booleans, tried from the left."""

    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Negation of a boolean."""

    operand: Typed


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus of a number."""

    operand: Typed


@dataclass(frozen=True, slots=True)
class Choose:
    """`if(condition, then, otherwise)`; only the branch taken is evaluated."""

    condition: Typed
    then: Typed
    otherwise: Typed


Typed: TypeAlias = (
    "Constant | Value | Texts | Count | Rows | Cell | Index | Place | Helper | Gather | Arithmetic | Compare"
    " | Every | Either | Not | Negative | Choose"
)
