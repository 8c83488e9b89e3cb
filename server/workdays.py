"""The table of special days: filled from the published calendars, corrected by the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete, select

from server.clock import today
from server.database import db, insert_missing
from server.models import Workday
from server.working_days import Calendar, SpecialDay, published

YEARS_BACK, YEARS_AHEAD = 1, 2  # deadlines reach no further


def read_calendar(day: date | None = None) -> Calendar:
    """The calendar around a day: the table's years, else what was published."""
    first = (day or today()).year - YEARS_BACK
    special: dict[date, SpecialDay] = {}
    years = set()
    for year in range(first, first + YEARS_BACK + YEARS_AHEAD + 1):
        known = read_year(year) or published(year)
        special.update(known)
        if known:
            years.add(year)
    return Calendar(special, frozenset(years))


def read_year(year: int) -> dict[date, SpecialDay]:
    """What the table holds of a year; empty when nobody filled it yet."""
    query = select(Workday).where(Workday.day.between(f"{year}-01-01", f"{year}-12-31")).order_by(Workday.day)
    return {date.fromisoformat(row.day): (row.kind, row.name) for row in db.session.scalars(query)}


def fill_years(years: Iterable[int]) -> None:
    """Fill years that the table lacks from the published calendars; inside a write transaction."""
    for year in years:
        if not read_year(year):
            insert_missing(Workday, as_rows(published(year)))


def write_year(year: int, days: Mapping[date, SpecialDay]) -> None:
    """Replace a year; inside a write transaction."""
    db.session.execute(delete(Workday).where(Workday.day.between(f"{year}-01-01", f"{year}-12-31")))
    insert_missing(Workday, as_rows(days))


def as_rows(days: Mapping[date, SpecialDay]) -> list[dict[str, str]]:
    return [{"day": day.isoformat(), "kind": kind, "name": name} for day, (kind, name) in days.items()]
