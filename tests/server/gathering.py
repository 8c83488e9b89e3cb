"""An open training class of the small town, for tests of check-in: expected people, phones, the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms import CompiledForm, compile_form
from server.access import Scope, scope_of
from server.actions.events import Plan, SessionPlan, make_event, move_event
from server.actions.forms import publish
from server.actions.rosters import Guest, add_guests
from server.clock import now
from server.database import db
from server.models import Attendance, CheckIn, Event, User
from server.wall_codes import WallCode, slot_of, write_code
from tests.server.town import make_item, new_id

TAIL = "0001"  # of the first guest's number

LIBRARY = Path(__file__).parents[2] / "forms" / "library"


def scope_named(username: str) -> Scope:
    return scope_of(db.session.scalars(select(User).filter_by(username=username)).one())


@cache
def library(name: str) -> CompiledForm:
    return compile_form((LIBRARY / f"{name}.md").read_bytes(), f"{name}.md")


def publish_library(app: Flask, *names: str) -> None:
    with app.app_context():
        for name in names:
            publish(library(name))


def plan(**changes: Any) -> Plan:
    """A class that began five minutes ago, run by the cadre."""
    moment = now()
    values = {
        "name": "溱东镇第36期村干部培训班(演示)",
        "kind": "training",
        "place": "镇会议室",
        "start_at": moment - timedelta(minutes=5),
        "end_at": moment + timedelta(hours=3),
        "organiser": "p-cadre",
        "host_unit": "镇组织办",
        "hours": "4",
    }
    return Plan(**{**values, **changes})


def one_session(**changes: Any) -> tuple[SessionPlan, ...]:
    values = {"title": "", "start_at": now() - timedelta(minutes=5), "end_at": now() + timedelta(hours=3)}
    return (SessionPlan(**{**values, **changes}),)


def guests(n: int) -> list[Guest]:
    return [
        Guest(
            f"学员{number:02}(演示)",
            "草舍",
            "村干部",
            f"1000000{number:04}",
            list_name="person",
            entity_id=f"g-{number}",
        )
        for number in range(1, n + 1)
    ]


def hold_class(app: Flask, n_guests: int = 3, state: str = "open", **changes: Any) -> str:
    """Make the class and open it; its id."""
    with app.app_context():
        office = scope_named("office")
        event_id = make_event(office, plan(**changes))
        add_guests(office, event_id, guests(n_guests))
        if state != "planned":
            move_event(office, event_id, state)
        return event_id


def wall(app: Flask, event_id: str, session_no: int = 1, direction: str = "in", age_s: int = 0) -> str:
    """What hung on the wall so long ago."""
    with app.app_context():
        event = db.session.scalars(select(Event).filter_by(event_id=event_id)).one()
        slot = slot_of(now() - timedelta(seconds=age_s))
        return write_code(event.wall_key, WallCode(event_id, session_no, direction, slot))


def scan(event_id: str, number: int, **changes: Any) -> dict[str, Any]:
    """The record an organiser's phone makes when it scans somebody's badge."""
    answers = {
        "event": event_id,
        "event_name": "培训班",
        "session": 1,
        "direction": "in",
        "attendee": f"person:g-{number}",
        "attendee_name": f"学员{number:02}(演示)",
        "way": "badge",
        "nonce": new_id(),
        **changes,
    }
    return make_item("check_in", {key: value for key, value in answers.items() if value != ""})


@dataclass
class Browser:
    """Anybody's phone with any camera: no app, no account."""

    client: FlaskClient

    def open(self, code: str) -> TestResponse:
        return self.client.post("/api/v1/check-in/open", json={"code": code})

    def send(self, ticket: str, name: str, phone: str = "", **values: Any) -> TestResponse:
        body = {"ticket": ticket, "name": name, "phone": phone, **values}
        return self.client.post("/api/v1/check-in", json=body)

    def check_in(self, code: str, name: str, phone: str = "", **values: Any) -> TestResponse:
        opened = self.open(code)
        assert opened.status_code == 200, opened.text
        return self.send(opened.get_json()["ticket"], name, phone, **values)


def states(app: Flask) -> Sequence[str]:
    """Of all check-ins in the order in which they came."""
    with app.app_context():
        return list(db.session.scalars(select(CheckIn.state).order_by(CheckIn.seq)))


def present(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        query = select(Attendance.attendee_id, Attendance.direction).order_by(Attendance.attendee_id)
        return [tuple(row) for row in db.session.execute(query)]


def flags(app: Flask) -> list[list[str]]:
    with app.app_context():
        return list(db.session.scalars(select(CheckIn.flags).order_by(CheckIn.seq)))
