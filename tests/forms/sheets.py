"""Forms as markdown tables for tests, and what the passes say about them."""

from forms.errors import ErrorList, FormError
from forms.lint import lint
from forms.survey import read_survey
from forms.workbook import Workbook, read_workbook

SETTINGS = """
| settings |
| | form_id | version | ly:purpose | ly:retention_days |
| | t | 1 | 测试 | 365 |
"""


def with_settings(tables: str) -> bytes:
    """Add settings that let a form be published, unless it brings its own."""
    return (tables if "| settings |" in tables else tables + SETTINGS).encode()


def workbook_of(tables: str) -> Workbook:
    errors = ErrorList()
    book = read_workbook(with_settings(tables), "t.md", errors)
    assert not errors.errors
    return book


def lint_of(tables: str) -> list[FormError]:
    """Everything lint says about a form, errors and warnings."""
    errors = ErrorList()
    book = read_workbook(with_settings(tables), "t.md", errors)
    lint(book, read_survey(book), {}, errors)
    return list(errors)


def placed(errors: list[FormError]) -> list[tuple[str, str, int, str]]:
    return [(error.code, error.sheet, error.row, error.column) for error in errors]
