"""What changed between two versions of a form, question by question, for whoever publishes the newer one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree

from forms.errors import ErrorList
from forms.itext import DEFAULT, FILLER, itext_id
from forms.xml import attribute, child, children, local, read_xml, text_of

# What of a question's rules is compared, by the attribute of its bind.
RULES = {
    "relevant": "relevant",
    "required": "required",
    "constraint": "constraint",
    "readonly": "read_only",
    "calculate": "calculation",
}
MESSAGES = {"constraintMsg": "constraint_message", "requiredMsg": "required_message"}
_LONG_PATH = re.compile(r" ?(/[\w.-]+(?:/[\w.-]+)+) ?")
Itext: TypeAlias = "dict[tuple[str, str], dict[str, str]]"
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
    """One version: its questions and what is told of them by path, and its choices by list."""

    nodes: dict[str, Any]
    told: dict[str, dict[str, str]]
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
    return _Side(nodes, _told(xform), outline["choices"])


def _compare_node(path: str, older: _Side, newer: _Side) -> Difference | None:
    node = newer.nodes[path]
    if path not in older.nodes:
        return Difference("added", path, node["label"])
    before = older.nodes[path]
    changes = (
        *_compare_labels(before["label"], node["label"]),
        *_compare_texts(before, node, FACTS),
        *_compare_told(older.told.get(path, {}), newer.told.get(path, {})),
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


def _compare_told(older: Mapping[str, str], newer: Mapping[str, str]) -> Iterator[Change]:
    return _compare_texts(older, newer, dict.fromkeys((*older, *newer)))


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


def _told(xform: str) -> dict[str, dict[str, str]]:
    """Path without the root's name -> column of the workbook -> what it says: rules, hints, appearances."""
    html = read_xml(xform.encode(), ErrorList())
    head, body = (None if html is None else child(html, name) for name in ("head", "body"))
    model = None if head is None else child(head, "model")
    if model is None or body is None:
        return {}
    texts = _itext(model)
    binds = {_path(bind, "nodeset"): bind for bind in children(model) if local(bind) == "bind"}
    found = {path: _rules_of(bind, binds.keys(), texts) for path, bind in binds.items()}
    for control in body.iter(etree.Element):
        if path := _path(control, "ref") or _path(control, "nodeset"):
            found.setdefault(path, {}).update(_control_of(control, texts))
    return found


def _path(element: etree._Element, name: str) -> str:
    """`/form/group/question` -> `group/question`."""
    return attribute(element, name).strip().strip("/").partition("/")[2]


def _rules_of(bind: etree._Element, paths: Collection[str], texts: Itext) -> dict[str, str]:
    def as_written(found: re.Match[str]) -> str:
        path = found[1].strip("/").partition("/")[2]
        return f"${{{path.rpartition('/')[2]}}}" if path in paths else found[0]

    rules = {column: _LONG_PATH.sub(as_written, attribute(bind, name)) for name, column in RULES.items()}
    for name, column in MESSAGES.items():
        rules |= _words_of(column, attribute(bind, name), "", texts)
    return rules


def _control_of(control: etree._Element, texts: Itext) -> dict[str, str]:
    """What a control of the body says besides its label; each hint has two forms."""
    words = {"appearance": attribute(control, "appearance")} if attribute(control, "appearance") else {}
    hint = child(control, "hint")
    if hint is not None:
        reference = attribute(hint, "ref") or text_of(hint)
        words |= _words_of("hint", reference, "", texts) | _words_of(
            "guidance_hint", reference, "guidance", texts
        )
    return words


def _words_of(column: str, reference: str, form: str, texts: Itext) -> dict[str, str]:
    """Column and language -> words of an itext reference, or of what stands there itself."""
    key = itext_id(reference)
    if key is None:
        return {column: reference} if reference and not form else {}
    by_language = texts.get((key, form), {})
    return {
        column if language == DEFAULT else f"{column}::{language}": text
        for language, text in by_language.items()
        if text != FILLER
    }


def _itext(model: etree._Element) -> Itext:
    """(id, form) -> language -> words, `…` for what is computed."""
    itext = child(model, "itext")
    found: Itext = {}
    for translation in children(itext) if itext is not None else ():
        for text in children(translation):
            for value in children(text):
                words = (value.text or "") + "".join("…" + (each.tail or "") for each in children(value))
                key = (attribute(text, "id"), attribute(value, "form"))
                found.setdefault(key, {})[attribute(translation, "lang")] = words.strip()
    return found
