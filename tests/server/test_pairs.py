"""Two records that may be one case: who sees the pair, what is decided, what that does, how it is undone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.database import db
from server.models import Audit, Decision, Duplicate, Submission
from tests.server.conftest import SignIn
from tests.server.desk import Desk, sign_in_desk
from tests.server.pairs import address, hh_id, household, resync, submission, twice
from tests.server.town import (
    EAST,
    TOWN,
    WEST,
    Phone,
    check_answers,
    make_item,
    put_posts,
    put_row,
    register_answers,
)

REASON = "同一户填了两次"


@pytest.fixture
def office(town_app: Flask) -> Desk:
    return sign_in_desk(town_app, "office")


def told(phone: Phone, item: dict[str, Any]) -> dict[str, Any]:
    """What the phone last heard of its record."""
    changes = [change for change in resync(phone)["changes"] if change["kind"] == "submission"]
    return next(change for change in changes if change["root_id"] == item["instance_id"])


def decisions(app: Flask, item: dict[str, Any]) -> list[tuple[str, str]]:
    with app.app_context():
        query = select(Decision).where(Decision.root_id == item["instance_id"]).order_by(Decision.decision_id)
        return [(one.decision, one.comment) for one in db.session.scalars(query)]


class TestFinding:
    def test_shows_the_same_content_from_two_phones(
        self, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        page = office.page("/desk/doubts")
        assert "Same content under two ids" in page
        assert address(first, second) in page
        assert '<b class="n">1</b>' in page

    def test_shows_two_records_with_one_business_key(self, cadre: Phone, office: Desk) -> None:
        items = [
            make_item("check", check_answers("h-1", amount=amount), cursor=cadre.cursor)
            for amount in (7000, 7100)
        ]
        cadre.sync(*items)
        assert "The same case was filled twice" in office.page("/desk/doubts")
        page = office.page(address(*items))
        assert "Differences: 1" in page
        assert "7000" in page
        assert "7100" in page

    def test_leads_from_the_record_to_the_pair(self, cadre: Phone, sign_in: SignIn, office: Desk) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        assert address(first, second) in office.page(f"/desk/records/{second['instance_id']}")

    def test_masks_both_sides_until_opened_with_a_reason(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"), head_id="320999196803151017")
        page = office.page(address(first, second))
        assert page.count("320***********1017") == 2
        assert "320999196803151017" not in page
        refused = office.press(address(first, second), "", to="reveal", reason="")
        assert refused.status_code == 400
        assert (
            "320999196803151017"
            in office.press(address(first, second), "", to="reveal", reason="核对身份").text
        )
        with town_app.app_context():
            opened = db.session.scalars(select(Audit.subject_id).where(Audit.action == "reveal")).all()
        assert set(opened) == {first["instance_id"], second["instance_id"]}


class TestScope:
    def test_hides_pairs_of_other_villages(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        put_posts(town_app, "western", ("village_head", WEST))
        western = sign_in_desk(town_app, "western")
        assert "Nothing waits for a decision" in western.page("/desk/doubts")
        western.page(address(first, second), status=404)

    def test_hides_pairs_with_one_record_elsewhere(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        with town_app.app_context():
            db.session.get_one(Submission, (TOWN, second["instance_id"])).village = WEST
            db.session.commit()
        put_posts(town_app, "mentor", ("village_head", EAST))
        head = sign_in_desk(town_app, "mentor")
        assert "Nothing waits for a decision" in head.page("/desk/doubts")
        head.page(address(first, second), status=404)
        office.page(address(first, second))

    def test_lets_field_cadres_see_none_of_it(self, town_app: Flask) -> None:
        sign_in_desk(town_app, "cadre").page("/desk/doubts", status=403)

    def test_lets_inspectors_look_and_not_decide(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        auditor = sign_in_desk(town_app, "auditor")
        assert "not yours to decide" in auditor.page(address(first, second))
        refused = auditor.press(address(first, second), "left", reason=REASON)
        assert refused.status_code == 403
        assert submission(town_app, second).duplicate_of == ""

    def test_lets_nobody_decide_on_an_own_record(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("office"))
        assert "Nobody decides their own record" in office.page(address(first, second))
        for keep in ("both", "left", "right"):
            values = {"left": first["instance_id"], "right": second["instance_id"], "reason": REASON}
            assert office.press(address(first, second), keep, **values).status_code == 403
        with town_app.app_context():
            assert db.session.scalars(select(Duplicate.state)).all() == ["open"]


class TestKeepingBoth:
    def test_closes_the_pair_and_changes_no_record(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        assert office.press(address(first, second), "both", reason=REASON).status_code == 302
        assert "Nothing waits for a decision" in office.page("/desk/doubts")
        assert household(mentor, first)
        assert household(mentor, second)
        assert told(mentor, second)["comment"] == ""
        assert decisions(town_app, first) == decisions(town_app, second) == [("kept_both", REASON)]
        assert REASON in office.page(address(first, second))

    def test_needs_a_reason(self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        assert office.press(address(first, second), "both", reason=" ").status_code == 400
        assert decisions(town_app, first) == []


class TestKeepingOne:
    def test_sets_the_other_aside_with_its_rows(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        assert office.press(address(first, second), "left", reason=REASON).status_code == 302
        assert submission(town_app, second).duplicate_of == first["instance_id"]
        assert household(mentor, first)
        assert not household(mentor, second)
        page = office.page("/desk/queue?state=open")
        assert f"/desk/records/{first['instance_id']}" in page
        assert f"/desk/records/{second['instance_id']}" not in page
        assert f"/desk/records/{second['instance_id']}" in office.page("/desk/queue?state=set_aside")

    def test_keeps_the_later_one_as_well(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        office.press(address(first, second), "right", reason=REASON)
        assert not household(mentor, first)
        assert household(mentor, second)

    def test_tells_the_phone_why(self, cadre: Phone, sign_in: SignIn, office: Desk) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        office.press(address(first, second), "left", reason=REASON)
        heard = told(mentor, second)
        assert (heard["duplicate_of"], heard["comment"]) == (first["instance_id"], REASON)
        assert heard["review_state"] == "received"
        assert told(cadre, first)["duplicate_of"] == ""

    def test_leaves_history_and_an_audit_row(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        office.press(address(first, second), "left", reason=REASON)
        assert decisions(town_app, second) == [("set_aside", REASON)]
        assert decisions(town_app, first) == [("kept_one", REASON)]
        page = office.page(f"/desk/records/{second['instance_id']}")
        assert REASON in page
        assert "It is set aside; kept instead" in page
        with town_app.app_context():
            row = db.session.scalars(select(Audit).where(Audit.action == "pair_kept_one")).one()
            assert (row.user_id, row.detail) == ("u-office", {"keep": "left"})

    def test_ends_the_review_of_what_is_set_aside(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        record = f"/desk/records/{second['instance_id']}"
        form = office.form(record, "approve")
        office.press(address(first, second), "left", reason=REASON)
        assert office.client.post(f"{record}/decision", data=form).status_code == 409
        assert submission(town_app, second).review_state == "received"

    def test_can_no_longer_be_withdrawn(self, cadre: Phone, sign_in: SignIn, office: Desk) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        office.press(address(first, second), "left", reason=REASON)
        answer = mentor.sync(withdrawals=[second["instance_id"]])["withdrawals"][0]
        assert answer["problem"]["code"] == "withdrawal_late"

    def test_takes_back_what_an_approved_record_wrote(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        first, second = phones_of_h1(cadre, "10000000011", "10000000012")
        approve(office, second)
        assert phone_of_h1(cadre) == "10000000012"
        office.press(address(first, second), "left", reason=REASON)
        assert phone_of_h1(cadre) == "10000000001"
        office.press(address(first, second), "undo", reason=REASON)
        assert phone_of_h1(cadre) == "10000000012"

    def test_pairs_nothing_with_what_is_set_aside(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        first, second = phones_of_h1(cadre, "10000000011", "10000000012")
        office.press(address(first, second), "left", reason=REASON)
        third = make_item("check", check_answers("h-1", amount=9000), cursor=cadre.cursor)
        cadre.sync(third)
        with town_app.app_context():
            pairs = db.session.execute(select(Duplicate.left_id, Duplicate.right_id)).all()
        assert (first["instance_id"], third["instance_id"]) in pairs
        assert (second["instance_id"], third["instance_id"]) not in pairs


class TestUndoing:
    def test_brings_the_rows_back_and_opens_the_pair(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        number = household_number(mentor, second)
        office.press(address(first, second), "left", reason=REASON)
        assert office.press(address(first, second), "undo", reason="看错了一户").status_code == 302
        assert household_number(mentor, second) == number != ""
        assert told(mentor, second)["duplicate_of"] == ""
        assert told(mentor, second)["comment"] == ""
        assert address(first, second) in office.page("/desk/doubts")
        assert [decision for decision, _ in decisions(town_app, second)] == ["set_aside", "restored"]

    def test_can_be_done_again(self, cadre: Phone, sign_in: SignIn, office: Desk) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        for _ in range(2):
            office.press(address(first, second), "left", reason=REASON)
            assert not household(mentor, second)
            office.press(address(first, second), "undo", reason=REASON)
            assert household(mentor, second)

    def test_keeps_what_others_wrote_meanwhile(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        first, second = phones_of_h1(cadre, "10000000011", "10000000012")
        approve(office, second)
        office.press(address(first, second), "left", reason=REASON)
        put_row(town_app, "household", "h-1", phone="10000000099")
        office.press(address(first, second), "undo", reason=REASON)
        assert phone_of_h1(cadre) == "10000000099"

    def test_leaves_an_update_waiting_for_its_approval(self, cadre: Phone, office: Desk) -> None:
        first, second = phones_of_h1(cadre, "10000000011", "10000000012")
        office.press(address(first, second), "left", reason=REASON)
        office.press(address(first, second), "undo", reason=REASON)
        assert phone_of_h1(cadre) == "10000000001"
        approve(office, second)
        assert phone_of_h1(cadre) == "10000000012"

    def test_a_new_version_of_what_was_set_aside_opens_the_pair(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        office.press(address(first, second), "left", reason=REASON)
        answers = register_answers("更正(演示)")
        mentor.sync(make_item("register", answers, replaces=second["instance_id"]))
        assert submission(town_app, second).duplicate_of == ""
        assert address(first, second) in office.page("/desk/doubts")
        assert answers["hh_id"] in mentor.rows(resync(mentor), "household")


class TestTwoAtOnce:
    def test_one_wins_and_the_other_is_told(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        forms = [office.form(address(first, second), keep) | {"reason": REASON} for keep in ("left", "right")]

        def send(form: dict[str, str]) -> int:
            desk = sign_in_desk(town_app, "office")
            csrf = {"csrf": desk.form(address(first, second))["csrf"]}
            return desk.client.post(f"{address(first, second)}/decision", data=form | csrf).status_code

        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(pool.map(send, forms))
        assert statuses == [302, 409]
        aside = [submission(town_app, item).duplicate_of != "" for item in (first, second)]
        assert sorted(aside) == [False, True]

    def test_a_decided_pair_is_not_decided_again(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        first, second = twice(cadre, sign_in("mentor"))
        form = office.form(address(first, second), "left") | {"reason": REASON}
        office.press(address(first, second), "both", reason=REASON)
        answer = office.client.post(f"{address(first, second)}/decision", data=form)
        assert answer.status_code == 409
        assert submission(town_app, second).duplicate_of == ""

    def test_a_version_that_came_meanwhile_is_not_decided_unseen(
        self, town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        form = office.form(address(first, second), "left") | {"reason": REASON}
        mentor.sync(make_item("register", register_answers(), replaces=second["instance_id"]))
        answer = office.client.post(f"{address(first, second)}/decision", data=form)
        assert answer.status_code == 409
        assert "changed since you opened it" in answer.text
        assert REASON in answer.text
        assert submission(town_app, second).duplicate_of == ""

    def test_a_pair_with_a_withdrawn_record_waits_for_nobody(
        self, cadre: Phone, sign_in: SignIn, office: Desk
    ) -> None:
        mentor = sign_in("mentor")
        first, second = twice(cadre, mentor)
        form = office.form(address(first, second), "left") | {"reason": REASON}
        mentor.sync(withdrawals=[second["instance_id"]])
        assert "Nothing waits for a decision" in office.page("/desk/doubts")
        assert "nothing to decide" in office.page(address(first, second))
        assert office.client.post(f"{address(first, second)}/decision", data=form).status_code == 409


def phones_of_h1(cadre: Phone, *numbers: str) -> list[dict[str, Any]]:
    """Checks of the household h-1 in one year, each with a new telephone number."""
    items = [
        make_item("check", check_answers("h-1", phone=number), cursor=cadre.cursor) for number in numbers
    ]
    cadre.sync(*items)
    return items


def phone_of_h1(phone: Phone) -> str:
    return phone.rows(resync(phone), "household")["h-1"]["phone"]


def household_number(phone: Phone, item: dict[str, Any]) -> str:
    return phone.rows(resync(phone), "household")[hh_id(item)]["hh_no"]


def approve(office: Desk, item: dict[str, Any]) -> None:
    assert office.press(f"/desk/records/{item['instance_id']}", "approve").status_code == 302
