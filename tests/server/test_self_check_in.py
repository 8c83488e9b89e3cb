"""Check-in with any browser, without an app: by name and four digits, once, flagged where it looks odd."""

import base64

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.events import move_event, set_pin
from server.actions.files import path_of
from server.clock import SetClock
from server.database import db
from server.models import (
    CheckIn,
    Event,
)
from server.wall_codes import WallCode, write_code
from tests.server.gathering import (
    TAIL,
    Browser,
    flags,
    hold_class,
    present,
    scope_named,
    states,
    wall,
)


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
