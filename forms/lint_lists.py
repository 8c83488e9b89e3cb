"""Errors of choice lists, of the selects that use them, and of entity declarations."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import PurePath

from forms.definition import Place
from forms.errors import ErrorList
from forms.question_types import EXTERNAL_LISTS, read_select
from forms.sheets import Row, Sheet, Workbook
from forms.spelling import hint
from forms.survey import Entry, Survey

_LIST_FILES = (".csv", ".xml", ".geojson")
_NAMED = 10  # lists that one warning names
_PARAMETER = re.compile(r"(value|label)\s*=\s*([^\s,;]+)")
_INSTANCE = re.compile(r"""instance\(\s*['"]([^'"]+)['"]\s*\)""")


def choice_columns(book: Workbook) -> dict[str, set[str]]:
    """Columns of each list on the choices sheets, by list name."""
    found: dict[str, set[str]] = {}
    for name in ("choices", "external_choices"):
        if sheet := book.sheets.get(name):
            columns = {column.name for column in sheet.columns} | {"name", "label"}
            for row in sheet.rows:
                if list_name := sheet.value(row, "list_name"):
                    found[list_name] = columns
    return found


def external_names(survey: Survey) -> set[str]:
    """Lists that the survey declares and whose rows come from elsewhere."""
    names: set[str] = set()
    for entry in survey.entries:
        select = read_select(entry.type)
        if entry.type in EXTERNAL_LISTS:
            names.add(entry.name)
        elif select and select.is_file:
            names.add(PurePath(select.list_name).stem)
    return names


def lint_choices(book: Workbook, survey: Survey, errors: ErrorList) -> None:
    """Check the rows of the choices sheet."""
    sheet = book.sheets.get("choices")
    if sheet is None:
        return
    multiple = {
        select.list_name
        for entry in survey.entries
        if (select := read_select(entry.type)) and select.is_multiple
    }
    for row in sheet.rows:
        list_name, name = sheet.value(row, "list_name"), sheet.value(row, "name")
        if not name:
            errors.add("missing_choice_name", _place(sheet, row, "name"))
            continue
        if " " in name and list_name in multiple:
            errors.add("choice_with_space", _place(sheet, row, "name"), list=list_name, name=name)
        if not any(sheet.value(row, text) for text in ("label", "image", "audio", "video")):
            errors.warn("missing_choice_label", _place(sheet, row, "label"), name=name)


def lint_selects(
    book: Workbook, survey: Survey, attached: Mapping[str, Collection[str]], errors: ErrorList
) -> None:
    """Check that every select's list exists, and every list has a use."""
    lists = choice_columns(book)
    for entry in survey.entries:
        select = read_select(entry.type)
        if select is None:
            continue
        if select.is_file and select.list_name:
            if PurePath(select.list_name).suffix not in _LIST_FILES:
                errors.add("bad_list_file", entry.place("type"), file=select.list_name)
            _lint_columns(entry, PurePath(select.list_name), attached, errors)
            continue
        if select.has_other and entry.value("choice_filter"):
            errors.add("filtered_other", entry.place("choice_filter"), name=entry.name)
        if not select.list_name:
            errors.add("missing_list_name", entry.place("type"))
        elif select.list_name.startswith("${"):
            if select.is_multiple:
                errors.add("choices_path", entry.place("type"), path=entry.type)
        elif select.list_name not in lists:
            near = hint(select.list_name, lists)
            errors.add("missing_list", entry.place("type"), list=select.list_name, **near)
    unused = unused_lists(book, survey)
    sheet = book.sheets.get("choices")
    if sheet and unused:
        words = ", ".join([*unused][:_NAMED]) + ("…" if len(unused) > _NAMED else "")
        first = next(iter(unused.values()))
        errors.warn("unused_list", _place(sheet, first, "list_name"), count=len(unused), lists=words)


def _lint_columns(
    entry: Entry, file: PurePath, attached: Mapping[str, Collection[str]], errors: ErrorList
) -> None:
    """Choices without the columns that hold their names and labels would be empty, silently."""
    columns = attached.get(file.stem, ())
    if file.suffix != ".csv" or not columns:
        return
    said = dict(_PARAMETER.findall(entry.value("parameters")))
    for column in (said.get("value", "name"), said.get("label", "label")):
        if column not in columns:
            near = hint(column, columns)
            errors.warn("unknown_list_column", entry.place("type"), list=file.stem, column=column, **near)


def unused_lists(book: Workbook, survey: Survey) -> dict[str, Row]:
    """The first row of each list on the choices sheet that no question and no expression uses."""
    selects = (read_select(entry.type) for entry in survey.entries)
    used = {select.list_name for select in selects if select and not select.is_file} | _lists_read(book)
    found: dict[str, Row] = {}
    sheet = book.sheets.get("choices")
    for row in sheet.rows if sheet else ():
        name = sheet.value(row, "list_name") if sheet else ""
        if name and name not in used:
            found.setdefault(name, row)
    return found


def _lists_read(book: Workbook) -> set[str]:
    cells = (cell for sheet in book.sheets.values() for row in sheet.rows for cell in row.cells.values())
    named = {name for cell in cells for name in _INSTANCE.findall(cell)}
    survey = book.sheets.get("survey")
    rows = survey.rows if survey else ()
    labels = {word for row in rows for cell in row.cells.values() for word in _LABELSET.findall(cell)}
    return named | labels


_LABELSET = re.compile(r"tick_labelset=(\S+)")


def lint_entities(book: Workbook, survey: Survey, errors: ErrorList) -> None:
    """Check the entities sheet, and that every save_to belongs to one of its lists."""
    sheet = book.sheets.get("entities")
    lists = [sheet.value(row, "list_name") for row in sheet.rows] if sheet else []
    for row in sheet.rows if sheet else ():
        if sheet:
            _lint_entity(sheet, row, errors)
    for entry in survey.entries:
        if value := entry.value("save_to"):
            _lint_save_to(entry, value, lists, errors)


def _lint_entity(sheet: Sheet, row: Row, errors: ErrorList) -> None:
    name = sheet.value(row, "list_name")
    if not name:
        errors.add("missing_choice_name", _place(sheet, row, "list_name"))
    has_id, creates = sheet.value(row, "entity_id"), sheet.value(row, "create_if")
    if (creates or not has_id) and not sheet.value(row, "label"):
        errors.add("missing_entity_label", _place(sheet, row, "label"), list=name)
    if sheet.value(row, "update_if") and not has_id:
        errors.add("missing_entity_id", _place(sheet, row, "entity_id"), list=name)


def _lint_save_to(entry: Entry, value: str, lists: list[str], errors: ErrorList) -> None:
    list_name, _, property_ = value.rpartition("#")
    if not lists or (list_name and list_name not in lists) or (not list_name and len(lists) > 1):
        errors.add("save_to_without_entity", entry.place("save_to"), value=value)
    if property_.lower() in ("name", "label", "") or property_.startswith("__"):
        errors.add("bad_save_to", entry.place("save_to"), value=property_)


def _place(sheet: Sheet, row: Row, column: str) -> Place:
    return sheet.place(row.number, sheet.column(column) or column)
