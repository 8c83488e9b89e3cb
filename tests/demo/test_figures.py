"""The loaded town has the figures of the brief's section 10, each counted in the database."""

import pytest
from flask import Flask
from sqlalchemy import text

from server.database import db

APPROVED = "FROM submission WHERE review_state = 'approved' AND form_id"
KNOWN = "FROM entity WHERE NOT is_deleted AND NOT is_unreviewed AND list_name"
ROOTS = "FROM submission WHERE NOT is_withdrawn"
PAIRED = "SELECT count(*) FROM pairing WHERE state = 'active' AND kind"
# Contact logs are decided by another rule: they wait for a week. Leave is granted, not reviewed.
REVIEWED = f"{ROOTS} AND form_id NOT IN ('contact_log', 'leave')"
THIS_YEAR = f"{ROOTS} AND form_id = 'exit_check' AND started_at > '2016-01-01'"
CURRENT = "submission s JOIN submission_version v ON v.instance_id = s.current_id"
BUSINESS = f"{KNOWN} = 'business' AND json_extract(data, '$.kind')"
ACCOUNTS = "SELECT count(DISTINCT user_id) FROM user_role WHERE role"

# What is counted: in the whole town, in the lite one.
FIGURES: dict[str, tuple[str, int, int]] = {
    "villages": (f"SELECT count(*) {KNOWN} = 'village'", 13, 13),
    "households": (f"SELECT count(*) {APPROVED} = 'household_register'", 412, 41),
    "households on the list": (f"SELECT count(*) {KNOWN} = 'household'", 412, 41),
    "villages with households": (
        f"SELECT count(DISTINCT village) {KNOWN} = 'household'",
        13,
        13,
    ),
    "enterprises": (f"SELECT count(*) {APPROVED} = 'business_register'", 640, 64),
    "businesses of the masses": (f"SELECT count(*) {KNOWN} = 'business'", 5060, 506),
    "individuals": (f"SELECT count(*) {BUSINESS} = 'individual'", 1420, 142),
    "workshops": (f"SELECT count(*) {BUSINESS} = 'workshop'", 3000, 300),
    "key enterprises": (
        f"SELECT count(*) {KNOWN} = 'business' AND json_extract(data, '$.key') = 'yes'",
        120,
        13,
    ),
    "of them above scale": (
        f"SELECT count(*) {KNOWN} = 'business' AND json_extract(data, '$.above_scale') = 'yes'"
        " AND json_extract(data, '$.key') = 'yes'",
        50,
        5,
    ),
    "owners": (
        "SELECT count(DISTINCT json_extract(data, '$.legal_rep') || json_extract(data, '$.phone'))"
        f" {KNOWN} = 'business'",
        4520,
        452,
    ),
    "enterprises with a credit code": (
        f"SELECT count(*) {BUSINESS} = 'enterprise' AND json_extract(data, '$.uscc') != ''",
        512,
        51,
    ),
    "individuals without a licence": (
        f"SELECT count(*) {BUSINESS} = 'individual' AND json_extract(data, '$.id_scheme') = 'none'",
        142,
        14,
    ),
    "workshops without a licence": (
        f"SELECT count(*) {BUSINESS} = 'workshop' AND json_extract(data, '$.id_scheme') = 'none'",
        2100,
        210,
    ),
    "visits": (
        f"SELECT count(DISTINCT subject_id || title) {ROOTS} AND form_id = 'enterprise_visit'",
        480,
        52,
    ),
    "visits with a demand": (
        f"SELECT count(DISTINCT s.title) FROM {CURRENT} WHERE s.form_id = 'enterprise_visit'"
        " AND json_extract(v.payload, '$.answers.demands') IS NOT NULL",
        260,
        28,
    ),
    "households checked by 15 October": (
        f"SELECT count(DISTINCT subject_id) {THIS_YEAR} AND started_at < '2016-10-16'",
        210,
        21,
    ),
    "in village notice": (
        f"SELECT count(*) {KNOWN} = 'household' AND json_extract(data, '$.status') = 'village_notice'",
        95,
        10,
    ),
    "secretaries": (f"{ACCOUNTS} = 'village_head'", 13, 13),
    "clerks": (f"{ACCOUNTS} = 'village_clerk'", 13, 13),
    "field cadres": (f"{ACCOUNTS} = 'field'", 40, 40),
    "offices": (f"{ACCOUNTS} = 'town_office'", 5, 5),
    "leaders": (f"{ACCOUNTS} = 'town_leader'", 2, 2),
    "county reviewers": (f"{ACCOUNTS} = 'county'", 2, 2),
    "inspectors": (f"{ACCOUNTS} = 'auditor'", 1, 1),
    "publishers and administrators": (f"{ACCOUNTS} IN ('publisher', 'admin')", 2, 2),
    "persons with an account": (f"SELECT count(*) {KNOWN} = 'person' AND entity_id LIKE 'p%'", 78, 78),
    "lines of poverty": (f"SELECT count(*) {KNOWN} = 'poverty_line'", 10, 10),
    "hands in hand": (f"{PAIRED} = 'hand_in_hand'", 412, 41),
    "villages and enterprises": (f"{PAIRED} = 'village_enterprise'", 26, 13),
    "members led by cadres": (f"{PAIRED} = 'cadre_member'", 320, 32),
    "households led by members": (f"{PAIRED} = 'member_household'", 640, 64),
    "starters and their models": (f"{PAIRED} = 'model_1to1'", 39, 4),
    "items of income": (f"SELECT count(*) {KNOWN} = 'counts_as_income'", 25, 25),
}
CAUSES = {
    "ill": (168, 17), "disab": (92, 9), "labour": (61, 6), "study": (24, 2),
    "disaster": (9, 1), "skill": (21, 2), "fund": (22, 2), "other": (15, 2),
}  # fmt: skip
# Of every household's check of this year, some of which came in twice.
INCOMES = (
    "SELECT avg(CAST(json_extract(v.payload, '$.answers.per_capita') AS REAL)) AS a_head"
    f" FROM {CURRENT} WHERE s.form_id = 'exit_check' AND s.started_at > '2016-01-01' AND NOT s.is_withdrawn"
    " GROUP BY s.subject_id"
)


