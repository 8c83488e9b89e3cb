"""Bytes of a workbook -> sheets as grids of text; knows file formats and their limits, nothing of XLSForm."""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

import openpyxl
import xlrd

# A 20,000-row choice list is about 2 MiB of XML; these bounds leave room and stop bombs.
MAX_SOURCE_BYTES = 16 * 1024 * 1024
MAX_UNPACKED_BYTES = 128 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_TAGS = 300_000  # of a part with styles or the like; Excel itself stops at 64,000 styles
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_FILLED = 500_000  # filled cells of one Excel sheet
EXCEL_ROWS = 1_048_576  # all of them, when a whole column was formatted
PIECE_BYTES = 1024 * 1024
# Formatted but empty rows can reach Excel's last row; nobody leaves this many between two questions.
MAX_EMPTY_ROWS = 1_000

Grid = list[list[str]]


class Unreadable(Exception):
    """The bytes are no workbook of their kind, or over a limit; the text says why."""


class HasMacros(Exception):
    """The workbook carries a program; nobody should have to trust that it is never run."""


class Disguised(Exception):
    """The content is of another kind than the extension says; the text names it."""


class TooLarge(Exception):
    """Over a limit: (size, limit) in words."""


def read_grids(source: bytes, extension: str) -> dict[str, Grid]:
    """Read every sheet, in order; row 0 of a grid is the sheet's first row.

    Raises:
        Unreadable: broken or not of this kind. Disguised, HasMacros. TooLarge: over a limit.
    """
    if len(source) > MAX_SOURCE_BYTES:
        raise TooLarge(_mib(len(source)), _mib(MAX_SOURCE_BYTES))
    kind = kind_of(source)
    if not kind or kind == extension:
        return _READERS[extension](source)
    if extension not in _MAGIC.values():
        raise Disguised(kind)
    try:  # an Excel file under the name of the other kind; an encrypted one looks like .xls
        return _READERS[kind](source)
    except Unreadable as error:
        raise Disguised(kind) from error


def kind_of(source: bytes) -> str:
    """The extension that an Excel file should have by its first bytes; '' for anything else."""
    return next((kind for magic, kind in _MAGIC.items() if source.startswith(magic)), "")


def _read_xlsx(source: bytes) -> dict[str, Grid]:
    _check_zip(source)
    try:
        # It warns about styles and extensions that it drops; we read texts only.
        with warnings.catch_warnings(action="ignore"):
            return _xlsx_grids(source)
    except TooLarge:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on broken files
        raise Unreadable(_reason(error)) from error


