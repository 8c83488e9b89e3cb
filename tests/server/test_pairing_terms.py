"""Pairings are approved, paused, extended, ended and handed over; what was stays as history."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from server.access import Post, Scope
from server.actions import pairings
from server.actions.effects import follow_all
from server.actions.entities import desk_writer
from server.actions.hand_over import HandedOver, Part, hand_over
from server.actions.pairing_terms import act
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Contact, Deadline, Pairing, Submission, Task, Ticket, User, UserRole
from server.problems import Problem
from tests.server.conftest import SignIn
from tests.server.test_pairings import add_pairing, f17, paired_app, review  # noqa: F401 - a fixture
from tests.server.test_tasks import make
from tests.server.town import EAST, TOWN, WEST, Phone, put_row


def person(role: str, village: str = "", name: str = "") -> Scope:
    return Scope(TOWN, f"u-{role}", name, frozenset({Post(role, village)}))


HEAD, OFFICE = person("village_head", EAST), person("town_office")


def add(app: Flask, pairing_id: str = "r-1", met_on: str = "2016-10-01", **columns: Any) -> None:
    with app.app_context(), write_transaction() as session:
        if met_on:
            contact = Contact(town_id=TOWN, contact_id=f"c {pairing_id}", pairing_id=pairing_id, on=met_on)
            contact.way, contact.weight, contact.seq, contact.four_ones = "visit", "full", 1, []
            session.add(contact)
        about = {"mentee_id": "h-1", "end_plan_on": "2016-11-10", **columns}
        add_pairing(pairing_id, **about)


def do(app: Flask, action: str, scope: Scope = HEAD, **values: str) -> Pairing:
    with app.app_context():
        act(scope, "r-1", action, values)
    return read(app)


def read(app: Flask, pairing_id: str = "r-1") -> Pairing:
    with app.app_context():
        return db.session.get_one(Pairing, (TOWN, pairing_id))


def refused(app: Flask, action: str, scope: Scope = HEAD, **values: str) -> str:
    with pytest.raises(Problem) as caught:
        do(app, action, scope, **values)
    return caught.value.code


def test_approving_makes_it_due(town_app: Flask) -> None:
    add(town_app, state="proposed", met_on="")
    made = do(town_app, "approve")
    assert (made.state, made.due_on) == ("active", "2016-10-31")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (person("field", EAST), "not_allowed"),
        (person("village_head", WEST), "not_allowed"),
        (person("auditor"), "not_allowed"),
        (person("village_head", EAST, "p-mentor"), "self_review"),
    ],
)
def test_only_the_supervisors_of_the_place_approve(town_app: Flask, scope: Scope, expected: str) -> None:
    add(town_app, state="proposed")
    assert refused(town_app, "approve", scope) == expected


def test_a_pause_lets_nothing_be_due_and_is_no_miss(town_app: Flask, clock: SetClock) -> None:
    add(town_app, met_on="2016-09-10")
    assert read(town_app).due_on == "2016-10-31"
    made = do(town_app, "pause", until_on="2016-12-10", note="外出务工")
    assert (made.state, made.due_on) == ("paused", "")
    clock.advance(days=60)  # 2016-12-14
    made = do(town_app, "resume")
    assert (made.state, made.due_on) == ("active", "2016-12-31")


def test_the_town_decides_on_a_long_pause(town_app: Flask) -> None:
    add(town_app)
    assert refused(town_app, "pause", until_on="2016-12-20", note="外出务工") == "pause_too_long"
    assert do(town_app, "pause", OFFICE, until_on="2016-12-20", note="外出务工").state == "paused"


def test_ending_wants_a_recent_contact_a_note_and_the_mentee(town_app: Flask) -> None:
    add(town_app, met_on="2016-08-30")
    whole = {"end_reason": "achieved", "note": "目标达成", "mentee_agreed": "yes"}
    assert refused(town_app, "end", **{**whole, "note": " "}) == "reason_missing"
    assert refused(town_app, "end", **{**whole, "end_reason": "why"}) == "field_invalid"
    assert refused(town_app, "end", **whole) == "not_met_lately"
    with town_app.app_context(), write_transaction() as session:
        session.get_one(Contact, (TOWN, "c r-1")).on = "2016-08-31"
        writer = desk_writer(TOWN, "u-office")
        pairings.settle(writer, session.get_one(Pairing, (TOWN, "r-1")))
        writer.save()
    assert refused(town_app, "end", **{**whole, "mentee_agreed": ""}) == "mentee_not_asked"
    made = do(town_app, "end", **whole)
    assert (made.state, made.ended_on, made.due_on) == ("ended", "2016-10-15", "")
    with town_app.app_context():
        assert db.session.scalars(db.select(Deadline).filter_by(state="open")).all() == []


def test_a_death_needs_nobodys_word(town_app: Flask) -> None:
    add(town_app, met_on="")
    assert do(town_app, "end", end_reason="death", note="对象去世").state == "ended"


def test_it_is_extended_within_thirty_days_of_its_end(town_app: Flask) -> None:
    add(town_app, end_plan_on="2016-11-14")
    assert do(town_app, "extend").end_plan_on == "2017-11-14"
    assert refused(town_app, "extend") == "extended_too_early"


def test_a_leaving_mentor_hands_tasks_and_pairings_over(town_app: Flask, sign_in: SignIn) -> None:
    add(town_app)
    task_id = make(town_app, "h-1", person="p-mentor")[0]
    with town_app.app_context(), write_transaction():
        done = hand_over(TOWN, "p-mentor", "p-cadre", "u-office", date(2016, 10, 15))
    assert done == HandedOver(1, 1)
    old = read(town_app)
    assert (old.state, old.end_reason, old.ended_on) == ("replaced", "replace", "2016-10-15")
    with town_app.app_context():
        new = db.session.scalars(db.select(Pairing).filter_by(replaces="r-1")).one()
        assert (new.mentor_id, new.mentee_id, new.state) == ("p-cadre", "h-1", "active")
        assert (new.start_on, new.due_on, new.last_contact_on) == ("2016-10-15", "2016-10-31", "")
        assert db.session.get_one(Task, (TOWN, task_id)).person == "p-cadre"
        assert db.session.get_one(Contact, (TOWN, "c r-1")).pairing_id == "r-1"
    phone = sign_in("cadre")
    assert [row["mentor"] for row in phone.rows(phone.sync(), "pairing").values()] == ["p-cadre"]


def test_a_second_mentor_is_replaced_in_place(town_app: Flask) -> None:
    add(town_app, mentor_2="p-second")
    with town_app.app_context(), write_transaction():
        hand_over(TOWN, "p-second", "p-cadre", "u-office", date(2016, 10, 15))
    made = read(town_app)
    assert (made.state, made.mentor_id, made.mentor_2) == ("active", "p-mentor", "p-cadre")


def test_only_the_kinds_asked_for_move(town_app: Flask) -> None:
    add(town_app)
    with town_app.app_context(), write_transaction():
        done = hand_over(
            TOWN, "p-mentor", "p-cadre", "u-office", date(2016, 10, 15), (Part("cadre_member", EAST),)
        )
    assert (done.n_pairings, read(town_app).state) == (0, "active")


def proposed(app: Flask, phone: Phone) -> dict[str, Any]:
    """A pairing that the mentor proposes on the phone, for household h-2."""
    put_row(app, "household", "h-2", "王二(演示)", village=EAST)
    phone.sync()
    item = f17(phone)
    phone.sync(item)
    return item


def hand(app: Flask, to_person: str = "p-cadre") -> HandedOver:
    with app.app_context(), write_transaction():
        return hand_over(TOWN, "p-mentor", to_person, "u-office", date(2016, 10, 15))


def of_second_household(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.query(Pairing).filter_by(mentee_id="h-2").order_by(Pairing.mentor_id)
        return [(row.mentor_id, row.state) for row in rows]


def test_what_is_only_proposed_moves_and_its_record_decides(paired_app: Flask, sign_in: SignIn) -> None:  # noqa: F811
    item = proposed(paired_app, sign_in("mentor"))
    assert hand(paired_app).n_pairings == 2
    assert of_second_household(paired_app) == [("p-cadre", "proposed"), ("p-mentor", "replaced")]
    review(paired_app, item, "approve")
    assert of_second_household(paired_app) == [("p-cadre", "active"), ("p-mentor", "replaced")]


def test_what_was_proposed_and_moved_goes_with_its_record(paired_app: Flask, sign_in: SignIn) -> None:  # noqa: F811
    item = proposed(paired_app, sign_in("mentor"))
    hand(paired_app)
    review(paired_app, item, "reject")
    assert of_second_household(paired_app) == []


def test_an_ended_pairing_stays_ended_whatever_becomes_of_its_record(
    paired_app: Flask,  # noqa: F811
    sign_in: SignIn,
) -> None:
    item = proposed(paired_app, sign_in("mentor"))
    review(paired_app, item, "approve")
    with paired_app.app_context():
        act(HEAD, item["instance_id"], "end", {"end_reason": "death", "note": "对象去世"})
        with write_transaction():
            follow_all([db.session.get_one(Submission, (TOWN, item["instance_id"]))], "u-office")
    assert of_second_household(paired_app) == [("p-mentor", "ended")]


def head_of_village(app: Flask, username: str, person_id: str, *, is_disabled: bool = False) -> None:
    with app.app_context(), write_transaction() as session:
        user = User(user_id=f"u-{username}", username=username, name=username, town_id=TOWN)
        user.posts, user.person = [UserRole(role="village_head", village=EAST)], person_id
        user.password_digest, user.is_disabled = "", is_disabled
        session.add(user)


def test_who_left_supervises_nothing_any_more(town_app: Flask) -> None:
    head_of_village(town_app, "a-head", "p-mentor")
    head_of_village(town_app, "b-head", "p-next")
    add(town_app, mentor_id="p-second", supervisor="p-mentor", mentor_2="p-cadre")
    add(town_app, "r-2", mentor_id="p-cadre", mentee_id="h-2", supervisor="p-mentor")
    hand(town_app)  # nobody supervises their own: p-cadre can't take r-2
    assert read(town_app).supervisor == "p-cadre"
    assert read(town_app, "r-2").supervisor == "p-next"


def test_a_supervisor_who_can_sign_in_no_longer_is_replaced(town_app: Flask) -> None:
    head_of_village(town_app, "a-head", "p-gone", is_disabled=True)
    head_of_village(town_app, "b-head", "p-next")
    add(town_app, supervisor="p-gone")
    assert read(town_app).supervisor == "p-next"
    add(town_app, "r-2", mentee_id="h-2", supervisor="p-no-account")
    assert read(town_app, "r-2").supervisor == "p-no-account"


def test_what_is_to_be_settled_moves_too(town_app: Flask) -> None:
    add(town_app, mentor_id="p-second")
    with town_app.app_context(), write_transaction() as session:
        row = Ticket(town_id=TOWN, ticket_id="t-1", pairing_id="r-1", root_id="none", kind="house")
        row.village, row.text, row.told_on, row.due_on = EAST, "屋顶漏雨", "2016-10-10", "2016-10-20"
        row.state, row.owner = "open", "p-mentor"
        session.add(row)
    assert hand(town_app) == HandedOver(0, 0, 0, 1)
    with town_app.app_context():
        assert db.session.get_one(Ticket, (TOWN, "t-1")).owner == "p-cadre"
