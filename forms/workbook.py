"""A workbook's bytes -> sheets with exact rows and columns; and those sheets -> XForm XML through pyxform.

Repairs what Excel and Chinese keyboards do to expressions, expands macros, and sets our own settings (`ly:…`)
apart, which pyxform doesn't know: they stand as attributes on the XForm's `<model>`. Checks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from xml.sax.saxutils import quoteattr

from forms.bounds import over_bounds
from forms.columns import EXPRESSIONS, read_column
from forms.definition import Place
from forms.errors import ErrorList
from forms.formula_cells import find_formulas
from forms.limits import Grid, Refused
from forms.macros import MAX_EXPANDED, ExpansionError, expand
from forms.readers import EXTENSIONS, kind_of, read_grids
from forms.repair_columns import merge_columns
from forms.repairs import repaired
from forms.sheets import FORM_SHEETS, HEADER_ROW, Row, Sheet, Workbook

LY_NAMESPACE = "http://lingyan.org/xforms"
MACRO_WORKBOOK = ".xlsm"


def read_workbook(source: bytes, name: str, errors: ErrorList) -> Workbook:
    """Read, repair and expand; unreadable files leave an empty workbook and an error."""
    path = PurePath(name)
    extension = path.suffix.lower()
    grids: dict[str, Grid] = {}
    try:
        if extension == MACRO_WORKBOOK:
            raise Refused("file_with_macros")
        if extension in EXTENSIONS:
            grids = read_grids(source, extension)
            if (kind := kind_of(source)) not in ("", extension):
                errors.warn("renamed_file", found=kind, extension=extension)
        else:
            errors.add("unknown_file_type", name=name)
    except Refused as refused:
        errors.add(refused.code, refused.place, **refused.values)
    if kind_of(source) == ".xlsx" and grids:
        _tell_formulas(source, grids, errors)
    # A lone sheet of any other name is the survey, as pyxform has it.
    if len(grids) == 1 and not {name.strip().lower() for name in grids} & set(FORM_SHEETS):
        grids = {"survey": next(iter(grids.values()))}
    sheets = (_sheet(title, grid, errors) for title, grid in grids.items())
    book = Workbook(path.stem, {sheet.name: sheet for sheet in sheets})
    errors.quote = book.quote
    return book if over_bounds(book, errors) else repaired(book, errors)


def _tell_formulas(source: bytes, grids: Mapping[str, Grid], errors: ErrorList) -> None:
    """A cell of the form that reads as empty, since its formula has no value."""
    for title, cells in find_formulas(source).items():
        name, grid = title.strip().lower(), grids.get(title)
        if not grid or name not in FORM_SHEETS:
            continue
        for row, column in cells:
            header = "".join(grid[0][column - 1 : column])
            if header and row > HEADER_ROW and read_column(name, header).is_known:
                errors.add("formula_without_value", Place(name, row, header))


def _sheet(title: str, grid: Grid, errors: ErrorList) -> Sheet:
    name = title.strip().lower()
    headers = [re.sub(r"\s+", " ", header) for header in grid[0]] if grid else []
    read = [read_column(name, header) if header else None for header in headers]
    merged = merge_columns(name, read, grid, errors)
    columns = tuple(column for column in merged if column is not None)
    expressions = {column.header for column in columns if column.name in EXPRESSIONS.get(name, ())}
    rows = []
    for number, cells in enumerate(grid[1:], start=HEADER_ROW + 1):
        filled = {column.header: cell for column, cell in zip(merged, cells, strict=False) if column and cell}
        for header in filled.keys() & expressions:
            filled[header] = _repair(filled[header], Place(name, number, header), errors)
        if filled:
            rows.append(Row(number, filled))
    return Sheet(name, title, columns, tuple(rows))


# What a Chinese keyboard gives where an operator was meant, and Word's quotes.
_WIDE = str.maketrans("（），＝＜＞！＋＊［］｛｝＄．　", "(),=<>!+*[]{}$. ")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_LITERAL = re.compile(r"""("[^"]*"|'[^']*')""")


def _repair(expression: str, place: Place, errors: ErrorList) -> str:
    pieces = _LITERAL.split(expression.translate(_QUOTES))
    pieces[::2] = [piece.translate(_WIDE) for piece in pieces[::2]]
    try:
        return expand("".join(pieces))
    except ExpansionError:
        errors.add("expanded_too_long", place, limit=MAX_EXPANDED)
        return expression


