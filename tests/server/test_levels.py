"""The levels a review passes: village, town, county, as the form says; who decides, and who sees."""

from typing import Any

import pytest
from flask import Flask

from forms import compile_form
from server.actions.forms import publish
from server.database import db
from server.models import Entity, Submission
from tests.server.admin import hire
from tests.server.conftest import SignIn
from tests.server.desk import Desk, sign_in_desk
from tests.server.town import EAST, FORMS, TOWN, WEST, Phone, make_item, register_answers

LEVELS = ("village", "town", "county")
STAFF = {"village": "head", "town": "office", "county": "reviewer"}


@pytest.fixture
def ladder(town_app: Flask) -> Flask:
    """The town with reviewers at each level, and registers that pass all three."""
    hire(town_app, "head", "village_head", village=EAST)
    hire(town_app, "western-head", "village_head", village=WEST)
    hire(town_app, "reviewer", "county")
    publish_reviewed(town_app, "village town county")
    return town_app


def publish_reviewed(app: Flask, review: str, version: str = "2") -> None:
    """A version of the register whose records are reviewed at these levels."""
    text = (FORMS / "register.md").read_text(encoding="utf-8")
    text = text.replace("| ly:village |", "| ly:village | ly:review |")
    text = text.replace("| register | 1 |", f"| register | {version} |")
    text = text.replace("| receipt | ${village} |", f"| receipt | ${{village}} | {review} |")
    with app.app_context():
        publish(compile_form(text.encode(), "register.md"))


def send(phone: Phone, village: str = EAST, **changes: Any) -> dict[str, Any]:
    item = make_item("register", register_answers(village=village), version="2", **changes)
    phone.sync(item)
    return item


def standing(app: Flask, item: dict[str, Any]) -> tuple[str, str, str]:
    with app.app_context():
        row = db.session.query(Submission).filter_by(current_id=item["instance_id"]).one()
        return row.review_state, row.review_level, row.passed_level


def decide(desk: Desk, item: dict[str, Any], action: str = "approve", root: str = "") -> int:
    values = {"instance_id": item["instance_id"], "action": action, "comment": "请核对"}
    return desk.post(f"/desk/records/{root or item['instance_id']}/decision", values).status_code


def test_passes_village_town_and_county_one_after_the_other(ladder: Flask, cadre: Phone) -> None:
    item = send(cadre)
    desks = {level: sign_in_desk(ladder, username) for level, username in STAFF.items()}
    passed = ""
    for at in LEVELS:
        assert standing(ladder, item) == ("received", at, passed)
        refused = [decide(desk, item) for level, desk in desks.items() if level != at]
        assert refused == [403, 403] and standing(ladder, item) == ("received", at, passed)
        assert decide(desks[at], item) == 302
        passed = at
    assert standing(ladder, item) == ("approved", "county", "town")


def test_another_village_s_secretary_decides_nothing(ladder: Flask, cadre: Phone) -> None:
    assert decide(sign_in_desk(ladder, "western-head"), send(cadre)) == 404


def test_lists_are_told_only_when_the_last_level_approved(ladder: Flask, cadre: Phone) -> None:
    item = send(cadre)
    for level in LEVELS:
        assert household_of(ladder, item).is_unreviewed
        decide(sign_in_desk(ladder, STAFF[level]), item)
    assert not household_of(ladder, item).is_unreviewed


def household_of(app: Flask, item: dict[str, Any]) -> Entity:
    with app.app_context():
        name = item["payload"].partition('"hh_id":"')[2].partition('"')[0]
        return db.session.get_one(Entity, (TOWN, "household", name))


def test_the_phone_hears_which_level_approved_and_which_is_next(ladder: Flask, cadre: Phone) -> None:
    item = send(cadre)
    decide(sign_in_desk(ladder, "head"), item)
    (change,) = [one for one in cadre.sync()["changes"] if one["kind"] == "submission"]
    told = change["review_state"], change["review_level"], change["passed_level"]
    assert told == ("received", "town", "village")


def test_what_a_level_approved_is_no_longer_withdrawn(ladder: Flask, cadre: Phone) -> None:
    item = send(cadre)
    decide(sign_in_desk(ladder, "head"), item)
    answer = cadre.sync(withdrawals=[item["instance_id"]])
    assert answer["withdrawals"][0]["problem"]["code"] == "withdrawal_late"


def test_a_correction_begins_at_the_village_again(ladder: Flask, cadre: Phone) -> None:
    item = send(cadre)
    decide(sign_in_desk(ladder, "head"), item)
    assert decide(sign_in_desk(ladder, "office"), item, "return") == 302
    corrected = send(cadre, replaces=item["instance_id"])
    assert standing(ladder, corrected) == ("edited", "village", "")


@pytest.mark.parametrize(
    ("sender", "review", "expected"),
    [("head", "village town county", "town"), ("head", "village", "town"), ("cadre", "village", "village")],
)
def test_no_secretary_reviews_their_own(
    ladder: Flask, sign_in: SignIn, sender: str, review: str, expected: str
) -> None:
    publish_reviewed(ladder, review, "3")
    item = make_item("register", register_answers(), version="3")
    sign_in(sender).sync(item)
    assert standing(ladder, item) == ("received", expected, "")


def test_what_has_no_village_begins_at_the_town(ladder: Flask, sign_in: SignIn) -> None:
    item = make_item("register", register_answers(village=""), version="2")
    sign_in("office").sync(item)
    assert standing(ladder, item) == ("received", "town", "")


def test_the_county_sees_the_records_of_forms_that_reach_it(ladder: Flask, cadre: Phone) -> None:
    item = send(cadre)
    other = make_item("check", {"hh": "h-1", "year": "2016", "check_key": "h-1 2016", "amount": 10850})
    cadre.sync(other)
    county = sign_in_desk(ladder, "reviewer")
    shown = county.page("/desk/queue?state=all")
    assert item["instance_id"] in shown and other["instance_id"] not in shown
    county.page(f"/desk/records/{item['instance_id']}")
    county.page(f"/desk/records/{other['instance_id']}", status=404)


def test_the_queue_shows_each_their_own_level(ladder: Flask, cadre: Phone) -> None:
    first, second = send(cadre), send(cadre)
    decide(sign_in_desk(ladder, "head"), first)
    for username, own in (("head", second), ("office", first), ("reviewer", None)):
        shown = sign_in_desk(ladder, username).page("/desk/queue?state=mine")
        found = [item for item in (first, second) if item["instance_id"] in shown]
        assert found == ([own] if own else [])
