"""Choice lists named with other capitals or blanks, and choices that are there twice -> what is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from forms.columns import TEXTS
from forms.errors import ErrorList
from forms.lint_expressions import REFERENCE, node_names
from forms.lint_lists import unused_lists
from forms.question_types import read_select
from forms.sheets import Row, Workbook
from forms.survey import read_survey

_TRUE = frozenset(("yes", "true", "true()"))
_BLANKS = re.compile(r"\s+")
_OTHER = re.compile(r"\s+(?:or specify other|or_other|or other)$")


def repair_lists(book: Workbook, errors: ErrorList) -> Workbook:
    """Make every select name a list as the choices sheet has it, and settle its double choices."""
    book = _without_blanks(book, errors)
    return _settled(_named(book, errors), errors)


def repair_idle_lists(book: Workbook, errors: ErrorList) -> Workbook:
    """Leave out lists that nobody uses and whose texts refer to what isn't there, which pyxform refuses."""
    sheet = book.sheets.get("choices")
    survey = read_survey(book)
    unused = unused_lists(book, survey)
    if sheet is None or not unused:
        return book
    known = node_names(survey)
    headers = sheet.headers(TEXTS["choices"])
    idle: dict[str, tuple[Row, str]] = {}
    for row in sheet.rows:
        names = (name for each in headers for name in REFERENCE.findall(row.cells.get(each, "")))
        missing = next((name.strip() for name in names if name.strip() not in known), "")
        if missing and (list_name := sheet.value(row, "list_name")) in unused:
            idle.setdefault(list_name, (row, missing))
    for list_name, (row, name) in idle.items():
        place = sheet.place(row.number, sheet.header("list_name"))
        errors.warn("idle_list", place, list=list_name, name=name)
    rows = tuple(row for row in sheet.rows if sheet.value(row, "list_name") not in idle)
    return book.with_sheet(replace(sheet, rows=rows))


def _without_blanks(book: Workbook, errors: ErrorList) -> Workbook:
    """A list's name is one word: blanks become underscores, in the choices and in the types."""
    joined: dict[str, str] = {}
    for name in ("choices", "external_choices"):
        sheet = book.sheets.get(name)
        column = sheet.column("list_name") if sheet else None
        if sheet is None or column is None:
            continue
        rows = []
        for row in sheet.rows:
            written = row.cells.get(column.header, "")
            plain = _BLANKS.sub("_", written)
            if written != plain and written not in joined:
                place = sheet.place(row.number, column)
                errors.warn("repaired_list_name", place, found=written, taken=plain)
                joined[written] = plain
            rows.append(row if written == plain else row.saying({column.header: plain}))
        book = book.with_sheet(replace(sheet, rows=tuple(rows)))
    return _in_types(book, joined) if joined else book


def _in_types(book: Workbook, joined: Mapping[str, str]) -> Workbook:
    survey = book.sheets.get("survey")
    if survey is None:
        return book

    def moved(row: Row) -> Row:
        type_ = survey.value(row, "type")
        for written, plain in joined.items():
            body = _OTHER.sub("", type_)
            if body.endswith(f" {written}"):
                other = type_[len(body) :]
                return row.saying({survey.header("type"): f"{body.removesuffix(written)}{plain}{other}"})
        return row

    return book.with_sheet(replace(survey, rows=tuple(moved(row) for row in survey.rows)))


def _named(book: Workbook, errors: ErrorList) -> Workbook:
    survey = book.sheets.get("survey")
    if survey is None:
        return book
    lists = _list_names(book)
    lower: dict[str, list[str]] = {}
    for name in lists:
        lower.setdefault(name.lower(), []).append(name)

    def meant(row: Row) -> Row:
        type_ = survey.value(row, "type")
        select = read_select(" ".join(type_.split()))
        if select is None or select.is_file or select.list_name in lists:
            return row
        near = lower.get(select.list_name.lower(), [])
        if len(near) != 1 or not select.list_name:
            return row
        place = survey.place(row.number, survey.column("type") or "type")
        errors.warn("repaired_list_name", place, found=select.list_name, taken=near[0])
        return row.saying({survey.header("type"): near[0].join(type_.rsplit(select.list_name, 1))})

    return book.with_sheet(replace(survey, rows=tuple(meant(row) for row in survey.rows)))


def _list_names(book: Workbook) -> set[str]:
    sheets = (book.sheets.get(name) for name in ("choices", "external_choices"))
    return {sheet.value(row, "list_name") for sheet in sheets if sheet for row in sheet.rows}


def _settled(book: Workbook, errors: ErrorList) -> Workbook:
    """A choice that is there twice, alike, is one; otherwise both are offered, as the author has them."""
    sheet = book.sheets.get("choices")
    if sheet is None or book.setting("allow_choice_duplicates").lower() in _TRUE:
        return book
    first: dict[tuple[str, str], Row] = {}
    rows: list[Row] = []
    are_allowed = False
    for row in sheet.rows:
        list_name, name = sheet.value(row, "list_name"), sheet.value(row, "name")
        other = first.setdefault((list_name, name), row)
        if not name or other is row:
            rows.append(row)
            continue
        place = sheet.place(row.number, sheet.column("name") or "name")
        if row.cells == other.cells:
            errors.warn("dropped_row", place, other=other.number)
            continue
        rows.append(row)
        are_allowed = True
        errors.warn("allowed_choice", place, list=list_name, name=name, other=other.number)
    book = book.with_sheet(replace(sheet, rows=tuple(rows)))
    return book.with_setting("allow_choice_duplicates", "yes") if are_allowed else book
