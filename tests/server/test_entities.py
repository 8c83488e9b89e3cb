"""What records do to lists, from receipt to approval, replacement, rejection and withdrawal."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.entities import apply_on_approval, undo
from server.database import db, write_transaction
from server.models import Entity, EntityChange, Submission
from tests.server.conftest import SignIn
from tests.server.town import (
    EAST,
    TOWN,
    WEST,
    Phone,
    check_answers,
    make_item,
    new_id,
    put_row,
    register_answers,
)


def row(app: Flask, list_name: str, entity_id: str) -> dict[str, Any] | None:
    """A living row with its columns and label."""
    with app.app_context():
        found = db.session.get(Entity, (TOWN, list_name, entity_id))
        if found is None or found.is_deleted:
            return None
        return {**found.data, "label": found.label, "is_unreviewed": found.is_unreviewed}


def states(app: Flask, entity_id: str) -> list[tuple[str, str, str]]:
    """Kind, state and conflict of a row's changes by records, in order."""
    with app.app_context():
        query = select(EntityChange).where(
            EntityChange.entity_id == entity_id, EntityChange.instance_id != ""
        )
        found = db.session.scalars(query.order_by(EntityChange.change_id))
        return [(change.kind, change.state, change.conflict) for change in found]


def decide(app: Flask, item: dict[str, Any], decision: str) -> None:
    """What the desk does to lists when it decides on the current version."""
    with app.app_context(), write_transaction() as session:
        query = select(Submission).where(Submission.current_id == item["instance_id"])
        submission = session.scalars(query).one()
        if decision == "approve":
            apply_on_approval(submission, "u-office")
            submission.review_state, submission.approved_id = "approved", submission.current_id
        else:
            undo(submission, "u-office")
            submission.review_state = "rejected"


def check(cadre: Phone, **answers: Any) -> dict[str, Any]:
    return make_item("check", check_answers("h-1", **answers), cursor=cadre.cursor)


class TestReceipt:
    def test_creates_rows_at_once_and_unreviewed(self, town_app: Flask, cadre: Phone) -> None:
        answers = register_answers(phone="10000000002")
        changes = cadre.sync(make_item("register", answers))
        household = row(town_app, "household", answers["hh_id"])
        assert household is not None
        assert (household["label"], household["phone"], household["is_unreviewed"]) == (
            "周建国(演示)",
            "10000000002",
            True,
        )
        sent = cadre.rows(changes, "household")[answers["hh_id"]]
        assert sent["pinyin"].split() == ["zjgys", "zhoujianguoyanshi"]
        assert answers["member"][0]["m_key"] in cadre.rows(changes, "member")

    def test_numbers_households_within_their_village(self, town_app: Flask, sign_in: SignIn) -> None:
        office = sign_in("office")
        answers = [register_answers(village=village) for village in (EAST, EAST, WEST)]
        office.sync(*(make_item("register", one) for one in answers))
        numbers = [row(town_app, "household", one["hh_id"])["hh_no"] for one in answers]  # type: ignore[index]
        # The household that was there before the forms knew numbers has the first one.
        assert numbers == [f"{EAST}0002", f"{EAST}0003", f"{WEST}0001"]

    def test_keeps_an_update_for_approval(self, town_app: Flask, cadre: Phone) -> None:
        cadre.sync(check(cadre, phone="10000000099"))
        assert row(town_app, "household", "h-1")["phone"] == "10000000001"  # type: ignore[index]
        assert states(town_app, "h-1") == [("update", "pending", "")]

    def test_sees_a_household_registered_in_the_same_batch(self, town_app: Flask, cadre: Phone) -> None:
        answers = register_answers()
        register = make_item("register", answers, cursor=cadre.cursor)
        follow_up = make_item("check", check_answers(answers["hh_id"]), cursor=cadre.cursor)
        assert cadre.outcomes(register, follow_up) == ["accepted", "accepted"]
        with town_app.app_context():
            found = db.session.get_one(Submission, (TOWN, follow_up["instance_id"]))
            assert (found.village, found.subject_id) == (EAST, answers["hh_id"])

    def test_lets_an_approved_update_wait_for_its_row(self, town_app: Flask, cadre: Phone) -> None:
        answers = register_answers()
        early = make_item("check", check_answers(answers["hh_id"], phone="10000000077"), cursor=cadre.cursor)
        cadre.sync(early)
        decide(town_app, early, "approve")
        assert states(town_app, answers["hh_id"])[-1] == ("update", "waiting", "")
        cadre.sync(make_item("register", answers, cursor=cadre.cursor))
        assert row(town_app, "household", answers["hh_id"])["phone"] == "10000000077"  # type: ignore[index]


