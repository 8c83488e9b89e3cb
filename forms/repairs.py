"""A workbook as offices have it -> one that every pass takes; each repair has one safe meaning and is told.

Order matters: types first, since they say what a row is; names before those who refer to them.
"""

from __future__ import annotations

from dataclasses import replace

from forms.columns import TEXTS, Column
from forms.errors import ErrorList
from forms.question_types import is_shown
from forms.repair_bare import repair_bare
from forms.repair_cells import repair_choices, repair_idle, repair_root, repair_ticks
from forms.repair_expressions import repair_expressions, repair_metadata, repair_texts
from forms.repair_foreign import repair_attributes
from forms.repair_lists import repair_idle_lists, repair_lists
from forms.repair_names import repair_names, repair_references
from forms.repair_types import repair_types
from forms.sheets import HEADER_ROW, Sheet, Workbook
from forms.survey import Entry, read_survey

_MEDIA = ("image", "audio", "video", "big-image")
_TEXTS = ("label", "hint", "guidance_hint", *_MEDIA)


def repaired(book: Workbook, errors: ErrorList) -> Workbook:
    """Make all repairs; each is a warning at its cell."""
    for repair in (
        repair_attributes,
        repair_media,
        repair_choices,
        repair_lists,
        repair_types,
        repair_names,
        repair_references,
        repair_idle_lists,
        repair_expressions,
        repair_metadata,
        repair_texts,
        repair_bare,
        repair_languages,
        repair_ticks,
        repair_idle,
        repair_root,
        repair_labels,
    ):
        book = repair(book, errors)
    return book


def repair_media(book: Workbook, errors: ErrorList) -> Workbook:
    """Take `label::image` for the picture it names, not for a language; hints and messages show none."""
    for name in ("survey", "choices"):
        if sheet := book.sheets.get(name):
            made = (_pictured(column, sheet, errors) for column in sheet.columns)
            columns = tuple(column for column in made if column is not None)
            book = book.with_sheet(replace(sheet, columns=columns))
    return book


def _pictured(column: Column, sheet: Sheet, errors: ErrorList) -> Column | None:
    kind = column.language.lower()
    if kind not in _MEDIA or column.name not in TEXTS[sheet.name]:
        return column
    place = sheet.place(HEADER_ROW, column)
    if column.name != "label":
        errors.warn("unshown_media", place, name=column.header)
        return None
    errors.warn("repaired_expression", place, found=column.header, taken=f"media::{kind}")
    return replace(column, name=kind, language="")


def repair_languages(book: Workbook, errors: ErrorList) -> Workbook:
    """Take the first spelling of a language for those that differ by capitals and blanks."""
    spellings: dict[str, str] = {}
    for name in ("survey", "choices"):
        if sheet := book.sheets.get(name):
            columns = tuple(_in_language(column, sheet, spellings, errors) for column in sheet.columns)
            book = book.with_sheet(replace(sheet, columns=columns))
    default = book.setting("default_language")
    near = [
        each for key, each in spellings.items() if key == _key(default) or key == _key(default.split("(")[0])
    ]
    near = near or [each for each in spellings.values() if _key(each.split("(")[0]) == _key(default)]
    if default and default not in spellings.values() and len(near) == 1:
        settings = book.sheets["settings"]
        place = settings.place(settings.rows[0].number, settings.header("default_language"))
        errors.warn("repaired_language", place, found=default, taken=near[0])
        return book.with_setting("default_language", near[0])
    return book


def _key(language: str) -> str:
    return "".join(language.lower().split())


def _in_language(column: Column, sheet: Sheet, spellings: dict[str, str], errors: ErrorList) -> Column:
    if not column.language or "::" in column.language:
        return column
    taken = spellings.setdefault(_key(column.language), column.language)
    if taken == column.language:
        return column
    errors.warn("repaired_language", sheet.place(1, column), found=column.language, taken=taken)
    return replace(column, language=taken)


def repair_labels(book: Workbook, errors: ErrorList) -> Workbook:
    """A question without any text shows its name."""
    survey = read_survey(book)
    sheet = survey.sheet
    bare = {entry.row.number: entry for entry in survey.entries if _is_bare(entry)}
    if sheet is None or not bare:
        return book
    if sheet.column("label") is None:
        sheet = replace(sheet, columns=(*sheet.columns, Column("label", "label")))
    for entry in bare.values():
        errors.warn("missing_label", entry.place("label"), name=entry.name)
    headers = sheet.headers(("label",))
    rows = (
        row.saying(dict.fromkeys(headers, bare[row.number].name)) if row.number in bare else row
        for row in sheet.rows
    )
    return book.with_sheet(replace(sheet, rows=tuple(rows)))


def _is_bare(entry: Entry) -> bool:
    # In a table-list the header row shows the choices only.
    is_head = {"label", "list-nolabel"} & set(entry.value("appearance").split())
    is_asked = entry.kind == "question" and bool(entry.name) and bool(entry.type) and is_shown(entry.type)
    return is_asked and not is_head and not entry.value("calculation") and not any(map(entry.value, _TEXTS))
