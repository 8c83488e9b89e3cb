"""Somebody at the desk, for door tests: signed in, opening pages and pressing their buttons."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.server.town import PASSWORD

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass
class Desk:
    """A signed-in browser without scripts."""

    client: FlaskClient

    def page(self, address: str, status: int = 200) -> str:
        response = self.client.get(address)
        assert response.status_code == status, response.text
        return response.text

    def press(self, address: str, action: str, to: str = "decision", **values: Any) -> TestResponse:
        """Open a page and send its form with one of its buttons; `values` are typed, or stale."""
        return self.client.post(f"{address}/{to}", data=self.form(address, action) | values)

    def form(self, address: str, action: str = "") -> dict[str, str]:
        """What the page's forms would send."""
        return {**dict(HIDDEN.findall(self.page(address))), "action": action}


def sign_in_desk(app: Flask, username: str, language: str = "en") -> Desk:
    client = app.test_client()
    token = TOKEN.search(client.get("/desk/sign-in").text)
    assert token
    values = {"csrf": token[1], "username": username, "password": PASSWORD}
    assert client.post("/desk/sign-in", data=values).status_code == 302
    desk = Desk(client)
    values = {"csrf": desk.form("/desk/queue")["csrf"], "language": language}
    assert client.post("/desk/language", data=values).status_code == 302
    return desk
