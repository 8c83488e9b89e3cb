"""Cells that say something in a way no client takes -> what is meant; empty where it has no effect."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

from forms.errors import ErrorList
from forms.question_types import is_known_appearance, read_select
from forms.sheets import FORM_SHEETS, Row, Sheet, Workbook
from forms.survey import Entry, read_survey

# Yes and no as people tick them; what pyxform takes itself is left alone.
_YES = frozenset("y t x yes true oui si sí sim ja 是 required √ ✓ true()".split())
_NO = frozenset("n f no false non não nein 否 false()".split())
_PLAIN = frozenset(("yes", "no", "true", "false", "true()", "false()"))
_BARE_NAME = re.compile(r"[^\W\d][\w.\-]*")
_ROOT = "data"  # what the converter names the root

# What pyxform takes as parameters, by the first word of the type; other types have none.
_GEOMETRY = "allow-mock-accuracy incremental"
PARAMETERS = {
    "range": "start end step tick_interval placeholder tick_labelset",
    "text": "rows",
    "string": "rows",
    "image": "max-pixels app",
    "photo": "max-pixels app",
    "audio": "quality",
    "background-audio": "quality",
    "geopoint": "capture-accuracy warning-accuracy allow-mock-accuracy",
    "geotrace": _GEOMETRY,
    "geoshape": _GEOMETRY,
    "audit": "location-priority location-min-interval location-max-age track-changes identify-user"
    " track-changes-reasons",
}
OF_SELECT = "randomize seed"
OF_FILE = f"{OF_SELECT} value label"
# Kept for other clients, while the phone has no use for them.
UNREAD = frozenset(("allow-mock-accuracy", "app", "incremental"))
_PAIR = re.compile(r"(?<![\w\-])([\w\-]+)\s*=\s*([^\s,;]+)")


def repair_ticks(book: Workbook, errors: ErrorList) -> Workbook:
    """A tick in `required` or `read_only` becomes yes or no."""
    sheet = book.sheets.get("survey")
    if sheet is None:
        return book
    headers = sheet.headers(("required", "read_only"))

    def ticked(row: Row) -> Row:
        cells = {}
        for header in headers:
            cell = row.cells.get(header, "")
            meant = "yes" if cell.lower() in _YES else "no" if cell.lower() in _NO else cell
            if meant != cell:
                cells[header] = meant
            if meant != cell and cell.lower() not in _PLAIN:
                errors.warn("repaired_expression", sheet.place(row.number, header), found=cell, taken=meant)
        return row.saying(cells)

    return book.with_sheet(replace(sheet, rows=tuple(ticked(row) for row in sheet.rows)))


def repair_idle(book: Workbook, errors: ErrorList) -> Workbook:
    """Empty what has no effect and what pyxform stops at: filters without choices, unknown parameters …"""
    survey = read_survey(book)
    sheet = survey.sheet
    if sheet is None:
        return book
    names = {entry.name for entry in survey.entries}
    changed: dict[int, dict[str, str]] = {}
    for entry in survey.entries:
        cells = {
            **_filter(entry, errors),
            **_count(entry, errors),
            **_parameters(entry, errors),
            **_appearance(entry, errors),
            **_trigger(entry, names, errors),
            **({sheet.header("name"): ""} if entry.type == "audit" else {}),
        }
        if cells:
            changed[entry.row.number] = cells
    rows = (row.saying(changed.get(row.number, {})) for row in sheet.rows)
    return book.with_sheet(replace(sheet, rows=tuple(rows)))


def _filter(entry: Entry, errors: ErrorList) -> dict[str, str]:
    if not entry.type or not entry.value("choice_filter") or read_select(entry.type) is not None:
        return {}
    errors.warn("unused_filter", entry.place("choice_filter"))
    return {entry.sheet.header("choice_filter"): ""}


def _count(entry: Entry, errors: ErrorList) -> dict[str, str]:
    if not entry.type or not entry.value("repeat_count") or entry.kind == "repeat":
        return {}
    errors.warn("unused_count", entry.place("repeat_count"))
    return {entry.sheet.header("repeat_count"): ""}


def _appearance(entry: Entry, errors: ErrorList) -> dict[str, str]:
    """Capitals in a word that is known without: `Field-list`."""
    written = entry.value("appearance")
    if "(" in written:
        return {}
    words = [
        word.lower() if not is_known_appearance(word) and is_known_appearance(word.lower()) else word
        for word in written.split()
    ]
    taken = " ".join(words)
    if words == written.split():
        return {}
    errors.warn("repaired_expression", entry.place("appearance"), found=written, taken=taken)
    return {entry.sheet.header("appearance"): taken}


def _parameters(entry: Entry, errors: ErrorList) -> dict[str, str]:
    written = entry.value("parameters")
    pairs = _PAIR.findall(written)
    known = _known_parameters(entry.type).split()
    if _PAIR.sub("", written).strip(" ,;"):
        return {}  # what is no pair at all is told by lint
    for name, _ in pairs:
        if name.lower() in UNREAD or name.lower() not in known:
            errors.warn("unused_parameter", entry.place("parameters"), parameter=name, type=entry.type)
    if all(name.lower() in known for name, _ in pairs):
        return {}
    kept = " ".join(f"{name.lower()}={value}" for name, value in pairs if name.lower() in known)
    return {entry.sheet.header("parameters"): kept}


def _known_parameters(type_: str) -> str:
    select = read_select(type_)
    if select is not None:
        return OF_FILE if select.is_file else OF_SELECT
    return PARAMETERS.get(type_.partition(" ")[0], "")


def _trigger(entry: Entry, names: set[str], errors: ErrorList) -> dict[str, str]:
    written = entry.value("trigger")
    if not _BARE_NAME.fullmatch(written) or written not in names:
        return {}
    taken = f"${{{written}}}"
    errors.warn("repaired_reference", entry.place("trigger"), found=written, taken=taken)
    return {entry.sheet.header("trigger"): taken}


def repair_choices(book: Workbook, errors: ErrorList) -> Workbook:
    """Leave out rows of the choices sheet that name no list: no question can offer them."""
    sheet = book.sheets.get("choices")
    if sheet is None or sheet.column("list_name") is None:
        return book
    stray = [row for row in sheet.rows if not sheet.value(row, "list_name")]
    for row in stray:
        errors.warn("stray_choice", sheet.place(row.number, sheet.header("list_name")))
    rows = tuple(row for row in sheet.rows if sheet.value(row, "list_name")) if stray else sheet.rows
    return book.with_sheet(replace(sheet, rows=rows))


def repair_root(book: Workbook, errors: ErrorList) -> Workbook:
    """The setting `name` only names the root: what can be no name is left out, a repeat has its own first.

    So has a question that `${data}` means, which the converter else takes for the root as well.
    """
    name = book.setting("name")
    sheet = book.sheets.get("survey")
    root = name or _ROOT
    if sheet is not None and (
        any(_is_repeat(sheet, row, root) for row in sheet.rows) or _is_meant(book, sheet, root)
    ):
        names = {sheet.value(row, "name") for row in sheet.rows}
        free = (f"{root}_{n}" for n in count(2))
        return book.with_setting("name", next(each for each in free if each not in names))
    settings = book.sheets.get("settings")
    if settings is None or not name or _BARE_NAME.fullmatch(name):
        return book
    place = settings.place(settings.rows[0].number, settings.header("name"))
    errors.warn("repaired_name", place, name=name, taken=_ROOT)
    return book.with_setting("name", _ROOT)


def _is_meant(book: Workbook, sheet: Sheet, name: str) -> bool:
    """Whether `${name}` means a row of this name and no path begins with the root, which it would miss."""
    if not any(sheet.value(row, "name") == name for row in sheet.rows):
        return False
    cells = [cell for each in FORM_SHEETS if each in book.sheets for cell in _cells(book.sheets[each])]
    is_path = re.compile(rf"(?<![\w.)\]/*}}]){re.escape('/' + name)}/")
    return any(f"${{{name}}}" in cell for cell in cells) and not any(map(is_path.search, cells))


def _cells(sheet: Sheet) -> list[str]:
    return [cell for row in sheet.rows for cell in row.cells.values()]


def _is_repeat(sheet: Sheet, row: Row, name: str) -> bool:
    begins = sheet.value(row, "type").lower().replace("_", " ").startswith("begin repeat")
    return begins and sheet.value(row, "name") == name
