"""Check-in from several phones and by hand: nothing is lost, nothing counts twice."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.check_ins import check_in_by_hand, confirm_check_in, dismiss_check_in
from server.actions.events import change_event, count_present, keep_account, move_event
from server.actions.records import Filters, count
from server.actions.rosters import add_guests, guests_from_pairings
from server.clock import SetClock, now
from server.database import db, write_transaction
from server.models import (
    Attendance,
    CheckIn,
    Contact,
    Deadline,
    Entity,
    Event,
    Pairing,
    RosterEntry,
    Task,
    User,
)
from server.problems import Problem
from tests.server.conftest import SignIn
from tests.server.gathering import (
    TAIL,
    Browser,
    flags,
    hold_class,
    plan,
    present,
    scan,
    scope_named,
    states,
    wall,
)
from tests.server.test_wire import EXAMPLES, members
from tests.server.town import Phone, make_item, new_id, put_row


def test_two_offline_phones_merge_their_overlaps(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall, 60, helpers=("p-mentor",))
    one, other = sign_in("cadre"), sign_in("mentor")
    assert set(one.outcomes(*(scan(event_id, n) for n in range(1, 36)))) == {"accepted"}
    assert set(other.outcomes(*(scan(event_id, n) for n in range(26, 61)))) == {"accepted"}
    assert len(present(hall)) == 60
    assert sorted(states(hall)) == ["merged"] * 10 + ["valid"] * 60


def test_a_scan_sent_again_is_the_same(hall: Flask, sign_in: SignIn) -> None:
    event_id, phone = hold_class(hall), sign_in("cadre")
    item = scan(event_id, 1)
    assert phone.outcomes(item) == ["accepted"]
    assert phone.outcomes(item) == ["resent"]
    assert states(hall) == ["valid"]


def test_nobody_reviews_check_ins(hall: Flask, sign_in: SignIn) -> None:
    event_id, phone = hold_class(hall), sign_in("cadre")
    answer = phone.sync(scan(event_id, 1), cursor=0)
    (change,) = [one for one in answer["changes"] if one["kind"] == "submission"]
    assert change["form_id"] == "check_in"
    with hall.app_context():
        office = db.session.get_one(User, "u-office")
        assert count(office, Filters()) == 0
        assert count(office, Filters(form_id="check_in", state="")) == 1


def test_a_scan_by_somebody_else_waits(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall)
    sign_in("mentor").outcomes(scan(event_id, 1))
    assert states(hall) == ["unconfirmed"]
    assert present(hall) == []
    with hall.app_context():
        check_in_id = db.session.scalars(select(CheckIn.check_in_id)).one()
        confirm_check_in(scope_named("cadre"), event_id, check_in_id)
    assert states(hall) == ["valid"]


def test_an_undone_tap_gives_way_to_the_next(hall: Flask, sign_in: SignIn) -> None:
    event_id, phone = hold_class(hall), sign_in("cadre")
    first, second = scan(event_id, 1, way="manual", reason="无手机"), scan(event_id, 1)
    phone.outcomes(first, second)
    phone.outcomes(scan(event_id, 1, undoes=first["instance_id"]))
    assert states(hall) == ["dismissed", "valid"]
    with hall.app_context():
        assert db.session.scalars(select(Attendance.check_in_id)).one() == second["instance_id"]


def test_a_withdrawn_scan_counts_no_more(hall: Flask, sign_in: SignIn) -> None:
    event_id, phone = hold_class(hall), sign_in("cadre")
    item = scan(event_id, 1)
    phone.outcomes(item)
    phone.sync(withdrawals=[item["instance_id"]])
    assert (states(hall), present(hall)) == (["dismissed"], [])


@pytest.mark.parametrize("years", [-20, 10])
def test_a_clock_wrong_by_years_is_told_and_not_believed(hall: Flask, sign_in: SignIn, years: int) -> None:
    event_id = hold_class(hall)
    with hall.app_context():
        moment = now()
    said = moment.replace(year=moment.year + years).isoformat()
    sign_in("cadre").outcomes(scan(event_id, 1, at=said))
    assert flags(hall) == [["wrong_clock"]]
    with hall.app_context():
        row = db.session.scalars(select(Attendance)).one()
        assert (row.at, row.is_late) == (moment, False)


def test_an_offline_scan_keeps_its_time(hall: Flask, clock: SetClock, sign_in: SignIn) -> None:
    event_id = hold_class(hall)
    said = clock.now() + timedelta(minutes=20)
    clock.advance(hours=8)
    sign_in("cadre").outcomes(scan(event_id, 1, at=said.isoformat()))
    with hall.app_context():
        row = db.session.scalars(select(Attendance)).one()
        assert (row.at, row.is_late) == (said, True)


def test_a_walk_in_joins_the_roster(hall: Flask, sign_in: SignIn) -> None:
    event_id, phone = hold_class(hall, 0), sign_in("cadre")
    phone.outcomes(
        scan(event_id, 1, attendee=new_id(), walk_name="周来(演示)", walk_unit="开庄", way="manual")
    )
    with hall.app_context():
        row = db.session.scalars(select(RosterEntry)).one()
        assert (row.name, row.unit, row.state) == ("周来(演示)", "开庄", "walk_in")
    assert flags(hall) == [["walk_in"]]


def test_organisers_phones_hear_of_everybodys_check_ins(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall, 3, helpers=("p-mentor",))
    organiser, helper, stranger = sign_in("cadre"), sign_in("mentor"), sign_in("western")
    organiser.sync(scan(event_id, 1))
    heard = helper.sync()["changes"]
    (event,) = [one for one in heard if one["kind"] == "event"]
    assert [one["name"] for one in event["roster"]] == ["学员01(演示)", "学员02(演示)", "学员03(演示)"]
    assert "phone" not in event["roster"][0]
    assert [one["attendee_id"] for one in heard if one["kind"] == "check_in"] == ["person:g-1"]
    kinds = {one["kind"] for one in stranger.sync()["changes"]}
    assert kinds.isdisjoint({"event", "check_in"})


def heard(phone: Phone) -> list[str]:
    return [one["attendee_id"] for one in phone.sync()["changes"] if one["kind"] == "check_in"]


def test_who_helps_later_hears_of_those_who_came_before(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall, 3)
    organiser, helper = sign_in("cadre"), sign_in("mentor")
    organiser.sync(scan(event_id, 1), scan(event_id, 2))
    assert (heard(helper), len(heard(organiser))) == ([], 0)
    with hall.app_context():
        change_event(scope_named("office"), event_id, plan(helpers=("p-mentor",)))
    assert heard(helper) == ["person:g-1", "person:g-2"]
    second_phone = sign_in("mentor", "another-phone")
    assert heard(second_phone) == ["person:g-1", "person:g-2"]


def test_an_event_that_goes_on_is_heard_of_with_its_check_ins(hall: Flask, sign_in: SignIn) -> None:
    event_id, phone = hold_class(hall, 3), sign_in("cadre")
    phone.sync(scan(event_id, 1))
    with hall.app_context():
        office = scope_named("office")
        move_event(office, event_id, "held")
        keep_account(office, event_id, "", ("1" * 64, "2" * 64))
        move_event(office, event_id, "closed")
    phone.sync()  # drops the event with those who came
    with hall.app_context():
        move_event(scope_named("office"), event_id, "held")
    assert heard(phone) == ["person:g-1"]


def test_the_wire_is_as_its_page_says(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall, 1)
    phone = sign_in("cadre")
    phone.sync(scan(event_id, 1))
    heard = {one["kind"]: one for one in phone.sync(cursor=0)["changes"]}
    for kind in ("event", "check_in"):
        assert members(heard[kind]) == members(EXAMPLES[kind])


def test_everybody_sees_that_there_is_an_event(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall)
    row = sign_in("western").rows(sign_in("western").sync(), "event")[event_id]
    assert (row["state"], row["place"]) == ("open", "镇会议室")
    assert not {"wall_key", "roster"} & row.keys()


def test_an_event_that_is_over_leaves_the_phones(hall: Flask, sign_in: SignIn) -> None:
    event_id, phone = hold_class(hall), sign_in("cadre")
    phone.sync()
    with hall.app_context():
        move_event(scope_named("office"), event_id, "cancelled")
    assert {"kind": "event", "event_id": event_id, "removed": True}.items() <= next(
        one for one in phone.sync()["changes"] if one["kind"] == "event"
    ).items()


# The attendee's own app, offline


def test_ones_own_scan_waits_unless_it_came_in_time(hall: Flask, clock: SetClock, sign_in: SignIn) -> None:
    event_id = hold_class(hall)
    with hall.app_context():
        db.session.expire_all()
    phone, code = sign_in("western"), wall(hall, event_id)
    put_person(hall, "p-western")
    clock.advance(minutes=30)
    phone.outcomes(scan(event_id, 0, attendee="", way="wall", code=code))
    assert states(hall) == ["unconfirmed"]
    sign_in("western", "device-western").outcomes(
        scan(event_id, 0, attendee="", way="wall", code=wall(hall, event_id))
    )
    assert states(hall) == ["unconfirmed", "valid"]


def test_a_forged_code_never_passes(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall)
    put_person(hall, "p-western")
    good = wall(hall, event_id)
    forged = good[:-3] + ("A" if good[-3] != "A" else "B") + good[-2:]
    sign_in("western").outcomes(scan(event_id, 0, attendee="", way="wall", code=forged))
    assert states(hall) == []


def put_person(app: Flask, name: str) -> None:
    put_row(app, "person", name, "西村人(演示)", place="开庄")


# At the desk


def test_a_tick_by_hand_needs_a_reason(hall: Flask) -> None:
    event_id = hold_class(hall)
    with hall.app_context():
        with pytest.raises(Problem, match="reason_missing"):
            check_in_by_hand(scope_named("cadre"), event_id, "person:g-1", 1, "in", " ", new_id())
        check_in_by_hand(scope_named("cadre"), event_id, "person:g-1", 1, "in", "无手机", new_id())
    assert states(hall) == ["valid"]


def test_dismissing_deletes_nothing(hall: Flask, browser: Browser) -> None:
    event_id = hold_class(hall)
    browser.check_in(wall(hall, event_id), "学员01", TAIL)
    with hall.app_context():
        check_in_id = db.session.scalars(select(CheckIn.check_in_id)).one()
        dismiss_check_in(scope_named("cadre"), event_id, check_in_id, "代签")
    assert (states(hall), present(hall)) == (["dismissed"], [])


def test_closing_needs_check_ins_and_two_photos(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall)
    sign_in("cadre").outcomes(scan(event_id, 1))
    with hall.app_context():
        office = scope_named("office")
        move_event(office, event_id, "held")
        with pytest.raises(Problem, match="event_not_closable"):
            move_event(office, event_id, "closed")
        assert count_present(db.session.scalars(select(Event)).one()) == 1


def test_strangers_run_no_event(hall: Flask) -> None:
    event_id = hold_class(hall)
    with hall.app_context(), pytest.raises(Problem, match="event_unknown"):
        move_event(scope_named("western"), event_id, "held")


def test_an_event_made_on_a_phone_is_there(hall: Flask, sign_in: SignIn) -> None:
    answers = {
        "what": {
            "event_name": "草舍村活动日(演示)",
            "kind": "activity_day",
            "host_unit": "草舍",
            "organiser": "p-cadre",
        },
        "when": {
            "place": "村部",
            "start_at": "2016-10-16T09:00:00.000+08:00",
            "end_at": "2016-10-16T11:00:00.000+08:00",
        },
    }
    item = make_item("event", answers)
    assert sign_in("cadre").outcomes(item) == ["accepted"]
    with hall.app_context():
        event = db.session.scalars(select(Event)).one()
        assert (event.event_id, event.village, event.organiser) == (
            item["instance_id"],
            "320981100901",
            "p-cadre",
        )
        assert (
            db.session.scalars(select(Entity.label).filter_by(list_name="event")).one()
            == "草舍村活动日(演示)"
        )


# What attendance feeds


def test_a_pairing_day_is_a_contact_for_those_who_both_came_and_a_task_for_the_others(
    hall: Flask, sign_in: SignIn
) -> None:
    put_row(hall, "household", "h-2", "李大山(演示)", village="320981100901")
    put_person(hall, "p-mentor")
    with hall.app_context(), write_transaction():
        for mentee in ("h-1", "h-2"):
            db.session.add(pairing(mentee))
    event_id = hold_class(hall, 0, kind="pairing_day")
    with hall.app_context():
        office = scope_named("office")
        add_guests(office, event_id, guests_from_pairings("town-1", ()))
    phone = sign_in("cadre")
    phone.outcomes(scan(event_id, 0, attendee="person:p-mentor"), scan(event_id, 0, attendee="household:h-1"))
    with hall.app_context():
        move_event(scope_named("office"), event_id, "held")
        assert db.session.scalars(select(Contact.pairing_id)).all() == ["pair-h-1"]
        task = db.session.scalars(select(Task)).one()
        assert (task.entity_id, task.person, task.form_id) == ("pair-h-2", "p-mentor", "contact_log")
    phone.outcomes(scan(event_id, 0, attendee="household:h-2"))
    with hall.app_context():
        assert sorted(db.session.scalars(select(Contact.pairing_id))) == ["pair-h-1", "pair-h-2"]
        assert len(db.session.scalars(select(Task)).all()) == 1


def pairing(mentee: str) -> Pairing:
    return Pairing(
        town_id="town-1",
        pairing_id=f"pair-{mentee}",
        kind="hand_in_hand",
        mentor_list="person",
        mentor_id="p-mentor",
        mentee_list="household",
        mentee_id=mentee,
        village="320981100901",
        start_on="2016-01-01",
        cadence_n=1,
        cadence_unit="month",
        state="active",
        seq=0,
        updated_at=now(),
    )


def test_people_are_reminded_of_a_planned_event_and_not_of_a_cancelled_one(
    hall: Flask, clock: SetClock
) -> None:
    begins = {"start_at": clock.now() + timedelta(days=3), "end_at": clock.now() + timedelta(days=3, hours=2)}
    event_id = hold_class(hall, state="planned", **begins)
    with hall.app_context():
        assert deadlines() == [("2016-10-18", "open")]
        later = {name: moment + timedelta(days=1) for name, moment in begins.items()}
        change_event(scope_named("office"), event_id, plan(**later))
        assert deadlines() == [("2016-10-18", "closed"), ("2016-10-19", "open")]
        move_event(scope_named("office"), event_id, "cancelled")
        assert {state for _, state in deadlines()} == {"closed"}


def deadlines() -> list[tuple[str, str]]:
    query = select(Deadline.due_on, Deadline.state).filter_by(subject_kind="event").order_by(Deadline.due_on)
    return [tuple(row) for row in db.session.execute(query)]
