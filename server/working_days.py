"""Working days as China keeps them: holidays free, shifted weekends worked, by a calendar that is given."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from chinese_calendar import constants

SATURDAY = 5
WORKED = frozenset({"work", "shifted_work"})
KINDS = ("work", "rest", "holiday", "shifted_work")
logger = logging.getLogger(__name__)

SpecialDay = tuple[str, str]  # kind and the festival's name


@dataclass(frozen=True)
class Calendar:
    """The days that are not what their weekday says, for the years that are known."""

    special: Mapping[date, SpecialDay]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        if day.year not in self.years:
            warn_once(day.year)
        found = self.special.get(day)
        return found[0] in WORKED if found else day.weekday() < SATURDAY

    def on_or_before(self, day: date) -> date:
        """The day itself if it is worked, else the last working day before it."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def move(self, day: date, n_days: int) -> date:
        """The n-th working day after a day, or before it when n is negative."""
        step = timedelta(days=1 if n_days > 0 else -1)
        left = abs(n_days)
        while left > 0:
            day += step
            left -= self.is_working(day)
        return day


@cache
def warn_once(year: int) -> None:
    logger.warning("No calendar of holidays for %d: only weekends count as free.", year)


@cache
def published(year: int) -> Mapping[date, SpecialDay]:
    """What the State Council announced for a year, weekends left out; empty for a year not held yet.

    Source: the package `chinesecalendar`, domain.md 5.4.
    """
    holidays = {
        day: ("holiday", chinese_calendar.Holiday(name).chinese)
        for day, name in constants.holidays.items()
        if day.year == year
    }
    shifted = {
        day: ("shifted_work", chinese_calendar.Holiday(name).chinese)
        for day, name in constants.workdays.items()
        if day.year == year
    }
    return dict(sorted({**holidays, **shifted}.items()))
