"""Forms in markdown for tests of the later passes: resolved, ordered, and run as checkers in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms import Checked, Equals, ListUnavailable, load_checker
from forms.definition import Definition
from forms.errors import ErrorList
from forms.order import Order, arrange
from forms.python import emit
from forms.resolve import resolve
from forms.workbook import read_workbook, to_xform
from forms.xform import read_xform

MORNING = {"started_at": "2016-10-15T01:00:00Z", "ended_at": "2016-10-15T01:20:00Z", "utc_offset_min": 480}
SETTINGS = "\n| settings | | |\n| | form_id | version |\n| | case | 1 |"


class Lists:
    """Lists in memory; those not given are unavailable."""

    def __init__(self, **tables: Sequence[Mapping[str, str]]) -> None:
        self.tables = tables
        self.asked: list[tuple[str, dict[str, str]]] = []

    def rows(self, list_name: str, equals: Equals) -> Sequence[Mapping[str, str]]:
        self.asked.append((list_name, dict(equals)))
        if list_name not in self.tables:
            raise ListUnavailable(list_name)
        rows = self.tables[list_name]
        return [row for row in rows if all(row.get(key, "") == value for key, value in equals)]


def read(tables: str, errors: ErrorList | None = None) -> Definition:
    """A form as `xform.py` gives it."""
    noted = errors or ErrorList()
    source = tables if "| settings |" in tables else tables + SETTINGS
    form = read_xform(to_xform(read_workbook(source.encode(), "case.md", noted), noted).encode(), noted)
    noted.stop_if_any()
    assert form is not None
    return form


def resolved(tables: str) -> Definition:
    errors = ErrorList()
    form = resolve(read(tables), errors)
    errors.stop_if_any()
    return form


def mistakes(tables: str, columns: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Codes of the errors that resolving finds."""
    errors = ErrorList()
    resolve(read(tables), errors, columns)
    return [error.code for error in errors.errors]


def ordered(tables: str) -> Order:
    errors = ErrorList()
    order = arrange(resolved(tables), errors)
    errors.stop_if_any()
    return order


def source_of(tables: str) -> str:
    form = resolved(tables)
    errors = ErrorList()
    order = arrange(form, errors)
    errors.stop_if_any()
    return emit(form, order)


def check(tables: str, answers: dict[str, Any], lists: Lists | None = None, **meta: Any) -> Checked:
    """Compile a form and check answers with it; the emitted code is printed when that fails."""
    source = source_of(tables)
    try:
        return load_checker(source).check(answers, lists or Lists(), MORNING | meta)
    except Exception:
        print(source)
        raise


def found(checked: Checked) -> list[str]:
    """Violations as `path:code`, in their order."""
    return [f"{each.path}:{each.code}" for each in checked.violations]
