"""What would keep later passes busy for ever is refused before them: long names and surveys, deep groups."""

from __future__ import annotations

from forms.errors import ErrorList
from forms.limits import MAX_DEPTH, MAX_NAME, MAX_QUESTIONS, too_many_rows
from forms.sheets import Sheet, Workbook
from forms.survey import is_begin, is_end

_NAMED = (("survey", "name"), ("choices", "list_name"), ("entities", "list_name"))


def over_bounds(book: Workbook, errors: ErrorList) -> bool:
    """Note what is over a limit; whoever goes on regardless may need more time or memory than there is."""
    for title, column in _NAMED:
        if sheet := book.sheets.get(title):
            _check_names(sheet, column, errors)
    if survey := book.sheets.get("survey"):
        if len(survey.rows) > MAX_QUESTIONS:
            refused = too_many_rows(survey.title, MAX_QUESTIONS)
            errors.add(refused.code, refused.place, **refused.values)
        _check_depth(survey, errors)
    return bool(errors.errors)


def _check_names(sheet: Sheet, column: str, errors: ErrorList) -> None:
    for row in sheet.rows:
        if len(sheet.value(row, column)) > MAX_NAME:
            errors.add("name_too_long", sheet.place(row.number, sheet.header(column)), limit=MAX_NAME)


def _check_depth(survey: Sheet, errors: ErrorList) -> None:
    depth = 0
    for row in survey.rows:
        type_ = survey.value(row, "type")
        depth = max(0, depth + is_begin(type_) - is_end(type_))
        if depth > MAX_DEPTH:
            errors.add("nested_too_deep", survey.place(row.number, survey.header("type")), limit=MAX_DEPTH)
            return
