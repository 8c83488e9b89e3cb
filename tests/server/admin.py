"""Somebody at the desk, for door tests: signs in, opens pages, sends forms with the page's token."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.database import db, write_transaction
from server.models import Audit, Town, User, UserRole
from tests.server.town import PASSWORD, TOWN, digest_once

OTHER_TOWN = "town-2"
STAFF = ("admin", "publisher", "town_leader", "village_head", "county")


def hire(app: Flask, username: str, role: str, town_id: str = TOWN, village: str = "") -> str:
    """Add an account; its id."""
    with app.app_context(), write_transaction() as session:
        user = User(user_id=f"u-{username}", username=username, name=f"{username}(演示)")
        user.town_id, user.password_digest = town_id, digest_once()
        user.posts = [UserRole(role=role, village=village)]
        session.add(user)
    return f"u-{username}"


def found_other_town(app: Flask) -> None:
    with app.app_context(), write_transaction() as session:
        session.add(Town(town_id=OTHER_TOWN, name="邻镇(演示)", epoch="epoch-2"))


@dataclass
class Official:
    """A signed-in browser; `csrf` is the token of its pages."""

    client: FlaskClient
    csrf: str

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def page(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200, response.text
        return response.text

    def post(self, address: str, values: Mapping[str, Any] | None = None) -> TestResponse:
        return self.client.post(address, data={"csrf": self.csrf, **(values or {})})

    def upload(self, address: str, field: str, name: str, content: bytes, **values: Any) -> TestResponse:
        return self.post(address, {field: (BytesIO(content), name), **values})


def sign_in_at_desk(app: Flask, username: str, password: str = PASSWORD) -> Official:
    client = app.test_client()
    token = token_in(client.get("/desk/sign-in").text)
    answer = client.post("/desk/sign-in", data={"csrf": token, "username": username, "password": password})
    assert answer.status_code == 302, answer.text
    return Official(client, token_in(client.get(answer.location).text))


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found[1]


def acts(app: Flask, action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(who, about whom or what, detail) of each row of the audit log for an act."""
    with app.app_context():
        query = select(Audit).where(Audit.action == action).order_by(Audit.audit_id)
        return [(row.user_id, row.subject_id, row.detail) for row in db.session.scalars(query)]
