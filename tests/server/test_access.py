"""permissions.csv held against the doors: each route, each role, each place, let in or refused as written."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from server import access_page
from server.access import ROLES, VILLAGE_ROLES
from server.actions.desk_sessions import COOKIE, digest_secret, start_session
from server.database import db, write_transaction
from server.models import DeskSession, Form
from server.permissions import OF_PERSON, OF_SERVER, OF_TOWN, PLACED, Permission, read_permissions
from tests.server.access_world import (
    MAKERS,
    PLACES,
    Values,
    Wanted,
    add_device,
    add_user,
    level_for,
    settle,
    unknown,
    where,
)
from tests.server.town import EAST, TOWN, content_digest

SIGN_OUT = "desk_leaving.sign_out"
REASON = {"reason": "核对身份证号"}
DAYS = {"from_on": "2016-10-01", "until_on": "2016-10-20", "reason": "外出务工"}
DIGEST = hashlib.sha256(b"x").hexdigest()
TUS = {"Tus-Resumable": "1.0.0"}
METADATA = {
    "Upload-Length": "1",
    "Upload-Metadata": f"sha256 {base64.b64encode(DIGEST.encode()).decode()}",
}
ACCOUNT = {"username": "new-one", "name": "新来(演示)", "role": "publisher", "village": "", "person": ""}
# What is sent where an empty form would not do; `{…}` is a value of the address.
FORMS: Mapping[str, Mapping[str, str]] = {
    "desk_record.open_masked": REASON,
    "desk_record.take_decision": {"action": "approve", "instance_id": "{root_id}"},
    "desk_pair.open_masked": REASON,
    "desk_pair.take_decision": {**REASON, "action": "both", "left": "{left_id}", "right": "{right_id}"},
    "desk_held.open_masked": REASON,
    "desk_held.take_decision": {**REASON, "action": "dismiss", "seen": ""},
    "desk_exports.take": {"form": "register", "state": "all", "file_type": "csv", "words": "codes"},
    "desk_organisation.take_place": {"code": "320981100999", "name": "新村(演示)", "is_new": "1"},
    "desk_organisation.take_town": {"town_id": TOWN},
    "desk_people.take_person": ACCOUNT,
    "desk_people.take_change": ACCOUNT,
    "desk_people.take_disabling": {"disabled": "yes"},
    "desk_enrolments.take_people": {"user_id": "u-cadre", "hours": "24"},
    "desk_lists.take_import": {"everybody": "1"},
    "desk_inbox.take_decision": {"action": "approve"},
    "desk_pairings.take_decision": {"action": "approve"},
    "desk_pairings.take_rest": {"action": "away", **DAYS},
    "desk_tickets.take_change": {"action": "close", "result": "屋顶已修好"},
    "desk_tasks.take_changes": {"action": "cancel"},
    "desk_event.take": {"is_wanted": "1"},
}
# What a route that may be used answers, where that is neither a page nor a way on.
ANSWERS = {
    "desk_account.take_password": 400,  # no password typed
    "desk_publishing.take_workbook": 400,  # no file
    "desk_publishing.take_publish": 400,  # it had errors
    "desk_publishing.show_module": 400,
    "desk_lists.take_table": 400,  # no file
    "desk_cards.take_cards": 400,  # none chosen
    "desk_events.take_new": 422,  # nothing planned
    "desk_events.take_change": 422,
    "desk_pairings.take_table": 400,  # no file
    "desk_people_imports.take_table": 400,  # no file
    "desk_tasks.take_new": 400,  # nothing chosen
    "desk_hand_over.take": 400,  # nobody named
    "desk_inbox.take_wish": 400,  # no days
    "desk_reminders.take_grace": 400,
    "desk_reminders.take_days": 400,
    "desk_reminders.take_test": 404,  # no channel
    "calendar.create": 201,
    "calendar.delete": 204,
    "files.create": 201,
    "files.patch": 204,
    "sessions.delete": 204,
}


@dataclass
class World:
    """The towns as they stood at first; what a request changed is put back."""

    app: Flask
    live: sqlite3.Connection
    kept: sqlite3.Connection

    @classmethod
    def of(cls, app: Flask) -> World:
        path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        world = cls(app, sqlite3.connect(path), sqlite3.connect(":memory:"))
        world.live.backup(world.kept)
        return world

    def restore(self) -> None:
        with self.app.app_context():
            db.session.remove()
        self.kept.backup(self.live)

    def moment(self) -> int:
        """Another number once somebody else has written."""
        return int(self.live.execute("PRAGMA data_version").fetchone()[0])


@pytest.fixture
def world(town_app: Flask) -> Iterator[World]:
    with town_app.app_context(), write_transaction():
        settle()
        for role in ROLES:
            add_user(f"as-{role}", TOWN, role, EAST if role in VILLAGE_ROLES else "")
    found = World.of(town_app)
    with closing(found.live), closing(found.kept):
        yield found


@dataclass
class Actor:
    """Somebody at a door."""

    client: FlaskClient
    headers: dict[str, str]
    csrf: str = ""
    device_id: str = ""

    def ask(self, rule: Rule, method: str, values: Values) -> TestResponse:
        """Send what the route wants, with these values in its address."""
        with self.client.application.test_request_context():
            _, address = rule.build(values, append_unknown=False) or ("", "")
        content: dict[str, Any] = {"headers": {**self.headers}}
        if rule.endpoint == "sync.exchange":
            device = {"device_id": self.device_id, "app_version": "1", "n_unsent": 0}
            raw = orjson.dumps({"device": device, "items": [], "have": {"forms": {}}})
            content = {"data": raw, "content_type": "application/json", "headers": {**self.headers}}
            content["headers"]["Content-Digest"] = content_digest(raw)
        elif rule.endpoint.startswith("files."):
            content["headers"].update({**TUS, **METADATA, "Upload-Offset": "0"})
            if method == "PATCH":
                content.update(data=b"x", content_type="application/offset+octet-stream")
        elif method == "POST":
            typed = FORMS.get(rule.endpoint, {})
            content["data"] = {"csrf": self.csrf} | {
                key: text.format(**values) for key, text in typed.items()
            }
        with self.client.open(address, method=method, **content) as answer:
            answer.get_data()  # an export lets go of the database when it was read
            return answer


def at_desk(app: Flask, user_id: str) -> Actor:
    with app.app_context(), write_transaction() as session:
        secret = start_session(user_id, "en")
        csrf = session.get_one(DeskSession, digest_secret(secret)).csrf
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    return Actor(client, {}, csrf)


def let_review(app: Flask, level: str) -> None:
    """Let one level review the records that everybody in these tests sends."""
    with app.app_context(), write_transaction() as session:
        session.get_one(Form, "register").review = level


def with_phone(app: Flask, user_id: str) -> Actor:
    with app.app_context(), write_transaction():
        device_id, token = add_device(TOWN, user_id)
    return Actor(app.test_client(), {"Authorization": f"Bearer {token}"}, device_id=device_id)


def routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule with each method that it is for; HEAD only where nothing else is."""
    found = []
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        found += [(rule, method) for method in sorted(methods or {"HEAD"})]
    return found


