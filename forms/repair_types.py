"""Question types of other dialects and spellings -> those of XLSForm, row by row."""

from __future__ import annotations

from dataclasses import replace

from forms.columns import Column
from forms.dialect_types import Taken, taken_type
from forms.errors import ErrorList
from forms.question_types import is_shown
from forms.repair_kobo import unfolded
from forms.sheets import Row, Sheet, Workbook

_HOLDING = frozenset("text string integer int decimal date datetime dateTime time note barcode".split())


def repair_types(book: Workbook, errors: ErrorList) -> Workbook:
    """Put a type of XLSForm for each that is known from elsewhere."""
    book = unfolded(book, errors)
    sheet = book.sheets.get("survey")
    if sheet is None or sheet.column("type") is None:
        return book
    if any(_written(sheet, row) == "calculate_here" for row in sheet.rows) and not sheet.column("trigger"):
        sheet = replace(sheet, columns=(*sheet.columns, Column("trigger", "trigger")))
    rows: list[Row] = []
    before = ""  # the question that was asked last
    for row in sheet.rows:
        type_ = _written(sheet, row)
        made = _repaired(sheet, row, type_, before, errors)
        rows.append(made)
        now = _written(sheet, made)
        if now.startswith(("begin", "end")):
            before = ""
        elif is_shown(now) and now != "note":
            before = sheet.value(row, "name")
    return book.with_sheet(replace(sheet, rows=tuple(rows)))


def _written(sheet: Sheet, row: Row) -> str:
    return " ".join(sheet.value(row, "type").split())


def _repaired(sheet: Sheet, row: Row, type_: str, before: str, errors: ErrorList) -> Row:
    unasked = _unasked(sheet, row, type_)
    taken = unasked or (taken_type(type_) if type_ else None)
    if taken is None:
        return _with_calculation(sheet, row, type_, errors)
    column = sheet.column("type") or "type"
    note = {"note": taken.note, "note_en": taken.note_en}
    errors.warn("repaired_type", sheet.place(row.number, column), type=type_, taken=taken.type, **note)
    cells = {sheet.header("type"): taken.type}
    if unasked:
        cells[sheet.header("appearance")] = ""
    if type_.lower() == "calculate_here" and before:
        cells[sheet.header("trigger")] = f"${{{before}}}"
    if taken.type == "hidden" and sheet.value(row, "calculation"):
        cells[sheet.header("type")] = "calculate"
    return row.saying(cells)


def _unasked(sheet: Sheet, row: Row, type_: str) -> Taken | None:
    """CHT's appearance `hidden`: a question that holds a value and is never shown."""
    is_unasked = "hidden" in sheet.value(row, "appearance").lower().split()
    return Taken("hidden", "，不显示", ", never shown") if is_unasked and type_ in _HOLDING else None


def _with_calculation(sheet: Sheet, row: Row, type_: str, errors: ErrorList) -> Row:
    """A calculation without an expression is one that stays empty."""
    if type_ != "calculate" or sheet.value(row, "calculation") or sheet.value(row, "default"):
        return row
    name = sheet.value(row, "name")
    errors.warn("missing_calculation", sheet.place(row.number, sheet.header("calculation")), name=name)
    return row.saying({sheet.header("type"): "hidden"})
