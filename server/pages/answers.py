"""A record as sections to show: every answer in words, masked where it must be, with what belongs beside it.

Takes a version's answers and its outline; gives plain values for the template. Reads no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.access import HIDDEN
from server.actions.reveal import mask_answer
from server.outline import Node, Outline, below, instances, plain_path, take
from server.pages.align import align
from server.pages.words import answer_in_words, as_number, change_in_percent
from server.texts import text as say

MAX_LEFTOVERS = 200  # answers that the form doesn't know; more are counted only


@dataclass
class Cell:
    """One answer."""

    path: str
    node: Node
    text: str
    is_masked: bool = False
    file: Mapping[str, Any] | None = None
    before: str = ""
    file_before: Mapping[str, Any] | None = None
    is_before_masked: bool = False
    change: str = ""  # '' changed added removed
    percent: str = ""
    recomputed: str = ""
    violations: list[Any] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def is_number(self) -> bool:
        return self.node.is_number


@dataclass
class Instance:
    """One instance of a repeat; `is_gone`: it stands only in what this is compared with."""

    path: str
    ordinal: int
    cells: list[Cell]
    sections: list[Section]
    is_gone: bool = False
    violations: list[Any] = field(default_factory=list)


@dataclass
class Section:
    """Answers under one heading; a repeat has instances instead of cells."""

    path: str
    headings: tuple[str, ...]
    cells: list[Cell] = field(default_factory=list)
    questions: list[Node] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    is_repeat: bool = False
    violations: list[Any] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.cells or self.instances or self.violations)


@dataclass
class Lens:
    """How to look: language, masking, and what stands beside the answers, by indexed path."""

    language: str
    is_open: bool = False  # sensitive answers are shown
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    violations: Mapping[str, list[Any]] = field(default_factory=dict)
    comments: Mapping[str, list[str]] = field(default_factory=dict)
    recomputed: Mapping[str, Any] = field(default_factory=dict)
    is_compared: bool = False
    only_known: frozenset[str] | None = None  # compare these paths only: the other side knows no others


class Reader:
    """Walks an outline with two answer trees: the record's, and the one it is compared with."""

    def __init__(self, outline: Outline, lens: Lens) -> None:
        self.outline = outline
        self.lens = lens

    def sections(self, answers: Any, before: Any = None) -> list[Section]:
        """What the form computed comes first: it says in short what the answers come to."""
        others = before if self.lens.is_compared and self.lens.only_known is None else None
        results = Section("", (say("results", self.lens.language),))
        asked = list(self.group("", "", (), answers, before, results))
        found = [results, *asked, *self.leftovers(answers, others)]
        return [section for section in found if not section.is_empty]

    def workings(self, answers: Any) -> list[Cell]:
        """What the form computed on the way, of no interest unless a figure is doubted."""
        cells = []
        for path, value in flatten(answers):
            node = self.outline.by_path.get(plain_path(path))
            if node and node.is_working:
                cells.append(Cell(path, node, self.words(node, value)))
        return [cell for cell in cells if cell.text]

    def group(
        self,
        container: str,
        prefix: str,
        headings: tuple[str, ...],
        scope: Any,
        before: Any,
        results: Section,
    ) -> Iterator[Section]:
        """A group's own answers, split where a group or repeat stands between them."""
        section = Section(prefix, headings, violations=self.lens.violations.get(prefix, []) if prefix else [])
        for node in self.outline.children.get(container, ()):
            path = f"{prefix}/{node.name}" if prefix else node.name
            if node.kind == "question":
                if cell := self.cell(node, path, take(scope, [node.name]), take(before, [node.name])):
                    (results if node.is_calculation else section).cells.append(cell)
                continue
            yield section
            inner = (*headings, node.words(self.lens.language)) if node.label else headings
            if node.kind == "repeat":
                yield self.repeat(node, path, inner, scope, before)
            else:
                inside = take(scope, [node.name]), take(before, [node.name])
                yield from self.group(node.path, path, inner, *inside, results)
            section = Section(prefix, headings)
        yield section

    def repeat(self, node: Node, path: str, headings: tuple[str, ...], scope: Any, before: Any) -> Section:
        """A repeat with its instances; those of the other side that have no partner come last."""
        shown = [one for one in self.outline.questions_in(node.path) if self.is_shown(one)]
        questions = sorted(shown, key=lambda one: one.is_calculation)  # a member's name before their age
        section = Section(path, headings, is_repeat=True, violations=self.lens.violations.get(path, []))
        rows = instances(scope, [node.name])
        others = instances(before, [node.name]) if self.lens.is_compared else []
        names = [below(one.path, node.path) for one in self.outline.questions_in(node.path)]
        for ordinal, (row, other) in enumerate(align(rows, others, names), 1):
            section.instances.append(self.instance(node, questions, path, ordinal, row, other))
        said = {cell.path for one in section.instances for cell in one.cells if not is_blank(cell)}
        section.questions = [one for one in questions if any(plain_path(path) == one.path for path in said)]
        for one in section.instances:
            one.cells = [cell for cell in one.cells if cell.node in section.questions]
        return section

    def instance(
        self, node: Node, questions: list[Node], path: str, ordinal: int, row: Any, other: Any
    ) -> Instance:
        place = f"{path}[{ordinal}]"
        cells = []
        for question in questions:
            names = below(question.path, node.path)
            at = f"{place}/{'/'.join(names)}"
            cells.append(self.make_cell(question, at, take(row, names), take(other, names)))
        nested = [
            self.repeat(
                inner,
                "/".join((place, *below(inner.path, node.path))),
                (inner.words(self.lens.language),),
                take(row, below(inner.path, node.path)[:-1]) if row is not None else None,
                take(other, below(inner.path, node.path)[:-1]) if other is not None else None,
            )
            for inner in self.outline.repeats_in(node.path)
        ]
        kept = [section for section in nested if not section.is_empty]
        return Instance(place, ordinal, cells, kept, row is None, self.lens.violations.get(place, []))

    def is_shown(self, node: Node) -> bool:
        return bool(node.label) and not node.is_working

    def cell(self, node: Node, path: str, value: Any, before: Any) -> Cell | None:
        """An answer, or None where there is nothing to say."""
        cell = self.make_cell(node, path, value, before)
        return cell if self.is_shown(node) and not is_blank(cell) else None

    def make_cell(self, node: Node, path: str, value: Any, before: Any) -> Cell:
        is_masked = node.is_sensitive and not self.lens.is_open
        cell = Cell(path, node, self.words(node, value))
        cell.is_masked = is_masked and cell.text != ""
        cell.violations = self.lens.violations.get(path, [])
        cell.comments = self.lens.comments.get(path, [])
        if path in self.lens.recomputed:
            cell.recomputed = self.words(node, self.lens.recomputed[path])
        if node.is_file and isinstance(value, dict):
            cell.file = None if is_masked else value
        if self.lens.is_compared and self.is_comparable(node):
            self.compare(cell, value, before)
        return cell

    def is_comparable(self, node: Node) -> bool:
        return self.lens.only_known is None or node.path in self.lens.only_known

    def words(self, node: Node, value: Any) -> str:
        text = answer_in_words(self.outline, node, value, self.lens.language, self.lens.names)
        return mask_answer(node, text) if node.is_sensitive and not self.lens.is_open else text

    def compare(self, cell: Cell, value: Any, before: Any) -> None:
        cell.before = self.words(cell.node, before)
        cell.is_before_masked = cell.node.is_sensitive and not self.lens.is_open and cell.before != ""
        if cell.node.is_file and isinstance(before, dict) and not cell.is_before_masked:
            cell.file_before = before
        if same(value, before):
            return
        cell.change = "changed" if cell.text and cell.before else "added" if cell.text else "removed"
        if not (cell.node.is_sensitive or cell.node.choice_list or cell.node.is_file):
            cell.percent = change_in_percent(before, value)

    def leftovers(self, answers: Any, before: Any = None) -> list[Section]:
        """Answers at paths the form doesn't have; their class is unknown, so they are masked."""
        values, others = dict(flatten(answers)), dict(flatten(before))
        cells: list[Cell] = []
        for path in dict.fromkeys((*values, *others)):
            if plain_path(path) not in self.outline.by_path and len(cells) < MAX_LEFTOVERS:
                cells.append(self.leftover(path, values.get(path), others.get(path)))
        return [Section("", ("?",), cells=cells)]

    def leftover(self, path: str, value: Any, before: Any) -> Cell:
        text, other = ("" if one in (None, "", []) else str(one) for one in (value, before))
        if not self.lens.is_open:
            text, other = (HIDDEN if one else "" for one in (text, other))
        cell = Cell(path, Node(path, "", path, "question", privacy="sensitive"), text, before=other)
        cell.is_masked = cell.is_before_masked = not self.lens.is_open
        if other and not same(value, before):
            cell.change = "changed" if text else "removed"
        return cell


