"""Bytes of a workbook -> sheets as grids of text; knows file formats and their limits, nothing of XLSForm."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
import warnings
from collections.abc import Iterable, Iterator

import openpyxl
import xlrd

from forms import limits
from forms.archives import look_through
from forms.limits import Grid, Intake, Refused, Unreadable, refuse_over_bytes


def read_grids(source: bytes, extension: str) -> dict[str, Grid]:
    """Read every sheet, in order; row 0 of a grid is the sheet's first row.

    Raises:
        Refused: broken, not of this kind, over a limit, or of a kind that nobody should open.
    """
    refuse_over_bytes(len(source), limits.MAX_SOURCE_BYTES)
    kind = kind_of(source)
    if not kind or kind == extension:
        return _READERS[extension](source)
    if extension not in _MAGIC.values():
        raise _disguised(kind, extension)
    try:  # an Excel file under the name of the other kind; an encrypted one looks like .xls
        return _READERS[kind](source)
    except Unreadable as error:
        raise _disguised(kind, extension) from error


def _disguised(kind: str, extension: str) -> Refused:
    return Refused("file_disguised", found=kind, extension=extension)


def kind_of(source: bytes) -> str:
    """The extension that an Excel file should have by its first bytes; '' for anything else."""
    return next((kind for magic, kind in _MAGIC.items() if source.startswith(magic)), "")


def _read_xlsx(source: bytes) -> dict[str, Grid]:
    look_through(source)
    try:
        # It warns about styles and extensions that it drops; we read texts only.
        with warnings.catch_warnings(action="ignore"):
            return _xlsx_grids(source)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on broken files
        raise Unreadable(_reason(error)) from error


def _xlsx_grids(source: bytes) -> dict[str, Grid]:
    book = openpyxl.load_workbook(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
    try:
        intake = Intake()
        for sheet in book.worksheets:
            if hasattr(sheet, "iter_rows"):
                intake.put_all(sheet.title, _xlsx_rows(sheet.iter_rows(values_only=True)))
        return intake.done()
    finally:
        book.close()


def _xlsx_rows(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    return ([_text(value) for value in row[: limits.MAX_COLUMNS]] for row in rows)


def _read_xls(source: bytes) -> dict[str, Grid]:
    if _XLS_MACROS in source:
        raise Refused("file_with_macros")
    try:
        with xlrd.open_workbook(file_contents=source, logfile=io.StringIO()) as book:
            intake = Intake()
            for sheet in book.sheets():
                intake.put_all(sheet.name, _xls_rows(sheet, book.datemode))
            return intake.done()
    except (Refused, MemoryError):
        raise
    except Exception as error:  # xlrd raises whatever struct and codecs raise on broken files
        raise Unreadable(_reason(error)) from error


def _xls_rows(sheet: xlrd.sheet.Sheet, datemode: int) -> Iterator[list[str]]:
    for number in range(sheet.nrows):
        yield [_xls_text(cell, datemode) for cell in sheet.row(number)[: limits.MAX_COLUMNS]]


def _xls_text(cell: xlrd.sheet.Cell, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _text(xlrd.xldate_as_datetime(cell.value, datemode))
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else _text(cell.value)


def _read_csv(source: bytes) -> dict[str, Grid]:
    """One file holds all sheets: a sheet's name in the first column, its rows below from the second on."""
    _refuse_over_marks(source, b",")
    intake = Intake()
    title = ""
    try:
        for row in csv.reader(io.StringIO(decode(source), newline="")):
            if row and row[0].strip():
                title = intake.begin(row[0].strip())
            if title and any(cell.strip() for cell in row[1:]):
                intake.put(title, [_text(cell) for cell in row[1:]])
    except csv.Error as error:
        raise Unreadable(_reason(error)) from error
    return intake.done()


_SEPARATOR = re.compile(r"\s*:?-+:?\s*")
_PIPE = re.compile(r"(?<!\\)\|")


def _read_markdown(source: bytes) -> dict[str, Grid]:
    """Tables as pyxform's tests write them: `| survey |`, then rows whose first cell is empty."""
    _refuse_over_marks(source, b"|")
    intake = Intake()
    title = ""
    for line in decode(source).splitlines():
        cells = _markdown_cells(line)
        if cells and cells[0]:
            title = intake.begin(cells[0])
        if title and any(cells[1:]):
            intake.put(title, cells[1:])
    return intake.done()


def _markdown_cells(line: str) -> list[str]:
    line = line.strip()
    if not line.startswith("|"):
        return []
    cells = _PIPE.split(line[1 : line.rfind("|")] if line.count("|") > 1 else line[1:])
    if all(_SEPARATOR.fullmatch(cell) or not cell.strip() for cell in cells):
        return []
    return [_text(cell.replace(r"\|", "|")) for cell in cells]


def _refuse_over_marks(source: bytes, separator: bytes) -> None:
    if source.count(separator) + source.count(b"\n") > limits.MAX_MARKS:
        raise Refused("too_many_parts", limit=f"{limits.MAX_MARKS:,}")


def decode(source: bytes) -> str:
    """Text of a CSV or markdown file: as its mark says, else UTF-8, else GB 18030 as Chinese Excel has it."""
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_utf16(source)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not UTF-8")


def _decode_utf16(source: bytes) -> str:
    try:
        return source.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-16") from error


def _text(value: object) -> str:
    """A cell as XLSForm tools read it: whole numbers without a point, dates ISO, no-break spaces plain."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time(0):
        return value.date().isoformat()
    return str(value).replace("\u00a0", " ").strip()


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


_MAGIC = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".xls"}
_XLS_MACROS = "_VBA_PROJECT".encode("utf-16-le")  # a folder of the file's own directory
_READERS = {
    ".xlsx": _read_xlsx,
    ".xls": _read_xls,
    ".csv": _read_csv,
    ".md": _read_markdown,
}
EXTENSIONS = frozenset(_READERS)
