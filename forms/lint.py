"""Every author's error in the sheets at once, each with its place; pyxform, which stops at one, comes after.

Sheets, columns, settings and rows are judged here, lists in `lint_lists.py`, expressions in
`lint_expressions.py`. What only shows with paths resolved (types, repeat contexts) is left to `resolve.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from forms.columns import IDLE, OUR_BINDS, OUR_SETTINGS, known_columns
from forms.definition import Place
from forms.errors import ErrorList
from forms.lint_expressions import lint_expressions
from forms.lint_lists import lint_choices, lint_entities, lint_selects
from forms.question_types import (
    IGNORED,
    KNOWN,
    POSITIONS,
    is_known,
    is_known_appearance,
    is_missed,
    is_shown,
    read_select,
)
from forms.sheets import FORM_SHEETS, HEADER_ROW, Sheet, Workbook
from forms.spelling import closest, hint
from forms.survey import Entry, Survey

LEVELS = ("E", "W", "Q", "N")
ALLOWED = {  # what a setting of ours may say, where it may not say anything
    "ly:entities_when": ("receipt", "approval"),
    "ly:writes": ("pairing", "contact", "event", "check_in", "leave"),
    "ly:review": ("none", "village", "town", "village town", "town county", "village town county"),
}
_PARAMETER = re.compile(r"^[\w\-]+\s*=\s*\S+$")
_SPELLED = ("survey", "choices", "settings", "entities")


def lint(
    book: Workbook,
    survey: Survey,
    attached: Mapping[str, Collection[str]],
    errors: ErrorList,
) -> None:
    """Check a whole workbook.

    Args:
        attached: columns of the lists that came as files or sheets, by list name.
        errors: takes what is wrong; a draft needs no version, purpose and retention.
    """
    _lint_sheets(book, errors)
    for name in ("survey", "settings", "entities"):
        if sheet := book.sheets.get(name):
            _lint_columns(sheet, errors)
    _lint_settings_sheet(book, errors)
    for entry in survey.entries:
        _lint_row(entry, errors)
    _lint_appearances(survey, errors)
    _lint_nesting(survey, errors)
    _lint_names(survey, errors)
    lint_choices(book, survey, errors)
    lint_selects(book, survey, attached, errors)
    lint_entities(book, survey, errors)
    lint_expressions(book, survey, attached, errors)


def lint_settings(settings: Callable[[str], str], place: Callable[[str], Place], errors: ErrorList) -> None:
    """Check what a form must say before it may collect anything, wherever it says so."""
    if not errors.is_draft and not settings("ly:purpose"):
        errors.add("missing_purpose", place("ly:purpose"))
    days = settings("ly:retention_days")
    if (days or not errors.is_draft) and not (days.isascii() and days.isdigit() and int(days) > 0):
        errors.add("missing_retention", place("ly:retention_days"), value=days)
    for setting, allowed in ALLOWED.items():
        value = settings(setting)
        if value and value not in allowed:
            errors.add(
                "bad_setting", place(setting), setting=setting, value=value, allowed=", ".join(allowed)
            )


def _lint_sheets(book: Workbook, errors: ErrorList) -> None:
    missing = [name for name in ("survey", "settings") if name not in book.sheets]
    for sheet in book.sheets.values():
        if sheet.name not in FORM_SHEETS and not sheet.name.startswith("_"):
            suggestion = closest(sheet.name, _SPELLED)
            if suggestion and suggestion not in book.sheets:
                missing = [name for name in missing if name != suggestion]
                note = errors.add if suggestion == "survey" else errors.block
                note("unknown_sheet", Place(sheet.title, 0, ""), sheet=sheet.title, suggestion=suggestion)
    if "survey" in missing:
        errors.add("missing_sheet", Place("survey", 0, ""), sheet="survey", hint="", hint_en="")


def _lint_columns(sheet: Sheet, errors: ErrorList) -> None:
    ours = OUR_SETTINGS if sheet.name == "settings" else OUR_BINDS
    for column in sheet.columns:
        is_ours = column.name.startswith("ly:")
        if column.name in IDLE.get(sheet.name, ()) and any(
            row.cells.get(column.header) for row in sheet.rows
        ):
            errors.warn("idle_column", sheet.place(HEADER_ROW, column), column=column.header)
        if column.is_known and (not is_ours or column.name in ours):
            continue
        near = hint(column.name, ours if is_ours else known_columns(sheet.name))
        errors.warn("unknown_column", sheet.place(HEADER_ROW, column), column=column.header, **near)
    if sheet.name == "survey" and sheet.rows and sheet.column("type") is None:
        errors.add("missing_column", sheet.place(HEADER_ROW, "type"), column="type")


def _lint_settings_sheet(book: Workbook, errors: ErrorList) -> None:
    sheet = book.sheets.get("settings")
    row = sheet.rows[0].number if sheet and sheet.rows else HEADER_ROW + 1

    def place(name: str) -> Place:
        column = sheet.column(name) if sheet else None
        return Place("settings", row, column.header if column else name)

    lint_settings(book.setting, place, errors)
    if book.setting("public_key"):
        errors.block("public_key", place("public_key"))
    needed = {"form_id": ("表单编号", "the form's id"), "version": ("版本号", "the version")}
    for name, (what, what_en) in needed.items():
        if not errors.is_draft and not book.setting(name):
            errors.add("missing_setting", place(name), setting=name, what=what, what_en=what_en)


def _lint_row(entry: Entry, errors: ErrorList) -> None:
    if not entry.type:
        if entry.sheet.column("type") and (entry.name or entry.value("label")):
            errors.add("missing_type", entry.place("type"))
        return
    _lint_type(entry, errors)
    _lint_name(entry, errors)
    _lint_words(entry, errors)
    if entry.kind != "question":
        _lint_container(entry, errors)


def _lint_type(entry: Entry, errors: ErrorList) -> None:
    if entry.kind != "question":
        return
    if entry.type in IGNORED:
        if entry.type in POSITIONS and entry.value("ly:purpose"):
            return
        code = "position_without_purpose" if entry.type in POSITIONS else "ignored_type"
        errors.warn(code, entry.place("type"), type=entry.type)
    elif read_select(entry.type) is None and not is_known(entry.type):
        first = entry.type.partition(" ")[0]
        errors.add("unknown_type", entry.place("type"), type=entry.type, **hint(first, KNOWN))


def _lint_name(entry: Entry, errors: ErrorList) -> None:
    if not entry.name:
        if entry.type != "audit":
            errors.add("missing_name", entry.place("name"))


def _lint_words(entry: Entry, errors: ErrorList) -> None:
    """Appearance, parameters, and our own level."""
    for word in entry.value("appearance").split():
        if is_missed(word):
            errors.warn("missed_appearance", entry.place("appearance"), appearance=word)
    parameters = re.sub(r" ?= ?", "=", " ".join(entry.value("parameters").split()))
    for parameter in filter(None, re.split(r"[\s,;]+", parameters)):
        if not _PARAMETER.match(parameter):
            errors.add("bad_parameter", entry.place("parameters"), parameter=parameter)
    level = entry.value("ly:level")
    if level and level not in LEVELS:
        errors.add("unknown_level", entry.place("ly:level"), level=level)


def _lint_appearances(survey: Survey, errors: ErrorList) -> None:
    """A word nobody knows is told at its first row, and only where it could change what is shown."""
    shown = {path for entry in survey.entries if _is_asked(entry) for path in _with_groups(entry.path)}
    rows: dict[str, list[Entry]] = {}
    for entry in survey.entries:
        written = entry.value("appearance")
        if entry.path in shown and "(" not in written:
            for word in written.split():
                rows.setdefault(word, []).append(entry)
    for word, entries in rows.items():
        if not is_known_appearance(word):
            more = len(entries) > 1
            errors.warn(
                "unknown_appearance",
                entries[0].place("appearance"),
                appearance=word,
                rows=f"(共 {len(entries)} 行)" if more else "",
                rows_en=f" (in {len(entries)} rows)" if more else "",
            )


def _is_asked(entry: Entry) -> bool:
    return entry.kind == "question" and is_shown(entry.type)


def _with_groups(path: str) -> list[str]:
    """The path and those of the groups around it."""
    steps = path.split("/")
    return ["/".join(steps[:n]) for n in range(1, len(steps) + 1)]


def _lint_container(entry: Entry, errors: ErrorList) -> None:
    if entry.value("constraint"):
        errors.warn("container_constraint", entry.place("constraint"), name=entry.name)
    if entry.value("required").lower() not in ("", "no", "false", "false()"):
        errors.warn("container_constraint", entry.place("required"), name=entry.name)


def _lint_nesting(survey: Survey, errors: ErrorList) -> None:
    for row, words in survey.unmatched:
        sheet = survey.sheet
        place = sheet.place(row.number, sheet.column("type") or "type") if sheet else None
        begin, _, kind = words.partition(" ")
        if begin == "begin":
            errors.add("unmatched_begin", place, type=f"begin_{kind}", end=f"end_{kind}")
        else:
            errors.add("unmatched_end", place, type=f"end_{kind}")
    parents = {entry.parent for entry in survey.entries}
    for entry in survey.entries:
        if entry.kind != "question" and entry.name and entry.path not in parents:
            errors.warn("empty_group", entry.place("type"), name=entry.name)


def _lint_names(survey: Survey, errors: ErrorList) -> None:
    first: dict[str, Entry] = {}
    repeats: dict[str, Entry] = {}
    for entry in survey.entries:
        if not entry.name:
            continue
        other = first.setdefault(entry.path, entry)
        if entry.kind == "repeat" and other is entry:
            other = repeats.setdefault(entry.name, entry)
        if other is not entry:
            errors.add("duplicate_name", entry.place("name"), name=entry.name, other=other.row.number)
