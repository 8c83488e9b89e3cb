"""What an emitted checker says about each node, and the rows of the form's own lists that it looks into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forms import definition as d
from forms.expression import Call, Expression, walk
from forms.messages import GENERIC, in_language
from forms.py_writer import Writer


class Facts:
    """Gathers what a checker says about each node, and the rows of own lists that it looks into."""

    def __init__(self, writer: Writer) -> None:
        """Read the form of a writer."""
        self.writer = writer
        self.form = writer.form

    def nodes(self) -> dict[int, Any]:
        """Give, per node: path split at repeats, kind, type, names inside, rules and messages by code."""
        return {
            node.id: (
                self._path(node),
                node.kind,
                node.type,
                tuple(each.name for each in self.form.nodes if each.parent == node.id),
                self._rules(node),
                node.extra.get("ly:level", "") if node.extra.get("ly:level") in ("W", "Q") else "",
                dict(self._messages(node)),
            )
            for node in self.form.nodes
        }

    def _path(self, node: d.Node) -> tuple[str, ...]:
        """Split a path after each repeat around the node: `member/age` is `("member", "age")`."""
        parts: list[list[str]] = [[]]
        for each in self.writer.layout.tree.chains[node.id][1:]:
            parts[-1].append(self.form.nodes[each].name)
            if self.writer.layout.tree.is_repeat(each) and each != node.id:
                parts.append([])
        return tuple("/".join(part) for part in parts)

    def _messages(self, node: d.Node) -> Iterator[tuple[str, Mapping[str, str]]]:
        said = {"required": node.required_message, "constraint": node.constraint_message, "rule": node.label}
        for code, text in said.items():
            if text is not None and is_static(text):
                yield code, {name: "".join(map(str, parts)) for name, parts in text.by_language.items()}
        closing = self._closing(node)
        if closing is not None and closing.constraint_message is not None:
            text = closing.constraint_message
            yield "relevance", {name: "".join(map(str, parts)) for name, parts in text.by_language.items()}

    def _rules(self, node: d.Node) -> dict[str, str]:
        """Give the rule numbers of a node by code; an answer in a closed group breaks the group's rule."""
        closing = self._closing(node)
        return {**_rules(node), **({"relevance": closing.extra["ly:rule"]} if closing is not None else {})}

    def _closing(self, node: d.Node) -> d.Node | None:
        """Find the nearest group around a node whose rule says that nothing may be answered in it."""
        around = [self.form.nodes[each] for each in self.writer.layout.tree.chains[node.id][1:]]
        closing = (each for each in reversed(around) if each.kind != "question" and each.extra.get("ly:rule"))
        return next((each for each in closing if each.extra.get("ly:level") == "E"), None)

    def generic(self) -> dict[str, dict[str, str]]:
        """Give what is said where the author says nothing, in the form's languages."""
        return {
            code: {language: in_language(texts, language) for language in self.form.languages}
            for code, texts in GENERIC.items()
        }

    def tables(self) -> dict[str, tuple[dict[str, str], ...]]:
        """Give the rows of those own lists that some expression looks into."""
        return {
            name: tuple(self._row(row) for row in self.form.choice_lists[name])
            for name in sorted(self._looked_into())
        }

    def _looked_into(self) -> set[str]:
        parts = (part for expression in _expressions(self.form) for part in walk(expression))
        return {part.list_name for part in parts if isinstance(part, d.Rows)} & set(self.form.choice_lists)

    def _row(self, row: Mapping[str, str | d.Text]) -> dict[str, str]:
        return {name: self._plain(value) for name, value in row.items()}

    def _plain(self, value: str | d.Text) -> str:
        if isinstance(value, str):
            return value
        parts = value.by_language.get(self.form.default_language, ())
        return "".join(part for part in parts if isinstance(part, str))


def _rules(node: d.Node) -> dict[str, str]:
    """Which breach an author's rule number is about: the constraint, if there is one, or being required.

    It is about both where the author has words for both, and where the constraint is `false()`: such a
    question is only there to stop.
    """
    rule = node.extra.get("ly:rule", "")
    if not rule:
        return {}
    if node.extra.get("ly:level") in ("W", "Q"):
        return {"rule": rule}
    if node.constraint is None:
        return {"required": rule}
    is_about_both = node.required_message is not None or node.constraint == Call("false", ())
    return {"constraint": rule, **({"required": rule} if is_about_both else {})}


def is_static(text: d.Text) -> bool:
    """Whether a text is the same whatever is answered."""
    return all(isinstance(part, str) for parts in text.by_language.values() for part in parts)


def without_order(rows: Expression) -> Expression:
    """Leave out the shuffling of choices: which are offered doesn't depend on it."""
    while isinstance(rows, Call) and rows.name == "randomize":
        rows = rows.arguments[0]
    return rows


def _expressions(form: d.Definition) -> Iterator[Expression]:
    """All expressions of a form that a checker prints."""
    for node in form.nodes:
        fields = (node.relevant, node.required, node.constraint, node.calculation, node.count)
        yield from (each for each in fields if each is not None)
        for text in (node.label, node.required_message, node.constraint_message):
            yield from _outputs(text)
        if node.itemset is not None and without_order(node.itemset.rows) != d.Rows(
            node.itemset.list_name, ""
        ):
            yield node.itemset.rows
    yield from (each for each in (form.instance_name, *form.derived.values()) if each is not None)
    for entity in form.entities:
        parts = (entity.entity_id, entity.create_if, entity.update_if, entity.label)
        yield from (each for each in parts if each is not None)


def _outputs(text: d.Text | None) -> Iterator[Expression]:
    for parts in text.by_language.values() if text is not None else ():
        yield from (part for part in parts if not isinstance(part, str))
