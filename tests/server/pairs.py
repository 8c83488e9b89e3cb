"""Two registrations of one household, for the tests of pairs: sent, found again, seen by phones."""

from typing import Any

import orjson
from flask import Flask

from server.database import db
from server.models import Submission
from tests.server.town import TOWN, Phone, make_item, register_answers


def address(left: dict[str, Any], right: dict[str, Any]) -> str:
    return f"/desk/doubts/pairs/{left['instance_id']}/{right['instance_id']}"


def twice(phone: Phone, other: Phone, **answers: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same household registered on two phones; each made ids of its own."""
    first, second = (make_item("register", register_answers(**answers)) for _ in "12")
    phone.sync(first)
    other.sync(second)
    return first, second


def submission(app: Flask, item: dict[str, Any]) -> Submission:
    with app.app_context():
        return db.session.get_one(Submission, (TOWN, item["instance_id"]))


def household(phone: Phone, item: dict[str, Any]) -> bool:
    """Whether a phone that starts anew is sent the household a record registered."""
    return hh_id(item) in phone.rows(resync(phone), "household")


def hh_id(item: dict[str, Any]) -> str:
    return str(orjson.loads(item["payload"])["answers"]["hh_id"])


def resync(phone: Phone) -> dict[str, Any]:
    phone.cursor = 0
    return phone.sync()
