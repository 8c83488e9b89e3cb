"""Check-in from several phones and from any browser: nothing is lost, nothing counts twice."""

import base64
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.check_ins import check_in_by_hand, confirm_check_in, dismiss_check_in
from server.actions.events import change_event, count_present, keep_account, move_event, set_pin
from server.actions.files import path_of
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
from server.wall_codes import WallCode, write_code
from tests.server.conftest import SignIn
from tests.server.gathering import (
    Browser,
    flags,
    hold_class,
    plan,
    present,
    publish_library,
    scan,
    scope_named,
    states,
    wall,
)
from tests.server.test_wire import EXAMPLES, members
from tests.server.town import Phone, make_item, new_id, put_row

TAIL = "0001"  # of the first guest's number


@pytest.fixture
def hall(town_app: Flask) -> Flask:
    publish_library(town_app, "check_in", "event")
    return town_app


@pytest.fixture
def browser(hall: Flask) -> Browser:
    return Browser(hall.test_client())


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


# Without an app


def test_checks_in_with_a_name_and_four_digits(hall: Flask, browser: Browser) -> None:
    event_id = hold_class(hall)
    answer = browser.check_in(wall(hall, event_id), " 学员 01 ", TAIL)
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    assert (told["name"], told["unit"], told["place"], told["is_again"]) == ("学员01(演示)", "草舍", 1, False)
    assert present(hall) == [("person:g-1", "in")]


def test_the_page_never_tells_the_roster(hall: Flask, browser: Browser) -> None:
    opened = browser.open(wall(hall, hold_class(hall)))
    assert "学员" not in opened.text.encode().decode("unicode_escape", "ignore")
    wrong = browser.send(opened.get_json()["ticket"], "学员01", "9999")
    unknown = browser.send(opened.get_json()["ticket"], "没有人", "9999")
    assert wrong.get_json() == unknown.get_json()
    assert wrong.get_json()["problem"]["code"] == "attendee_not_found"


def test_a_photograph_of_the_code_is_refused_a_minute_later(
    hall: Flask, browser: Browser, clock: SetClock
) -> None:
    code = wall(hall, hold_class(hall))
    clock.advance(seconds=60)
    assert browser.open(code).get_json()["problem"]["code"] == "code_old"
    assert present(hall) == []


def test_typing_slowly_is_fine(hall: Flask, browser: Browser, clock: SetClock) -> None:
    ticket = browser.open(wall(hall, hold_class(hall))).get_json()["ticket"]
    clock.advance(minutes=4)
    assert browser.send(ticket, "学员01", TAIL).status_code == 200
    clock.advance(minutes=2)
    assert browser.send(ticket, "学员02", "0002").get_json()["problem"]["code"] == "ticket_over"


def test_a_double_tap_is_one_check_in(hall: Flask, browser: Browser) -> None:
    ticket = browser.open(wall(hall, hold_class(hall))).get_json()["ticket"]
    first, second = (browser.send(ticket, "学员01", TAIL).get_json() for _ in range(2))
    assert first == second
    assert states(hall) == ["valid"]


def test_scanning_again_says_so(hall: Flask, browser: Browser) -> None:
    code = wall(hall, hold_class(hall))
    browser.check_in(code, "学员01", TAIL)
    assert browser.check_in(code, "学员01", TAIL).get_json()["is_again"]
    assert states(hall) == ["valid", "merged"]


def test_two_people_on_one_phone_are_flagged_and_both_count(hall: Flask, browser: Browser) -> None:
    code = wall(hall, hold_class(hall))
    browser.check_in(code, "学员01", TAIL)
    browser.check_in(code, "学员02", "0002")
    assert flags(hall) == [[], ["same_device"]]
    assert len(present(hall)) == 2


def test_four_at_once_from_one_address_are_flagged(hall: Flask) -> None:
    code = wall(hall, hold_class(hall, 4))
    for number in range(1, 5):
        Browser(hall.test_client()).check_in(code, f"学员{number:02}", f"000{number}")
    assert flags(hall) == [[], [], [], ["burst"]]


def test_a_position_far_off_is_flagged(hall: Flask, browser: Browser) -> None:
    event_id = hold_class(hall, lat="32.7", lon="120.2", position_reason="证明本人到场")
    code = wall(hall, event_id)
    assert browser.open(code).get_json()["position_reason"] == "证明本人到场"
    browser.check_in(code, "学员01", TAIL, lat=32.8, lon=120.2)
    assert flags(hall) == [["far"]]


