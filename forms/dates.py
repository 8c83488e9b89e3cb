"""Date helpers of the runtime: ISO text in, ISO text or days out; no clock, the scope brings the time.

As a number a date or dateTime is the days since 1970-01-01 by the wall clock written in it, its offset left
aside: so the date and the time of one day compare as a person expects, whatever the zone of the machine.
Only `decimal-date-time()` is universal time, as the ODK specification says.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from datetime import MAXYEAR, UTC, datetime, timedelta, timezone
from datetime import date as Date
from functools import lru_cache
from typing import Protocol

from forms.memory import LONGEST, remembered

_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?" + _ZONE + ")?"
)
_DAYS = re.compile(r"-?[0-9]{1,7}(?:\.[0-9]+)?")
_LOOSE_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(T.*)?", re.DOTALL)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?" + _ZONE)
_DATE_CODES = re.compile("%([Yymnbdea])")
_ALL_CODES = re.compile("%([YymnbdeaHhMS3])")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EPOCH = Date(1970, 1, 1).toordinal()
_LAST_ORDINAL = Date.max.toordinal()
_DAY_S = 86_400
_DAY_MIN = 1_440
_EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST = 1e14  # milliseconds: some 3,170 years


class Scope(Protocol):
    """What a helper with `needs_scope` gets: when the filling ended, and the zone of its phone."""

    @property
    def now(self) -> datetime:
        """An aware time."""

    @property
    def utc_offset_min(self) -> int:
        """Minutes east of UTC."""


@remembered
def days(value: str) -> float:
    """Convert an ISO date or dateTime to days; NaN when it is neither."""
    moment = _moment(value)
    if moment is None:
        return math.nan
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond // 1000 / 1000
    return moment.toordinal() - _EPOCH + seconds / _DAY_S


def _moment(value: str) -> datetime | None:
    """Read the wall clock of an ISO date or dateTime."""
    found = _DATE.fullmatch(value)
    if not found:
        return None
    milliseconds = (found[7] or "0").ljust(3, "0")[:3]
    year, month, day, hour, minute, second = (int(found[index] or 0) for index in range(1, 7))
    try:
        # The wall clock, its offset left aside.
        return datetime(year, month, day, hour, minute, second, int(milliseconds) * 1000)  # noqa: DTZ001
    except ValueError:
        return None


def date_of_days(value: float) -> str:
    """Write days since 1970-01-01 as an ISO date; '' for NaN and for what no calendar has."""
    if not math.isfinite(value):
        return ""
    ordinal = math.floor(value) + _EPOCH
    return Date.fromordinal(ordinal).isoformat() if 1 <= ordinal <= _LAST_ORDINAL else ""


def date(value: str) -> str:
    """Read a date; a time after it is dropped, month and day may lack their zero; what is no date is ''."""
    found = _LOOSE_DATE.fullmatch(value)
    if not found:
        return ""
    try:
        return Date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def date_time(value: str) -> str:
    """Read a dateTime or a date; what is neither is ''."""
    if "T" in value:
        return value if _moment(value) else ""
    return date(value)


def today(scope: Scope) -> str:
    """Give the date on the phone when the filling ended."""
    return _local(scope).date().isoformat()


def now(scope: Scope) -> str:
    """Give the time on the phone when the filling ended."""
    return _local(scope).isoformat(timespec="milliseconds")


def _local(scope: Scope) -> datetime:
    return scope.now.astimezone(timezone(timedelta(minutes=scope.utc_offset_min)))


def decimal_date_time(scope: Scope, value: str) -> float:
    """Convert to days since 1970-01-01T00:00Z; without an offset the phone's counts."""
    if "T" not in value:
        return days(value) - scope.utc_offset_min / _DAY_MIN
    zone = _DATE.fullmatch(value)
    return days(value) - _offset_min(zone[8] if zone else None, scope.utc_offset_min) / _DAY_MIN


def _offset_min(zone: str | None, otherwise: int) -> int:
    if not zone:
        return otherwise
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return minutes if zone[0] == "+" else -minutes


def decimal_time(value: str) -> float:
    """Convert a time of day to a fraction of a day by its own wall clock."""
    return days(f"1970-01-01T{value}") if _TIME.fullmatch(value) else math.nan


# Of the Community Health Toolkit: whole steps between two dates, the earlier first, and a date moved.


def months_between(start: str, end: str) -> float:
    """Count the full months from one date to another, negative backwards; NaN when one is no date."""
    one, other = _loose(start), _loose(end)
    if one is None or other is None:
        return math.nan
    return float(_full_months(one, other) if one <= other else -_full_months(other, one))


