"""The sheets of a workbook: rows and columns with their places, whatever file they came in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from forms.columns import Column
from forms.definition import Place

FORM_SHEETS = ("survey", "choices", "settings", "entities", "external_choices", "osm")
HEADER_ROW = 1
QUOTED_CELLS, QUOTED_CHARACTERS = 5, 120


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel shows it, and its filled cells by header."""

    number: int
    cells: dict[str, str]

    def saying(self, cells: Mapping[str, str]) -> Row:
        """The same row with some cells changed; '' empties one."""
        made = {**self.cells, **cells}
        return Row(self.number, {header: cell for header, cell in made.items() if cell})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `name` is lower case as XLSForm wants it, `title` what the author wrote."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def place(self, row: int, column: Column | str) -> Place:
        """Where a cell is, for an error."""
        return Place(self.name, row, column.header if isinstance(column, Column) else column)

    def column(self, name: str) -> Column | None:
        """The first column of this canonical name."""
        return next((column for column in self.columns if column.name == name), None)

    def header(self, name: str) -> str:
        """The header of the first column of this canonical name, else the name."""
        column = self.column(name)
        return column.header if column else name

    def headers(self, names: Iterable[str]) -> list[str]:
        """The headers of all columns of these canonical names, in any language."""
        wanted = set(names)
        return [column.header for column in self.columns if column.name in wanted]

    def value(self, row: Row, name: str) -> str:
        """The first filled cell of this canonical name, in any language."""
        cells = (row.cells.get(column.header, "") for column in self.columns if column.name == name)
        return next(filter(None, cells), "")


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets by lower-case name; other sheets than `FORM_SHEETS` are lists that came along."""

    stem: str
    sheets: dict[str, Sheet]

    def setting(self, name: str) -> str:
        """One setting, '' when it isn't there."""
        sheet = self.sheets.get("settings")
        return sheet.value(sheet.rows[0], name) if sheet and sheet.rows else ""

    def quote(self, sheet: str, row: int, column: str) -> dict[str, str]:
        """A row's first filled cells and the one of this column, in the order of the sheet, for an error."""
        rows = self.sheets[sheet].rows if sheet in self.sheets else ()
        at = bisect_left(rows, row, key=lambda each: each.number)
        cells = rows[at].cells if at < len(rows) and rows[at].number == row else {}
        headers = [header for header in cells if header != column][: QUOTED_CELLS - 1]
        return {
            header: cell if len(cell) <= QUOTED_CHARACTERS else f"{cell[:QUOTED_CHARACTERS]}…"
            for header, cell in cells.items()
            if header in headers or header == column
        }

    def lists(self) -> dict[str, list[dict[str, str]]]:
        """The sheets that are lists, and the lists on `external_choices`, each a list of rows."""
        others = (sheet for name, sheet in self.sheets.items() if name not in FORM_SHEETS)
        found = {sheet.title: [row.cells for row in sheet.rows] for sheet in others if sheet.rows}
        external = self.sheets.get("external_choices")
        if external:
            for row in external.rows:
                cells = {column.name: row.cells.get(column.header, "") for column in external.columns}
                found.setdefault(cells.get("list_name", ""), []).append(cells)
        return found

    def with_sheet(self, sheet: Sheet) -> Workbook:
        """The same workbook with one sheet put in or changed."""
        return replace(self, sheets={**self.sheets, sheet.name: sheet})

    def with_setting(self, name: str, value: str) -> Workbook:
        """The same workbook with one setting changed."""
        sheet = self.sheets.get("settings") or Sheet("settings", "settings", (), ())
        if sheet.column(name) is None:
            sheet = replace(sheet, columns=(*sheet.columns, Column(name, name)))
        first = (sheet.rows or (Row(HEADER_ROW + 1, {}),))[0].saying({sheet.header(name): value})
        return self.with_sheet(replace(sheet, rows=(first, *sheet.rows[1:])))