def photo(n_bytes: int = 2000, seed: bytes = b"") -> str:
    """What a phone's camera might give, in base64."""
    return base64.b64encode((b"\xff\xd8\xff\xe0" + seed).ljust(n_bytes, b"\x07")).decode()


def test_the_same_photo_for_two_people_is_flagged_and_both_count(hall: Flask) -> None:
    event_id = hold_class(hall, 3, details={"photo_reason": "证明本人到场"})
    for number, seed in ((1, b"a"), (2, b"b"), (3, b"a")):
        browser = Browser(hall.test_client())
        opened = browser.open(wall(hall, event_id)).get_json()
        assert opened["photo_reason"] == "证明本人到场"
        values = {"phone": f"000{number}", "photo": photo(seed=seed)}
        assert browser.send(opened["ticket"], f"学员{number:02}", **values).status_code == 200
    assert flags(hall) == [[], [], ["same_photo"]]
    assert states(hall) == ["valid"] * 3
    with hall.app_context():
        digests = list(db.session.scalars(select(CheckIn.photo).order_by(CheckIn.seq)))
        assert [path_of(digest).read_bytes()[4:5] for digest in digests] == [b"a", b"b", b"a"]


def test_a_photo_that_nobody_asked_for_is_not_kept(hall: Flask, browser: Browser) -> None:
    event_id = hold_class(hall)
    assert browser.check_in(wall(hall, event_id), "学员01", TAIL, photo=photo()).status_code == 200
    with hall.app_context():
        assert db.session.scalars(select(CheckIn.photo)).one() == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("no base64!", "file_type"),
        (base64.b64encode(b"<svg onload=alert(1)>").decode(), "file_type"),
        (photo(300_001), "file_too_large"),
    ],
)
def test_what_is_no_small_picture_is_refused(hall: Flask, browser: Browser, content: str, code: str) -> None:
    event_id = hold_class(hall, details={"photo_reason": "证明本人到场"})
    answer = browser.check_in(wall(hall, event_id), "学员01", TAIL, photo=content)
    assert answer.get_json()["problem"]["code"] == code
    assert states(hall) == []


def test_guessing_is_slowed_down(hall: Flask, browser: Browser) -> None:
    ticket = browser.open(wall(hall, hold_class(hall))).get_json()["ticket"]
    codes = [
        browser.send(ticket, "学员01", f"{n:04}").get_json()["problem"]["code"] for n in range(1000, 1011)
    ]
    assert codes == ["attendee_not_found"] * 10 + ["too_many_tries"]
    assert browser.send(ticket, "学员01", TAIL).status_code == 429


def test_a_walk_in_gives_a_reason(hall: Flask, browser: Browser) -> None:
    code = wall(hall, hold_class(hall))
    told = browser.check_in(code, "周来", "10000009999", is_walk_in=True).get_json()
    assert told["problem"]["code"] == "reason_missing"
    assert (
        browser.check_in(code, "周来", "10000009999", is_walk_in=True, reason="村里临时通知").status_code
        == 200
    )
    assert ["walk_in"] in flags(hall)


def test_a_printed_code_needs_the_pin(hall: Flask, browser: Browser) -> None:
    event_id = hold_class(hall)
    with hall.app_context():
        set_pin(scope_named("office"), event_id, is_wanted=True)
        event = db.session.scalars(select(Event)).one()
        pin, code = event.details["pin"], write_code(event.wall_key, WallCode(event_id, 1, "in", 0))
    assert browser.open(code).get_json()["needs_pin"]
    assert browser.check_in(code, "学员01", TAIL, pin="x").get_json()["problem"]["code"] == "pin_wrong"
    assert browser.check_in(code, "学员01", TAIL, pin=pin).status_code == 200


@pytest.mark.parametrize(
    ("state", "minutes", "expected"),
    [
        ("planned", 0, "event_not_open"),
        ("held", 0, "event_not_open"),
        ("open", -40, "check_in_early"),
        ("open", 240, "check_in_over"),
    ],
)
def test_says_why_it_is_closed(
    hall: Flask, browser: Browser, clock: SetClock, state: str, minutes: int, expected: str
) -> None:
    event_id = hold_class(hall, state="planned" if state == "planned" else "open")
    if state == "held":
        with hall.app_context():
            move_event(scope_named("office"), event_id, "held")
    clock.advance(minutes=minutes)
    assert browser.open(wall(hall, event_id)).get_json()["problem"]["code"] == expected


def test_checking_out_needs_a_session_that_asks_for_it(hall: Flask, browser: Browser) -> None:
    event_id = hold_class(hall)
    code = wall(hall, event_id, direction="out")
    assert browser.open(code).get_json()["problem"]["code"] == "session_unknown"


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