def _xlsx_grids(source: bytes) -> dict[str, Grid]:
    book = openpyxl.load_workbook(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
        return {sheet.title: _grid(_xlsx_rows(sheet.iter_rows(values_only=True))) for sheet in sheets}
    finally:
        book.close()


def _xlsx_rows(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    return ([_text(value) for value in row[:MAX_COLUMNS]] for row in rows)


def _check_zip(source: bytes) -> None:
    """Look at what the archive holds before openpyxl does: it reads a sheet to its end to learn its size."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/"):
                    _check_sheet(archive, entry)
                else:
                    _check_part(archive, entry)
    # zipfile raises these on damaged, encrypted and exotic archives.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Unreadable(_reason(error)) from error


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise HasMacros
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED_BYTES:
        raise TooLarge(_mib(total), _mib(MAX_UNPACKED_BYTES))
    if len(entries) > MAX_ENTRIES:
        raise TooLarge(f"{len(entries)} files", f"{MAX_ENTRIES} files")


def _check_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Count values and rows roughly, by the ends of their tags: namespaces may have prefixes."""
    n_values = n_rows = 0
    with archive.open(entry) as file:
        while piece := file.read(PIECE_BYTES):
            n_values += piece.count(b"v>") // 2 + piece.count(b"is>") // 2
            n_rows += piece.count(b"row ") + piece.count(b"row>") // 2 + piece.count(b"row/")
    if n_values > MAX_FILLED:
        raise TooLarge(f"{n_values} cells", f"{MAX_FILLED} cells")
    if n_rows > EXCEL_ROWS:
        raise TooLarge(f"{n_rows} rows", f"{MAX_ROWS} rows")


_STRINGS = re.compile(rb"\s*(<\?[^>]*>)?\s*<(\w+:)?sst\b")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Count what openpyxl would make objects of: the texts of all cells, styles and what else there is."""
    n_texts = n_tags = 0
    is_texts = None
    with archive.open(entry) as file:
        while piece := file.read(PIECE_BYTES):
            is_texts = bool(_STRINGS.match(piece)) if is_texts is None else is_texts
            n_texts += piece.count(b"si>") // 2 + piece.count(b"si/>")
            n_tags += piece.count(b"<")
    if is_texts and n_texts > MAX_FILLED:
        raise TooLarge(f"{n_texts} texts", f"{MAX_FILLED} texts")
    if not is_texts and entry.filename.endswith((".xml", ".rels")) and n_tags > MAX_TAGS:
        raise TooLarge(f"{n_tags} tags", f"{MAX_TAGS} tags")


def _read_xls(source: bytes) -> dict[str, Grid]:
    if _XLS_MACROS in source:
        raise HasMacros
    try:
        with xlrd.open_workbook(file_contents=source, logfile=io.StringIO()) as book:
            return {sheet.name: _grid(_xls_rows(sheet, book.datemode)) for sheet in book.sheets()}
    except TooLarge:
        raise
    except Exception as error:  # xlrd raises whatever struct and codecs raise on broken files
        raise Unreadable(_reason(error)) from error


def _xls_rows(sheet: xlrd.sheet.Sheet, datemode: int) -> Iterator[list[str]]:
    for number in range(sheet.nrows):
        yield [_xls_text(cell, datemode) for cell in sheet.row(number)[:MAX_COLUMNS]]


def _xls_text(cell: xlrd.sheet.Cell, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _text(xlrd.xldate_as_datetime(cell.value, datemode))
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else _text(cell.value)


def _read_csv(source: bytes) -> dict[str, Grid]:
    """One file holds all sheets: a sheet's name in the first column, its rows below from the second on."""
    grids: dict[str, Grid] = {}
    current: Grid = []
    try:
        for row in csv.reader(io.StringIO(decode(source), newline="")):
            if row and row[0].strip():
                current = grids.setdefault(row[0].strip(), [])
            if any(cell.strip() for cell in row[1:]):
                current.append([_text(cell) for cell in row[1:]])
                _check_height(current)
    except csv.Error as error:
        raise Unreadable(_reason(error)) from error
    return {name: _grid(iter(rows)) for name, rows in grids.items()}


_SEPARATOR = re.compile(r"\s*:?-+:?\s*")
_PIPE = re.compile(r"(?<!\\)\|")


def _read_markdown(source: bytes) -> dict[str, Grid]:
    """Tables as pyxform's tests write them: `| survey |`, then rows whose first cell is empty."""
    grids: dict[str, Grid] = {}
    current: Grid = []
    for line in decode(source).splitlines():
        cells = _markdown_cells(line)
        if cells and cells[0]:
            current = grids.setdefault(cells[0], [])
        if any(cells[1:]):
            current.append(cells[1:])
            _check_height(current)
    return {name: _grid(iter(rows)) for name, rows in grids.items()}


def _markdown_cells(line: str) -> list[str]:
    line = line.strip()
    if not line.startswith("|"):
        return []
    cells = _PIPE.split(line[1 : line.rfind("|")] if line.count("|") > 1 else line[1:])
    if all(_SEPARATOR.fullmatch(cell) or not cell.strip() for cell in cells):
        return []
    return [_text(cell.replace(r"\|", "|")) for cell in cells]


def decode(source: bytes) -> str:
    """Text of a CSV or markdown file: UTF-8 with or without a mark, else GB 18030 as Chinese Excel has it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not UTF-8")


def _grid(rows: Iterator[list[str]]) -> Grid:
    grid: Grid = []
    n_empty = 0
    for row in rows:
        n_empty = 0 if any(row) else n_empty + 1
        if n_empty > MAX_EMPTY_ROWS:
            break
        grid.append(row)
        _check_height(grid)
    while grid and not any(grid[-1]):
        grid.pop()
    return grid


def _check_height(grid: Grid) -> None:
    if len(grid) > MAX_ROWS:
        raise TooLarge(f"> {MAX_ROWS} rows", f"{MAX_ROWS} rows")


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


def _mib(n_bytes: int) -> str:
    return f"{n_bytes / 1024 / 1024:.1f} MiB"


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