ENDPOINTS = sorted(name for name, row in read_permissions().items() if row.door != "open")


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(read_permissions())


def test_what_has_no_row_nobody_may(town_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {name: row for name, row in read_permissions().items() if name != "desk_queue.show"}
    monkeypatch.setattr("server.permissions.read_permissions", lambda: rows)
    assert at_desk(town_app, "u-office").client.get("/desk/queue").status_code == 403


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_lets_in_and_refuses_as_the_table_says(world: World, endpoint: str) -> None:
    permission, faults = read_permissions()[endpoint], []
    for rule, method in routes(world.app):
        if rule.endpoint == endpoint:
            for role in ROLES:
                for place in places_of(permission, role):
                    fault = try_it(world, permission, rule, method, role, place)
                    if fault:
                        faults.append(f"{method} {role} {place}: {fault}")
    assert faults == []


def places_of(permission: Permission, role: str) -> tuple[str, ...]:
    if permission.about in OF_SERVER | {"list"}:
        return ("own",)
    if permission.about in OF_PERSON:
        return ("own", "other")
    return tuple(place for place in PLACES if where(role, place))


def reaches(permission: Permission, role: str, place: str) -> bool:
    """Whether what lies there is within reach of who has the role."""
    if permission.about in PLACED:
        return place in {"own", "child"}
    if permission.about in OF_TOWN:
        return (where(role, place) or ("",))[0] == TOWN
    return place == "own"


def try_it(world: World, permission: Permission, rule: Rule, method: str, role: str, place: str) -> str:
    """What is wrong with the answer to somebody with a role about something at a place; '' if nothing."""
    world.restore()
    let_review(world.app, level_for(role))
    user_id = f"as-{role}"
    values = make(world, permission, role, place, user_id)
    is_phone = "phone" in permission.door and permission.door != "desk or phone"
    actor = (with_phone if is_phone else at_desk)(world.app, user_id)
    before = world.moment()
    answer = actor.ask(rule, method, values)
    is_role_right = role in permission.roles
    if is_role_right and reaches(permission, role, place):
        expected = ANSWERS.get(permission.endpoint)
        is_right = answer.status_code == expected if expected else answer.status_code in (200, 302)
        is_turned_away = "/sign-in" in answer.headers.get("Location", "") and rule.endpoint != SIGN_OUT
        return "" if is_right and not is_turned_away else f"not let in: {answer.status_code} {gist(answer)}"
    if world.moment() != before:
        return f"refused, but something was changed ({answer.status_code})"
    if not is_role_right:
        return "" if answer.status_code == 403 else f"{answer.status_code} instead of 403"
    if answer.status_code != 404:
        return f"{answer.status_code} instead of 404: {gist(answer)}"
    strange = unknown(values)
    like = actor.ask(rule, method, strange)
    is_same = like.status_code == 404 and plain(answer, values) == plain(like, strange)
    return "" if is_same else "another answer than for what nobody has"


def make(world: World, permission: Permission, role: str, place: str, user_id: str) -> Values:
    if permission.about not in MAKERS:
        return {} if rule_has_no_values(world.app, permission.endpoint) else {"list_name": "line"}
    at = where(role, place if place in PLACES else "own")
    assert at
    owner = user_id if place != "other" else "u-office"
    with world.app.app_context(), write_transaction():
        return MAKERS[permission.about](Wanted(at, level_for(role), place == "child", owner))


def rule_has_no_values(app: Flask, endpoint: str) -> bool:
    return not any(rule.arguments for rule in app.url_map.iter_rules(endpoint))


def gist(answer: TestResponse) -> str:
    found = re.search(r'role="alert"><strong>([^<]+)|<h1>([^<]+)', answer.text)
    return found[0] if found else answer.text[:200]


def plain(answer: TestResponse, values: Values) -> str:
    """An answer without the ids that were asked for."""
    text = answer.text
    for value in values.values():
        text = text.replace(value, "…")
    return text


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_knows_nobody_who_is_not_signed_in(world: World, endpoint: str) -> None:
    permission = read_permissions()[endpoint]
    for rule, method in routes(world.app):
        if rule.endpoint == endpoint:
            values = dict.fromkeys(rule.arguments, "a" * 64)
            before = world.moment()
            answer = Actor(world.app.test_client(), {}).ask(rule, method, values)
            if permission.door == "desk":
                assert answer.status_code == 302 and "/desk/sign-in" in answer.location
            else:
                assert answer.status_code == 401
            assert world.moment() == before


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS if one.startswith("desk_")])
def test_takes_nothing_at_the_desk_without_the_page_s_token(world: World, endpoint: str) -> None:
    permission = read_permissions()[endpoint]
    for rule, method in routes(world.app):
        if rule.endpoint == endpoint and method == "POST":
            role = sorted(permission.roles)[0]
            values = make(world, permission, role, "own", f"as-{role}")
            actor = at_desk(world.app, f"as-{role}")
            actor.csrf = "another"
            before = world.moment()
            assert actor.ask(rule, method, values).status_code == 403
            assert world.moment() == before


