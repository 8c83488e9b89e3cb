"""Somebody at the desk, for door tests: signed in, opening pages, sending forms and files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.server.town import PASSWORD

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass
class Desk:
    """A signed-in browser without scripts; `csrf` is the token of its pages."""

    client: FlaskClient
    csrf: str

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def page(self, address: str, status: int = 200) -> str:
        response = self.client.get(address)
        assert response.status_code == status, response.text
        return response.text

    def post(self, address: str, values: Mapping[str, Any] | None = None) -> TestResponse:
        return self.client.post(address, data={"csrf": self.csrf, **(values or {})})

    def upload(self, address: str, field: str, name: str, content: bytes, **values: Any) -> TestResponse:
        return self.post(address, {field: (BytesIO(content), name), **values})

    def press(self, address: str, action: str, to: str = "decision", **values: Any) -> TestResponse:
        """Open a page and send its form with one of its buttons; `values` are typed, or stale."""
        return self.client.post(f"{address}/{to}", data=self.form(address, action) | values)

    def form(self, address: str, action: str = "") -> dict[str, str]:
        """What the page's forms would send."""
        return {**dict(HIDDEN.findall(self.page(address))), "action": action}


def sign_in_desk(app: Flask, username: str, language: str = "en", password: str = PASSWORD) -> Desk:
    client = app.test_client()
    token = token_in(client.get("/desk/sign-in").text)
    answer = client.post("/desk/sign-in", data={"csrf": token, "username": username, "password": password})
    assert answer.status_code == 302, answer.text
    desk = Desk(client, token_in(client.get(answer.location).text))
    assert desk.post("/desk/language", {"language": language}).status_code == 302
    return desk


def token_in(page: str) -> str:
    found = TOKEN.search(page)
    assert found, page
    return found[1]
