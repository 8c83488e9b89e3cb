"""Cells of exports: numbers and dates stay what they are, and what a spreadsheet would spoil is text."""

from datetime import date

import pytest

from server.actions.exports.cells import csv_cell, xlsx_cell

LONG_NUMBERS = ["320999196803151017", "91320999MA00000000", "0515", "3209811009040001", "12E3", "3-4"]


@pytest.mark.parametrize("text", LONG_NUMBERS)
def test_shows_long_numbers_in_full_in_csv(text: str) -> None:
    is_plain = text.startswith("91320999MA")  # letters in it: no spreadsheet takes it for a number
    assert csv_cell("text")(text) == (text if is_plain else f"{text}\t")


@pytest.mark.parametrize(
    ("kind", "text", "cell"),
    [
        ("number", "-5.00", "-5.00"),
        ("number", "=1", "'=1"),
        ("figure", "320981100904", "320981100904\t"),
        ("figure", "7110.5", "7110.5"),
        ("figure", "1968-03-15", "1968-03-15"),
        ("date", "2016-10-15", "2016-10-15"),
        ("date", "=1", "'=1"),
        ("text", "2016-10", "2016-10\t"),
        ("text", "2016", "2016"),
        ("text", "一般", "一般"),
    ],
)
def test_leaves_numbers_and_dates_what_they_are(kind: str, text: str, cell: str) -> None:
    assert csv_cell(kind)(text) == cell


@pytest.mark.parametrize(
    ("kind", "text", "cell"),
    [
        ("number", "12345678901234567", "12345678901234567"),
        ("number", "007.50", 7.5),
        ("figure", "0515", "0515"),
        ("figure", "-2469", -2469),
        ("figure", "1968-03-15", date(1968, 3, 15)),
        ("figure", "2016-02-31", "2016-02-31"),
        ("date", "2016-02-31", "2016-02-31"),
        ("text", "字" * 40_000, "字" * 32_766 + "…"),
    ],
)
def test_writes_as_text_what_a_number_would_spoil(kind: str, text: str, cell: object) -> None:
    assert xlsx_cell(kind)(text) == cell
