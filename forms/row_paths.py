"""Paths over lists -> rows and columns: `instance('x')/root/item[…]/column`, of any shape, and last-saved.

The second layer of `Resolver`, after paths over form nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forms import definition as d
from forms.expression import Call, Expression, Name, Path, Step, String
from forms.instances import Instance
from forms.lookups import has_place, indexed
from forms.lower import type_of
from forms.node_paths import NOTHING, NodePaths
from forms.paths import Around, Missing, PathError, written
from forms.uses import hints

SAVED_BEFORE = "last-saved#"
_ROW_STEPS = 2  # instance('x')/root/item
_ROOT = "root"
_ITSELF = "."


@dataclass(frozen=True, slots=True)
class RowPaths(NodePaths):
    """Resolves paths that begin at an instance, or stand in a predicate over its rows."""

    def declared(self, list_name: str) -> None:
        """Refuse a list that the form doesn't have; of a draft's nothing is known yet."""
        if not self.uses.declares(list_name):
            found = {"list": list_name, **hints(list_name, self.uses.names)}
            if not self.errors.is_draft:
                raise PathError("unknown_instance", **found)
            self.errors.block("unknown_instance", self.place, **found)
            self.uses.declare(list_name)
        self.uses.opens(list_name, self.place)

    def rows(self, path: Path, base: Call, around: Around) -> Expression:
        """Resolve `instance('x')/…`."""
        if len(base.arguments) != 1 or not isinstance(base.arguments[0], String):
            raise PathError("literal_argument", name="instance", found="…")
        list_name = base.arguments[0].value
        if list_name == self.definition.last_saved:
            return self.last_saved(Path(True, path.steps))
        self.declared(list_name)
        steps = path.steps
        if any(step.axis == "self" or (step.axis == "parent" and step.predicates) for step in steps):
            raise self._unsupported(list_name, path)
        instance = self.definition.instances.get(list_name)
        if instance is not None:
            return self._shaped(list_name, path, instance, around)
        if len(steps) == _ROW_STEPS and steps[0].name != _ROOT and not _tested(steps):
            return self._taken(list_name, steps[1:])  # `instance('x')/context/a`: one row, no more
        if len(steps) < _ROW_STEPS or _tested(steps) not in ([], [1]) or not _is_plain(steps):
            raise self._unsupported(list_name, path)
        equals, rest = self._tests(list_name, steps[:_ROW_STEPS], around)
        return self._taken(list_name, steps[_ROW_STEPS:], equals, rest)

    def valued(self, made: Expression) -> Expression:
        """Rows where a value is wanted: their own texts, if they hold nothing but text."""
        if type_of(made) != "rows":
            return made
        if isinstance(made, Call):  # randomize()
            return Call(made.name, (self.valued(made.arguments[0]), *made.arguments[1:]))
        if isinstance(made, d.Rows) and self.uses.has(made.list_name, _ITSELF):
            self.uses.read(made.list_name, _ITSELF, self.place, self.errors)
            return replace(made, column=_ITSELF)
        name = made.list_name if isinstance(made, d.Rows) else ""
        raise PathError("rows_as_value", path=f"instance('{name}')/…")

    def _unsupported(self, list_name: str, path: Path) -> PathError:
        return PathError(
            "unsupported_path", path=f"instance('{list_name}'){written(path)[1:]}", reason="/root/item[…]"
        )

    def _shaped(self, list_name: str, path: Path, instance: Instance, around: Around) -> Expression:
        """Rows of an instance whose XML is here; such as aren't plain become a table of their own."""
        steps = path.steps
        taken = steps[:-1] if steps[-1].axis == "attribute" else steps
        found = instance.find(taken)
        if not found:
            words = f"instance('{list_name}'){written(path)[1:]}"
            self.errors.warn("path_to_nothing", self.place, path=words)
            return NOTHING
        is_leaf = all(len(each) == 0 for each in found)
        n_rows = max([place + 1 for place in _tested(steps)], default=len(taken) - is_leaf)
        if n_rows < 1 or not instance.is_single(taken[n_rows:], found):
            n_rows = len(taken)
        rest = steps[n_rows:]
        if not rest and is_leaf:
            rest = (Step("self", _ITSELF),)
        name = self._table(list_name, instance, steps[:n_rows])
        equals, others = self._tests(name, steps[:n_rows], around)
        return self._taken(name, rest, equals, others)

    def _table(self, list_name: str, instance: Instance, steps: Sequence[Step]) -> str:
        """The name of the list whose rows are at the end of some steps."""
        if instance.is_plain(steps):
            return list_name
        marks = {"descendant": "/", "parent": "../"}
        name = "/".join([list_name, *(f"{marks.get(step.axis, '')}{step.name}" for step in steps)])
        self.uses.add_table(name, instance, instance.find(steps))
        return name

    def _tests(
        self, list_name: str, steps: Sequence[Step], around: Around
    ) -> tuple[tuple[tuple[str, Expression], ...], tuple[Expression, ...]]:
        """Predicates of the rows, and of what stands around them."""
        made: list[Expression] = []
        for up, step in zip(range(len(steps) - 1, -1, -1), steps, strict=True):
            inside = around.testing_rows(list_name, up)
            for predicate in step.predicates:
                test = self.condition(predicate, inside)
                if up and (type_of(test) == "number" or has_place(test)):
                    raise PathError("unsupported_path", path=f"{step.name}[…]/…", reason="position()")
                made.append(test)
        equals, rest = indexed(made)
        for key, _ in equals:
            self.uses.read(list_name, key, self.place, self.errors, is_key=True)
        return equals, rest

    def _taken(
        self,
        list_name: str,
        steps: Sequence[Step],
        equals: tuple[tuple[str, Expression], ...] = (),
        rest: tuple[Expression, ...] = (),
    ) -> Expression:
        column = "/".join(_column_step(step) for step in steps)
        if column and not self.uses.read(list_name, column, self.place, self.errors):
            return NOTHING
        return d.Rows(list_name, column, equals, rest)

    def column(self, path: Path, around: Around) -> Expression:
        """Resolve a path inside a predicate over rows."""
        steps = [step for step in path.steps if step.axis != "self" or step.predicates]
        if any(step.predicates or (step.name == "*" and step.axis != "parent") for step in steps):
            raise PathError("unsupported_path", path=written(path), reason="current()/…")
        names = [".."] * around.row_steps + [_column_step(step) for step in steps]
        name = "/".join(names or [_ITSELF])
        if not self.uses.read(around.row_of, name, self.place, self.errors):
            return NOTHING
        return d.Column(name)

    def last_saved(self, path: Path | int) -> Expression:
        """A question of the record saved before is a column of its one row, named by its path."""
        try:
            entries, _ = self.chain(path, Around(0, 0))
        except Missing as missing:
            self.errors.warn("path_to_nothing", self.place, path=missing.values["path"])
            return NOTHING
        node = entries[-1].node
        name = self.tree.path(node)
        if any(entry.predicates for entry in entries):
            raise PathError("unsupported_path", path=name, reason="last-saved […]")
        if self.tree.nodes[node].kind != "question":
            raise PathError("group_as_value", path=name)
        if self.tree.repeats(node):
            self.errors.warn("last_saved_repeat", self.place, path=name)
        self.uses.read(d.LAST_SAVED, name, self.place, self.errors)
        return d.Rows(d.LAST_SAVED, name)

    def saved_before(self, name: Name) -> Expression:
        """Resolve `${last-saved#name}`."""
        return self.last_saved(self.named(Name(name.value.removeprefix(SAVED_BEFORE))))


def _tested(steps: Sequence[Step]) -> list[int]:
    """Places of the steps with predicates."""
    return [place for place, step in enumerate(steps) if step.predicates]


def _is_plain(steps: Sequence[Step]) -> bool:
    return all(
        step.axis in ("child", "attribute") and (step.name != "*" or at == 1) for at, step in enumerate(steps)
    )


def _column_step(step: Step) -> str:
    """`a`, `@k`, `..` or `.` as part of a column's name."""
    if step.axis == "parent":
        return ".."
    return f"@{step.name}" if step.axis == "attribute" else step.name.rpartition(":")[2]
