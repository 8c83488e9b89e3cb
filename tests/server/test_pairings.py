"""Pairings and contacts follow the records that made them; contacts close a period and open the next."""

from typing import Any

import pytest
from flask import Flask

from forms import compile_form
from server.actions import contacts, pairings
from server.actions.entities import desk_writer
from server.actions.forms import publish
from server.actions.review import Verdict, decide
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Contact, Deadline, Pairing, Submission, User
from tests.forms.town import LIBRARY
from tests.server.admin import hire
from tests.server.conftest import SignIn
from tests.server.town import EAST, TOWN, Phone, make_item, put_row

PHOTO = {"sha256": "ab" * 32, "name": "a.jpg", "bytes": 9, "type": "image/jpeg"}
WORDS = "查看虾塘长势，商量秋季销路和明年扩塘"


@pytest.fixture
def paired_app(town_app: Flask) -> Flask:
    """The town with F17 and F18, and the household h-1 paired with the mentor since August."""
    with town_app.app_context():
        for name in ("pairing", "contact_log"):
            publish(compile_form((LIBRARY / f"{name}.md").read_bytes(), f"{name}.md"))
    put_row(town_app, "person", "p-mentor", "陈帮扶", username="mentor", place="草舍")
    put_row(town_app, "village", EAST, "草舍")
    with town_app.app_context(), write_transaction():
        add_pairing("r-1", mentee_id="h-1")
    return town_app


def add_pairing(pairing_id: str, **columns: Any) -> None:
    """An active pairing, first due in September."""
    writer = desk_writer(TOWN, "u-office")
    about = {"kind": "hand_in_hand", "mentor_id": "p-mentor", "village": EAST, "start_on": "2016-08-20"}
    about |= {"state": "active", **columns}
    kind = about.pop("kind")
    pairings.settle(writer, pairings.new_pairing(writer, pairing_id, kind, **about))
    writer.save()


@pytest.fixture
def mentor(paired_app: Flask, sign_in: SignIn) -> Phone:
    phone = sign_in("mentor")
    phone.sync()
    return phone


def log(phone: Phone, on: str = "2016-10-14", **answers: Any) -> dict[str, Any]:
    changes = {name: answers.pop(name) for name in ("replaces",) if name in answers}
    way = answers.pop("way", "visit")
    main = {"pair": "r-1", "contact_on": on, "way": way, "present": "mentee", "content": WORDS, **answers}
    if way == "visit":
        main = {"gps": [32.7001, 120.2, 0, 5], "photo": PHOTO, **main}
    main = {name: value for name, value in main.items() if value is not None}
    files = [PHOTO] if main.get("photo") else []
    return make_item("contact_log", {"log": main}, cursor=phone.cursor, files=files, **changes)


def pairing_of(app: Flask, pairing_id: str = "r-1") -> Pairing:
    with app.app_context():
        return db.session.get_one(Pairing, (TOWN, pairing_id))


def contact_of(app: Flask, item: dict[str, Any]) -> Contact | None:
    with app.app_context():
        return db.session.get(Contact, (TOWN, item["instance_id"]))


def standing(app: Flask) -> tuple[str, str]:
    found = pairing_of(app)
    return found.last_contact_on, found.due_on


def review(app: Flask, item: dict[str, Any], action: str) -> None:
    """As whoever reviews it decides: the village's secretary a contact log, the office a pairing."""
    secretary = hire(app, "secretary", "village_head", village=EAST)
    with app.app_context():
        level = db.session.get_one(Submission, (TOWN, item["instance_id"])).review_level
        decide(
            db.session.get_one(User, secretary if level == "village" else "u-office"),
            item["instance_id"],
            Verdict(item["instance_id"], action, "核"),
        )


def test_a_visit_fulfils_the_period_and_opens_the_next(paired_app: Flask, mentor: Phone) -> None:
    assert standing(paired_app) == ("", "2016-10-31")
    answer = mentor.sync(log(mentor))
    assert standing(paired_app) == ("2016-10-14", "2016-11-30")
    row = mentor.rows(answer, "pairing")["r-1"]
    assert (row["last_contact_on"], row["due_on"], row["last_content"]) == ("2016-10-14", "2016-11-30", WORDS)
    with paired_app.app_context():
        rows = db.session.scalars(db.select(Deadline).order_by(Deadline.due_on)).all()
        assert [(one.due_on, one.state, one.why_closed) for one in rows] == [
            ("2016-10-31", "closed", "done"),
            ("2016-11-30", "open", ""),
        ]


def test_a_late_visit_makes_up_for_the_period_that_passed(
    paired_app: Flask, mentor: Phone, clock: SetClock
) -> None:
    clock.advance(days=20)
    mentor.sync(log(mentor, "2016-11-03"))
    assert standing(paired_app) == ("2016-11-03", "2016-12-31")
    with paired_app.app_context():
        assert db.session.get_one(Deadline, (TOWN, "pairing", "r-1", "2016-10-31")).why_closed == "late"


@pytest.mark.parametrize("undo", ["withdraw", "reject", "correct"])
def test_a_contact_follows_its_record(paired_app: Flask, mentor: Phone, undo: str) -> None:
    item = log(mentor)
    mentor.sync(item)
    if undo == "withdraw":
        mentor.sync(withdrawals=[item["instance_id"]])
    elif undo == "reject":
        review(paired_app, item, "reject")
    else:
        mentor.sync(log(mentor, replaces=item["instance_id"], present="absent", photo=None))
    assert standing(paired_app) == ("", "2016-10-31")
    with paired_app.app_context():
        assert db.session.get_one(Deadline, (TOWN, "pairing", "r-1", "2016-10-31")).state == "open"


