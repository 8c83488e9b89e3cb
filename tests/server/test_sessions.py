"""Signing in and out on phones."""

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.clock import SetClock
from server.database import db
from server.models import Audit, Device, User
from tests.server.conftest import SignIn
from tests.server.town import EAST, EPOCH, PASSWORD, TOWN, Phone


def attempt(
    client: FlaskClient, username: str = "cadre", password: str = PASSWORD, **more: str
) -> TestResponse:
    body = {
        "username": username,
        "password": password,
        "device_id": "device-1",
        "device_name": "Test",
        **more,
    }
    return client.post("/api/v1/sessions", json=body)


def code(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json()["problem"]["code"]


def test_gives_a_token_and_says_who_is_there(town_app: Flask) -> None:
    answer = attempt(town_app.test_client()).get_json()
    assert len(answer["token"]) >= 43
    assert answer["user"] == {
        "user_id": "u-cadre",
        "username": "cadre",
        "name": "cadre",
        "posts": [{"role": "field", "village": EAST}],
        "person": "p-cadre",
    }
    assert (answer["town"]["is_demo"], answer["epoch"]) == (True, EPOCH)


def test_keeps_only_digests(town_app: Flask) -> None:
    token = attempt(town_app.test_client()).get_json()["token"]
    with town_app.app_context():
        device = db.session.get_one(Device, (TOWN, "device-1"))
        assert device.token_digest == hashlib.sha256(token.encode()).hexdigest()
        assert db.session.get_one(User, "u-cadre").password_digest.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("username", "password"), [("cadre", "wrong"), ("nobody", PASSWORD), ("CADRE", PASSWORD)]
)
def test_says_the_same_for_whatever_is_wrong(town_app: Flask, username: str, password: str) -> None:
    assert code(attempt(town_app.test_client(), username, password)) == (401, "sign_in_failed")


def test_refuses_a_disabled_user(town_app: Flask) -> None:
    with town_app.app_context():
        db.session.get_one(User, "u-cadre").is_disabled = True
        db.session.commit()
    assert code(attempt(town_app.test_client())) == (401, "sign_in_failed")


def test_locks_after_five_failures_and_opens_again(town_app: Flask, clock: SetClock) -> None:
    client = town_app.test_client()
    for _ in range(5):
        assert code(attempt(client, password="wrong"))[0] == 401
    locked = attempt(client)
    assert code(locked) == (429, "sign_in_locked")
    assert int(locked.headers["Retry-After"]) > 60
    clock.advance(minutes=16)
    assert attempt(client).status_code == 201


def test_forgets_failures_after_a_right_password(town_app: Flask) -> None:
    client = town_app.test_client()
    for _ in range(3):
        for _ in range(4):
            attempt(client, password="wrong")
        assert attempt(client).status_code == 201


def test_ends_the_phones_earlier_token(town_app: Flask, sign_in: SignIn) -> None:
    first = sign_in("cadre", "device-1")
    second = sign_in("mentor", "device-1")
    assert code(first.post(first.body())) == (401, "not_signed_in")
    assert second.post(second.body()).status_code == 200


def test_signs_out(cadre: Phone) -> None:
    assert cadre.client.delete("/api/v1/sessions", headers=cadre.auth).status_code == 204
    assert code(cadre.post(cadre.body())) == (401, "not_signed_in")


def test_refuses_to_enrol_a_revoked_phone(town_app: Flask, cadre: Phone) -> None:
    with town_app.app_context():
        db.session.execute(db.text("UPDATE device SET revoked_at = '2016-10-14'"))
        db.session.commit()
    assert code(attempt(cadre.client, device_id=cadre.device_id)) == (401, "device_revoked")


@pytest.mark.parametrize(
    "change", [{"role": "admin"}, {"device_id": "x"}, {"device_id": "../../etc"}, {"username": ""}]
)
def test_refuses_other_fields_and_odd_ids(town_app: Flask, change: dict[str, str]) -> None:
    assert attempt(town_app.test_client(), **change).status_code == 400


def test_writes_sign_ins_and_failures_to_the_audit_log(town_app: Flask) -> None:
    client = town_app.test_client()
    attempt(client, password="wrong")
    attempt(client)
    with town_app.app_context():
        query = select(Audit.action).where(Audit.user_id == "u-cadre").order_by(Audit.audit_id)
        assert db.session.scalars(query).all() == ["sign_in_failed", "sign_in"]
