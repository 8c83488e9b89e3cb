"""Enrolment codes: good once, for one phone, for a while; guessing is slowed down and leaves an alarm."""

import hashlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.actions.enrolments import ALPHABET, CODE_LENGTH, enrol_by_code, make_slips, withdraw_code
from server.app import create_app
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Audit, Device, Enrolment, Throttle, User
from server.problems import Problem
from server.schemas.sessions import EnrolmentRequest
from tests.server.conftest import SignIn
from tests.server.town import PASSWORD, TOWN, Phone, make_item, register_answers

Enrol = Callable[..., TestResponse]


@pytest.fixture
def code(town_app: Flask) -> str:
    """A fresh code for the cadre."""
    return make_code(town_app)


def make_code(app: Flask, username: str = "cadre", hours: int = 24) -> str:
    with app.app_context():
        return make_slips(TOWN, [f"u-{username}"], "u-office", hours)[0].code


@pytest.fixture
def enrol(town_app: Flask) -> Enrol:
    return lambda code, device_id="device-new", address="198.51.100.7": enrol_on(
        town_app, code, device_id, address
    )


def enrol_on(app: Flask, code: str, device_id: str = "device-new", address: str = "") -> TestResponse:
    body = {"code": code, "device_id": device_id, "device_name": "Test"}
    environ = {"REMOTE_ADDR": address} if address else {}
    return app.test_client().post("/api/v1/enrolments", json=body, environ_overrides=environ)


def wrong(prefix: str = "") -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - len(prefix)))


