"""A throttle counts what happened within its window, and closes for as long as it says."""

from datetime import timedelta

from flask import Flask

from server.actions.throttles import Limit, count_try, seconds_closed
from server.clock import SetClock
from server.database import write_transaction

THREE = Limit(3, timedelta(minutes=10), timedelta(minutes=5))


def tries(n: int) -> list[bool]:
    with write_transaction() as session:
        return [count_try(session, "k", THREE) for _ in range(n)]


def test_tries_of_an_earlier_window_are_forgotten(app: Flask, clock: SetClock) -> None:
    with app.app_context():
        assert tries(2) == [False, False]
        clock.advance(minutes=10, seconds=1)
        assert tries(3) == [False, False, True]
        assert seconds_closed("k") == 5 * 60 + 1


def test_tries_at_the_windows_end_still_count(app: Flask, clock: SetClock) -> None:
    with app.app_context():
        tries(2)
        clock.advance(minutes=10)
        assert tries(1) == [True]
        clock.advance(minutes=5)
        assert seconds_closed("k") == 0