def test_a_call_is_light_and_two_months_running_are_not_enough(
    paired_app: Flask, mentor: Phone, clock: SetClock
) -> None:
    mentor.sync(log(mentor, way="phone"))
    assert standing(paired_app) == ("2016-10-14", "2016-11-30")
    clock.advance(days=30)
    mentor.sync(log(mentor, "2016-11-10", way="phone"))
    assert standing(paired_app) == ("2016-10-14", "2016-11-30")


def test_far_from_home_is_light(paired_app: Flask, mentor: Phone) -> None:
    item = log(mentor, gps=[32.71, 120.2, 0, 5], v28_why="在虾塘边")
    mentor.sync(item)
    contact = contact_of(paired_app, item)
    assert contact is not None and (contact.weight, contact.why) == ("light", "far")


def test_what_is_back_dated_waits_for_the_supervisor(paired_app: Flask, mentor: Phone) -> None:
    item = log(mentor, "2016-10-05", late_why="手机坏了")
    mentor.sync(item)
    assert standing(paired_app) == ("", "2016-10-31")
    with paired_app.app_context(), write_transaction():
        writer = desk_writer(TOWN, "u-office")
        contacts.confirm(writer, item["instance_id"])
        writer.save()
    assert standing(paired_app) == ("2016-10-05", "2016-11-30")


def test_approval_confirms_what_is_back_dated(paired_app: Flask, mentor: Phone) -> None:
    item = log(mentor, "2016-10-05", late_why="手机坏了")
    mentor.sync(item)
    review(paired_app, item, "approve")
    assert standing(paired_app)[0] == "2016-10-05"


def event(app: Flask, *present: str) -> int:
    with app.app_context(), write_transaction():
        writer = desk_writer(TOWN, "u-office")
        n = contacts.record_event_contacts(writer, "e-1", "2016-10-14", set(present))
        writer.save()
        return n


def test_an_event_counts_if_both_checked_in(paired_app: Flask, mentor: Phone) -> None:
    assert event(paired_app, "p-mentor") == 0
    assert standing(paired_app)[0] == ""
    assert event(paired_app, "p-mentor", "h-1") == 1
    assert standing(paired_app) == ("2016-10-14", "2016-11-30")
    assert event(paired_app, "h-1") == 0
    assert standing(paired_app) == ("", "2016-10-31")


def test_an_event_counts_for_a_second_mentor_and_for_no_pairing_that_does_not_hold(
    paired_app: Flask, mentor: Phone
) -> None:
    with paired_app.app_context(), write_transaction():
        add_pairing("r-2", mentor_id="p-other", mentor_2="p-mentor", mentee_id="h-2")
        add_pairing("r-3", kind="cadre_member", mentee_id="h-2", state="proposed")
    assert event(paired_app, "p-mentor", "h-2") == 1
    assert pairing_of(paired_app, "r-2").last_contact_on == "2016-10-14"
    assert pairing_of(paired_app, "r-3").last_contact_on == ""


def test_a_mentor_alone_reads_the_words_of_the_last_contact(
    paired_app: Flask, mentor: Phone, sign_in: SignIn
) -> None:
    mentor.sync(log(mentor))
    cadre = sign_in("cadre")
    row = cadre.rows(cadre.sync(), "pairing")["r-1"]
    assert (row["label"], row["last_content"]) == ("吴小妹(演示)", "")


def f17(phone: Phone, **answers: Any) -> dict[str, Any]:
    pair = {"kind": "hand_in_hand", "mentor_person": "p-mentor", "mentee_household": "h-2", **answers}
    terms = {"start_on": "2016-10-10", "end_plan_on": "2017-10-10", "cadence_n": 1, "goal": "养虾增收"}
    terms |= {"mentee_agreed": "yes", "posted": "no"}
    return make_item("pairing", {"pair": pair, "terms": terms}, cursor=phone.cursor)


def test_a_pairing_is_proposed_on_receipt_and_active_once_approved(paired_app: Flask, mentor: Phone) -> None:
    put_row(paired_app, "household", "h-2", "王二(演示)", village=EAST)
    mentor.sync()
    item = f17(mentor)
    mentor.sync(item)
    made = pairing_of(paired_app, item["instance_id"])
    assert (made.state, made.mentee_id, made.village, made.due_on) == ("proposed", "h-2", EAST, "")
    review(paired_app, item, "approve")
    made = pairing_of(paired_app, item["instance_id"])
    assert (made.state, made.due_on) == ("active", "2016-10-31")
    assert made.pairing_no == f"{EAST}0002"


def test_a_rejected_pairing_is_none(paired_app: Flask, mentor: Phone) -> None:
    put_row(paired_app, "household", "h-2", "王二(演示)", village=EAST)
    mentor.sync()
    item = f17(mentor)
    mentor.sync(item)
    review(paired_app, item, "reject")
    with paired_app.app_context():
        assert db.session.get(Pairing, (TOWN, item["instance_id"])) is None
    mentor.cursor = 0
    assert item["instance_id"] not in mentor.rows(mentor.sync(), "pairing")
