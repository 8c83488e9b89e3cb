"""Expressions as people write them elsewhere -> XPath: other operators, capitals, HTML's `&gt;`.

Also the functions that ask what a phone knows, which XLSForm keeps in questions of its own: SurveyCTO's
`duration()`, `username()` and `enumerator-id()`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from forms.columns import EXPRESSIONS
from forms.errors import ErrorList
from forms.expression import Call, ExpressionError, Path, parse, walk
from forms.functions import FUNCTIONS
from forms.repair_foreign import positions_in_parts
from forms.sheets import HEADER_ROW, Row, Sheet, Workbook

LITERAL = re.compile(r"""("[^"]*"|'[^']*'|\$\{[^{}]*\})""")
_ENTITIES = {"&gt;": ">", "&lt;": "<", "&amp;": "&", "&quot;": '"', "&apos;": "'", "&#39;": "'"}
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))
_SIGNS = (
    (re.compile(r"==+"), "="),
    (re.compile(r"<>|≠"), "!="),
    (re.compile(r"≤|=<"), "<="),
    (re.compile(r"≥|=>"), ">="),
    (re.compile(r"&&"), " and "),
    (re.compile(r"\|\|"), " or "),
    (re.compile(r"÷"), " div "),
    (re.compile(r"(?<=[\s)\d])(and|or)(?=\.\s*[<>=!])"), r"\1 "),
    (re.compile(r"(?<=[\s)])(AND|And|OR|Or|DIV|MOD|Mod|Div)(?=[\s(])"), lambda found: found[0].lower()),
)
_CALL = re.compile(r"(?<![\w.\-:$/])([A-Za-z][\w\-]*(?::[\w\-]+)?)(\s*\()")

_LEFT_OUT = re.compile(r"(?:^|(?<=\sand)|(?<=\sor)|(?<=\())\s*(?=[<>=]|!=)")

Replacement = str | Callable[[re.Match[str]], str]


def mended(text: str) -> str:
    """The expression as XPath has it; literals and references stay as they are."""
    pieces = LITERAL.split(text)
    if any(map(_ENTITY.search, pieces[::2])):
        pieces = LITERAL.split(_ENTITY.sub(lambda found: _ENTITIES[found[0]], text))
    pieces[::2] = [_mended_piece(piece) for piece in pieces[::2]]
    return "".join(pieces)


def _mended_piece(piece: str) -> str:
    for pattern, sign in _SIGNS:
        piece = pattern.sub(sign, piece)
    return _CALL.sub(lambda found: _lower(found[1]) + found[2], piece)


def _lower(name: str) -> str:
    return name.lower() if name not in FUNCTIONS and name.lower() in FUNCTIONS else name


def repair_expressions(book: Workbook, errors: ErrorList) -> Workbook:
    """Mend every expression of the form's sheets."""

    def made(sheet: Sheet, row: Row, header: str, cell: str) -> str:
        text = mended(positions_in_parts(cell))
        is_constraint = sheet.name == "survey" and header in sheet.headers(("constraint",))
        return _told(sheet, row, header, cell, _with_own(text) if is_constraint else text, errors)

    return _each(book, made)


def _with_own(constraint: str) -> str:
    """Put the dot that `> 0 and < 100` lacks: with nothing on its left, a constraint compares the answer."""
    masked = LITERAL.sub(lambda found: "x" * len(found[0]), constraint)
    for at in reversed([found.end() for found in _LEFT_OUT.finditer(masked)]):
        constraint = f"{constraint[:at]}. {constraint[at:]}"
    return constraint


def _told(sheet: Sheet, row: Row, header: str, cell: str, made: str, errors: ErrorList) -> str:
    if made != cell:
        place = sheet.place(row.number, header)
        errors.warn("repaired_expression", place, found=_short(cell), taken=_short(made))
    return made


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


_NOW = "if(${{{end}}} != '', ${{{end}}}, now())"
_DURATION = f"round((decimal-date-time({_NOW}) - decimal-date-time(${{{{{{start}}}}}})) * 86400)"
_ASKING = {
    "duration": (("start", "end"), _DURATION),
    "username": (("username",), "${{{username}}}"),
    "enumerator-id": (("username",), "${{{username}}}"),
    "enumerator-name": (("username",), "${{{username}}}"),
}
_ASKED = re.compile(rf"(?<![\w.\-:])({'|'.join(_ASKING)})\(\s*\)")


def repair_metadata(book: Workbook, errors: ErrorList) -> Workbook:
    """Put a reference to a `start`, `end` or `username` row for the functions that ask the phone."""
    names: dict[str, str] = {}

    def answered(sheet: Sheet, row: Row, header: str, cell: str) -> str:
        pieces = LITERAL.split(cell)
        pieces[::2] = [_ASKED.sub(written, piece) for piece in pieces[::2]]
        return _told(sheet, row, header, cell, "".join(pieces), errors)

    def written(found: re.Match[str]) -> str:
        kinds, expression = _ASKING[found[1]]
        for kind in kinds:
            names.setdefault(kind, _row_of(book, kind))
        return expression.format(**names)

    made = _each(book, answered)
    return _with_rows(made, {kind: name for kind, name in names.items() if not _is_there(book, name)})


