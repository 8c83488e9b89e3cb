"""One record under examination, and what the rules may ask about its surroundings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from forms import Lists, Violation
from sync.store import Prepared


@dataclass(frozen=True)
class Context:
    """The sender's town and the lists as the phone held them."""

    town_id: str
    user_id: str
    is_demo: bool
    kinds: Mapping[str, Mapping[str, str]]  # list -> column -> kind, only columns that have one
    lists_at: Callable[[int], Lists]


@dataclass
class Case:
    """A checked record with its form."""

    prepared: Prepared
    outline: Mapping[str, Any]
    rules: Mapping[str, Sequence[Mapping[str, Any]]]  # rule number -> the nodes that declare it
    pictures: Sequence[Mapping[str, Any]]

    @cached_property
    def answers(self) -> dict[str, Any]:
        return self.prepared.payload.answers if self.prepared.payload else {}

    @property
    def form_id(self) -> str:
        return self.prepared.item.form_id

    def declaring(self, rule: str) -> Sequence[Mapping[str, Any]]:
        """The nodes on which the form declares a rule."""
        return self.rules.get(rule, ())

    def answers_to(self, nodes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
        """Every answer to these questions with its indexed path, `member[2]/m_id`."""
        for node in nodes:
            yield from find_answers(self.answers, node["path"].strip("/").split("/"))

    def add(self, path: str, rule: str, level: str, message: dict[str, str]) -> None:
        self.prepared.violations.append(Violation(path, "rule", rule, level, message))


def find_answers(value: Any, names: Sequence[str], path: str = "") -> Iterator[tuple[str, Any]]:
    """The values below `value` under these names, through every instance of a repeat."""
    if isinstance(value, list) and names:
        for number, child in enumerate(value, 1):
            yield from find_answers(child, names, f"{path}[{number}]")
    elif not names:
        if value not in (None, "", []):
            yield path, value
    elif isinstance(value, dict) and names[0] in value:
        yield from find_answers(value[names[0]], names[1:], f"{path}/{names[0]}" if path else names[0])
