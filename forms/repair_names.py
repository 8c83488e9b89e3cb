"""Names that XLSForm refuses, and references that miss a name by a capital or a blank -> what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from forms.columns import EXPRESSIONS, TEXTS
from forms.errors import ErrorList
from forms.question_types import read_select
from forms.sheets import FORM_SHEETS, Row, Sheet, Workbook
from forms.survey import Entry, Survey, read_survey

Change: TypeAlias = Callable[[Sheet, Row, str, str], str]

_RESERVED = "meta"
_NOT_OF_A_NAME = re.compile(r"[^\w.\-]+")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
# `${name}`, also with blanks in it or after the sign, and with round brackets.
_REFERENCE = re.compile(
    r"\$\s*\{\s*(?P<saved>last-saved#)?\s*(?P<name>[^{}]*?)\s*\}|\$\(\s*(?P<round>[\w.\-]+)\s*\)"
)
_READ = re.compile(r"\$\{([^{}]*)\}|/([\w.\-]+)")
_CLIENTS_OWN = ("instanceID", "instanceName", "deprecatedID", "audit", "entity", "userID", "deviceID")
_META_STEP = re.compile(rf"(?<=/)meta(?=/(?!(?:orx:)?(?:{'|'.join(_CLIENTS_OWN)})\b))")


def repair_names(book: Workbook, errors: ErrorList) -> Workbook:
    """Rename what can't be a name, or is one already in the same group and nobody refers to."""
    survey = read_survey(book)
    if survey.sheet is None:
        return book
    references: dict[str, str] = {}
    renamed = _unusable(survey, references, errors)
    book = _renamed(book, renamed)
    book = _follow(book, references) if references else book
    # Groups first: what is in the second of two is not in the first.
    for kinds in (("group", "repeat"), ("question",)):
        renamed = _duplicates(book, kinds, errors)
        book = _renamed(book, renamed)
    return book


def _renamed(book: Workbook, renamed: Mapping[int, str]) -> Workbook:
    """Put the new names into their rows; '' leaves a row out."""
    sheet = book.sheets["survey"]
    header = sheet.header("name")
    rows = (
        row.saying({header: renamed[row.number]}) if row.number in renamed else row
        for row in sheet.rows
        if renamed.get(row.number) != ""
    )
    return book.with_sheet(replace(sheet, rows=tuple(rows)))


def _unusable(survey: Survey, references: dict[str, str], errors: ErrorList) -> dict[int, str]:
    """Give the new name by row; fills in what each old name became."""
    taken = {entry.name for entry in survey.entries}
    renamed: dict[int, str] = {}
    for entry in survey.entries:
        if not entry.name or (_NAME.fullmatch(entry.name) and entry.name != _RESERVED):
            continue
        if entry.name not in references:  # the same everywhere, so that paths can follow
            name = _NOT_OF_A_NAME.sub("_", entry.name).strip("_") or "q"
            references[entry.name] = _free(name if _NAME.fullmatch(name) else f"_{name}", taken)
        renamed[entry.row.number] = name = references[entry.name]
        errors.warn("repaired_name", entry.place("name"), name=entry.name, taken=name)
    return renamed


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number; notes it as taken."""
    first = 2 if name == _RESERVED else 1
    candidates = (name if n == 1 else f"{name}_{n}" for n in range(first, len(taken) + 3))
    free = next(each for each in candidates if each not in taken)
    taken.add(free)
    return free


def _duplicates(book: Workbook, kinds: Collection[str], errors: ErrorList) -> dict[int, str]:
    """Rename what has the name of another in its group; a question alike in every cell is left out ('')."""
    survey = read_survey(book)
    first: dict[str, Entry] = {}
    taken = {entry.name for entry in survey.entries}
    read = _read_names(book)
    renamed: dict[int, str] = {}
    for entry in survey.entries:
        other = first.setdefault(entry.path, entry)
        if entry.kind == "repeat" and other is entry:  # a repeat has its name alone, in the whole form
            other = first.setdefault(f"repeat {entry.name}", entry)
        if other is entry or not entry.name or entry.kind not in kinds:
            continue
        if entry.kind == "question" and entry.row.cells == other.row.cells:
            renamed[entry.row.number] = ""
            errors.warn("dropped_row", entry.place("name"), other=other.row.number)
        elif entry.name not in read:
            renamed[entry.row.number] = name = _free(f"{entry.name}_2", taken)
            values = {"name": entry.name, "taken": name, "other": other.row.number}
            errors.warn("repaired_duplicate", entry.place("name"), **values)
    return renamed


def _read_names(book: Workbook) -> set[str]:
    """Every name that a cell refers to, by `${}` or in a path."""
    found = (each for *_, cell in _cells(book) for each in _READ.finditer(cell))
    return {each[2] or each[1].strip().removeprefix("last-saved#") for each in found}


def _cells(book: Workbook) -> Iterator[tuple[Sheet, Row, str, str]]:
    """Every cell of the form's sheets: sheet, row, header, text."""
    for name in FORM_SHEETS:
        if sheet := book.sheets.get(name):
            for row in sheet.rows:
                for header, cell in row.cells.items():
                    yield sheet, row, header, cell