def to_xform(book: Workbook, errors: ErrorList) -> str:
    """Give the XForm of a workbook; what pyxform refuses becomes an error placed as far as its text tells."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    _compare_by_identity()
    remarks: list[str] = []
    try:
        xform = str(convert(_for_pyxform(book), warnings=remarks).xform)
    except PyXFormError as error:
        code = error.code.name if error.code else ""
        errors.add("pyxform", _place_in(str(error)), reason=f"{_reason(str(error))} {code}".strip())
        return ""
    except MemoryError:
        raise
    except Exception as error:  # its parts raise KeyError, AttributeError and the like on odd workbooks
        errors.add("pyxform", reason=f"{type(error).__name__}: {error}")
        return ""
    for remark in remarks:
        code = next((code for words, code in _OWN_WORDS.items() if words in remark), "pyxform_warning")
        if not _NOISE.search(remark):
            errors.warn(code, _place_in(remark), reason=_reason(remark))
    return _with_our_settings(xform, book)


def _compare_by_identity() -> None:
    """Keep pyxform from writing out whole groups to compare them: seconds where repeats are large."""
    from pyxform.survey_element import SurveyElement

    SurveyElement.__eq__ = object.__eq__  # each stands in one place of one form


# Remarks that lint.py makes itself, or that say nothing about our clients.
_NOISE = re.compile(
    r"max-pixels|is missing the|sheets with similar names|case-insensitive|machine-readable codes"
    r"|no longer supported on most devices|Choices should have a label|must not contain spaces"
)
_OWN_WORDS = {
    "Repeat has no label": "plain_repeat",
    "Row without name, text, or label": "skipped_row",
    "or_other and translations": "plain_other",
}
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"'(survey|choices|settings|entities)' sheet|sheet: '(\w+)'")
_COLUMN = re.compile(r"the '([^']+)' value")


def _place_in(text: str) -> Place:
    row, sheet, column = _ROW.search(text), _SHEET.search(text), _COLUMN.search(text)
    name = next(filter(None, sheet.groups()), "") if sheet else ""
    return Place(name or ("survey" if row else ""), int(row[1]) if row else 0, column[1] if column else "")


def _reason(text: str) -> str:
    return " ".join(_ROW.sub("", text).split())[:500]


def _for_pyxform(book: Workbook) -> dict[str, Any]:
    """The dictionary pyxform's own readers give; empty rows stand in so that row numbers agree."""
    result: dict[str, Any] = {"sheet_names": [sheet.title for sheet in book.sheets.values()]}
    for name in FORM_SHEETS:
        if sheet := book.sheets.get(name):
            spelled = {column.header: column.spelled for column in sheet.columns if column.is_known}
            if name == "settings":
                spelled = {header: word for header, word in spelled.items() if not word.startswith("ly:")}
            result[name] = _numbered(sheet, spelled)
            result[f"{name}_header"] = [dict.fromkeys(spelled.values())]
    settings = result.setdefault("settings", [{}])[:1] or [{}]
    result["settings"] = [_with_namespace(settings[0])]
    header = result.setdefault("settings_header", [{}])[0]
    header.update(dict.fromkeys(result["settings"][0]))
    result["fallback_form_name"] = book.stem
    return result


def _numbered(sheet: Sheet, spelled: Mapping[str, str]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for row in sheet.rows:
        rows.extend({} for _ in range(row.number - HEADER_ROW - 1 - len(rows)))
        rows.append({spelled[header]: cell for header, cell in row.cells.items() if header in spelled})
    return rows


def _with_namespace(settings: dict[str, str]) -> dict[str, str]:
    declared = settings.get("namespaces", "")
    ours = "" if re.search(r"\bly\s*=", declared) else f'ly="{LY_NAMESPACE}"'
    return {**settings, "namespaces": f"{declared} {ours}".strip()}


def _with_our_settings(xform: str, book: Workbook) -> str:
    sheet = book.sheets.get("settings")
    columns = [column for column in sheet.columns if column.name.startswith("ly:")] if sheet else []
    attributes = [
        f" {column.name}={quoteattr(_with_paths(value, xform))}"
        for column in columns
        if (value := book.setting(column.name))
    ]
    return xform.replace("<model ", f"<model{''.join(attributes)} ", 1)


_BIND = re.compile(r'<bind nodeset="(/[^"@]+)"')
_NAME = re.compile(r"\$\{\s*([^{}#]+?)\s*\}")


def _with_paths(text: str, xform: str) -> str:
    """Put a path for each `${name}`, as pyxform does in its own settings."""
    if "${" not in text:
        return text
    paths = {path.rpartition("/")[2]: path for path in _BIND.findall(xform)}
    return _NAME.sub(lambda found: f" {paths.get(found[1], found[0])} ", text)
