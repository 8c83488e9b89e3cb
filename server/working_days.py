"""Working days as China keeps them: holidays free, shifted weekends worked."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import chinese_calendar

SATURDAY = 5
logger = logging.getLogger(__name__)


def is_working_day(day: date) -> bool:
    """By the published calendar; for a year it doesn't hold yet, weekends only."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        logger.warning("No calendar of holidays for %d: only weekends count as free.", day.year)
        return day.weekday() < SATURDAY


def add_working_days(day: date, n_days: int) -> date:
    """The n-th working day after a day."""
    while n_days > 0:
        day += timedelta(days=1)
        n_days -= is_working_day(day)
    return day
