"""Workbooks whose repairs tests look at: a few tables, what is read of them, and what is said."""

from __future__ import annotations

from forms import compile_form
from forms.errors import ErrorList
from forms.sheets import Workbook
from forms.workbook import read_workbook
from tests.forms.sheets import placed, with_settings

Placed = tuple[str, str, int, str]


def read(*tables: str) -> tuple[Workbook, list[Placed]]:
    errors = ErrorList()
    book = read_workbook(with_settings("\n".join(tables)), "t.md", errors)
    assert not errors.errors
    return book, placed(errors.warnings)


def table(name: str, columns: str, *rows: str) -> str:
    return "\n".join([f"| {name} |", f"| | {columns} |", *(f"| | {row} |" for row in rows)])


def survey(columns: str, *rows: str) -> str:
    return table("survey", columns, *rows)


def choices(*rows: str, columns: str = "list_name | name | label") -> str:
    return table("choices", columns, *rows)


def cells(book: Workbook, column: str, sheet: str = "survey") -> list[str]:
    found = book.sheets[sheet]
    return [found.value(row, column) for row in found.rows]


def compiled(*tables: str) -> dict[str, dict[str, object]]:
    """The nodes of a form that publishes, by path."""
    form = compile_form(with_settings("\n".join(tables)), "t.md")
    return {node["path"]: node for node in form.outline["nodes"]}
