"""The desk's inbox and the settings of reminders."""

import re
from pathlib import Path

import pytest
from flask import Flask

from server import channels
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Lease, Message, Mute, Town
from server.workdays import read_calendar
from tests.server.desk import Desk, sign_in_desk
from tests.server.listening import robot
from tests.server.reminders import in_town, put_pairing, staff_town, told, walk
from tests.server.town import TOWN


@pytest.fixture
def late(town_app: Flask, clock: SetClock) -> Flask:
    """A pairing of the eastern village that has come on October's list."""
    clock.at = in_town("2016-09-20T09:00")
    staff_town(town_app)
    with town_app.app_context(), write_transaction():
        put_pairing()
    walk(town_app, clock, "2016-09-26T08:00", "2016-10-17T10:00")
    return town_app


def send(desk: Desk, address: str, to: str, **values: str) -> str:
    page = desk.page(address)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    response = desk.client.post(to, data={"csrf": csrf[1], **values}, follow_redirects=True)
    return response.text


def test_a_supervisor_sees_escalations_the_overdue_and_the_months_list(late: Flask) -> None:
    page = sign_in_desk(late, "head", "zh").page("/desk/inbox")
    assert "王帮扶(演示)对吴小妹(演示)的走访已逾期8天，请督促。" in page
    assert "17天" in page
    assert "2016年10月17日" in page
    assert "未补访" in page


def test_another_village_and_a_cadre_see_none_of_it(late: Flask) -> None:
    for username in ("western", "cadre"):
        page = sign_in_desk(late, username, "zh").page("/desk/inbox")
        assert "吴小妹" not in page


def test_reading_is_noted_for_oneself_only(late: Flask) -> None:
    head = sign_in_desk(late, "head")
    assert "Mark as read" in head.page("/desk/inbox")
    page = send(head, "/desk/inbox", "/desk/inbox/reading")
    assert "Mark as read" not in page
    assert "Mark as read" in sign_in_desk(late, "clerk").page("/desk/inbox")


def test_leave_goes_from_the_cadre_to_the_secretary(late: Flask) -> None:
    days = {"from_on": "2016-10-18", "until_on": "2016-10-28", "reason": "住院"}
    page = send(sign_in_desk(late, "mentor"), "/desk/inbox", "/desk/inbox/mutes", kind="leave", **days)
    assert "waits for approval" in page
    with late.app_context():
        mute_id = db.session.query(Mute).one().mute_id
    address = f"/desk/inbox/mutes/{mute_id}/decision"
    assert "住院" not in sign_in_desk(late, "western").page("/desk/inbox")
    send(sign_in_desk(late, "mentor"), "/desk/inbox", address, action="approve")
    with late.app_context():
        assert db.session.query(Mute).one().state == "asked"
    head = sign_in_desk(late, "head")
    assert "Approved." in send(head, "/desk/inbox", address, action="approve")
    assert "Ended." in send(head, "/desk/inbox", address, action="end")


def configure(app: Flask, port: int) -> None:
    text = f'allow = ["127.0.0.1"]\n[channels]\ngate = "json://a-secret@127.0.0.1:{port}/"\n'
    (Path(app.config["DATA"]) / channels.FILE).write_text(text, encoding="utf-8")


def test_sending_is_off_until_it_is_switched_on_and_a_test_can_be_sent(late: Flask) -> None:
    with late.app_context(), write_transaction() as session:
        session.get_one(Town, TOWN).is_demo = False
    clerk = sign_in_desk(late, "clerk")
    assert "No channel is configured" in clerk.page("/desk/reminders")
    with robot() as heard:
        configure(late, heard.port)
        page = send(clerk, "/desk/reminders", "/desk/reminders/test", channel="gate")
        assert "went out through gate" in page
        assert "a-secret" not in page
    assert len(heard.requests) == 1
    with late.app_context():
        assert db.session.get_one(Town, TOWN).is_sending is False
        assert db.session.query(Message).filter_by(channel="gate").count() == 0
    assert "Sending is on." in send(clerk, "/desk/reminders", "/desk/reminders/sending", sending="on")


def test_a_text_is_changed_and_its_gaps_are_checked(late: Flask, clock: SetClock) -> None:
    clerk = sign_in_desk(late, "clerk", "zh")
    address = "/desk/reminders/texts/remind"
    page = send(clerk, address, address, zh="请走访{对象}，电话{电话}。", en="")
    assert "电话" in page
    assert "无法填入" in page
    page = send(clerk, address, address, zh="请于{日期}前走访{对象}。", en="")
    assert "请于9月30日前走访吴小妹(演示)。" in page
    assert send(clerk, address, address, zh="", en="").count("请于{日期}前走访") == 0


def test_a_day_is_set_and_a_year_is_imported(late: Flask) -> None:
    clerk = sign_in_desk(late, "clerk", "zh")
    address = "/desk/reminders/days"
    assert "国庆节" in clerk.page(f"{address}?year=2016")
    assert "只按周末" in clerk.page(f"{address}?year=2091")
    send(clerk, f"{address}?year=2016", address, day="2016-10-24", kind="rest", name="镇休")
    with late.app_context():
        assert not read_calendar(in_town("2016-10-24T00:00").date()).is_working(
            in_town("2016-10-24T00:00").date()
        )
        assert read_calendar().is_working(in_town("2016-10-08T00:00").date())
    send(clerk, f"{address}?year=2091", address, year="2091", lines="2091-01-15 holiday 元宵节\nnonsense")
    assert "元宵节" not in clerk.page(f"{address}?year=2091")
    send(clerk, f"{address}?year=2091", address, year="2091", lines="2091-01-15 holiday 元宵节")
    assert "元宵节" in clerk.page(f"{address}?year=2091")


def test_a_leap_of_the_clock_is_shown_and_confirmed(late: Flask, clock: SetClock) -> None:
    n_before = 0
    with late.app_context():
        n_before = len(told())
    clock.at = in_town("2017-02-20T08:30")
    clerk = sign_in_desk(late, "clerk")
    assert "more than a month past" in clerk.page("/desk/reminders")
    walk(late, clock, "2017-02-20T08:30", "2017-02-20T09:00")
    with late.app_context():
        assert len(told()) == n_before
    send(clerk, "/desk/reminders", "/desk/reminders/clock")
    with late.app_context():
        assert db.session.query(Lease).one().done_until == in_town("2017-02-20T09:00")


def test_a_grace_window_rests_the_whole_town(late: Flask) -> None:
    days = {"from_on": "2016-10-18", "until_on": "2016-10-30", "reason": "秋收"}
    page = send(sign_in_desk(late, "clerk"), "/desk/reminders", "/desk/reminders/grace", **days)
    assert "Approved." in page
    assert "秋收" in page