def count(query: str) -> int:
    return int(db.session.scalar(text(query)) or 0)


@pytest.mark.parametrize("name", FIGURES)
def test_lite_has_a_tenth_of_the_figure(lite: Flask, name: str) -> None:
    query, _, expected = FIGURES[name]
    assert count(query) == expected


@pytest.mark.full
@pytest.mark.parametrize("name", FIGURES)
def test_full_has_the_figure(full: Flask, name: str) -> None:
    query, expected, _ = FIGURES[name]
    assert count(query) == expected


@pytest.mark.parametrize("cause", CAUSES)
def test_lite_has_the_causes(lite: Flask, cause: str) -> None:
    assert count_cause(cause) == CAUSES[cause][1]


@pytest.mark.full
@pytest.mark.parametrize("cause", CAUSES)
def test_full_has_the_causes(full: Flask, cause: str) -> None:
    assert count_cause(cause) == CAUSES[cause][0]


def count_cause(cause: str) -> int:
    return count(f"SELECT count(*) {KNOWN} = 'household' AND json_extract(data, '$.main_cause') = '{cause}'")


def test_lite_has_a_tenth_of_the_people(lite: Flask) -> None:
    assert abs(count(f"SELECT count(*) {KNOWN} = 'member'") - 89.6) <= 1


@pytest.mark.full
def test_full_has_the_people(full: Flask) -> None:
    assert count(f"SELECT count(*) {KNOWN} = 'member'") == 896


def test_lite_is_reviewed_as_the_town_is(lite: Flask) -> None:
    assert shares_reviewed() == pytest.approx({"approved": 0.92, "open": 0.05, "returned": 0.03}, abs=0.015)


@pytest.mark.full
def test_full_is_reviewed_as_the_brief_says(full: Flask) -> None:
    assert shares_reviewed() == pytest.approx({"approved": 0.92, "open": 0.05, "returned": 0.03}, abs=0.002)


def shares_reviewed() -> dict[str, float]:
    total = count(f"SELECT count(*) {REVIEWED}")
    states = {"approved": "('approved')", "open": "('received', 'edited')", "returned": "('returned')"}
    return {
        name: count(f"SELECT count(*) {REVIEWED} AND review_state IN {state}") / total
        for name, state in states.items()
    }


def count_returned_twice() -> int:
    twice = "SELECT root_id FROM decision WHERE decision = 'returned' GROUP BY root_id HAVING count(*) > 1"
    return count(f"SELECT count(*) {ROOTS} AND review_state = 'returned' AND root_id IN ({twice})")


def test_lite_returned_one_record_twice(lite: Flask) -> None:
    assert count_returned_twice() == 1


@pytest.mark.full
def test_full_returned_one_in_two_hundred_twice(full: Flask) -> None:
    assert count_returned_twice() / count(f"SELECT count(*) {ROOTS}") == pytest.approx(0.005, abs=0.0005)


@pytest.mark.full
def test_full_has_the_incomes(full: Flask) -> None:
    assert count(f"SELECT count(*) FROM ({INCOMES})") == 412
    assert abs(count(f"SELECT avg(a_head) FROM ({INCOMES})") - 7_600) < 100
    assert count(f"SELECT count(*) FROM ({INCOMES}) WHERE a_head >= 6000 AND a_head < 6300") == 22
    assert count(f"SELECT count(*) FROM ({INCOMES}) WHERE a_head < 6000") == 6
