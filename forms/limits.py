"""How large what authors bring may be, and the refusal of a file as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from forms.definition import Place

MEBIBYTE = 1024 * 1024
MAX_SOURCE_BYTES = 16 * MEBIBYTE
MAX_UNPACKED_BYTES = 128 * MEBIBYTE
MAX_ENTRIES = 2_000
MAX_TAGS = 300_000  # of a part with styles or the like; Excel itself stops at 64,000 styles
# Of a workbook. The largest forms of the field have 1,000 questions, 6,000 choices and 41,000 cells.
MAX_QUESTIONS = 5_000  # rows of `survey`
MAX_ROWS = 50_000  # of any other sheet
MAX_COLUMNS = 500
MAX_SHEETS = 200
MAX_FILLED = 300_000  # filled cells of all sheets
MAX_MARKS = 5_000_000  # separators and ends of lines of a form that is text
MAX_CHARACTERS = 4_000_000  # of all cells
MAX_REFERENCES = 50_000  # `${` in all cells; the most in 1,400 real workbooks is 6,852
MAX_CELL = 32_767  # characters, as in Excel
MAX_NAME = 255  # characters of a question's or a list's name
MAX_DEPTH = 60  # groups in groups
# Formatted but empty rows can reach Excel's last row; nobody leaves this many between two questions.
MAX_EMPTY_ROWS = 1_000
# Of a list that came along as a file.
MAX_LIST_ROWS = 100_000
MAX_LIST_CELLS = 1_000_000
MAX_JSON_PARTS = 400_000  # objects and lists of a GeoJSON file
MAX_XML_TAGS = 600_000  # of an XForm or a list that came along, ends counted too
# What the author is told at most.
MAX_ERRORS = 200
MAX_WARNINGS = 50  # of each kind

Grid = list[list[str]]


class Refused(Exception):
    """The file as a whole is refused: the code of the error, its place, and what its words need."""

    def __init__(self, code: str, place: Place | None = None, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.place = place
        self.values = values


class Unreadable(Refused):
    """The bytes are nothing of their kind; the text says why."""

    def __init__(self, reason: str) -> None:
        super().__init__("unreadable_file", reason=reason)

    def __str__(self) -> str:
        return str(self.values["reason"])


def refuse_over_bytes(n_bytes: int, limit: int) -> None:
    """Raises: Refused, if there are more bytes than the limit."""
    if n_bytes > limit:
        raise Refused("file_too_large", size=_mib(n_bytes), limit=_mib(limit))


def _mib(n_bytes: int) -> str:
    return f"{n_bytes / MEBIBYTE:.1f} MiB"


def too_many_cells() -> Refused:
    return Refused("too_many_cells", limit=f"{MAX_FILLED:,}")


def too_many_rows(title: str, limit: int = MAX_ROWS) -> Refused:
    name = title.strip().lower()
    return Refused("too_many_rows", Place(name, 0, ""), sheet=title.strip()[:50], limit=f"{limit:,}")


@dataclass(slots=True)
class Intake:
    """The sheets of a workbook while they are read row by row; row 0 of a grid is the sheet's first row."""

    grids: dict[str, Grid] = field(default_factory=dict)
    n_filled: int = 0
    n_characters: int = 0
    n_references: int = 0

    def put_all(self, title: str, rows: Iterable[list[str]]) -> None:
        """Take a whole sheet, up to where it only has empty rows. Raises: Refused."""
        n_empty = 0
        self.begin(title)
        for row in rows:
            n_empty = 0 if any(row) else n_empty + 1
            if n_empty > MAX_EMPTY_ROWS:
                break
            self.put(title, row)

    def begin(self, title: str) -> str:
        """A sheet is there, even if it has no rows; gives its title. Raises: Refused."""
        self.grids.setdefault(title, [])
        if len(self.grids) > MAX_SHEETS:
            raise Refused("too_many_parts", limit=f"{MAX_SHEETS:,}")
        return title

    def put(self, title: str, row: list[str]) -> None:
        """Take the next row of a sheet. Raises: Refused."""
        grid = self.grids[title]
        grid.append(row)
        limit = MAX_QUESTIONS if title.strip().lower() == "survey" else MAX_ROWS
        if len(grid) > limit + 1 and any(row):
            raise too_many_rows(title, limit)
        self.n_filled += sum(map(bool, row))
        self.n_characters += sum(map(len, row))
        self.n_references += sum(cell.count("${") for cell in row)
        if self.n_filled > MAX_FILLED:
            raise too_many_cells()
        if self.n_characters > MAX_CHARACTERS:
            raise Refused("too_many_characters", limit=f"{MAX_CHARACTERS:,}")
        if self.n_references > MAX_REFERENCES:
            raise Refused("too_many_references", _longest(title, grid), limit=f"{MAX_REFERENCES:,}")
        if max(map(len, row), default=0) > MAX_CELL:
            raise Refused("cell_too_long", _longest(title, grid), limit=f"{MAX_CELL:,}")

    def done(self) -> dict[str, Grid]:
        """All sheets, without the empty rows at their ends."""
        for grid in self.grids.values():
            while grid and not any(grid[-1]):
                grid.pop()
        return self.grids


def _longest(title: str, grid: Grid) -> Place:
    at = max(range(len(grid[-1])), key=lambda number: len(grid[-1][number]))
    header = grid[0][at] if at < len(grid[0]) and len(grid) > 1 else ""
    return Place(title.strip().lower(), len(grid), header)
