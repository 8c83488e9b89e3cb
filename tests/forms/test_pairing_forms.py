"""F17 and F18 hold the rules of domain.md 5.1, 5.2 and V25 to V28."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.town import (
    PHOTO,
    VILLAGE,
    Rows,
    calculated,
    check,
    contact_log,
    library,
    pairing,
    rules,
    town,
)


def broken(form: str, flat: dict[str, Any], tables: Rows | None = None) -> set[tuple[str, str]]:
    """Rules, and questions that are wanted, as `required`."""
    checked = check(form, flat, tables)
    missing = {(one.path.split("/")[-1], one.code) for one in checked.violations if not one.rule}
    return rules(checked) | missing


def more_pairings(*rows: dict[str, str]) -> Rows:
    tables = town()
    own = [{"name": f"x{number}", "label": "某", **row} for number, row in enumerate(rows)]
    return {**tables, "pairing": [*tables["pairing"], *own]}


def with_mentor(kind: str, mentor: str, count: int) -> Rows:
    return more_pairings(*({"kind": kind, "mentor": mentor, "mentee": f"m{n}"} for n in range(count)))


FIRM = {
    "kind": "village_enterprise",
    "mentor_person": "",
    "mentor_2": "",
    "mentee_household": "",
    "mentor_business": "b1",
    "mentee_village": VILLAGE,
    "agreement": {"sha256": "0" * 64, "name": "a.jpg", "bytes": 1, "type": "image/jpeg"},
}


def test_a_family_has_one_pairing_of_a_kind() -> None:
    assert broken("pairing", {**pairing(), "mentee_household": "h1"}) == {("V25", "E")}


def test_another_kind_is_no_second_pairing() -> None:
    tables = more_pairings({"kind": "cadre_member", "mentor": "p3", "mentee": "h2"})
    assert broken("pairing", pairing(), tables) == set()


@pytest.mark.parametrize(("count", "expected"), [(2, set()), (3, {("V25", "E")})])
def test_a_village_has_up_to_three_enterprises(count: int, expected: set[tuple[str, str]]) -> None:
    rows = [{"kind": "village_enterprise", "mentor": f"f{n}", "mentee": VILLAGE} for n in range(count)]
    assert broken("pairing", {**pairing(), **FIRM}, more_pairings(*rows)) == expected


def test_an_enterprise_takes_up_a_village_once() -> None:
    rows = {"kind": "village_enterprise", "mentor": "b1", "mentee": VILLAGE}
    assert broken("pairing", {**pairing(), **FIRM}, more_pairings(rows)) == {("V25", "E")}


def test_an_enterprise_signs_an_agreement() -> None:
    assert broken("pairing", {**pairing(), **FIRM, "agreement": None}) == {("agreement", "required")}


@pytest.mark.parametrize(
    ("kind", "most"), [("hand_in_hand", 5), ("cadre_member", 6), ("member_household", 5), ("model_1to1", 1)]
)
def test_a_mentor_has_no_more_than_the_kind_allows(kind: str, most: int) -> None:
    mentee = {"hand_in_hand": {}, "member_household": {"mentee_household": "", "mentee_business": "b1"}}.get(
        kind, {"mentee_household": "", "mentee_person": "p4", "village_asked": VILLAGE}
    )
    second = {} if kind == "hand_in_hand" else {"mentor_2": ""}
    n = 2 if kind == "model_1to1" else 1
    flat = {**pairing(), "kind": kind, "mentor_person": "p3", "cadence_n": n, **mentee, **second}
    assert broken("pairing", flat, with_mentor(kind, "p3", most - 1)) == set()
    assert broken("pairing", flat, with_mentor(kind, "p3", most)) == {("V26", "E")}


def test_a_second_mentor_has_up_to_five_too() -> None:
    rows = [
        {"kind": "hand_in_hand", "mentor": f"q{n}", "mentor_2": "p2", "mentee": f"m{n}"} for n in range(5)
    ]
    assert broken("pairing", pairing(), more_pairings(*rows)) == {("V26", "E")}


def test_the_cadence_goes_upward_only() -> None:
    assert broken("pairing", {**pairing(), "cadence_n": 2}) == set()
    assert broken("pairing", {**pairing(), "cadence_n": 0}) == {("cadence_n", "constraint")}


def test_the_mentee_is_asked_first() -> None:
    assert broken("pairing", {**pairing(), "mentee_agreed": "no"}) == {("mentee_agreed", "constraint")}


def test_a_household_gives_the_village() -> None:
    checked = check("pairing", pairing())
    assert (checked.village, calculated(checked, "mentee")) == (VILLAGE, "h2")


# F18

PROBLEM = {
    "problem_kind": "house",
    "problem_text": "厨房屋顶漏雨",
    "due_on": "2016-10-31",
    "ticket_key": "t1",
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"contact_on": "2016-10-16"}, {("V01", "E")}),
        ({"contact_on": "2016-01-31", "late_why": "补记"}, {("V01", "E"), ("late_why", "rule")}),
        ({"content": "看望老王，一切都好。"}, {("V27", "E")}),
        ({"photo": None}, {("photo", "required")}),
        ({"way": "at_site", "gps": None, "photo": None}, {("photo", "required")}),
        ({"way": "phone", "gps": None, "photo": None}, set()),
        ({"present": "absent", "photo": None, "four_ones": None, "four_ones_evidence": None}, set()),
        ({"present": "absent", "photo": None, "four_ones_evidence": None}, {("four_ones", "relevance")}),
        ({"minutes": 0}, {("minutes", "constraint")}),
        ({"measures": ["train"], "amount": "600.50", "minutes": 600}, set()),
        ({"measures": ["train"], "amount": "1000000.01"}, {("amount", "constraint")}),
        ({"amount": "600"}, {("amount", "relevance")}),
        ({"gift": "大米", "gift_value": "80"}, set()),
        ({"gift_value": "80"}, {("gift_value", "relevance")}),
        ({"sign_way": "sign"}, {("sign_mentee", "required")}),
        ({"sign_way": "voice"}, {("mentee_voice", "required")}),
        ({"sign_way": "photo", "mentee_photo": PHOTO, "sign_mentor": PHOTO}, set()),
        ({"has_problem": "yes", "problem": [PROBLEM]}, set()),
        (
            {"has_problem": "yes", "problem": [{**PROBLEM, "problem_text": "屋漏"}]},
            {("problem_text", "constraint")},
        ),
        (
            {"has_problem": "yes", "problem": [{**PROBLEM, "due_on": "2016-10-14"}]},
            {("due_on", "constraint")},
        ),
        (
            {"has_problem": "yes", "problem": [{"ticket_key": "t1"}]},
            {("problem_kind", "required"), ("problem_text", "required")},
        ),
        ({"gps": None}, {("V28", "Q")}),
        ({"gps": [32.7545, 120.2, 3.0, 8.0], "v28_why": "在虾塘边见面"}, {("V28", "W")}),
        ({"gps": [32.7545, 120.2, 3.0, 8.0]}, {("V28", "W"), ("v28_why", "required")}),
        ({"four_ones_evidence": ""}, {("four_ones_evidence", "required")}),
        ({"next_on": "2016-10-15"}, {("next_on", "constraint")}),
    ],
)
def test_a_contact_log_is_held_to_the_rules(change: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert broken("contact_log", {**contact_log(), **change}) == expected


def test_the_words_of_last_time_need_a_reason() -> None:
    copied = {**contact_log(), "content": town()["pairing"][0]["last_content"]}
    assert ("V27", "W") in broken("contact_log", {**copied, "v27_why": "内容确实相同"})


@pytest.mark.parametrize(("on", "is_late"), [("2016-10-08", False), ("2016-10-07", True)])
def test_more_than_seven_days_ago_needs_a_reason(on: str, is_late: bool) -> None:
    flat = {**contact_log(), "contact_on": on}
    assert (("late_why", "required") in broken("contact_log", flat)) is is_late


def test_the_distance_is_that_to_the_home() -> None:
    checked = check("contact_log", contact_log())
    assert calculated(checked, "distance_m") == "11"
    assert checked.subject == ("pairing", "r1")


def test_says_what_it_makes() -> None:
    written = {name: library(name).outline["settings"]["writes"] for name in ("pairing", "contact_log")}
    assert written == {"pairing": "pairing", "contact_log": "contact"}
