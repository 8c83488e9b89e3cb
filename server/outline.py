"""A form's outline read by path: its nodes, the words of its choices, and answers taken out of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

INDEX = re.compile(r"\[\d+\]")
NUMBER_TYPES = frozenset({"int", "integer", "decimal"})
CHOICE_TYPES = frozenset({"select_one", "select_multiple", "rank"})
FILE_TYPES = frozenset({"file", "binary"})
VILLAGES = "village"  # the list of the town's villages
COMPUTED_PART = "…"  # stands in a label for what is computed while filling
YUAN = re.compile(r"[(（](元|yuan)[)）]\W*$")  # not 万元, whose figures are told as they were given
PLAIN_PATH = re.compile(r"(/[\w.-]+)+")


def pick(texts: Mapping[str, str] | str | None, language: str) -> str:
    """The text in a language; else in whatever language there is.

    Authors name languages as they like: `zh`, `中文 (zh)`, `default`.
    """
    if isinstance(texts, str) or not texts:
        return str(texts or "")
    if language in texts:
        return texts[language]
    for name, text in texts.items():
        if name.endswith(f"({language})"):
            return text
    return next(iter(texts.values()))


def plain_path(path: str) -> str:
    """`member[2]/age` -> `member/age`, the path the outline knows."""
    return INDEX.sub("", path)


@dataclass(frozen=True)
class Node:
    """A question, group or repeat as the outline tells it."""

    path: str
    parent: str
    name: str
    kind: str
    type: str = ""
    control: str = ""
    media_type: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    choice_list: str = ""
    privacy: str = ""  # the outline's `class`: public personal sensitive
    purpose: Mapping[str, str] | str = ""
    level: str = ""  # of the rule it stands for: E W Q
    is_note: bool = False
    is_yes_no: bool = False  # a calculation that gives 1 or 0
    is_sex: bool = False  # a calculation that gives M or F

    @property
    def is_calculation(self) -> bool:
        """Nobody fills it: the form computes it, and shows it nowhere by itself."""
        return self.kind == "question" and not self.control

    @property
    def is_flag(self) -> bool:
        """A calculation that only raises a flag for the supervisor."""
        return self.is_calculation and self.level == "Q"

    @property
    def is_working(self) -> bool:
        """What no supervisor reads as an answer: a calculation without words, a flag, a rule told broken."""
        is_rule = self.type == "trigger" and self.level == "E"
        return is_rule or (self.is_calculation and (not self.label or self.is_flag))

    @property
    def is_sensitive(self) -> bool:
        return self.privacy == "sensitive"

    @property
    def is_number(self) -> bool:
        return self.type in NUMBER_TYPES

    @property
    def is_money(self) -> bool:
        """An amount in yuan, as its words say at their end; forms name the unit beside each figure."""
        is_figure = self.is_number or (self.is_calculation and not self.is_yes_no)
        return is_figure and any(YUAN.search(words) for words in self.label.values())

    @property
    def is_file(self) -> bool:
        return self.type in FILE_TYPES

    def words(self, language: str) -> str:
        return pick(self.label, language).removesuffix(COMPUTED_PART).rstrip() or self.name


def read_node(raw: Mapping[str, Any]) -> Node:
    return Node(
        path=raw["path"].strip("/"),
        parent=(raw.get("parent") or "").strip("/"),
        name=raw["name"],
        kind=raw["kind"],
        type=raw.get("type") or "",
        control=raw.get("control") or "",
        media_type=raw.get("media_type") or "",
        label=raw.get("label") or {},
        choice_list=raw.get("list") or "",
        privacy=raw.get("class") or "",
        purpose=raw.get("purpose") or "",
        level=raw.get("level") or "",
        is_note=bool(raw.get("is_note")),
        is_yes_no=bool(raw.get("is_yes_no")),
        is_sex=bool(raw.get("is_sex")),
    )


class Outline:
    """One form version's outline, indexed.

    `words`: list column, as `household#status` -> value -> label, for answers that a form saves there without
    listing the choices itself.
    """

    def __init__(
        self, raw: Mapping[str, Any], words: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None
    ) -> None:
        self.raw = raw
        self.words = words or {}
        # The root group has no path of its own: its children hang from ''.
        self.nodes = [self.name_list(node) for node in map(read_node, raw.get("nodes", ())) if node.path]
        self.by_path = {node.path: node for node in self.nodes}

    def name_list(self, node: Node) -> Node:
        """A calculated answer with the list its words are in: the villages, or a column other forms fill."""
        if node.choice_list or not node.is_calculation:
            return node
        if node.path == self.village_path:
            return replace(node, choice_list=VILLAGES)
        column = self.saved_to.get(node.path, "")
        return replace(node, choice_list=column) if column in self.words else node

    @cached_property
    def village_path(self) -> str:
        """Where the record's village stands, when it is an answer; '' when it is computed from several."""
        path: str = self.raw.get("settings", {}).get("village", "")
        return path.strip("/").partition("/")[2] if PLAIN_PATH.fullmatch(path) else ""

    @cached_property
    def saved_to(self) -> dict[str, str]:
        """Path -> list column it is saved to, as `household#status`."""
        return {
            path.strip("/"): f"{entity['list_name']}#{name}"
            for entity in self.raw.get("entities", ())
            for name, path in entity.get("properties", {}).items()
        }

    @cached_property
    def children(self) -> dict[str, list[Node]]:
        """Parent path -> its nodes in document order; '' is the root."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.parent if node.parent in self.by_path else "", []).append(node)
        return found

    @cached_property
    def choices(self) -> dict[str, dict[str, Mapping[str, str]]]:
        """Choice list -> value -> label."""
        own = {
            name: {row["name"]: row.get("label") or {} for row in rows}
            for name, rows in self.raw.get("choices", {}).items()
        }
        return {**{column: dict(words) for column, words in self.words.items()}, **own}

    @cached_property
    def repeats(self) -> list[Node]:
        return [node for node in self.nodes if node.kind == "repeat"]

    def title(self, language: str) -> str:
        return pick(self.raw.get("title"), language) or self.raw.get("form_id", "")

    def label(self, path: str, language: str) -> str:
        """A question's words for an indexed path; the path itself when the form has no such question."""
        node = self.by_path.get(plain_path(path))
        return node.words(language) if node else path

    def choice_words(self, node: Node, value: str, language: str) -> str:
        """A choice's label; the value itself when its list is outside the form."""
        return pick(self.choices.get(node.choice_list, {}).get(value), language) or value

    def questions_in(self, container: str) -> Iterator[Node]:
        """Questions of the root ('') or of a repeat, through groups but not into further repeats."""
        for node in self.children.get(container, ()):
            if node.kind == "question":
                yield node
            elif node.kind == "group":
                yield from self.questions_in(node.path)

    def repeats_in(self, container: str) -> Iterator[Node]:
        """Repeats directly below the root or a repeat, through groups."""
        for node in self.children.get(container, ()):
            if node.kind == "repeat":
                yield node
            elif node.kind == "group":
                yield from self.repeats_in(node.path)


def merge(outline: Outline, other: Outline) -> Outline:
    """One outline for answers of two versions of a form: what only the other has comes last in its group."""
    nodes = outline.raw.get("nodes", ())
    strangers = [
        node for node in other.raw.get("nodes", ()) if node["path"].strip("/") not in outline.by_path
    ]
    choices = {**other.raw.get("choices", {}), **outline.raw.get("choices", {})}
    return Outline({**outline.raw, "nodes": [*nodes, *strangers], "choices": choices}, outline.words)


def below(path: str, container: str) -> list[str]:
    """The names on the way from a container down to a path."""
    return (path[len(container) + 1 :] if container else path).split("/")


def take(scope: Any, names: list[str]) -> Any:
    """What lies under these names in nested objects; None where nothing does."""
    for name in names:
        scope = scope.get(name) if isinstance(scope, dict) else None
    return scope


def instances(scope: Any, names: list[str]) -> list[Any]:
    """A repeat's instances; [] for none, or for anything that isn't a list."""
    found = take(scope, names)
    return found if isinstance(found, list) else []
