"""Items stored apart, conflicts and held ones: shown beside what they are about, taken in, or dismissed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.database import db
from server.models import Audit, Decision, HeldItem, Submission, SubmissionVersion
from sync.ledger import Entry, find_break
from tests.server.conftest import SignIn
from tests.server.desk import Desk, sign_in_desk
from tests.server.test_wire import EXAMPLES
from tests.server.town import (
    EAST,
    TOWN,
    WEST,
    Phone,
    digest_of,
    make_item,
    publish_form,
    put_posts,
    put_row,
    register_answers,
)

REASON = "以先收到的为准"


@pytest.fixture
def office(town_app: Flask) -> Desk:
    return sign_in_desk(town_app, "office")


def address(item: dict[str, Any]) -> str:
    return f"/desk/doubts/held/{item['instance_id']}/{digest_of(item)}"


def conflicting(phone: Phone, **answers: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A record, and another content that came under its id."""
    stored = make_item("register", register_answers("甲户(演示)"))
    other = make_item(
        "register", register_answers("乙户(演示)", **answers), instance_id=stored["instance_id"]
    )
    assert phone.outcomes(stored, other) == ["accepted", "conflict"]
    return stored, other


def crossing(phone: Phone) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A record, its correction, and another correction of what is no longer current."""
    first = make_item("register", register_answers("甲户(演示)"))
    second, third = (
        make_item("register", register_answers(head), replaces=first["instance_id"])
        for head in ("乙户(演示)", "丙户(演示)")
    )
    assert phone.outcomes(first, second, third) == ["accepted", "new_version", "conflict"]
    return first, second, third


def outside(phone: Phone) -> dict[str, Any]:
    """An item held because it is about another village."""
    item = make_item("register", register_answers("西户(演示)", village=WEST))
    assert phone.outcomes(item) == ["held"]
    return item


def current(app: Flask, root_id: str) -> tuple[str, str]:
    """A record's current version's text, and its state."""
    with app.app_context():
        submission = db.session.get_one(Submission, (TOWN, root_id))
        version = db.session.get_one(SubmissionVersion, (TOWN, submission.current_id))
        return version.payload, submission.review_state


def held_row(app: Flask, item: dict[str, Any]) -> HeldItem:
    with app.app_context():
        return db.session.get_one(HeldItem, (TOWN, item["instance_id"], digest_of(item)))


def heads(phone: Phone) -> set[str]:
    """The names of the households that a phone which starts anew is sent."""
    phone.cursor = 0
    return {row["label"] for row in phone.rows(phone.sync(), "household").values()}


def heard(phone: Phone, kind: str) -> list[dict[str, Any]]:
    return [change for change in phone.sync()["changes"] if change["kind"] == kind]


class TestConflict:
    def test_is_listed_with_what_it_is_about(self, cadre: Phone, office: Desk) -> None:
        stored, other = conflicting(cadre)
        page = office.page("/desk/doubts?kind=conflict")
        assert "The id is known with other content" in page
        assert address(other) in page
        assert address(other) in office.page(f"/desk/records/{stored['instance_id']}")
        page = office.page(address(other))
        assert "甲户(演示)" in page
        assert "乙户(演示)" in page

    def test_keeps_the_stored_record_when_it_is_dismissed(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        stored, other = conflicting(cadre)
        assert office.press(address(other), "dismiss", reason=REASON).status_code == 302
        assert current(town_app, stored["instance_id"]) == (stored["payload"], "received")
        assert heads(cadre) == {"吴小妹(演示)", "甲户(演示)"}
        row = held_row(town_app, other)
        assert (row.state, row.payload, row.comment) == ("dismissed", other["payload"], REASON)
        assert "Nothing waits" in office.page("/desk/doubts?kind=conflict")
        assert address(other) in office.page("/desk/doubts?kind=conflict&state=decided")

    def test_becomes_the_current_version_when_it_is_taken(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        stored, other = conflicting(cadre)
        assert office.press(address(other), "take").status_code == 302
        assert current(town_app, stored["instance_id"]) == (other["payload"], "received")
        assert heads(cadre) == {"吴小妹(演示)", "乙户(演示)"}
        page = office.page(f"/desk/records/{stored['instance_id']}")
        assert "Version 2" in page
        assert "Taken in" in page

    def test_is_reviewed_again_after_an_approval(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        stored, other = conflicting(cadre)
        office.press(f"/desk/records/{stored['instance_id']}", "approve")
        office.press(address(other), "take")
        assert current(town_app, stored["instance_id"]) == (other["payload"], "edited")

    def test_replaces_the_current_version_though_it_corrects_an_older_one(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        first, second, third = crossing(cadre)
        page = office.page(address(third))
        assert "乙户(演示)" in page
        assert "丙户(演示)" in page
        assert office.press(address(third), "take").status_code == 302
        assert current(town_app, first["instance_id"])[0] == third["payload"]
        assert heads(cadre) == {"吴小妹(演示)", "丙户(演示)"}
        with town_app.app_context():
            version = db.session.get_one(SubmissionVersion, (TOWN, third["instance_id"]))
            assert version.deprecated_id == second["instance_id"]

    def test_keeps_the_ledger_whole(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        _, other = conflicting(cadre)
        office.press(address(other), "take")
        cadre.sync(make_item("register", register_answers()))
        with town_app.app_context():
            stored = [*db.session.scalars(select(SubmissionVersion)), *db.session.scalars(select(HeldItem))]
            entries = [Entry(s.seq, s.instance_id, s.digest, s.received_at, s.chain) for s in stored]
        assert len(entries) == 4
        assert find_break(sorted(entries, key=lambda entry: entry.seq)) is None

    def test_tells_the_phone_what_became_of_it(self, cadre: Phone, office: Desk) -> None:
        stored, other = conflicting(cadre)
        office.press(address(other), "take")
        (change,) = heard(cadre, "held")
        assert {name: type(value) for name, value in change.items()} == {
            name: type(value) for name, value in EXAMPLES["held"].items()
        }
        assert (change["instance_id"], change["digest"]) == (other["instance_id"], digest_of(other))
        assert (change["state"], change["root_id"]) == ("taken", stored["instance_id"])
        cadre.cursor = 0
        (submission,) = heard(cadre, "submission")
        assert submission["instance_id"] == change["taken_as"] != stored["instance_id"]
        assert cadre.outcomes(stored) == ["resent"]

    def test_tells_the_phone_why_it_was_dismissed(self, cadre: Phone, office: Desk) -> None:
        _, other = conflicting(cadre)
        office.press(address(other), "dismiss", reason=REASON)
        (change,) = heard(cadre, "held")
        assert (change["state"], change["comment"], change["taken_as"]) == ("dismissed", REASON, "")
        assert heard(cadre, "held") == []

    def test_waits_again_when_its_dismissal_is_undone(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        stored, other = conflicting(cadre)
        office.press(address(other), "dismiss", reason=REASON)
        assert office.press(address(other), "undo").status_code == 302
        assert address(other) in office.page("/desk/doubts?kind=conflict")
        (change,) = heard(cadre, "held")
        assert (change["state"], change["comment"]) == ("open", "")
        office.press(address(other), "take")
        assert current(town_app, stored["instance_id"])[0] == other["payload"]
        assert office.press(address(other), "undo").status_code == 409

    def test_tells_nobody_else(self, cadre: Phone, sign_in: SignIn, office: Desk) -> None:
        mentor = sign_in("mentor")
        _, other = conflicting(cadre)
        office.press(address(other), "dismiss", reason=REASON)
        assert heard(mentor, "held") == []

    def test_masks_both_sides_until_opened_with_a_reason(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        _, other = conflicting(cadre, head_id="320999196803151017")
        assert "320999196803151017" not in office.page(address(other))
        assert "320***********1017" in office.page(address(other))
        opened = office.press(address(other), "", to="reveal", reason="核对身份")
        assert "320999196803151017" in opened.text
        with town_app.app_context():
            kinds = db.session.scalars(select(Audit.subject_kind).where(Audit.action == "reveal")).all()
        assert set(kinds) == {"held_item", "submission"}


class TestHeld:
    def test_is_taken_in_as_a_record_of_its_sender(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        item = outside(cadre)
        assert "This is outside your area" in office.page("/desk/doubts")
        assert office.press(address(item), "take").status_code == 302
        assert f"/desk/records/{item['instance_id']}" in office.page(address(item))
        with town_app.app_context():
            found = db.session.get_one(Submission, (TOWN, item["instance_id"]))
            assert (found.user_id, found.village, found.review_state) == ("u-cadre", WEST, "received")
        (change,) = heard(cadre, "submission")
        assert change["review_state"] == "received"
        assert cadre.outcomes(item) == ["resent"]

    def test_leaves_history_and_an_audit_row(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        item = outside(cadre)
        office.press(address(item), "take")
        with town_app.app_context():
            assert db.session.scalars(select(Decision.decision)).all() == ["taken"]
            row = db.session.scalars(select(Audit).where(Audit.action == "take_in")).one()
            assert (row.user_id, row.subject_id) == ("u-office", item["instance_id"])

    def test_is_read_with_another_version_of_its_form_and_not_taken(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        item = make_item("register", register_answers("某户(演示)"), version="99")
        assert cadre.outcomes(item) == ["held"]
        page = office.page(address(item))
        assert "某户(演示)" in page
        assert "be taken in" in page
        refused = office.client.post(f"{address(item)}/decision", data=office.form(address(item), "take"))
        assert refused.status_code == 404
        assert held_row(town_app, item).state == "open"

    def test_is_taken_in_once_its_form_version_is_published(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        item = make_item("register", register_answers("某户(演示)"), version="2")
        assert cadre.outcomes(item) == ["held"]
        publish_form(town_app, "register", "2")
        assert office.press(address(item), "take").status_code == 302
        assert "某户(演示)" in heads(cadre)

    def test_shows_what_cannot_be_read_as_text_and_only_with_a_reason(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        item = make_item("register", register_answers()) | {"payload": '<b>{"head_id": "320999"'}
        assert cadre.outcomes(item) == ["held"]
        page = office.page(address(item))
        assert "320999" not in page
        opened = office.press(address(item), "", to="reveal", reason="核对身份").text
        assert "&lt;b&gt;{&#34;head_id&#34;: &#34;320999&#34;" in opened
        assert office.press(address(item), "dismiss", reason="内容不全").status_code == 302
        assert held_row(town_app, item).payload == item["payload"]

    def test_masks_all_of_a_form_nobody_knows(self, cadre: Phone, office: Desk) -> None:
        item = make_item("no_form", {"secret": "机密内容", "n": 7})
        assert cadre.outcomes(item) == ["held"]
        page = office.page(address(item))
        assert "secret" in page
        assert "机密内容" not in page

    def test_stands_alone_when_what_it_corrects_never_came(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        lost = make_item("register", register_answers())
        item = make_item("register", register_answers("孤户(演示)"), replaces=lost["instance_id"])
        assert cadre.outcomes(item) == ["held"]
        assert office.press(address(item), "take").status_code == 302
        assert current(town_app, item["instance_id"]) == (item["payload"], "received")


class TestWhoDecides:
    def test_hides_items_of_other_villages(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        item = outside(cadre)
        put_posts(town_app, "mentor", ("village_head", EAST))
        head = sign_in_desk(town_app, "mentor")
        assert "Nothing waits" in head.page("/desk/doubts?kind=held")
        head.page(address(item), status=404)
        office.page(address(item))

    def test_lets_nobody_decide_about_a_record_of_another_village(
        self, town_app: Flask, cadre: Phone
    ) -> None:
        stored, other = conflicting(cadre)
        with town_app.app_context():
            target = db.session.get_one(Submission, (TOWN, stored["instance_id"]))
            target.review_level, target.village = "village", WEST
            db.session.commit()
        put_posts(town_app, "mentor", ("village_head", EAST))
        head = sign_in_desk(town_app, "mentor")
        for action in ("take", "dismiss"):
            refused = head.press(address(other), action, seen=stored["instance_id"], reason=REASON)
            assert refused.status_code == 403
        assert held_row(town_app, other).state == "open"

    def test_lets_village_secretaries_look_and_not_decide(
        self, town_app: Flask, cadre: Phone, office: Desk
    ) -> None:
        _, other = conflicting(cadre)
        put_posts(town_app, "mentor", ("village_head", EAST))
        head = sign_in_desk(town_app, "mentor")
        assert "not yours to decide" in head.page(address(other))
        values = {"seen": other["instance_id"], "reason": REASON}
        for action in ("take", "dismiss"):
            assert head.press(address(other), action, **values).status_code == 403

    def test_lets_nobody_decide_on_an_own_item(self, town_app: Flask, sign_in: SignIn, office: Desk) -> None:
        item = make_item("register", register_answers(), version="99")
        assert sign_in("office").outcomes(item) == ["held"]
        assert "Nobody decides their own record" in office.page(address(item))
        refused = office.press(address(item), "dismiss", seen="", reason=REASON)
        assert refused.status_code == 403
        assert held_row(town_app, item).state == "open"

    def test_needs_a_reason_to_dismiss(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        item = outside(cadre)
        assert office.press(address(item), "dismiss", reason="").status_code == 400
        assert held_row(town_app, item).state == "open"

    @pytest.mark.parametrize("first", ["take", "dismiss"])
    def test_only_once(self, town_app: Flask, cadre: Phone, office: Desk, first: str) -> None:
        item = outside(cadre)
        forms = [office.form(address(item), action) | {"reason": REASON} for action in (first, "take")]
        statuses = [office.client.post(f"{address(item)}/decision", data=form).status_code for form in forms]
        assert statuses == [302, 409]

    def test_one_of_two_at_once(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        _, other = conflicting(cadre)
        desks = [sign_in_desk(town_app, "office") for _ in range(4)]
        forms = [desk.form(address(other), "take") for desk in desks]

        def send(number: int) -> int:
            answer = desks[number].client.post(f"{address(other)}/decision", data=forms[number])
            return answer.status_code

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(send, range(4))) == [302, 409, 409, 409]
        with town_app.app_context():
            assert len(db.session.scalars(select(SubmissionVersion)).all()) == 2

    def test_not_over_a_version_nobody_saw(self, town_app: Flask, cadre: Phone, office: Desk) -> None:
        stored, other = conflicting(cadre)
        form = office.form(address(other), "take")
        newer = make_item("register", register_answers("丁户(演示)"), replaces=stored["instance_id"])
        cadre.sync(newer)
        assert office.client.post(f"{address(other)}/decision", data=form).status_code == 409
        assert current(town_app, stored["instance_id"])[0] == newer["payload"]


def test_takes_in_updates_of_lists_as_any_record(
    town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
) -> None:
    put_row(town_app, "household", "h-2", "西村户(演示)", village=WEST)
    answers = {
        "hh": "h-2",
        "year": "2016",
        "amount": 9000,
        "phone": "10000000055",
        "gps": [32.7, 120.2, 0, 5],
    }
    item = make_item("check", answers, cursor=cadre.cursor)
    assert cadre.outcomes(item) == ["held"]
    office.press(address(item), "take")
    office.press(f"/desk/records/{item['instance_id']}", "approve")
    with town_app.app_context():
        found = db.session.scalars(select(Submission.review_state)).all()
    assert found == ["approved"]
    western = sign_in("western")
    assert western.rows(western.sync(), "household")["h-2"]["phone"] == "10000000055"
