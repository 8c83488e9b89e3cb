"""What changed between two versions of a form, question by question, for whoever publishes the newer one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.errors import ErrorList
from forms.xml import attribute, child, children, local, read_xml

# What of a question's rules is compared, by the attribute of its bind.
RULES = {
    "relevant": "relevant",
    "required": "required",
    "constraint": "constraint",
    "readonly": "read_only",
    "calculate": "calculation",
}
FACTS = ("type", "control", "list")


@dataclass(frozen=True, slots=True)
class Change:
    """One side of what changed: `what` is a column of the workbook, `before` and `after` its texts."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A question, group or repeat that was `added`, `removed` or `changed`."""

    kind: str
    path: str
    label: dict[str, str]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """One version: its questions and their rules by path, and its choices by list."""

    nodes: dict[str, Any]
    rules: dict[str, dict[str, str]]
    choices: Mapping[str, Any]

    def choices_of(self, path: str) -> dict[str, dict[str, str]]:
        return {row["name"]: row["label"] for row in self.choices.get(self.nodes[path]["list"], ())}


def compare(
    before: Mapping[str, Any], before_xform: str, after: Mapping[str, Any], after_xform: str
) -> list[Difference]:
    """Differences in the order of the newer form, what was removed last.

    Args: before, after: outlines, as `CompiledForm.outline`.
    """
    older, newer = _side(before, before_xform), _side(after, after_xform)
    found = [_compare_node(path, older, newer) for path in newer.nodes]
    removed = [
        Difference("removed", path, node["label"])
        for path, node in older.nodes.items()
        if path not in newer.nodes
    ]
    return [each for each in found if each is not None] + removed


def _side(outline: Mapping[str, Any], xform: str) -> _Side:
    nodes = {node["path"].strip("/"): node for node in outline["nodes"]}
    return _Side(nodes, _rules(xform), outline["choices"])


def _compare_node(path: str, older: _Side, newer: _Side) -> Difference | None:
    node = newer.nodes[path]
    if path not in older.nodes:
        return Difference("added", path, node["label"])
    before = older.nodes[path]
    changes = (
        *_compare_labels(before["label"], node["label"]),
        *_compare_texts(before, node, FACTS),
        *_compare_texts(older.rules.get(path, {}), newer.rules.get(path, {}), RULES.values()),
        *_compare_choices(older.choices_of(path), newer.choices_of(path)),
    )
    return Difference("changed", path, node["label"], changes) if changes else None


def _compare_labels(older: Mapping[str, str], newer: Mapping[str, str]) -> Iterator[Change]:
    for language in dict.fromkeys((*older, *newer)):
        texts = older.get(language, ""), newer.get(language, "")
        if texts[0] != texts[1]:
            yield Change(f"label::{language}", *texts)


def _compare_texts(
    older: Mapping[str, Any], newer: Mapping[str, Any], names: Iterable[str]
) -> Iterator[Change]:
    for name in names:
        texts = str(older.get(name) or ""), str(newer.get(name) or "")
        if texts[0] != texts[1]:
            yield Change(name, *texts)


def _compare_choices(
    older: Mapping[str, Mapping[str, str]], newer: Mapping[str, Mapping[str, str]]
) -> Iterator[Change]:
    """Choices that came, went or are called otherwise; their order alone changes no answer."""
    for name in dict.fromkeys((*older, *newer)):
        if older.get(name) != newer.get(name):
            yield Change("choices", _choice(name, older), _choice(name, newer))


def _choice(name: str, choices: Mapping[str, Mapping[str, str]]) -> str:
    if name not in choices:
        return ""
    label = next(iter(choices[name].values()), "")
    return f"{name} {label}".strip()


def _rules(xform: str) -> dict[str, dict[str, str]]:
    """Path without the root's name -> column -> expression."""
    html = read_xml(xform.encode(), ErrorList())
    head = None if html is None else child(html, "head")
    model = None if head is None else child(head, "model")
    found: dict[str, dict[str, str]] = {}
    for bind in children(model) if model is not None else ():
        if local(bind) == "bind":
            path = attribute(bind, "nodeset").strip("/").partition("/")[2]
            found[path] = {column: attribute(bind, name) for name, column in RULES.items()}
    return found
