"""The survey sheet -> its questions, groups and repeats by path, with the place of every cell.

Reads, never judges; `unmatched` holds begin and end rows without a partner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from forms.definition import Place
from forms.sheets import Row, Sheet, Workbook

_BEGIN = re.compile(r"^begin[ _](group|repeat|loop|lgroup|looped group)\b", re.IGNORECASE)
_END = re.compile(r"^end[ _](group|repeat|loop|lgroup|looped group)\b", re.IGNORECASE)
_TRUE = frozenset(("yes", "true", "true()"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the survey: `kind` is question, group or repeat; `path` has no root."""

    row: Row
    sheet: Sheet
    kind: str
    name: str
    path: str
    type: str
    parent: str

    def value(self, column: str) -> str:
        """The first filled cell of a canonical column."""
        return self.sheet.value(self.row, column)

    def place(self, column: str) -> Place:
        """Where a canonical column of this row is; its header when filled, else the canonical name."""
        return self.places().get(column) or self.sheet.place(
            self.row.number, self.sheet.column(column) or column
        )

    def places(self) -> dict[str, Place]:
        """Every filled cell by canonical column; texts also by `label::language`."""
        found: dict[str, Place] = {}
        for column in self.sheet.columns:
            if column.header in self.row.cells:
                place = self.sheet.place(self.row.number, column)
                found.setdefault(column.name, place)
        return found


@dataclass(slots=True)
class Survey:
    """All rows of a survey sheet that count."""

    sheet: Sheet | None = None
    entries: list[Entry] = field(default_factory=list)
    unmatched: list[tuple[Row, str]] = field(default_factory=list)  # row, "begin group" or "end repeat"

    def by_name(self) -> dict[str, list[Entry]]:
        """Entries of each name, wherever they stand."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.name:
                found.setdefault(entry.name, []).append(entry)
        return found

    def places(self) -> dict[str, dict[str, Place]]:
        """Path -> canonical column -> cell, for the passes that know paths only."""
        return {entry.path: entry.places() for entry in self.entries}


def read_survey(book: Workbook) -> Survey:
    """Nest the rows of the survey sheet; an empty survey when there is no sheet."""
    sheet = book.sheets.get("survey")
    survey = Survey(sheet)
    if sheet is None:
        return survey
    open_groups: list[tuple[Entry, str]] = []
    for row in sheet.rows:
        type_ = " ".join(sheet.value(row, "type").split())
        if sheet.value(row, "disabled").lower() in _TRUE:
            continue
        if end := _END.match(type_):
            _close(survey, open_groups, row, _kind(end[1]))
            continue
        parent = open_groups[-1][0].path if open_groups else ""
        begin = _BEGIN.match(type_)
        entry = _entry(sheet, row, type_, parent, _kind(begin[1]) if begin else "question")
        survey.entries.append(entry)
        if begin:
            open_groups.append((entry, entry.kind))
    survey.unmatched += [(entry.row, f"begin {kind}") for entry, kind in open_groups]
    return survey


def _entry(sheet: Sheet, row: Row, type_: str, parent: str, kind: str) -> Entry:
    name = sheet.value(row, "name")
    if not name and type_ == "note":
        name = f"generated_note_name_{row.number}"
    return Entry(row, sheet, kind, name, f"{parent}/{name}".lstrip("/"), type_, parent)


def _close(survey: Survey, open_groups: list[tuple[Entry, str]], row: Row, kind: str) -> None:
    """An end closes the innermost group of its kind; groups left open inside are unmatched."""
    if not any(open_kind == kind for _, open_kind in open_groups):
        survey.unmatched.append((row, f"end {kind}"))
        return
    while open_groups:
        entry, open_kind = open_groups.pop()
        if open_kind == kind:
            return
        survey.unmatched.append((entry.row, f"begin {open_kind}"))


def is_begin(type_: str) -> bool:
    """Whether a row with this type opens a group or repeat."""
    return bool(_BEGIN.match(" ".join(type_.split())))


def is_end(type_: str) -> bool:
    """Whether a row with this type closes one."""
    return bool(_END.match(" ".join(type_.split())))


def _kind(word: str) -> str:
    return "group" if word.lower() == "group" else "repeat"
