"""The time, asked of the app's configuration so that tests and the demo can set it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

TOWN_ZONE = ZoneInfo("Asia/Shanghai")


class Clock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock(Clock):
    """A clock that stands where it was put; tests and the demo move it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        """Move on by a `timedelta` given in its own words: `advance(minutes=5)`."""
        self.at += timedelta(**span)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return cast(Clock, current_app.config["CLOCK"]).now()


def today() -> date:
    """The date in the town."""
    return now().astimezone(TOWN_ZONE).date()
