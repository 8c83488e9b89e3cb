"""Who is late, when check-in is open, and what is flagged, as domain.md 6.3 says."""

from datetime import UTC, datetime, timedelta

import pytest

from server.attendance import Facts, distance_m, find_flags, is_late, is_manual_share_high, window_problem

START = datetime(2016, 10, 15, 1, 0, tzinfo=UTC)
END = START + timedelta(hours=3)


def at(**span: float) -> datetime:
    return START + timedelta(**span)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-31, "check_in_early"), (-30, ""), (0, ""), (210, ""), (210.1, "check_in_over")],
)
def test_opens_half_an_hour_before_and_ends_half_an_hour_after(minutes: float, expected: str) -> None:
    assert window_problem(at(minutes=minutes), START, END) == expected


def test_is_late_ten_minutes_after_the_start() -> None:
    assert not is_late(at(minutes=10), START)
    assert is_late(at(minutes=10, seconds=1), START)
    assert not is_late(at(minutes=60), START, "out")


def facts(**changes: object) -> Facts:
    return Facts(**{"at": START, "start_at": START, "way": "wall", "direction": "in", **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"n_others_on_device": 1}, ["same_device"]),
        ({"n_others_on_device": 9, "way": "badge"}, []),
        ({"recent_from_address": [at(seconds=-9)] * 3}, ["burst"]),
        ({"recent_from_address": [at(seconds=-9)] * 2}, []),
        ({"recent_from_address": [at(seconds=-11)] * 3}, []),
        ({"distance_m": 301, "radius_m": 300}, ["far"]),
        ({"distance_m": 300, "radius_m": 300}, []),
        ({"is_photo_used": True}, ["same_photo"]),
        ({"at": at(minutes=11)}, ["late"]),
    ],
)
def test_flags_what_is_unusual(changes: dict[str, object], expected: list[str]) -> None:
    assert find_flags(facts(**changes)) == expected


def test_a_fifth_by_hand_is_still_usual() -> None:
    assert not is_manual_share_high(2, 10)
    assert is_manual_share_high(3, 10)
    assert not is_manual_share_high(0, 0)


def test_distance_is_along_the_surface() -> None:
    assert distance_m((32.7, 120.2), (32.7, 120.2)) == 0
    assert 1100 < distance_m((32.7, 120.2), (32.71, 120.2)) < 1120
