"""Definition with paths -> the same with `Ref`, `Nodes`, `Rows`, `Position` or `Column` in their place.

Functions are checked, and the columns and keys of external lists collected. It does not order computations
(`order.py`) nor decide conversions (`lower.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from forms import definition as d
from forms.circles import break_circles
from forms.errors import ErrorList
from forms.expression import Binary, Call, Expression, ExpressionError, parse, walk
from forms.itself import Itself, spread
from forms.lower import type_of
from forms.paths import Around
from forms.references import Resolver
from forms.tree import Tree
from forms.uses import Uses
from forms.whole import of_its_type

# Field of a node -> the columns an author may have written it in.
_COLUMNS = {
    "calculation": ("calculation", "calculate", "default"),
    "itemset": ("choice_filter", "type"),
    "count": ("repeat_count", "count"),
    "read_only": ("readonly", "read_only"),
    "relevant": ("relevant",),
    "required": ("required",),
    "constraint": ("constraint",),
    "label": ("label", "media"),
    "hint": ("hint",),
    "guidance": ("guidance_hint",),
    "required_message": ("required_message",),
    "constraint_message": ("constraint_message",),
}
# `expression.MAX_DEPTH` levels, seven calls each in the passes that recurse (this one, lowering, printing).
_FRAMES = 3_000
_MAX_REPEATS = 8  # within one another; CPython refuses 20 nested loops
_CONDITIONS = ("relevant", "required", "read_only", "constraint")
_VALUES = ("calculation", "count")
_TEXTS = ("label", "hint", "guidance", "required_message", "constraint_message")
_DERIVED = ("ly:key", "ly:village")
_ALWAYS = Call("true", ())


def resolve(
    definition: d.Definition, errors: ErrorList, columns: Mapping[str, Collection[str]] | None = None
) -> d.Definition:
    """Replace every path of a form.

    Args:
        definition: as `xform.py` gives it; `lists` names the external lists it declares.
        errors: takes what is wrong, with the author's place.
        columns: of external lists where they are known (attached files); others may have any column.

    Returns:
        The same form with references, `lists` and `derived` filled; to be used only if no error was added.
    """
    # Only ever raised, so that compilations in several threads don't lower it for each other.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _FRAMES))
    made = _Pass(definition, errors, columns or {}).run()
    return made if errors.errors else break_circles(made, errors)


class _Pass:
    """One run over one form."""

    def __init__(
        self, definition: d.Definition, errors: ErrorList, columns: Mapping[str, Collection[str]]
    ) -> None:
        self.definition = definition
        self.errors = errors
        self.tree = Tree(definition.nodes)
        self.uses = Uses(definition, columns)
        self.itself = Itself(self.tree, errors)

    def run(self) -> d.Definition:
        form = self.definition
        resolved = spread(_read_only_inside(map(self._node, form.nodes)), self.tree)
        nodes = tuple(map(self.itself.settled, resolved))
        made = replace(
            form,
            nodes=nodes,
            title=self._text(form.title, 0, d.Place("settings", 0, "form_title")),
            choice_lists={name: tuple(map(self._choice, rows)) for name, rows in form.choice_lists.items()},
            actions=tuple(map(self._action, form.actions)),
            entities=tuple(map(self._entity, form.entities)),
            instance_name=self._instance_name(),
            derived=dict(self._derived()),
        )
        tables = self.uses.tables(form.default_language)
        return replace(made, lists=self.uses.lists(), choice_lists={**made.choice_lists, **tables})

    def _resolver(self, own: int, place: d.Place) -> Resolver:
        return Resolver(self.tree, self.definition, self.uses, self.errors, place, own)

    def _expression(self, expression: Expression | None, own: int, place: d.Place) -> Expression | None:
        if expression is None:
            return None
        return self._resolver(own, place).resolve(expression, Around(own, own))

    def _node(self, node: d.Node) -> d.Node:
        if len(self.tree.repeats(node.id)) > _MAX_REPEATS:
            place = next(iter(node.places.values()), d.Place("survey", 0, ""))
            self.errors.add("too_deep", place, limit=_MAX_REPEATS)
        changes: dict[str, Any] = {}
        for field in _CONDITIONS:
            if (written := getattr(node, field)) is not None:
                changes[field] = self._condition(written, node, field)
        for field in _VALUES:
            if (written := getattr(node, field)) is not None:
                changes[field] = self._part(written, node.id, _place(node, field))
        if node.calculation is not None:
            changes["calculation"] = of_its_type(changes["calculation"], node, self.definition.nodes)
        for field in _TEXTS:
            if (text := getattr(node, field)) is not None:
                changes[field] = self._text(text, node.id, _place(node, field))
        if node.itemset is not None:
            changes["itemset"] = self._itemset(node, node.itemset)
        return replace(node, **changes)

    def _condition(self, written: Expression, node: d.Node, field: str) -> Expression | None:
        place = _place(node, field)
        return self._resolver(node.id, place).condition(written, Around(node.id, node.id))

    def _text(self, text: d.Text, own: int, place: d.Place) -> d.Text:
        by_language = {
            language: tuple(part if isinstance(part, str) else self._part(part, own, place) for part in parts)
            for language, parts in text.by_language.items()
        }
        return replace(text, by_language=by_language)

    def _part(self, part: Expression, own: int, place: d.Place) -> Expression:
        return self._resolver(own, place).resolve(part, Around(own, own))

    def _itemset(self, node: d.Node, itemset: d.Itemset) -> d.Itemset:
        place = _place(node, "itemset")
        resolver, around = self._resolver(node.id, place), Around(node.id, node.id)
        if not itemset.list_name:
            rows = resolver.instances(itemset.rows, itemset.value, itemset.label, around)
            return d.Itemset("", rows)
        rows = resolver.row_set(itemset.rows, around)
        if type_of(rows) != "rows":
            self.errors.add("choices_path", place, path=node.name)
            return itemset
        name = next(part.list_name for part in walk(rows) if isinstance(part, d.Rows))
        self.uses.read(name, itemset.value, place, self.errors)
        self.uses.read(name, itemset.label, place, self.errors)
        return replace(itemset, rows=rows, list_name=name)

    def _choice(self, row: dict[str, str | d.Text]) -> dict[str, str | d.Text]:
        place = d.Place("choices", 0, "label")
        return {
            name: self._text(value, 0, place) if isinstance(value, d.Text) else value
            for name, value in row.items()
        }

    def _action(self, action: d.Action) -> d.Action:
        node = self.definition.nodes[action.target]
        value = self._part(action.value, node.id, _place(node, "calculation"))
        return replace(action, value=of_its_type(value, node, self.definition.nodes))

    def _entity(self, entity: d.EntityDeclaration) -> d.EntityDeclaration:
        def made(expression: Expression | None, column: str) -> Expression | None:
            return self._expression(expression, entity.container, d.Place("entities", 0, column))

        return replace(
            entity,
            entity_id=made(entity.entity_id, "entity_id"),
            create_if=made(entity.create_if, "create_if"),
            update_if=made(entity.update_if, "update_if"),
            label=made(entity.label, "label"),
        )

    def _instance_name(self) -> Expression | None:
        return self._expression(self.definition.instance_name, 0, d.Place("settings", 0, "instance_name"))

    def _derived(self) -> Iterable[tuple[str, Expression]]:
        """Read the settings that are expressions over the whole form."""
        for name in _DERIVED:
            if not (written := self.definition.extra.get(name, "")):
                continue
            place = d.Place("settings", 0, name)
            try:
                yield name, self._part(parse(written), 0, place)
            except ExpressionError as error:
                self.errors.add(error.code, place, **error.values)


def _read_only_inside(nodes: Iterable[d.Node]) -> Iterator[d.Node]:
    """What stands in a group that nobody may change is not to be changed either.

    Source: ODK XForms, Bind Attributes, as XForms 1.0, 6.1.3, where `readonly` is inherited.
    """
    around: dict[int, Expression] = {}
    for node in nodes:
        own, outer = node.read_only, around.get(node.parent)
        if outer is not None and own != _ALWAYS:
            own = outer if own is None or outer == _ALWAYS else Binary("or", outer, own)
        if own is not None:
            around[node.id] = own
        yield replace(node, read_only=own)


def _place(node: d.Node, field: str) -> d.Place:
    """Find where the author wrote a field of a node; a column per language counts."""
    for column in _COLUMNS[field]:
        for written, place in node.places.items():
            if written.split("::")[0].split(":")[0] == column or written == field:
                return place
    place = next(iter(node.places.values()), d.Place("survey", 0, ""))
    return replace(place, column=_COLUMNS[field][0])
