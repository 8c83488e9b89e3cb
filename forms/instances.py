"""A secondary instance of any shape: its elements by path, and tables made of them for a path to rows.

Most instances are plain: the children of the root are the rows, their children the columns. Others nest rows
in rows, or carry attributes. A table's columns are `a`, `a/b`, `@k`, `a/@k`, `.` (the text itself) and, of
what stands around a row, `../a`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from lxml import etree

from forms.definition import Text
from forms.expression import Step
from forms.xml import attribute, children, local


class Instance:
    """The root element of one secondary instance."""

    def __init__(self, root: etree._Element, label: Callable[[etree._Element], Text | None]) -> None:
        """Keep the element that the first step of a path names, and what finds a row's text by its id."""
        self.root = root
        self.label = label
        self._found: dict[tuple[tuple[str, str], ...], list[etree._Element]] = {}

    def is_plain(self, steps: Sequence[Step]) -> bool:
        """Whether two steps lead to all children of the root: then the list as it is has the rows."""
        if len(steps) != 2 or any(step.axis != "child" for step in steps):
            return False
        top, rows = (step.name.rpartition(":")[2] for step in steps)
        return top in (local(self.root), "*") and (rows == "*" or self._names == {rows})

    @cached_property
    def _names(self) -> set[str]:
        return {local(each) for each in children(self.root)}

    def find(self, steps: Sequence[Step]) -> list[etree._Element]:
        """Elements at the end of some steps, in document order, predicates aside."""
        key = tuple((step.axis, step.name) for step in steps)
        if key not in self._found:
            before = self.find(steps[:-1]) if len(steps) > 1 else None
            self._found[key] = self._after(before, steps[-1])
        return self._found[key]

    def _after(self, before: list[etree._Element] | None, step: Step) -> list[etree._Element]:
        if before is None:
            return self._taken([self.root], step)
        if step.axis == "parent":
            return [*dict.fromkeys(above for each in before if (above := each.getparent()) is not None)]
        return self._taken((child for each in before for child in children(each)), step)

    def is_single(self, steps: Sequence[Step], found: Sequence[etree._Element]) -> bool:
        """Whether no two of what was found stand in one row, `steps` above: then each is a column."""
        if any(step.axis == "descendant" for step in steps):
            return False
        if any(step.axis == "parent" for step in steps):
            return True
        rows = list(found)
        for _ in steps:
            rows = [above for each in rows if (above := each.getparent()) is not None]
        return len(set(rows)) == len(found)

    def _taken(self, candidates: Iterable[etree._Element], step: Step) -> list[etree._Element]:
        if step.axis == "descendant":
            candidates = dict.fromkeys(each for one in candidates for each in one.iter("{*}*", "*"))
        name = step.name.rpartition(":")[2]
        return [each for each in candidates if name in ("*", local(each))]

    def cell(self, row: etree._Element, column: str) -> str | None:
        """Text of one column of a row, None where it has none."""
        at: etree._Element | None = row
        for step in column.split("/"):
            if at is None or step == ".":
                continue
            if step.startswith("@"):
                return attribute(at, step[1:]) or None
            at = at.getparent() if step == ".." else next((c for c in children(at) if local(c) == step), None)
        return None if at is None or len(at) else (at.text or "").strip()


def columns_of(row: etree._Element, prefix: str = "") -> Iterable[tuple[str, str]]:
    """Every column a row has itself, the first of each name: attributes, texts, and what is nested."""
    for name, value in row.attrib.items():
        yield f"{prefix}@{str(name).rpartition('}')[2]}", str(value)
    inner = list(children(row))
    if not inner and not prefix:
        yield ".", (row.text or "").strip()
    for child in inner:
        if len(child):
            yield from columns_of(child, f"{prefix}{local(child)}/")
            continue
        yield f"{prefix}{local(child)}", (child.text or "").strip()
        for name, value in child.attrib.items():
            yield f"{prefix}{local(child)}/@{str(name).rpartition('}')[2]}", str(value)
