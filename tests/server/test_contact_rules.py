"""What counts as a contact, by itself and beside the pairing's others."""

import pytest

from server.contact_rules import Seen, Weighed, count, is_back_dated, weigh

VISIT = {"way": "visit", "present": "mentee", "has_photo": True, "has_position": True, "distance_m": 80.0}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("full", "")),
        ({"present": "family"}, ("full", "")),
        ({"present": "absent"}, ("none", "absent")),
        ({"distance_m": 500.0}, ("full", "")),
        ({"distance_m": 500.5}, ("light", "far")),
        ({"distance_m": None}, ("full", "")),  # the home's place isn't known
        ({"has_position": False, "distance_m": None}, ("light", "no_position")),
        ({"has_photo": False}, ("light", "no_photo")),
        ({"has_home": False, "has_position": False, "distance_m": None}, ("full", "")),
        ({"way": "at_site", "has_position": False, "distance_m": None}, ("full", "")),
        ({"way": "at_site", "has_photo": False}, ("light", "no_photo")),
        ({"way": "phone"}, ("light", "remote")),
        ({"way": "wechat"}, ("light", "remote")),
        ({"way": "phone", "present": "absent"}, ("none", "absent")),
        ({"way": "group"}, ("none", "no_check_in")),
    ],
)
def test_a_contact_weighs_what_it_shows(change: dict, expected: tuple[str, str]) -> None:
    assert weigh(Seen(**{**VISIT, **change})) == expected


@pytest.mark.parametrize(("on", "expected"), [("2016-10-08", False), ("2016-10-07", True)])
def test_more_than_seven_days_are_back_dated(on: str, expected: bool) -> None:
    assert is_back_dated(on, "2016-10-15") is expected


def month(day: str) -> str:
    return f"{day[:7]}-01"


def counted(*contacts: tuple[str, str], wanted: int = 1, unconfirmed: str = "") -> tuple[dict, dict]:
    """Reasons by day and weight, and the contacts of each month."""
    made = [
        Weighed(f"{at} {on} {weight}", on, weight, "remote" if weight == "light" else "", on != unconfirmed)
        for at, (on, weight) in enumerate(contacts)
    ]
    found = count(made, month, lambda first: wanted)
    return {one.partition(" ")[2]: why for one, why in found.reasons.items()}, found.n_by_period


def test_two_logs_of_one_day_are_one() -> None:
    reasons, periods = counted(("2016-10-03", "full"), ("2016-10-03", "full"))
    assert periods == {"2016-10-01": 1}
    assert "same_day" in reasons.values()


def test_two_days_are_two() -> None:
    assert counted(("2016-10-03", "full"), ("2016-10-04", "full"))[1] == {"2016-10-01": 2}


def test_a_call_fulfils_every_second_period_at_most() -> None:
    calls = [(f"2016-{number:02d}-10", "light") for number in (7, 8, 9, 10)]
    reasons, periods = counted(*calls)
    assert periods == {"2016-07-01": 1, "2016-09-01": 1}
    assert reasons["2016-08-10 light"] == "remote"
    assert reasons["2016-09-10 light"] == ""


def test_a_period_without_contact_lies_between() -> None:
    assert counted(("2016-07-10", "light"), ("2016-09-10", "light"))[1] == {"2016-07-01": 1, "2016-09-01": 1}


def test_a_call_is_not_spent_where_a_visit_was_enough() -> None:
    logs = [("2016-07-03", "full"), ("2016-07-10", "light"), ("2016-08-10", "light")]
    assert counted(*logs)[1] == {"2016-07-01": 1, "2016-08-01": 1}


def test_one_call_a_period_counts_beside_visits() -> None:
    logs = [("2016-07-03", "full"), ("2016-07-10", "light"), ("2016-07-12", "light")]
    assert counted(*logs, wanted=3)[1] == {"2016-07-01": 2}


def test_a_call_on_the_day_of_a_visit_adds_nothing() -> None:
    reasons, periods = counted(("2016-07-03", "full"), ("2016-07-03", "light"), wanted=2)
    assert periods == {"2016-07-01": 1}
    assert reasons["2016-07-03 light"] == "same_day"


def test_what_waits_for_the_supervisor_does_not_count() -> None:
    reasons, periods = counted(("2016-10-01", "full"), unconfirmed="2016-10-01")
    assert (list(reasons.values()), periods) == (["unconfirmed"], {})


def test_nobody_met_is_no_contact() -> None:
    assert counted(("2016-10-01", "none"))[1] == {}
