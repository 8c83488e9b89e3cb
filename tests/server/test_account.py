"""One's own account at the desk, and how guessing passwords is slowed down at both doors."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.app import create_app
from server.browsers import browser_name
from server.clock import SetClock
from server.database import db
from server.models import DeskSession, User
from tests.server.admin import acts, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk, token_in
from tests.server.town import PASSWORD, Phone

NEW = "another-long-one"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87"
)
SESSION = re.compile(r'name="session" value="(\w+)"')
WRONG = "wrong"
ADDRESS = "198.51.100.7"


@pytest.fixture
def desk(town_app: Flask) -> Desk:
    return sign_in_at_desk(town_app, "office")


def change(desk: Desk, present: str = PASSWORD, new: str = NEW, again: str = NEW) -> TestResponse:
    return desk.post("/desk/account/password", {"present": present, "new": new, "again": again})


def is_in(desk: Desk) -> bool:
    return desk.get("/desk/account").status_code == 200


def is_heard(phone: Phone) -> bool:
    return phone.post(phone.body()).status_code == 200


# The own account


def test_a_new_password_ends_other_desks_and_leaves_phones(
    town_app: Flask, desk: Desk, sign_in: SignIn
) -> None:
    other, colleague = sign_in_at_desk(town_app, "office"), sign_in_at_desk(town_app, "mentor")
    phone = sign_in("office", "device-office")
    assert change(desk).status_code == 302
    assert (is_in(desk), is_in(other), is_in(colleague)) == (True, False, True)
    assert is_heard(phone)
    sign_in_at_desk(town_app, "office", NEW)
    assert acts(town_app, "change_password") == [("u-office", "u-office", {})]


@pytest.mark.parametrize(
    ("present", "new", "again", "told"),
    [
        ("wrong", NEW, NEW, "现用密码不对"),
        (PASSWORD, "short", "short", "密码至少要"),
        (PASSWORD, NEW, NEW + "x", "两次输入的新密码不一致"),
    ],
)
def test_refuses_a_wrong_weak_or_mistyped_password(
    town_app: Flask, desk: Desk, present: str, new: str, again: str, told: str
) -> None:
    answer = change(desk, present, new, again)
    assert (answer.status_code, told in answer.text) == (400, True)
    sign_in_at_desk(town_app, "office")


def test_guessing_the_present_password_locks_the_account(desk: Desk) -> None:
    for _ in range(5):
        assert change(desk, "wrong").status_code == 400
    assert change(desk).status_code == 429


def test_lists_sessions_by_browser_and_ends_one(town_app: Flask, desk: Desk) -> None:
    other = town_app.test_client()
    csrf = token_in(other.get("/desk/sign-in").text)
    form = {"csrf": csrf, "username": "office", "password": PASSWORD}
    other.post("/desk/sign-in", data=form, headers={"User-Agent": EDGE})
    page = desk.page("/desk/account")
    assert "Edge 126 · Windows" in page and page.count("本机") == 1
    (mark,) = SESSION.findall(page)
    assert desk.post("/desk/account/sessions-ending", {"session": mark}).status_code == 302
    assert other.get("/desk/account").status_code == 302
    assert is_in(desk)


def test_ends_all_others(town_app: Flask, desk: Desk) -> None:
    others = [sign_in_at_desk(town_app, "office") for _ in "ab"]
    colleague = sign_in_at_desk(town_app, "mentor")
    desk.post("/desk/account/sessions-ending")
    assert [is_in(one) for one in (desk, *others, colleague)] == [True, False, False, True]


def test_nobody_ends_what_is_somebody_elses(town_app: Flask, desk: Desk, cadre: Phone) -> None:
    colleague = sign_in_at_desk(town_app, "mentor")
    with town_app.app_context():
        digest = db.session.scalars(select(DeskSession.session_digest).filter_by(user_id="u-mentor")).one()
    assert desk.post("/desk/account/sessions-ending", {"session": digest[:16]}).status_code == 404
    assert desk.post("/desk/account/phones-ending", {"phone": cadre.device_id}).status_code == 404
    assert is_in(colleague) and is_heard(cadre)


def test_signs_one_phone_out_or_all(desk: Desk, sign_in: SignIn, cadre: Phone) -> None:
    phones = [sign_in("office", f"device-office-{n}") for n in range(3)]
    desk.post("/desk/account/phones-ending", {"phone": "device-office-0"})
    assert [is_heard(phone) for phone in phones] == [False, True, True]
    desk.post("/desk/account/phones-ending")
    assert [is_heard(phone) for phone in (*phones, cadre)] == [False, False, False, True]
    assert "没有已登录的手机" in desk.page("/desk/account")


def test_the_administrator_ends_somebodys_sessions(town_app: Flask, desk: Desk) -> None:
    hire(town_app, "boss", "admin")
    boss, other = sign_in_at_desk(town_app, "boss"), sign_in_at_desk(town_app, "office")
    marks = SESSION.findall(boss.page("/desk/people/u-office"))
    assert len(marks) == 2
    boss.post("/desk/people/u-office/sessions-ending", {"session": marks[0]})
    assert sorted([is_in(desk), is_in(other)]) == [False, True]
    boss.post("/desk/people/u-office/sessions-ending")
    assert [is_in(one) for one in (desk, other, boss)] == [False, False, True]
    assert acts(town_app, "end_session") == [("u-boss", "u-office", {"n": 1})] * 2


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (EDGE, "Edge 126 · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17 · iPhone",
        ),
        ("x" * 500, "x" * 40),
        ("", ""),
    ],
)
def test_names_browsers_shortly(told: str, name: str) -> None:
    assert browser_name(told) == name


# Guessing


def at_phone(app: Flask, username: str, password: str = WRONG, address: str = ADDRESS) -> str:
    body = {"username": username, "password": password, "device_id": "device-1", "device_name": "Test"}
    answer = app.test_client().post("/api/v1/sessions", json=body, environ_overrides={"REMOTE_ADDR": address})
    return str(answer.get_json().get("problem", {}).get("code", "in"))


def at_desk(app: Flask, username: str, password: str = WRONG, address: str = ADDRESS) -> int:
    client = app.test_client()
    form = {"csrf": token_in(client.get("/desk/sign-in").text), "username": username, "password": password}
    return client.post("/desk/sign-in", data=form, environ_overrides={"REMOTE_ADDR": address}).status_code


def alarms(app: Flask) -> list[str]:
    return [about for _, about, _ in acts(app, "sign_in_alarm")]


def test_an_address_closes_for_both_doors_and_opens_again(town_app: Flask, clock: SetClock) -> None:
    told = [at_phone(town_app, f"nobody-{n}") for n in range(15)]
    assert told == ["sign_in_failed"] * 15
    assert [at_desk(town_app, f"nobody-{n}") for n in range(15)] == [401] * 15
    assert at_phone(town_app, "cadre", PASSWORD) == "sign_in_slowed"
    assert at_desk(town_app, "office", PASSWORD) == 429
    assert at_phone(town_app, "cadre", PASSWORD, "203.0.113.9") == "in"
    assert alarms(town_app) == [f"sign-in address {ADDRESS}"]
    clock.advance(minutes=16)
    assert at_phone(town_app, "cadre", PASSWORD) == "in"


def test_a_restart_opens_nothing(town_app: Flask) -> None:
    for n in range(30):
        at_phone(town_app, f"nobody-{n}")
    with town_app.app_context():
        db.session.remove()
        db.engine.dispose()
    again = create_app(town_app.config["SETTINGS"])
    assert at_phone(again, "cadre", PASSWORD) == "sign_in_slowed"


def test_when_many_guess_a_right_password_still_passes(town_app: Flask) -> None:
    for n in range(200):
        assert at_phone(town_app, f"nobody-{n}", address=f"10.0.0.{n}") == "sign_in_failed"
    assert alarms(town_app) == ["sign-in"]
    assert at_phone(town_app, "nobody", address="10.0.1.1") == "sign_in_slowed"
    assert at_phone(town_app, "cadre", PASSWORD) == "in"


def test_what_is_slowed_down_counts_against_the_account(town_app: Flask) -> None:
    for n in range(200):
        at_phone(town_app, f"nobody-{n}", address=f"10.0.0.{n}")
    told = [at_phone(town_app, "cadre", address=f"10.0.1.{n}") for n in range(5)]
    assert told == ["sign_in_slowed"] * 5
    assert at_phone(town_app, "cadre", PASSWORD) == "sign_in_locked"
    assert alarms(town_app) == ["sign-in", "u-cadre"]


def test_trying_a_locked_account_does_not_close_the_village(town_app: Flask) -> None:
    for _ in range(40):
        at_phone(town_app, "cadre")
    assert at_phone(town_app, "mentor", PASSWORD) == "in"
    with town_app.app_context():
        assert db.session.get_one(User, "u-cadre").locked_until is not None
