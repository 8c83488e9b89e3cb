"""An export as an XLSX workbook: a sheet for the records, one for each repeat, one that says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

from server.actions.exports.cells import DATE, MOMENT
from server.actions.exports.columns import Table
from server.actions.exports.records import Batch
from server.actions.exports.sheets import Sheets

LAST_ROW = 1_048_575  # counted from 0, Excel's own
NAME_LIMIT = 31  # characters of a sheet's name
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]|^'|'$")
WIDTHS = {DATE: 12, MOMENT: 19}
WIDTH = 16
OPTIONS = {
    "constant_memory": True,  # rows go to the disk as they come
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def write_xlsx(
    sheets: Sheets, batches: Iterable[Batch], about: Mapping[str, str], about_name: str
) -> IO[bytes]:
    """The whole workbook as an open temporary file at its beginning; it is gone when closed."""
    file = TemporaryFile()
    with Workbook(file, OPTIONS) as workbook:
        book = Book(workbook, sheets)
        for batch in batches:
            for table, rows in sheets.rows(batch):
                for row in rows:
                    book.write(table, row)
        book.describe(about, about_name)
    file.seek(0)
    return file


class Book:
    """A workbook with a sheet for each table, and further ones where a sheet is full."""

    def __init__(self, workbook: Workbook, sheets: Sheets) -> None:
        self.workbook = workbook
        self.sheets = sheets
        self.bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.taken: set[str] = set()
        self.open: dict[str, tuple[Any, int]] = {}  # table's path -> its sheet and next row
        for table in sheets.tables:
            self.begin(table)

    def begin(self, table: Table) -> None:
        sheet = self.workbook.add_worksheet(self.name(table.title))
        for column, (heading, kind) in enumerate(zip(self.sheets.headings(table), table.kinds, strict=True)):
            sheet.set_column(column, column, WIDTHS.get(kind, WIDTH))
            sheet.write_string(0, column, heading, self.bold)
        sheet.freeze_panes(1, 0)
        self.open[table.path] = (sheet, 1)

    def write(self, table: Table, row: Iterable[Any]) -> None:
        if self.open[table.path][1] > LAST_ROW:
            self.begin(table)
        sheet, at = self.open[table.path]
        for column, cell in enumerate(row):
            self.write_cell(sheet, at, column, cell)
        self.open[table.path] = (sheet, at + 1)

    def write_cell(self, sheet: Any, row: int, column: int, cell: Any) -> None:
        if cell == "":
            return
        if isinstance(cell, str):
            sheet.write_string(row, column, cell)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell, self.moment)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell)
        else:
            sheet.write_number(row, column, cell)

    def describe(self, about: Mapping[str, str], name: str) -> None:
        sheet = self.workbook.add_worksheet(self.name(name))
        sheet.set_column(0, 0, WIDTH)
        sheet.set_column(1, 1, 4 * WIDTH)
        for row, (word, value) in enumerate(about.items()):
            sheet.write_string(row, 0, word, self.bold)
            sheet.write_string(row, 1, value)

    def name(self, title: str) -> str:
        """A sheet's name that Excel takes, and that no other sheet has."""
        plain = NOT_IN_NAMES.sub(" ", title).strip() or "1"
        name, n = plain[:NAME_LIMIT], 2
        while name.lower() in self.taken:
            end = f" ({n})"
            name, n = plain[: NAME_LIMIT - len(end)] + end, n + 1
        self.taken.add(name.lower())
        return name
