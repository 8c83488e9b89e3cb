"""Expression text -> syntax tree; knows nothing of forms, names or types.

`parse` gives the tree an author wrote; `resolve.py` replaces each `Path` by a `Ref`, `Nodes` or `Rows`
(see `forms/definition.py`). Trees are frozen and compare by value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


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
    """One step of a path: `name` is an element name or `*`; `axis` is child, parent or self."""

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


Expression: TypeAlias = "Number | String | Path | Call | Binary | Negate | object"