def only_changed(sections: list[Section]) -> list[Section]:
    """What differs from the other side, and what something is said about."""
    for section in sections:
        section.cells = [cell for cell in section.cells if is_noted(cell)]
        kept = [
            at
            for at in range(len(section.questions))
            if any(is_noted(one.cells[at]) for one in section.instances)
        ]
        section.questions = [section.questions[at] for at in kept]
        for one in section.instances:
            one.cells = [one.cells[at] for at in kept]
            one.sections = only_changed(one.sections)
        if not kept and not any(one.sections or one.violations for one in section.instances):
            section.instances = []
    return [section for section in sections if not section.is_empty]


def is_noted(cell: Cell) -> bool:
    return bool(cell.change or cell.violations or cell.comments or cell.recomputed)


def is_blank(cell: Cell) -> bool:
    return not (cell.text or cell.before or cell.violations or cell.comments or cell.recomputed)


def same(left: Any, right: Any) -> bool:
    """Whether two answers say the same; 3 and "3.00" do, and so do absent and empty."""
    if left in (None, "", []) and right in (None, "", []):
        return True
    numbers = as_number(left), as_number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0] == numbers[1]
    if isinstance(left, dict) and isinstance(right, dict) and "sha256" in left:
        return bool(left["sha256"] == right.get("sha256"))
    return bool(left == right)


def flatten(scope: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its indexed path; files and positions are leaves."""
    for name, value in scope.items() if isinstance(scope, dict) else ():
        path = f"{prefix}/{name}" if prefix else name
        if isinstance(value, dict) and "sha256" not in value:
            yield from flatten(value, path)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            for ordinal, one in enumerate(value, 1):
                yield from flatten(one, f"{path}[{ordinal}]")
        else:
            yield path, value
