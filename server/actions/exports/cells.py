"""Answers as cells: each value as text first, then as a CSV or an XLSX cell that no spreadsheet misreads.

Excel takes text that begins with `=` for a formula, and text that looks like a number or a date for one.
In CSV a formula gets an apostrophe before it, and what would lose digits or become a date a tab behind it,
which is not seen. XLSX says what is text and what a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import orjson

TEXT, NUMBER, FIGURE, DATE, MOMENT = "text", "number", "figure", "date", "moment"  # a column's kind
XlsxCell = str | int | float | date | datetime

# Source: OWASP, CSV injection; a semicolon parts cells where it is the list separator.
FORMULA = re.compile(r"\s*[=+\-@|;＝＋－＠；]|[\t\r]")
# Leading zeros, ten digits and more (Excel keeps 15, and shows a phone as 1E+10), 12E3, and 3-4 or 2016/10.
MISREAD = re.compile(r"0\d+|\d{10,}|\d+[eE]\+?\d+|\d{1,2}[-/]\d{1,2}([-/]\d{1,4})?|\d{4}[-/]\d{1,2}")
PLAIN = {
    NUMBER: re.compile(r"-?\d{1,15}(\.\d+)?"),
    # A calculation may also give a code or a phone: only what can't be one is a number or a date.
    FIGURE: re.compile(r"-?(0|[1-9]\d{0,8})(\.\d+)?|\d{4}-\d\d-\d\d"),
    DATE: re.compile(r"\d{4}-\d\d-\d\d"),
    MOMENT: re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
}
CELL_LIMIT = 32_767  # characters, Excel's own
CUT = "…"
NESTED = frozenset({dict, list})


def as_text(value: Any) -> str:
    """A value of an answer as text: a file is its name, several choices stand apart by spaces."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, list) and NESTED.isdisjoint(map(type, value)):
        return " ".join(["" if one is None else str(one) for one in value])
    if isinstance(value, dict) and "sha256" in value:
        return str(value.get("name") or value["sha256"])
    return orjson.dumps(value).decode()


def csv_cell(kind: str) -> Callable[[str], str]:
    """What makes a text of this kind a CSV cell."""
    plain = PLAIN.get(kind)
    if plain is None:
        return csv_text
    return lambda text: text if plain.fullmatch(text) else csv_text(text)


def csv_text(text: str) -> str:
    if text[:1].isalpha():  # nothing that begins with a letter is taken for something else
        return text
    if FORMULA.match(text):
        return f"'{text}"
    return f"{text}\t" if MISREAD.fullmatch(text) else text


def xlsx_cell(kind: str) -> Callable[[str], XlsxCell]:
    """What makes a text of this kind an XLSX cell; text where it isn't what the kind says."""
    plain, read = PLAIN.get(kind), READERS.get(kind)
    if plain is None or read is None:
        return xlsx_text

    def convert(text: str) -> XlsxCell:
        if not plain.fullmatch(text):
            return xlsx_text(text)
        try:
            return read(text)
        except ValueError:  # the 31st of February
            return xlsx_text(text)

    return convert


def xlsx_text(text: str) -> str:
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + CUT


def read_number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def read_figure(text: str) -> int | float | date:
    return date.fromisoformat(text) if PLAIN[DATE].fullmatch(text) else read_number(text)


READERS: dict[str, Callable[[str], XlsxCell]] = {
    NUMBER: read_number,
    FIGURE: read_figure,
    DATE: date.fromisoformat,
    MOMENT: datetime.fromisoformat,
}