def _row_of(book: Workbook, kind: str) -> str:
    """The name of the row of a kind, or of one to be made."""
    sheet = book.sheets["survey"]
    written = {kind, f"{kind} time", f"get {kind} time", f"uri:{kind}"}
    found = (sheet.value(row, "name") for row in sheet.rows if sheet.value(row, "type") in written)
    made = (f"{kind}_{n}" for n in range(1, len(sheet.rows) + 2))
    return next(filter(None, found), "") or next(name for name in made if not _is_there(book, name))


def _is_there(book: Workbook, name: str) -> bool:
    sheet = book.sheets["survey"]
    return any(sheet.value(row, "name") == name for row in sheet.rows)


def _with_rows(book: Workbook, names: dict[str, str]) -> Workbook:
    sheet = book.sheets.get("survey")
    if sheet is None or not names:
        return book
    last = sheet.rows[-1].number if sheet.rows else HEADER_ROW
    added = (
        Row(number, {sheet.header("type"): kind, sheet.header("name"): name})
        for number, (kind, name) in enumerate(names.items(), start=last + 1)
    )
    return book.with_sheet(replace(sheet, rows=(*sheet.rows, *added)))


def _each(book: Workbook, change: Callable[[Sheet, Row, str, str], str]) -> Workbook:
    for name, columns in EXPRESSIONS.items():
        sheet = book.sheets.get(name)
        if sheet is None:
            continue
        headers = sheet.headers(columns)
        rows = (
            row.saying(
                {each: change(sheet, row, each, row.cells[each]) for each in headers if each in row.cells}
            )
            for row in sheet.rows
        )
        book = book.with_sheet(replace(sheet, rows=tuple(rows)))
    return book


# What the converter takes for an operator in a default, and so for an expression.
_OPERATOR = re.compile(r"[+*|]| - | div | mod ")
_DATE, _TIME = r"\d{4}-\d\d-\d\d", r"\d{1,2}:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:?\d\d|Z)?"
_MOMENT = re.compile(rf"{_DATE}|({_DATE}[T ])?{_TIME}")
_CALLED = re.compile(r"([\w\-:]+)(\s*)\(")


def repair_texts(book: Workbook, errors: ErrorList) -> Workbook:
    """Quote what is a text where an expression is read: a default such as `Flu (A)`, a name for records."""
    sheet = book.sheets.get("survey")
    if sheet is not None:
        headers = sheet.headers(("default",))
        moments = sheet.headers(("calculation",))
        rows = (
            row.saying(
                {each: _default(sheet, row, each, errors) for each in headers if each in row.cells}
                | {each: _moment(sheet, row, each, errors) for each in moments if each in row.cells}
            )
            for row in sheet.rows
        )
        book = book.with_sheet(replace(sheet, rows=tuple(rows)))
    name = book.setting("instance_name")
    settings = book.sheets.get("settings")
    if settings is None or not name or not _is_text(name):
        return book
    quoted = _quoted(name)
    place = settings.place(settings.rows[0].number, settings.header("instance_name"))
    errors.warn("repaired_expression", place, found=name, taken=quoted)
    return book.with_setting("instance_name", quoted)


def _default(sheet: Sheet, row: Row, header: str, errors: ErrorList) -> str:
    cell = row.cells[header]
    if not (_OPERATOR.search(cell) or "(" in cell) or not _is_text(cell):
        return cell
    made = f"concat({_quoted(cell)})"  # a call, since the converter keeps quotes otherwise
    errors.warn("default_as_text", sheet.place(row.number, header), found=_short(cell))
    return made


def _moment(sheet: Sheet, row: Row, header: str, errors: ErrorList) -> str:
    """A date or time alone, as Excel gives it, is meant as that: `1990-01-01` not as 1988."""
    cell = row.cells[header]
    return _told(sheet, row, header, cell, f"'{cell}'" if _MOMENT.fullmatch(cell) else cell, errors)


def _is_text(cell: str) -> bool:
    """Whether nothing is computed: no reference, no call, and not numbers and literals alone."""
    if _computes(cell) or ("'" in cell and '"' in cell):
        return False
    try:
        return any(isinstance(part, Path | Call) for part in walk(parse(cell)))
    except ExpressionError:
        return True


def _computes(cell: str) -> bool:
    """Whether it refers or calls; `Other (specify)` calls nothing."""
    return "${" in cell or any(not blank or name in FUNCTIONS for name, blank in _CALLED.findall(cell))


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"
