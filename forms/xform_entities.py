"""Entity declarations of an XForm (`meta/entity` in root, groups, repeats), read from their container."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import reduce

from lxml import etree

from forms.definition import EntityDeclaration, Node
from forms.expression import Binary, Call, Expression, Path, Step, walk
from forms.functions import FUNCTIONS
from forms.xml import attribute, child, children, local

ALWAYS = Call("true", ())
ENTITY_ID = "meta/entity/@id"
OWN_ID = "_entity_id"  # what the answers call the id of a row that they create


@dataclass(frozen=True, slots=True)
class _Entity:
    element: etree._Element
    group: str  # absolute path of the group, repeat or root whose meta holds it

    @property
    def path(self) -> str:
        return f"{self.group}/meta/entity"


@dataclass(frozen=True, slots=True)
class EntityReader:
    """Reads declarations; `calculation` gives the calculate expression bound to a path, or None."""

    nodes: tuple[Node, ...]
    ids: Mapping[str, int]  # absolute path -> node id
    calculation: Callable[[str], Expression | None]

    def read(self, root: etree._Element) -> tuple[EntityDeclaration, ...]:
        """All declarations, in document order."""
        entities = [_Entity(element, group) for group, element in _entity_elements(root)]
        return tuple(self._declaration(entity, entities) for entity in entities)

    def _declaration(self, entity: _Entity, entities: list[_Entity]) -> EntityDeclaration:
        container = self._repeat_around(self.ids.get(entity.group, 0))
        conditions = self._conditions(entity, container)
        return EntityDeclaration(
            list_name=attribute(entity.element, "dataset"),
            container=container,
            entity_id=self._kept_id(entity, container) or self._expression(entity, "@id", container),
            create_if=self._condition(entity, "create", container, conditions),
            update_if=self._condition(entity, "update", container, conditions),
            label=self._expression(entity, "label", container),
            save_to=self._save_to(entity, entities),
        )

    def _kept_id(self, entity: _Entity, container: int) -> Expression | None:
        """The id that stands among the answers."""
        node = self.ids.get(f"{entity.group}/{ENTITY_ID}")
        if node is None:
            return None
        below = self._path(node).removeprefix(self._path(container)).strip("/")
        return Path(False, tuple(Step("child", name) for name in below.split("/")))

    def _condition(
        self, entity: _Entity, name: str, container: int, others: tuple[Expression, ...]
    ) -> Expression | None:
        """None when this entity is never created (or updated); `true()` when always."""
        if name not in entity.element.attrib:
            return None
        own = self._expression(entity, f"@{name}", container)
        conditions = (*others, *((own,) if own is not None else ()))
        if not conditions:
            return ALWAYS
        result: Expression = reduce(lambda left, right: Binary("and", left, right), conditions)
        return result

    def _conditions(self, entity: _Entity, container: int) -> tuple[Expression, ...]:
        """Relevance of the groups between the entity and its container: not relevant, no entity."""
        conditions: list[Expression] = []
        current = self.ids.get(entity.group, 0)
        while current not in (container, -1, 0):
            node = self.nodes[current]
            if node.relevant is not None:
                path = self._path(current)
                conditions.insert(0, rebase(node.relevant, path, self._path(container)))
            current = node.parent
        return tuple(conditions)

    def _expression(self, entity: _Entity, part: str, container: int) -> Expression | None:
        path = f"{entity.path}/{part}"
        found = self.calculation(path)
        return None if found is None else rebase(found, path, self._path(container))

    def _save_to(self, entity: _Entity, entities: list[_Entity]) -> dict[str, int]:
        """Properties saved by the questions for which this entity is the nearest one around."""
        groups = sorted((each.group for each in entities), key=len, reverse=True)
        result: dict[str, int] = {}
        for node in self.nodes:
            path = self._path(node.id)
            nearest = next((group for group in groups if path.startswith(f"{group}/")), None)
            if node.save_to and nearest == entity.group:
                result[node.save_to] = node.id
        return result

    def _repeat_around(self, node_id: int) -> int:
        while node_id > 0 and self.nodes[node_id].kind != "repeat":
            node_id = self.nodes[node_id].parent
        return max(node_id, 0)

    def _path(self, node_id: int) -> str:
        names: list[str] = []
        while node_id >= 0:
            names.append(self.nodes[node_id].name)
            node_id = self.nodes[node_id].parent
        return "/" + "/".join(reversed(names))


def makes_entity(group: etree._Element) -> bool:
    """Whether the `meta` of a group, a repeat or the root declares an entity that may be created."""
    meta = child(group, "meta")
    entity = None if meta is None else child(meta, "entity")
    return entity is not None and "create" in entity.attrib


def is_volatile(expression: Expression) -> bool:
    """Whether it gives another value each time, such as `uuid()`."""
    calls = (part.name for part in walk(expression) if isinstance(part, Call))
    return any(name in FUNCTIONS and FUNCTIONS[name].is_volatile for name in calls)


def _entity_elements(root: etree._Element) -> list[tuple[str, etree._Element]]:
    found: dict[str, etree._Element] = {}
    waiting = [(f"/{local(root)}", root)]
    while waiting:
        path, element = waiting.pop(0)
        for each in children(element):
            entity = child(each, "entity") if local(each) == "meta" else None
            if entity is not None:
                found.setdefault(path, entity)
            waiting.append((f"{path}/{local(each)}", each))
    return list(found.items())


def rebase(expression: Expression, source: str, target: str) -> Expression:
    """The same expression, read from `target` instead of from `source`, which lies below it."""
    below = source.removeprefix(target).strip("/").split("/")
    return _rebased(expression, [step for step in below if step], is_inside=False)


def _rebased(expression: Expression, below: list[str], *, is_inside: bool) -> Expression:
    """Inside a predicate, only what starts at `current()` is read from the context node."""
    if isinstance(expression, Path):
        return _rebased_path(expression, below, is_inside=is_inside)
    if not is_dataclass(expression) or isinstance(expression, type):
        return expression
    changes: dict[str, object] = {}
    for each in fields(expression):
        value = getattr(expression, each.name)
        if isinstance(value, tuple):
            changes[each.name] = tuple(_rebased(part, below, is_inside=is_inside) for part in value)
        elif is_dataclass(value):
            changes[each.name] = _rebased(value, below, is_inside=is_inside)
    return replace(expression, **changes) if changes else expression


def _rebased_path(path: Path, below: list[str], *, is_inside: bool) -> Path:
    steps = tuple(
        replace(step, predicates=tuple(_rebased(each, below, is_inside=True) for each in step.predicates))
        for step in path.steps
    )
    is_current = path.base == Call("current", ())
    base = path.base if is_current or path.base is None else _rebased(path.base, below, is_inside=is_inside)
    if path.is_absolute or (path.base is not None and not is_current) or (is_inside and not is_current):
        return Path(path.is_absolute, steps, base)
    return Path(False, _shorter(steps, below), base)


def _shorter(steps: tuple[Step, ...], below: list[str]) -> tuple[Step, ...]:
    n_up = 0
    while n_up < len(steps) and steps[n_up].axis == "parent":
        n_up += 1
    if n_up >= len(below):
        rest = steps[len(below) :]
        return rest or (Step("self", "*"),)
    kept = below[: len(below) - n_up]
    return (*(Step("child", name) for name in kept), *steps[n_up:])
