"""A sheet's grid -> the same with each meaning in one column: headers that say the same are merged.

Cells that agree, or of which one is empty, become one; where they differ nobody can know which is meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from forms.columns import Column
from forms.definition import Place
from forms.errors import ErrorList
from forms.limits import Grid
from forms.sheets import FORM_SHEETS, HEADER_ROW


def merge_columns(
    sheet: str, columns: Sequence[Column | None], grid: Grid, errors: ErrorList
) -> list[Column | None]:
    """Empty the later of equal columns into the first, in the grid too; gives None for those merged."""
    kept: dict[tuple[str, str], int] = {}
    left = list(columns)
    for at, column in enumerate(columns):
        if column is None:
            continue
        first = kept.setdefault(_meaning(column), at)
        kept_column = columns[first]
        if first == at or kept_column is None:
            continue
        left[at] = None
        if sheet not in FORM_SHEETS or not column.is_known:
            continue  # notes, or a list: nothing says what it is for
        names = {"column": column.header, "kept": kept_column.header}
        if row := _merge(grid, first, at):
            errors.add("duplicate_column", Place(sheet, row, column.header), **names)
        else:
            errors.warn("merged_column", Place(sheet, HEADER_ROW, column.header), **names)
    return left


def _meaning(column: Column) -> tuple[str, str]:
    language = "".join(column.language.lower().split())
    return (column.name, language) if column.is_known else (column.header, "")


def _merge(grid: Grid, first: int, later: int) -> int:
    """Move the cells of one column into another; gives the row where they differ, 0 for none."""
    for number, row in enumerate(grid[1:], start=HEADER_ROW + 1):
        cell = row[later] if later < len(row) else ""
        if cell and row[first] and row[first] != cell:
            return number
        if cell:
            row[first] = cell
    return 0
