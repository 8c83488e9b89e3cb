"""Private calendars: what they hold, how they are written, and that they end."""

import re
from datetime import date, datetime

import pytest
from flask import Flask

from server.actions.calendar_feeds import GUESSES
from server.clock import SetClock
from server.database import db, write_transaction
from server.icalendar import Entry, write_calendar
from server.models import CalendarFeed, User
from tests.server.conftest import SignIn
from tests.server.reminders import in_town, put_pairing, staff_town
from tests.server.town import Phone

STAMP = datetime.fromisoformat("2016-10-15T12:00:00+08:00")


@pytest.fixture
def mentor(town_app: Flask, clock: SetClock, sign_in: SignIn) -> Phone:
    clock.at = in_town("2016-09-20T09:00")
    staff_town(town_app)
    with town_app.app_context(), write_transaction():
        put_pairing()
    return sign_in("mentor")


def make(phone: Phone) -> str:
    response = phone.client.post("/api/v1/calendar", headers=phone.auth)
    assert response.status_code == 201
    return str(response.get_json()["url"])


def test_holds_what_is_due_for_its_person(mentor: Phone) -> None:
    response = mentor.client.get(make(mentor))
    assert response.content_type == "text/calendar; charset=utf-8"
    assert "SUMMARY:走访吴小妹(演示)\r\n" in response.text
    assert "DTSTART;VALUE=DATE:20160930\r\n" in response.text
    assert "UID:pairing-pair-1-2016-09-30@lingyan\r\n" in response.text
    assert "10000000001" not in response.text


def test_another_person_sees_none_of_it(mentor: Phone, sign_in: SignIn) -> None:
    other = sign_in("cadre")
    assert "VEVENT" not in other.client.get(make(other)).text


def test_ends_when_revoked_renewed_or_the_account_is_closed(mentor: Phone, town_app: Flask) -> None:
    first = make(mentor)
    second = make(mentor)
    assert mentor.client.get(first).status_code == 404
    assert mentor.client.delete("/api/v1/calendar", headers=mentor.auth).status_code == 204
    assert mentor.client.get(second).status_code == 404
    third = make(mentor)
    with town_app.app_context(), write_transaction() as session:
        session.get_one(User, "u-mentor").is_disabled = True
    assert mentor.client.get(third).status_code == 404


def test_keeps_a_digest_only(mentor: Phone, town_app: Flask) -> None:
    token = re.search(r"/calendar/([\w-]+)\.ics", make(mentor))
    assert token
    with town_app.app_context():
        assert token[1] not in db.session.query(CalendarFeed).one().token_digest


def test_guessing_is_slowed_down(mentor: Phone) -> None:
    url = make(mentor)
    codes = [mentor.client.get("/calendar/guess.ics").status_code for _ in range(GUESSES.n_tries + 1)]
    assert codes == [404] * GUESSES.n_tries + [429]
    assert mentor.client.get(url).status_code == 429


def test_lines_are_folded_between_characters_and_texts_escaped() -> None:
    title = "核查；" + "水产村；,;\\\n" * 12
    text = write_calendar("领雁", [Entry("u@lingyan", title, date(2016, 10, 31))], STAMP)
    lines = text.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines[:-1])
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:核查；" + "水产村；\\,\\;\\\\\\n" * 12 + "\r\n" in unfolded
    assert "DTEND;VALUE=DATE:20161101" in unfolded


def test_an_event_has_its_times_in_the_towns_zone() -> None:
    entry = Entry("u", "班", STAMP, STAMP.replace(hour=14), "镇会议室")
    text = write_calendar("领雁", [entry], STAMP)
    assert "DTSTART;TZID=Asia/Shanghai:20161015T120000\r\n" in text
    assert "DTEND;TZID=Asia/Shanghai:20161015T140000\r\n" in text
    assert "DTSTAMP:20161015T040000Z\r\n" in text
    assert "LOCATION:镇会议室\r\n" in text
