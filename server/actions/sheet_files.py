"""The sign-in sheet and the table of hours as Excel files; no cell is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO

from xlsxwriter import Workbook

from server.actions.exports.cells import xlsx_text
from server.actions.exports.xlsx_file import OPTIONS

WIDTHS = (6, 14, 18, 16, 16, 20, 16, 24)
FIRST_ROW = 3  # below the title and what it is about


def write_table(
    title: str, about: str, headings: Sequence[str], rows: Sequence[Sequence[str]], footer: Sequence[str] = ()
) -> IO[bytes]:
    """One sheet: a title, a line below it, the table, lines below that; an open file at its beginning."""
    file = TemporaryFile()
    with Workbook(file, OPTIONS) as workbook:
        sheet = workbook.add_worksheet()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST_ROW)
        bold = workbook.add_format({"bold": True, "font_size": 14})
        boxed = workbook.add_format({"border": 1, "valign": "vcenter"})
        heading = workbook.add_format({"border": 1, "bold": True})
        sheet.write_string(0, 0, xlsx_text(title), bold)
        sheet.write_string(1, 0, xlsx_text(about))
        for column, width in enumerate(WIDTHS[: len(headings)]):
            sheet.set_column(column, column, width)
        for column, text in enumerate(headings):
            sheet.write_string(FIRST_ROW, column, text, heading)
        for number, row in enumerate(rows, FIRST_ROW + 1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, xlsx_text(text), boxed)
        for number, text in enumerate(footer, FIRST_ROW + len(rows) + 2):
            sheet.write_string(number, 0, xlsx_text(text))
    file.seek(0)
    return file
