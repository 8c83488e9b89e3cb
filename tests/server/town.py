"""A small fictional town for door tests: two villages, people, two forms, phones that speak the wire."""

import base64
import gzip
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms import CompiledForm, compile_form
from server.actions.forms import define_list, publish
from server.clock import now
from server.counter import seq_taker
from server.database import write_transaction
from server.models import Town, User, UserRole
from server.passwords import digest_password
from server.rows import RowWriter, Write

TOWN, EPOCH = "town-1", "epoch-1"
EAST, WEST = "320981100901", "320981100902"
PASSWORD = "lingyan-demo"
PEOPLE = (  # username, role, village, row of list person
    ("cadre", "field", EAST, "p-cadre"),
    ("mentor", "field", EAST, "p-mentor"),
    ("western", "field", WEST, "p-western"),
    ("office", "town_office", "", ""),
    ("auditor", "auditor", "", ""),
)

FORMS = Path(__file__).parent / "forms"


@dataclass
class Phone:
    """A signed-in phone of one person."""

    client: FlaskClient
    username: str
    device_id: str
    token: str
    cursor: int = 0
    epoch: str = EPOCH

    def sync(self, *items: Any, withdrawals: list[str] | None = None, **changes: Any) -> dict[str, Any]:
        """Exchange once and move the cursor."""
        response = self.post(self.body(*items, withdrawals=withdrawals or [], **changes))
        assert response.status_code == 200, response.text
        answer = response.get_json()
        self.cursor, self.epoch = answer["cursor"], answer["epoch"]
        return dict(answer)

    def outcomes(self, *items: Any) -> list[str]:
        return [outcome["outcome"] for outcome in self.sync(*items)["outcomes"]]

    def body(self, *items: Any, **changes: Any) -> dict[str, Any]:
        return {
            "device": {"device_id": self.device_id, "app_version": "1", "n_unsent": 0},
            "epoch": self.epoch,
            "cursor": self.cursor,
            "items": list(items),
            "have": {"forms": {}},
            **changes,
        }

    def post(self, body: Any, **headers: str) -> TestResponse:
        raw = body if isinstance(body, bytes) else gzip.compress(orjson.dumps(body), mtime=0)
        defaults = {"Content-Encoding": "gzip"} if not isinstance(body, bytes) else {}
        return self.client.post(
            "/api/v1/sync",
            data=raw,
            content_type="application/json",
            headers={**self.auth, "Content-Digest": content_digest(raw), **defaults, **headers},
        )

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def rows(self, answer: Mapping[str, Any], list_name: str) -> dict[str, dict[str, str]]:
        """Rows of a list in an answer by name."""
        return {
            change["row"]["name"]: change["row"]
            for change in answer["changes"]
            if change["kind"] == "row" and change["list"] == list_name and "row" in change
        }


def content_digest(raw: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"


def new_id() -> str:
    return str(uuid.uuid4())


@cache
def digest_once() -> str:
    return digest_password(PASSWORD)


def make_town(app: Flask) -> None:
    """Town, people and lists."""
    digest = digest_once()
    with app.app_context(), write_transaction() as session:
        session.add(Town(town_id=TOWN, name="溱东镇(演示)", epoch=EPOCH, is_demo=True))
        for username, role, village, person in PEOPLE:
            user = User(user_id=f"u-{username}", username=username, name=username, town_id=TOWN)
            user.posts = [UserRole(role=role, village=village)]
            user.person, user.password_digest = person, digest
            session.add(user)
        session.flush()
        place = {"lat": {"class": "public", "kind": "lat"}, "lon": {"class": "public", "kind": "lon"}}
        define_list(TOWN, "household", place, ("mentor_1",))
        define_list(TOWN, "line", {"amount": {"class": "public"}})


def put_posts(app: Flask, username: str, *posts: tuple[str, str]) -> None:
    """Give an account of the town these roles at places, and no others."""
    with app.app_context(), write_transaction() as session:
        user = session.get_one(User, f"u-{username}")
        user.posts = []
        session.flush()
        user.posts = [UserRole(role=role, village=village) for role, village in posts]


def put_row(app: Flask, list_name: str, entity_id: str, label: str = "", **data: str) -> None:
    """Create or change a row, as an import does."""
    with app.app_context(), write_transaction():
        writer = RowWriter(TOWN, "u-office", now(), seq_taker(TOWN))
        key = (list_name, entity_id)
        kind = "update" if writer.living(key) else "create"
        writer.apply(Write(key, kind, {**({"label": label} if label else {}), **data}))
        writer.save()


def sign_in(client: FlaskClient, username: str, device_id: str = "") -> Phone:
    device_id = device_id or f"device-{username}"
    response = client.post(
        "/api/v1/sessions",
        json={"username": username, "password": PASSWORD, "device_id": device_id, "device_name": "Test"},
    )
    assert response.status_code == 201, response.text
    return Phone(client, username, device_id, response.get_json()["token"])


def publish_form(app: Flask, name: str, version: str = "1") -> None:
    """Compile and publish one of the forms beside this module."""
    with app.app_context():
        publish(compiled(name, version))


@cache
def compiled(name: str, version: str) -> CompiledForm:
    """A form of this folder under a version; compiled once for all tests."""
    source = (FORMS / f"{name}.md").read_text(encoding="utf-8")
    return compile_form(source.replace(f"| {name} | 1 |", f"| {name} | {version} |").encode(), f"{name}.md")


def register_answers(head: str = "周建国(演示)", village: str = EAST, **answers: Any) -> dict[str, Any]:
    """A household of one; the ids are made as the phone makes them."""
    household = new_id()
    member = {"m_key": new_id(), "m_household": household, "m_village": village, "m_name": head}
    return {"hh_id": household, "village": village, "head": head, "member": [member], **answers}


def check_answers(household: str, year: str = "2016", amount: int = 10850, **answers: Any) -> dict[str, Any]:
    """A check of a household that is above the line and has moved nowhere."""
    place = {"gps": [32.7, 120.2, 0, 5]}
    return {
        "hh": household,
        "year": year,
        "check_key": f"{household} {year}",
        "amount": amount,
        **place,
        **answers,
    }


def make_item(
    form_id: str, answers: Mapping[str, Any], version: str = "1", cursor: int = 0, **changes: Any
) -> dict[str, Any]:
    """One finalised record; `replaces` makes it a new version, other changes go into the envelope."""
    instance_id = changes.pop("instance_id", None) or new_id()
    replaces = changes.pop("replaces", "")
    meta = {
        "started_at": "2016-10-15T09:00:00+08:00",
        "ended_at": "2016-10-15T09:30:00+08:00",
        "utc_offset_min": 480,
        "lists_cursor": cursor,
        **changes.pop("meta", {}),
    }
    envelope = {"instance_id": instance_id, "form_id": form_id, "version": version}
    if replaces:
        envelope["deprecated_id"] = replaces
    payload = orjson.dumps({**envelope, "answers": answers, "meta": meta}).decode()
    return {**envelope, "payload": payload, "files": [], **changes}


def digest_of(item: Mapping[str, Any]) -> str:
    return hashlib.sha256(item["payload"].encode()).hexdigest()
