"""Whether the text of an answer is of its question's type; the same tests as the phone's."""

from __future__ import annotations

import re
from collections.abc import Callable

from forms.dates import days
from forms.numbers import is_number

_POINT = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?")
_INT = re.compile(r"-?[0-9]{1,15}")
is_int = _INT.fullmatch  # a whole number that a double holds exactly
is_decimal = _POINT.fullmatch  # a number without exponent
is_time = _TIME.fullmatch  # an ISO time of day
_DATE_LENGTH = 10
_MAX_LATITUDE, _MAX_LONGITUDE = 90, 180


def is_date(value: str) -> bool:
    """An ISO date that a calendar has."""
    return len(value) == _DATE_LENGTH and is_number(days(value))


def is_datetime(value: str) -> bool:
    """An ISO date with a time."""
    return "T" in value and is_number(days(value))


def is_geopoint(value: str) -> bool:
    """Latitude and longitude, and perhaps altitude and accuracy."""
    parts = value.split()
    if not 2 <= len(parts) <= 4 or not all(_POINT.fullmatch(part) for part in parts):
        return False
    return abs(float(parts[0])) <= _MAX_LATITUDE and abs(float(parts[1])) <= _MAX_LONGITUDE


def is_line(value: str) -> bool:
    """Points separated by semicolons."""
    return all(is_geopoint(part) for part in value.split(";") if part.strip())


def is_file(value: str) -> bool:
    """A file as `told` writes it down."""
    return value.startswith("{")


TESTS: dict[str, Callable[[str], object]] = {
    "is_int": is_int,
    "is_decimal": is_decimal,
    "is_date": is_date,
    "is_time": is_time,
    "is_dateTime": is_datetime,
    "is_geopoint": is_geopoint,
    "is_geotrace": is_line,
    "is_geoshape": is_line,
    "is_file": is_file,
}
