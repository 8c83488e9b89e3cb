"""Resolved definition and its plan -> the source of one ES module; it decides nothing, others did.

Author text enters only through `literal`; everything else that is written is a number, a name of ours or a
helper of `runtime.ts`. The same definition gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from forms import definition as d
from forms.expression import Expression, walk
from forms.js_expression import Writer, literal
from forms.lower import Lowering

RUNTIME = 1
_ENTITY_PARTS = ("create_if", "update_if")
_LABELS = ("label", "hint", "guidance", "required_message", "constraint_message")
_CONDITIONS = ("relevant", "required", "read_only", "constraint")
_EXTRA = ("subject", "rule", "level", "class")
_OUR_PREFIX = "ly:"
_MARKED = re.compile("\0([^\0]*)\0")
_PLACE = re.compile(r"[^\w .-]", re.ASCII)

Part = tuple[str, str]
T = TypeVar("T")


class Plan(Protocol):
    """What `order.py` found: the calculation order, and for each node who reads it."""

    @property
    def order(self) -> Sequence[int]:
        """Ids of nodes with a computation, each after what it reads."""

    @property
    def dependents(self) -> Sequence[Sequence[int]]:
        """Node -> nodes that read it in the nearest scope."""

    @property
    def wide(self) -> Sequence[Sequence[int]]:
        """Node -> nodes that may read it in any instance."""


def emit(definition: d.Definition, plan: Plan) -> str:
    """Write the module: `export const form = (rt) => ({form_id: …, nodes: [{…}, …], …})`."""
    return _Module(definition, plan).write()


class _Module:
    """Writes one form; `writer` remembers which helpers the expressions called."""

    def __init__(self, definition: d.Definition, plan: Plan) -> None:
        self.form = definition
        self.plan = plan
        self.writer = Writer()
        self.functions = _Functions()

    def write(self) -> str:
        """A function in parentheses is compiled while it is being loaded, not once more when it is called."""
        body = ",\n".join(f"{name}:{value}" for name, value in self.members())
        helpers = ",".join(sorted(self.writer.helpers))
        taken = f"const {{{helpers}}}=rt;\n" if helpers else ""
        shared, body = self.functions.share(body)
        head = f"export const runtime={RUNTIME};\nexport const form=(function(rt){{\n{taken}{shared}"
        return f"{head}return {{\n{body}\n}};\n}});\n"

    def members(self) -> list[Part]:
        form = self.form
        settings = {name.removeprefix(_OUR_PREFIX): text for name, text in form.extra.items()}
        name = form.instance_name
        return [
            ("form_id", literal(form.form_id)),
            ("version", literal(form.version)),
            ("title", self.label(form.title, 0)),
            ("languages", _texts(form.languages)),
            ("default_language", literal(form.default_language)),
            ("style", literal(form.style)),
            ("settings", _record(settings, literal)),
            ("lists", _array(map(_list_use, form.lists))),
            ("choices", _record(form.choice_lists, self.choice_list, "\n")),
            ("nodes", self.nodes()),
            ("order", _numbers(self.plan.order)),
            ("dependents", _array(map(_numbers, self.plan.dependents))),
            ("wide", _array(map(_numbers, self.plan.wide))),
            *self.worded(),
            ("actions", _array(map(self.action, form.actions), "\n")),
            ("entities", _array(map(self.entity, form.entities), "\n")),
            *([("instance_name", self.text(name, 0))] if name is not None else []),
        ]

    def worded(self) -> Iterable[Part]:
        """Nodes that compute with the label of a choice: another language means computing them again."""
        rules = ((node.id, node.relevant, node.calculation, node.count) for node in self.form.nodes)
        found = [node for node, *each in rules if any(map(_reads_label, filter(None, each)))]
        if found and len(self.form.languages) > 1:
            yield "worded", _numbers(found)

    def choice_list(self, rows: Sequence[Mapping[str, str | d.Text]]) -> str:
        return _array(map(self.choice, rows), "\n")

    def choice(self, row: Mapping[str, str | d.Text]) -> str:
        parts: list[str] = []
        for column, value in row.items():
            written = literal(value) if isinstance(value, str) else self.label(value, 0)
            parts.append(f"{_key(column)}:{written}")
            if isinstance(value, d.Text) and column == "label" and value.media:
                parts.append(f"media:{_media(value)}")
        return f"{{{','.join(parts)}}}"

    def nodes(self) -> str:
        """One node a line, each with the sheet and row where its author wrote it."""
        lines = [f"{_object(self.node(node))}, {_comment(node)}".rstrip() for node in self.form.nodes]
        return "[\n" + "\n".join(lines) + "\n]"

    def node(self, node: d.Node) -> Iterable[Part]:
        yield "name", literal(node.name)
        yield "parent", str(node.parent)
        plain = {"kind": node.kind, "type": node.type, "control": node.control, "media_type": node.media_type}
        defaults = {"kind": "question", "type": "string"}
        for name, text in plain.items():
            if text and text != defaults.get(name):
                yield name, literal(text)
        if node.appearance:
            yield "appearance", _texts(node.appearance)
        yield from self.labels(node)
        yield from self.rules(node)
        yield from self.offered(node)
        yield from self.extras(node)

    def labels(self, node: d.Node) -> Iterable[Part]:
        for name in _LABELS:
            text: d.Text | None = getattr(node, name)
            if text is not None:
                yield name, self.label(text, node.id)
        if node.label is not None and node.label.media:
            yield "media", _media(node.label)

    def rules(self, node: d.Node) -> Iterable[Part]:
        for name in _CONDITIONS:
            condition: Expression | None = getattr(node, name)
            if condition is not None:
                yield name, self.boolean(condition, node.id)
        if node.calculation is not None:
            yield "calculate", self.text(node.calculation, node.id)
        if node.count is not None:
            yield "count", self.number(node.count, node.id)
        elif node.instances is not None:
            yield "instances", _array(_record(texts, literal) for texts in node.instances)

    def offered(self, node: d.Node) -> Iterable[Part]:
        """The choices of a select: the whole list, or a function that filters it."""
        itemset = node.itemset
        if itemset is None:
            return
        yield "list", literal(itemset.list_name)
        if itemset.rows != d.Rows(itemset.list_name, ""):
            rows = Lowering(self.form.nodes, node.id).rows(itemset.rows)
            yield "choices", self.functions.add(self.writer.function(rows))
        if (itemset.value, itemset.label) != ("name", "label"):
            yield "choice_columns", _texts((itemset.value, itemset.label))

    def extras(self, node: d.Node) -> Iterable[Part]:
        if node.parameters:
            yield "parameters", _record(node.parameters, literal)
        for name, text in (("preload", node.preload), ("default", node.default), ("save_to", node.save_to)):
            if text:
                yield name, literal(text)
        for name in _EXTRA:
            if text := node.extra.get(_OUR_PREFIX + name, ""):
                yield name, literal(text)
        purpose = {
            self.form.default_language: node.extra.get("ly:purpose", ""),
            "en": node.extra.get("ly:purpose_en", ""),
        }
        if any(purpose.values()):
            yield "purpose", _record({key: text for key, text in purpose.items() if text}, literal)

    def action(self, action: d.Action) -> str:
        return _object(
            (
                ("event", literal(action.event)),
                ("trigger", str(action.trigger)),
                ("target", str(action.target)),
                ("value", self.text(action.value, action.target)),
            )
        )

    def entity(self, entity: d.EntityDeclaration) -> str:
        parts = [("list_name", literal(entity.list_name)), ("container", str(entity.container))]
        for name in ("entity_id", "label"):
            value: Expression | None = getattr(entity, name)
            if value is not None:
                parts.append((name, self.text(value, entity.container)))
        for name in _ENTITY_PARTS:
            condition: Expression | None = getattr(entity, name)
            if condition is not None:
                parts.append((name, self.boolean(condition, entity.container)))
        parts.append(("save_to", _record(entity.save_to, str)))
        parts.append(("when", literal(self.form.extra.get("ly:entities_when", "receipt"))))
        return _object(parts)

    def label(self, text: d.Text, own: int) -> str:
        """Write `{"zh":"…","en":c=>"…"+v(c,3)}`: a function where an answer shows in the text."""
        return _record(text.by_language, lambda parts: self.said(parts, own))

    def said(self, parts: Sequence[str | Expression], own: int) -> str:
        if all(isinstance(part, str) for part in parts):
            return literal("".join(map(str, parts)))
        lower = Lowering(self.form.nodes, own)
        written = [
            literal(part) if isinstance(part, str) else self.writer.expression(lower.text(part))
            for part in parts
        ]
        return f"c=>{'+'.join(written)}"

    def text(self, expression: Expression, own: int) -> str:
        return self.functions.add(self.writer.function(Lowering(self.form.nodes, own).text(expression)))

    def number(self, expression: Expression, own: int) -> str:
        return self.functions.add(self.writer.function(Lowering(self.form.nodes, own).number(expression)))

    def boolean(self, expression: Expression, own: int) -> str:
        return self.functions.add(self.writer.function(Lowering(self.form.nodes, own).boolean(expression)))


class _Functions:
    """The functions of a module: one that is wanted several times is written once and named."""

    def __init__(self) -> None:
        self.wanted: dict[str, int] = {}

    def add(self, function: str) -> str:
        """Return what stands for it until all are known; NUL is escaped in what authors write."""
        self.wanted[function] = self.wanted.get(function, 0) + 1
        return f"\0{function}\0"

    def share(self, body: str) -> tuple[str, str]:
        """Return the named ones as a declaration, and the body with each function or its name in place."""
        often = [function for function, times in self.wanted.items() if times > 1]
        names = {function: f"f{at}" for at, function in enumerate(often)}
        placed = _MARKED.sub(lambda found: names.get(found[1], found[1]), body)
        declared = ",\n".join(f"{name}={function}" for function, name in names.items())
        return (f"const {declared};\n" if declared else ""), placed


def _reads_label(expression: Expression) -> bool:
    return any(isinstance(part, d.Rows) and part.column == "label" for part in walk(expression))


def _comment(node: d.Node) -> str:
    """Say where the node was written; a sheet's name is author text, so only harmless characters stay."""
    place = next(iter(node.places.values()), None)
    return f"// {node.id}: {_PLACE.sub('_', place.sheet)} {place.row}" if place else f"// {node.id}"


def _list_use(use: d.ListUse) -> str:
    return _object(
        (("name", literal(use.name)), ("columns", _texts(use.columns)), ("keys", _texts(use.keys)))
    )


def _media(text: d.Text) -> str:
    return _record(text.media, lambda files: _record(files, literal))


def _key(name: str) -> str:
    """A key of an object literal; `"__proto__": …` would set the prototype, in brackets it is a key."""
    return '["__proto__"]' if name == "__proto__" else literal(name)


def _object(parts: Iterable[Part]) -> str:
    return f"{{{','.join(f'{name}:{value}' for name, value in parts)}}}"


def _record(values: Mapping[str, T], write: Callable[[T], str], separator: str = "") -> str:
    items = [f"{_key(name)}:{write(value)}" for name, value in values.items()]
    return f"{{{f',{separator}'.join(items)}}}"


def _array(items: Iterable[str], separator: str = "") -> str:
    return f"[{f',{separator}'.join(items)}]"


def _texts(texts: Iterable[str]) -> str:
    return _array(map(literal, texts))


def _numbers(numbers: Iterable[int]) -> str:
    return json.dumps([*numbers], separators=(",", ":"))
