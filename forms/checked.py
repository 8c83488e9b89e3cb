"""What a check gives back, and what it needs to read: the values that pass between checker and server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Violation:
    """An answer broke a rule.

    `code` is required, constraint, type, choice, relevance, calculation, rule or not_checked; `level` is E
    (error), W (needs a reason), Q (for the supervisor's queue) or N (not checked); `rule` is the author's
    number or ''.
    """

    path: str
    code: str
    rule: str
    level: str
    message: dict[str, str]


@dataclass(frozen=True, slots=True)
class EntityWrite:
    """A row that a filling creates or updates; `path` is the instance that says so, '' for the whole form."""

    list_name: str
    entity_id: str
    kind: str  # create, update
    label: str
    data: dict[str, str]
    path: str


@dataclass(slots=True)
class Checked:
    """One checked filling; `calculated` has values other than those sent, None for what is not relevant."""

    violations: list[Violation] = field(default_factory=list)
    calculated: dict[str, str | None] = field(default_factory=dict)
    instance_name: str = ""
    subject: tuple[str, str] | None = None
    keys: list[str] = field(default_factory=list)
    village: str = ""
    entities: list[EntityWrite] = field(default_factory=list)


class ListUnavailable(LookupError):
    """The list can't be had as it was when the form was filled: what reads it is not checked."""


class UnavailableRows(Sequence[Mapping[str, str]]):
    """Stands for rows that can't be had until something is to be done with them."""

    def __init__(self, list_name: str) -> None:
        """Take the name of the list."""
        self.list_name = list_name

    def __len__(self) -> int:
        """Raise, as everything does that asks for a row."""
        raise ListUnavailable(self.list_name)

    def __getitem__(self, index: Any) -> Any:
        """Raise."""
        raise ListUnavailable(self.list_name)

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        """Raise."""
        raise ListUnavailable(self.list_name)


Equals = tuple[tuple[str, str], ...]  # columns, each with the text that it shall have


class Lists(Protocol):
    """The lists as the phone had them."""

    def rows(self, list_name: str, equals: Equals) -> Sequence[Mapping[str, str]]:
        """Rows with these values in these columns, in the order of the list; asked again and again.

        Raises: ListUnavailable.
        """
