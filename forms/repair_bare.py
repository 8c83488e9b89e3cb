"""A question's name without its sign -> `${name}`: nothing lies below a question that could be meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Set
from dataclasses import replace

from forms.errors import ErrorList
from forms.expression import Expression, ExpressionError, Path, parse, walk
from forms.repair_expressions import LITERAL
from forms.sheets import Row, Sheet, Workbook
from forms.survey import read_survey

_WORD = re.compile(r"[^\W\d][\w.\-]*")
# A choice_filter's bare names are columns of its list, a default's are text.
_COLUMNS = ("relevant", "constraint", "calculation", "required", "read_only")


def repair_bare(book: Workbook, errors: ErrorList) -> Workbook:
    """Give the sign to bare names of questions in the expressions of questions."""
    survey = read_survey(book)
    sheet = survey.sheet
    if sheet is None:
        return book
    once = {name for name, entries in survey.by_name().items() if len(entries) == 1}
    questions = {entry.row.number for entry in survey.entries if entry.kind == "question"}
    headers = sheet.headers(_COLUMNS)
    rows = (
        _signed(sheet, row, headers, once, errors) if row.number in questions else row for row in sheet.rows
    )
    return book.with_sheet(replace(sheet, rows=tuple(rows)))


def _signed(sheet: Sheet, row: Row, headers: Collection[str], known: Set[str], errors: ErrorList) -> Row:
    cells = {}
    for header in headers:
        cell = row.cells.get(header, "")
        for name in _bare_names(cell, known):
            cells[header] = cell = _with_sign(cell, name)
            errors.warn(
                "repaired_reference", sheet.place(row.number, header), found=name, taken=f"${{{name}}}"
            )
    return row.saying(cells) if cells else row


def _bare_names(cell: str, known: Set[str]) -> list[str]:
    """Paths of one step that are a question's name; none where predicates, whose names are others', stand."""
    if "[" in cell or known.isdisjoint(_WORD.findall(cell)):
        return []
    try:
        tree: Expression = parse(cell)
    except ExpressionError:
        return []
    paths = (
        part for part in walk(tree) if isinstance(part, Path) and part.base is None and not part.is_absolute
    )
    names = (path.steps[0].name for path in paths if len(path.steps) == 1 and path.steps[0].axis == "child")
    return sorted({name for name in names if name in known})


def _with_sign(cell: str, name: str) -> str:
    word = re.compile(rf"(?<![\w.\-/:$@]){re.escape(name)}(?![\w.\-/:]|\s*\()")
    pieces = LITERAL.split(cell)
    pieces[::2] = [word.sub(f"${{{name}}}", piece) for piece in pieces[::2]]
    return "".join(pieces)