def outcome(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json().get("problem", {}).get("code", "")


def alarms(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(select(Audit).filter_by(action="enrolment_alarm").order_by(Audit.audit_id))
        return [row.subject_id for row in rows]


def test_a_code_signs_its_person_in(town_app: Flask, code: str, enrol: Enrol) -> None:
    answer = enrol(code)
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["user"]["username"] == "cadre"
    phone = Phone(town_app.test_client(), "cadre", "device-new", told["token"])
    assert "h-1" in phone.rows(phone.sync(), "household")


def test_it_answers_what_signing_in_answers(code: str, enrol: Enrol, town_app: Flask) -> None:
    body = {"username": "cadre", "password": PASSWORD, "device_id": "device-other"}
    signed_in = town_app.test_client().post("/api/v1/sessions", json=body).get_json()
    enrolled = enrol(code).get_json()
    assert {**enrolled, "token": ""} == {**signed_in, "token": ""}


def test_codes_and_tokens_are_long_and_kept_as_digests(town_app: Flask, code: str, enrol: Enrol) -> None:
    token = enrol(code).get_json()["token"]
    assert len(ALPHABET) ** len(code) > 2**128
    assert len(token) * 4 >= 256
    with town_app.app_context():
        row = db.session.scalars(select(Enrolment)).one()
        assert row.code_digest == hashlib.sha256(code.encode()).hexdigest()
        assert code not in str(vars(row))


def test_another_phone_is_refused(code: str, enrol: Enrol) -> None:
    assert enrol(code).status_code == 201
    assert outcome(enrol(code, "device-thief")) == (409, "enrolment_used")


def test_the_same_phone_gets_the_same_answer_again(code: str, enrol: Enrol, clock: SetClock) -> None:
    first = enrol(code).get_json()
    clock.advance(minutes=29)
    assert enrol(code).get_json() == first
    clock.advance(minutes=2)
    assert outcome(enrol(code)) == (409, "enrolment_used")


def test_a_code_does_not_bring_a_session_back(town_app: Flask, code: str, enrol: Enrol) -> None:
    token = enrol(code).get_json()["token"]
    auth = {"Authorization": f"Bearer {token}"}
    assert town_app.test_client().delete("/api/v1/sessions", headers=auth).status_code == 204
    assert outcome(enrol(code)) == (409, "enrolment_used")


@pytest.mark.parametrize(("hours", "lives_h"), [(1, 1), (24, 24), (168, 168), (0, 1), (9999, 168)])
def test_a_code_expires(town_app: Flask, enrol: Enrol, clock: SetClock, hours: int, lives_h: int) -> None:
    early, late = make_code(town_app, "cadre", hours), make_code(town_app, "mentor", hours)
    clock.advance(minutes=60 * lives_h - 1)
    assert enrol(early, "device-early").status_code == 201
    clock.advance(minutes=1)
    assert outcome(enrol(late, "device-late")) == (410, "enrolment_expired")


def test_a_withdrawn_code_is_refused(town_app: Flask, code: str, enrol: Enrol) -> None:
    with town_app.app_context():
        withdraw_code(TOWN, db.session.scalars(select(Enrolment.enrolment_id)).one(), "u-office")
    assert outcome(enrol(code)) == (410, "enrolment_withdrawn")


def test_a_new_code_withdraws_the_one_before(town_app: Flask, code: str, enrol: Enrol) -> None:
    newer = make_code(town_app)
    assert outcome(enrol(code)) == (410, "enrolment_withdrawn")
    assert enrol(newer).status_code == 201


def test_a_disabled_person_can_not_enrol(town_app: Flask, code: str, enrol: Enrol) -> None:
    with town_app.app_context(), write_transaction() as session:
        session.get_one(User, "u-cadre").is_disabled = True
    assert outcome(enrol(code)) == (410, "enrolment_withdrawn")
    with town_app.app_context():
        assert make_slips(TOWN, ["u-cadre"], "u-office") == []


def test_nobody_gets_a_code_from_another_town(town_app: Flask) -> None:
    with town_app.app_context():
        assert make_slips("town-2", ["u-cadre"], "u-office") == []


def test_a_revoked_phone_is_refused_and_the_code_stays_good(town_app: Flask, code: str, enrol: Enrol) -> None:
    assert enrol(make_code(town_app, "mentor")).status_code == 201
    with town_app.app_context(), write_transaction() as session:
        device = session.get_one(Device, (TOWN, "device-new"))
        device.revoked_at = device.enrolled_at
    assert outcome(enrol(code)) == (401, "device_revoked")
    assert enrol(code, "device-fine").status_code == 201


def test_two_phones_race_and_one_wins(town_app: Flask, code: str) -> None:
    devices = [f"device-race-{n}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda device: enrol_on(town_app, code, device).status_code, devices))
    assert sorted(statuses) == [201] + [409] * 7
    with town_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Device)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "", "device_id": "device-new"},
        {"code": "a" * 65, "device_id": "device-new"},
        {"code": "k7vq2mz9td' or 1=1", "device_id": "device-new"},
        {"code": "k7vq2mz9tdx4h3srwnpc5bjy8efgau", "device_id": "../x"},
        {"code": 7, "device_id": "device-new"},
        {"code": ["k7vq2mz9tdx4h3srwnpc5bjy8efgau"], "device_id": "device-new"},
        {"code": "k7vq2mz9tdx4h3srwnpc5bjy8efgau", "device_id": "device-new", "role": "admin"},
    ],
)
def test_what_is_no_code_is_refused(town_app: Flask, body: dict[str, object]) -> None:
    assert town_app.test_client().post("/api/v1/enrolments", json=body).status_code == 400


def test_guesses_that_begin_alike_are_locked(town_app: Flask, code: str, enrol: Enrol) -> None:
    guesses = [outcome(enrol(wrong(code[:4]), address=f"203.0.113.{n}")) for n in range(6)]
    assert guesses == [(404, "enrolment_unknown")] * 5 + [(429, "enrolment_locked")]
    locked = enrol(code, address="192.0.2.1")
    assert outcome(locked) == (429, "enrolment_locked")
    assert 0 < int(locked.headers["Retry-After"]) <= 901
    assert f"enrolment code {code[:4]}" in alarms(town_app)


