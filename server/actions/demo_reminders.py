"""The demo's reminders: the engine goes through the story's days as it would have, at its own hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from server.actions.demo_play import Act, at_hour
from server.actions.leases import give_back, take_lease
from server.actions.reminding import LEASE, remind
from server.clock import SetClock

WHO = "demo"
EVENING, NIGHT, MORNING = time(18), time(0), time(8, 30)


def reminding_days(clock: SetClock, first: date, last: date) -> list[Act]:
    """An act for each day, to be played at its noon."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    acts: list[Act] = [(day, partial(remind_until_noon, clock, day)) for day in days]
    return acts


def remind_until_noon(clock: SetClock, day: date) -> None:
    """The rounds between the noon before and this one at which something may come."""
    here = clock.at
    rounds = (at_hour(day - timedelta(days=1), EVENING), at_hour(day, NIGHT), at_hour(day, MORNING))
    for moment in rounds:
        if moment <= datetime.now(UTC):
            clock.at = moment
            remind(moment, WHO)
    clock.at = here


def catch_up(clock: SetClock, first: date, last: date) -> None:
    """The days from the story's end to the present, then leave the engine to the server."""
    for _, act in reminding_days(clock, first, last):
        act()
    hold = take_lease(LEASE, WHO)
    if hold:
        give_back(hold)
