"""Rules that need more than one record, raised on arrival and never in the way of receipt."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.database import db
from server.models import Violation
from tests.server.conftest import SignIn
from tests.server.town import EAST, Phone, check_answers, make_item, publish_form, put_row, register_answers

HEAD_ID = "320999196803151017"  # of household h-1
OTHER_ID = "320999197005020028"
UNKNOWN_AREA_ID = "999999196803151011"
SHORT = {"ended_at": "2016-10-15T09:09:59+08:00"}
LONG_ENOUGH = {"ended_at": "2016-10-15T09:10:00+08:00"}
NEAR, FAR = [32.7179, 120.2, 0, 5], [32.7181, 120.2, 0, 5]  # 1.99 and 2.01 km north of h-1


def raised(app: Flask, *rules: str) -> list[tuple[str, str, str]]:
    """Path, rule and level of what was raised, in order."""
    with app.app_context():
        query = select(Violation.path, Violation.rule, Violation.level).where(Violation.rule.in_(rules))
        return sorted(tuple(row) for row in db.session.execute(query))


def send_check(phone: Phone, app: Flask, **changes: Any) -> list[tuple[str, str, str]]:
    meta = changes.pop("meta", {})
    item = make_item("check", check_answers("h-1", **changes), cursor=phone.cursor, meta=meta)
    assert phone.outcomes(item) == ["accepted"]
    return raised(app, "R02", "R04", "R42")


@pytest.mark.parametrize(("number", "is_raised"), [(UNKNOWN_AREA_ID, True), (HEAD_ID, False)])
def test_an_id_of_no_known_area_is_a_warning(
    town_app: Flask, cadre: Phone, number: str, is_raised: bool
) -> None:
    assert (("head_id", "R02", "W") in send_check(cadre, town_app, head_id=number)) is is_raised


@pytest.mark.parametrize(
    "number", [HEAD_ID, f" {HEAD_ID} ", f"{HEAD_ID}43", "３２０９９９１９６８０３１５１０１７"]
)
def test_an_id_of_another_household_is_flagged_however_it_is_written(
    town_app: Flask, cadre: Phone, number: str
) -> None:
    item = make_item("register", register_answers(head_id=number), cursor=cadre.cursor)
    assert cadre.outcomes(item) == ["accepted"]
    assert raised(town_app, "R04") == [("", "R04", "Q")]


def test_a_households_own_id_is_not_flagged(town_app: Flask, cadre: Phone) -> None:
    assert send_check(cadre, town_app, head_id=HEAD_ID) == []


@pytest.mark.parametrize(
    ("changes", "n_raised"),
    [
        ({}, 0),
        ({"gps": None}, 1),
        ({"gps": NEAR}, 0),
        ({"gps": FAR}, 1),
        ({"meta": SHORT}, 1),
        ({"meta": LONG_ENOUGH}, 0),
    ],
)
def test_an_unusual_visit_is_flagged(
    town_app: Flask, cadre: Phone, changes: dict[str, Any], n_raised: int
) -> None:
    assert send_check(cadre, town_app, **changes) == [("gps", "R42", "Q")] * n_raised


def test_the_sixteenth_check_of_a_day_is_flagged(town_app: Flask, cadre: Phone) -> None:
    checks = [
        make_item("check", check_answers("h-1", year=f"{2000 + n}"), cursor=cadre.cursor) for n in range(17)
    ]
    cadre.sync(*checks[:10])
    cadre.sync(*checks[10:15])
    assert raised(town_app, "R42") == []
    cadre.sync(*checks[15:])
    assert raised(town_app, "R42") == [("gps", "R42", "Q")] * 2


def test_another_persons_checks_are_not_counted(town_app: Flask, cadre: Phone, sign_in: SignIn) -> None:
    mentor = sign_in("mentor")
    mentor.sync()
    for phone, first in ((cadre, 2000), (mentor, 2010)):
        phone.sync(
            *(
                make_item("check", check_answers("h-1", year=f"{first + n}"), cursor=phone.cursor)
                for n in range(10)
            )
        )
    assert raised(town_app, "R42") == []


@pytest.fixture
def family(town_app: Flask, cadre: Phone) -> Phone:
    """A phone that holds household h-1 with two members, one more who left, and the form to visit it."""
    publish_form(town_app, "family")
    for name, removed, number in (("m-1", "0", HEAD_ID), ("m-2", "0", ""), ("m-3", "1", OTHER_ID)):
        put_row(town_app, "member", name, name, household="h-1", village=EAST, m_removed=removed, m_id=number)
    cadre.sync()
    return cadre


def visit_of(phone: Phone, *members: dict[str, str]) -> dict[str, Any]:
    rows = [{"m_ent": row["m_key"], **row} if "m_key" in row else row for row in members]
    answers = {"hh": "h-1", "rows": len(rows), "person": rows}
    return make_item("family", answers, cursor=phone.cursor)


STAYS = ({"m_key": "m-1", "m_removed": "0"}, {"m_key": "m-2", "m_removed": "0"})
DIES = {"m_key": "m-2", "m_removed": "1", "m_change": "death"}
NEWBORN = {"m_ent": "m-9", "m_removed": "0", "m_change": "birth"}
STRANGER = {"m_ent": "m-9", "m_removed": "0"}


@pytest.mark.parametrize(
    ("members", "paths"),
    [
        (STAYS, []),
        ((*STAYS, NEWBORN), []),
        ((STAYS[0], DIES), []),
        ((*STAYS, STRANGER), ["person[3]"]),
        ((STAYS[0], DIES, STRANGER), ["person[3]"]),
        (STAYS[:1], ["person"]),
        ((STAYS[0], NEWBORN), ["person"]),
    ],
)
def test_a_family_that_changed_without_a_reason_is_flagged(
    town_app: Flask, family: Phone, members: tuple[dict[str, str], ...], paths: list[str]
) -> None:
    assert family.outcomes(visit_of(family, *members)) == ["accepted"]
    assert raised(town_app, "R39") == [(path, "R39", "Q") for path in paths]


@pytest.mark.parametrize(("number", "is_raised"), [(OTHER_ID, False), (HEAD_ID, True)])
def test_the_id_of_somebody_who_left_is_free(
    town_app: Flask, family: Phone, number: str, is_raised: bool
) -> None:
    family.sync(visit_of(family, *STAYS, {**NEWBORN, "m_id": number}))
    assert raised(town_app, "R04") == [("person[3]", "R04", "Q")] * is_raised