def test_a_lock_ends(code: str, enrol: Enrol, clock: SetClock) -> None:
    for n in range(5):
        enrol(wrong(code[:4]), address=f"203.0.113.{n}")
    clock.advance(minutes=16)
    assert enrol(code).status_code == 201


def test_guesses_at_an_account_are_locked_across_its_codes(town_app: Flask, enrol: Enrol) -> None:
    for _ in range(10):
        enrol(wrong(make_code(town_app)[:4]), address=f"203.0.113.{secrets.randbelow(256)}")
    assert outcome(enrol(make_code(town_app))) == (429, "enrolment_locked")
    assert enrol(make_code(town_app, "mentor")).status_code == 201
    assert "enrolment account u-cadre" in alarms(town_app)


def test_guesses_from_an_address_are_locked(town_app: Flask, code: str, enrol: Enrol) -> None:
    answers = [outcome(enrol(wrong())) for _ in range(21)]
    assert answers[19:] == [(404, "enrolment_unknown"), (429, "enrolment_locked")]
    assert outcome(enrol(code)) == (429, "enrolment_locked")
    assert enrol(code, address="198.51.100.8").status_code == 201
    assert alarms(town_app) == ["enrolment address 198.51.100.7"]


def test_ten_thousand_guesses_from_everywhere_are_slowed_down(
    town_app: Flask, code: str, enrol: Enrol, clock: SetClock
) -> None:
    """Each guess comes from another address and phone, one a tenth of a second."""
    answers = []
    with town_app.app_context():
        for n in range(10_000):
            clock.advance(seconds=0.1)
            answers.append(guess(n))
    n_judged = answers.count("enrolment_unknown")
    assert set(answers) == {"enrolment_unknown", "enrolment_locked"}
    assert n_judged <= 200 * (1 + 1000 // 60)
    assert "enrolment" in alarms(town_app)
    assert enrol(code).status_code == 201  # the town is not shut out


def guess(n: int) -> str:
    """What the n-th guesser is told; past the door, which would take most of the time."""
    address = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    with pytest.raises(Problem) as refused:
        enrol_by_code(EnrolmentRequest(wrong(), f"device-{n:05}", ""), address)
    return refused.value.code


def test_a_restart_forgets_no_guess(town_app: Flask, code: str, enrol: Enrol) -> None:
    for _ in range(4):
        enrol(wrong(code[:4]))
    with town_app.app_context():
        db.session.remove()
        db.engine.dispose()
    again = create_app(town_app.config["SETTINGS"])
    assert outcome(enrol_on(again, wrong(code[:4]))) == (404, "enrolment_unknown")
    assert outcome(enrol_on(again, wrong(code[:4]))) == (429, "enrolment_locked")


def test_old_counts_are_thrown_away(town_app: Flask, enrol: Enrol, clock: SetClock) -> None:
    enrol(wrong())
    clock.advance(hours=25)
    enrol(wrong(), address="203.0.113.9")
    with town_app.app_context():
        since = db.session.scalars(select(Throttle.since)).all()
    assert all(clock.now() - at < timedelta(hours=1) for at in since)


def test_a_code_leaves_rows_in_the_log(town_app: Flask, code: str, enrol: Enrol) -> None:
    enrol(code)
    with town_app.app_context():
        rows = db.session.scalars(select(Audit).order_by(Audit.audit_id)).all()
        told = [(row.action, row.user_id, row.subject_id) for row in rows]
        assert told[-2:] == [("make_code", "u-office", "u-cadre"), ("enrol", "u-cadre", "device-new")]
        assert all(code not in str(row.detail) for row in rows)


def test_what_a_phone_held_before_it_enrolled_again_comes_in(
    town_app: Flask, sign_in: SignIn, code: str, enrol: Enrol
) -> None:
    phone = sign_in("cadre", "device-new")
    phone.token = enrol(code).get_json()["token"]
    assert phone.outcomes(make_item("register", register_answers())) == ["accepted"]


def test_a_request_never_prints_its_code() -> None:
    assert "secret" not in repr(EnrolmentRequest("secret", "device-new", ""))