class TestApproval:
    def test_applies_what_waited_and_tells_phones(self, town_app: Flask, cadre: Phone) -> None:
        item = check(cadre, phone="10000000099")
        cadre.sync(item)
        decide(town_app, item, "approve")
        assert cadre.rows(cadre.sync(), "household")["h-1"]["phone"] == "10000000099"

    def test_marks_created_rows_as_reviewed(self, town_app: Flask, cadre: Phone) -> None:
        answers = register_answers()
        item = make_item("register", answers)
        cadre.sync(item)
        decide(town_app, item, "approve")
        assert row(town_app, "household", answers["hh_id"])["is_unreviewed"] is False  # type: ignore[index]
        assert "__unreviewed" not in cadre.rows(cadre.sync(), "household")[answers["hh_id"]]

    @pytest.mark.parametrize(
        ("theirs", "conflict", "phone"),
        [
            ({"address": "二组"}, "soft", "10000000099"),
            ({"phone": "10000000088"}, "hard", "10000000099"),
        ],
    )
    def test_flags_crossed_changes(
        self, town_app: Flask, cadre: Phone, theirs: dict[str, str], conflict: str, phone: str
    ) -> None:
        item = check(cadre, phone="10000000099")
        put_row(town_app, "household", "h-1", **theirs)
        cadre.sync(item)
        decide(town_app, item, "approve")
        assert row(town_app, "household", "h-1")["phone"] == phone  # type: ignore[index]
        assert states(town_app, "h-1")[-1] == ("update", "applied", conflict)

    def test_leaves_alone_what_the_cadre_did_not_change(self, town_app: Flask, cadre: Phone) -> None:
        item = check(cadre, phone="10000000001")  # as the phone showed it
        put_row(town_app, "household", "h-1", phone="10000000088")
        cadre.sync(item)
        decide(town_app, item, "approve")
        assert row(town_app, "household", "h-1")["phone"] == "10000000088"  # type: ignore[index]

    def test_never_writes_a_masked_text_back(self, town_app: Flask, cadre: Phone) -> None:
        item = check(cadre, phone="10000000099", head_id="320***********1017")
        cadre.sync(item)
        decide(town_app, item, "approve")
        assert row(town_app, "household", "h-1")["head_id"] == "320999196803151017"  # type: ignore[index]