def years_between(start: str, end: str) -> float:
    """Count the full years from one date to another, negative backwards; NaN when one is no date."""
    months = months_between(start, end)
    return float(int(months / 12)) if months == months else math.nan


def weeks_between(start: str, end: str) -> float:
    """Count the full weeks from one date to another, negative backwards; NaN when one is no date."""
    return _full_days(start, end, 7)


def days_between(start: str, end: str) -> float:
    """Count the full days from one date to another, negative backwards; NaN when one is no date."""
    return _full_days(start, end, 1)


def _full_days(start: str, end: str, step: int) -> float:
    one, other = _loose(start), _loose(end)
    if one is None or other is None:
        return math.nan
    return float(int((other - one).total_seconds() / (step * _DAY_S)))


def _loose(value: str) -> datetime | None:
    """Read a date or dateTime, or the days since 1970-01-01."""
    if _DAYS.fullmatch(value):
        return _moment(date_of_days(float(value)))
    return _moment(value) or _moment(date(value))


def _full_months(start: datetime, end: datetime) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    moved = _moved(start, months)
    return months if moved is not None and moved <= end else months - 1


def _moved(moment: datetime, months: int) -> datetime | None:
    """Move by months; a day that the month hasn't becomes its last. None outside the calendar."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= MAXYEAR:
        return None
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def add_date(
    value: str,
    years: float = 0.0,
    months: float = 0.0,
    days: float = 0.0,
    hours: float = 0.0,
    minutes: float = 0.0,
) -> str:
    """Move a date; what is no number counts 0. A date stays one unless hours or minutes are added."""
    moved = _loose(value)
    for step in (_step(years * 12), _step(months)):
        moved = None if moved is None else _moved(moved, step)
    seconds = _step(days) * _DAY_S + _step(hours * 60) * 60 + _step(minutes) * 60
    if moved is None or abs(seconds) > _LAST_ORDINAL * _DAY_S:
        return ""
    try:
        moved += timedelta(seconds=seconds)
    except OverflowError:
        return ""
    has_time = "T" in value or _step(hours * 60) != 0 or _step(minutes) != 0
    return (
        f"{moved.isoformat(timespec='milliseconds')}{_zone(value)}" if has_time else moved.date().isoformat()
    )


def _step(value: float) -> int:
    """Round halves away from 0; what no calendar could hold counts 0."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value)) if abs(value) < _FARTHEST else 0


def _zone(value: str) -> str:
    found = _DATE.fullmatch(value)
    return (found[8] or "") if found else ""


def date_of_timestamp(scope: Scope, value: float) -> str:
    """Write milliseconds since 1970-01-01T00:00Z by the phone's offset now; '' for what no calendar has."""
    if not abs(value) < _FARTHEST:
        return ""
    zone = timezone(timedelta(minutes=scope.utc_offset_min))
    try:
        moment = _EPOCH_TIME.astimezone(zone) + timedelta(milliseconds=math.trunc(value))
    except OverflowError:
        return ""
    return moment.isoformat(timespec="milliseconds")


def format_date(value: str, pattern: str) -> str:
    """Write a date by a pattern; codes of the time stay as they are."""
    return _format(value, pattern, with_time=False)


def format_date_time(value: str, pattern: str) -> str:
    """Write a dateTime by a pattern."""
    return _format(value, pattern, with_time=True)


def _format(value: str, pattern: str, *, with_time: bool) -> str:
    is_short = len(value) + len(pattern) <= LONGEST
    return (_formatted if is_short else _formatted.__wrapped__)(value, pattern, with_time)


@lru_cache(maxsize=8192)
def _formatted(value: str, pattern: str, with_time: bool) -> str:
    moment = _moment(value) or _moment(date(value))
    if moment is None:
        return ""
    codes = _ALL_CODES if with_time else _DATE_CODES
    return codes.sub(lambda found: _written(moment, found[1]), pattern)


@lru_cache(maxsize=2048)
def _written(moment: datetime, code: str) -> str:
    match code:
        case "Y":
            return f"{moment.year:04}"
        case "y":
            return f"{moment.year % 100:02}"
        case "m":
            return f"{moment.month:02}"
        case "n":
            return str(moment.month)
        case "b":
            return _MONTHS[moment.month - 1]
        case "d":
            return f"{moment.day:02}"
        case "e":
            return str(moment.day)
        case "a":
            return _WEEKDAYS[moment.weekday()]
        case "H":
            return f"{moment.hour:02}"
        case "h":
            return str(moment.hour)
        case "M":
            return f"{moment.minute:02}"
        case "S":
            return f"{moment.second:02}"
    return f"{moment.microsecond // 1000:03}"