@pytest.mark.parametrize(
    "endpoint", sorted(name for name in ENDPOINTS if read_permissions()[name].door != "desk")
)
def test_revoked_phones_may_hand_in_and_no_more(world: World, endpoint: str) -> None:
    permission = read_permissions()[endpoint]
    actor = with_phone(world.app, "as-field")
    with world.app.app_context(), write_transaction():
        db.session.execute(db.text("UPDATE device SET revoked_at = '2016-10-15 00:00:00'"))
    values = make(world, permission, "field", "own", "as-field")
    for rule, method in routes(world.app):
        if rule.endpoint == endpoint:
            answer = actor.ask(rule, method, values)
            assert (answer.status_code == 401) == (permission.door != "any phone"), answer.text


def test_other_methods_are_not_allowed(app: Flask) -> None:
    client, faults = app.test_client(), []
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            _, address = rule.build(dict.fromkeys(rule.arguments, "a"), append_unknown=False) or ("", "")
        allowed = set(app.url_map.bind("localhost").allowed_methods(address))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
            if client.open(address, method=method).status_code != 405:
                faults.append(f"{method} {rule.rule}")
    assert faults == []


@pytest.mark.parametrize(
    "role", [role for role in ROLES if role in read_permissions()["desk_queue.show"].roles]
)
def test_lists_show_what_is_within_reach_and_nothing_else(world: World, role: str) -> None:
    let_review(world.app, level_for(role))
    titles = {}
    for place in PLACES:
        if at := where(role, place):
            with world.app.app_context(), write_transaction():
                wanted = Wanted(at, level_for(role), place == "child", "")
                titles[place] = MAKERS["record"](wanted)["root_id"]
    page = at_desk(world.app, f"as-{role}").client.get("/desk/queue?state=all").text
    assert {place for place, title in titles.items() if title in page} == {"own", "child"}


def test_the_page_of_the_docs_says_what_the_table_says(app: Flask) -> None:
    written = Path("docs/access.md").read_text(encoding="utf-8")
    assert access_page.page(app) == written, "python -m server.access_page > docs/access.md"