class TestReplacement:
    def test_puts_new_rows_in_the_place_of_the_old(self, town_app: Flask, cadre: Phone) -> None:
        first = register_answers(phone="10000000002")
        gone = first["member"][0]
        newcomer = {**gone, "m_key": new_id(), "m_name": "新人(演示)"}
        second = {**first, "phone": "10000000003", "member": [newcomer]}
        item = make_item("register", first)
        cadre.sync(item)
        cadre.sync(make_item("register", second, replaces=item["instance_id"]))
        household = row(town_app, "household", first["hh_id"])
        assert household is not None and household["phone"] == "10000000003"
        assert row(town_app, "member", gone["m_key"]) is None
        assert row(town_app, "member", newcomer["m_key"]) is not None
        assert household["hh_no"] == f"{EAST}0002"

    def test_drops_what_the_older_version_wanted(self, town_app: Flask, cadre: Phone) -> None:
        first = check(cadre, phone="10000000099")
        second = make_item("check", check_answers("h-1", phone="10000000098"), replaces=first["instance_id"])
        cadre.sync(first, second)
        decide(town_app, second, "approve")
        assert row(town_app, "household", "h-1")["phone"] == "10000000098"  # type: ignore[index]
        assert [state for _, state, _ in states(town_app, "h-1")] == ["dropped", "dropped", "applied"]

    def test_keeps_the_approved_version_until_the_new_one_is_approved(
        self, town_app: Flask, cadre: Phone
    ) -> None:
        first = check(cadre, phone="10000000099")
        cadre.sync(first)
        decide(town_app, first, "approve")
        cadre.sync()
        answers = check_answers("h-1", head_id="320999196803151018")
        second = make_item("check", answers, replaces=first["instance_id"], cursor=cadre.cursor)
        cadre.sync(second)
        assert row(town_app, "household", "h-1")["phone"] == "10000000099"  # type: ignore[index]
        decide(town_app, second, "approve")
        changed = row(town_app, "household", "h-1")
        assert changed is not None
        # The new version says nothing of a phone: an empty answer is what it saves.
        assert (changed["phone"], changed["head_id"]) == ("", "320999196803151018")


class TestUndo:
    def test_removes_the_rows_of_a_rejected_record(self, town_app: Flask, cadre: Phone) -> None:
        answers = register_answers()
        item = make_item("register", answers)
        cadre.sync(item)
        decide(town_app, item, "reject")
        assert row(town_app, "household", answers["hh_id"]) is None
        removed = [change["name"] for change in cadre.sync()["changes"] if change.get("removed")]
        assert answers["hh_id"] in removed

    def test_removes_the_rows_of_a_withdrawn_record(self, town_app: Flask, cadre: Phone) -> None:
        answers = register_answers()
        item = make_item("register", answers)
        cadre.sync(item)
        cadre.sync(withdrawals=[item["instance_id"]])
        assert row(town_app, "household", answers["hh_id"]) is None

    def test_never_applies_what_was_rejected(self, town_app: Flask, cadre: Phone) -> None:
        item = check(cadre, phone="10000000099")
        cadre.sync(item)
        decide(town_app, item, "reject")
        assert states(town_app, "h-1") == [("update", "dropped", "")]

    def test_goes_back_to_the_approved_version(self, town_app: Flask, cadre: Phone) -> None:
        first = register_answers(phone="10000000002")
        item = make_item("register", first)
        cadre.sync(item)
        decide(town_app, item, "approve")
        second = {**first, "phone": "10000000003", "member": []}
        newer = make_item("register", second, replaces=item["instance_id"])
        cadre.sync(newer)
        decide(town_app, newer, "reject")
        household = row(town_app, "household", first["hh_id"])
        assert household is not None and household["phone"] == "10000000002"
        assert row(town_app, "member", first["member"][0]["m_key"]) is not None

    def test_keeps_what_others_set_since(self, town_app: Flask, cadre: Phone) -> None:
        item = check(cadre, phone="10000000099", head_id="320999196803151018")
        cadre.sync(item)
        decide(town_app, item, "approve")
        put_row(town_app, "household", "h-1", phone="10000000055")
        decide(town_app, item, "reject")
        household = row(town_app, "household", "h-1")
        assert household is not None
        assert (household["phone"], household["head_id"]) == ("10000000055", "320999196803151017")


def test_shows_a_list_as_it_was_before_an_undo(town_app: Flask, cadre: Phone) -> None:
    answers = register_answers()
    item = make_item("register", answers)
    cadre.sync(item)
    seen = cadre.cursor
    decide(town_app, item, "reject")
    late = make_item("check", check_answers(answers["hh_id"]), cursor=seen)
    cadre.sync(late)
    with town_app.app_context():
        assert db.session.get_one(Submission, (TOWN, late["instance_id"])).n_errors == 0