def _follow(book: Workbook, references: Mapping[str, str]) -> Workbook:
    """Put the new names where the old ones are referred to."""

    def moved(cell: str) -> str:
        if _RESERVED in references:
            cell = _META_STEP.sub(references[_RESERVED], cell)
        return _REFERENCE.sub(
            lambda found: f"${{{references[found['name']]}}}" if found["name"] in references else found[0],
            cell,
        )

    return _changed(book, lambda sheet, row, header, cell: moved(cell))


def repair_references(book: Workbook, errors: ErrorList) -> Workbook:
    """Write every reference as the question's name is written, where exactly one is meant."""
    known = _known_names(book)
    lower: dict[str, list[str]] = {}
    for name in known:
        lower.setdefault(name.lower(), []).append(name)

    def meant(sheet: Sheet, row: Row, header: str, cell: str) -> str:
        def written(found: re.Match[str]) -> str:
            name = found["name"] or found["round"] or ""
            near = [name] if name in known else lower.get(name.lower(), [])
            if len(near) != 1 or not name or found[0] == f"${{{found['saved'] or ''}{near[0]}}}":
                return found[0]
            taken = f"${{{found['saved'] or ''}{near[0]}}}"
            errors.warn("repaired_reference", sheet.place(row.number, header), found=found[0], taken=taken)
            return taken

        return _REFERENCE.sub(written, cell)

    return _changed(book, lambda *at: meant(*at) if "$" in at[-1] and _may_refer(at[0], at[2]) else at[-1])


def _known_names(book: Workbook) -> set[str]:
    survey = read_survey(book)
    others = (
        f"{entry.name}_other"
        for entry in survey.entries
        if (select := read_select(entry.type)) and select.has_other
    )
    return {entry.name for entry in survey.entries if entry.name} | set(others)


def _may_refer(sheet: Sheet, header: str) -> bool:
    name = next((column.name for column in sheet.columns if column.header == header), "")
    return name in {*EXPRESSIONS.get(sheet.name, ()), *TEXTS.get(sheet.name, ()), "trigger", "type"}


def _changed(book: Workbook, change: Change) -> Workbook:
    for name in FORM_SHEETS:
        if sheet := book.sheets.get(name):
            rows = tuple(_changed_row(sheet, row, change) for row in sheet.rows)
            book = book.with_sheet(replace(sheet, rows=rows))
    return book


def _changed_row(sheet: Sheet, row: Row, change: Change) -> Row:
    changes = {
        header: made
        for header, cell in row.cells.items()
        if (made := change(sheet, row, header, cell)) != cell
    }
    return row.saying(changes) if changes else row
