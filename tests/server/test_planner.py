"""No statement of an exchange walks through all of a town's records, however few there are as yet."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from server.database import db
from server.planner import figures
from tests.server.town import Phone, make_item, register_answers

GROWING = (
    "audit decision duplicate entity entity_change entity_identifier file held_item submission"
    " submission_file submission_key submission_version violation"
).split()
WALK = re.compile(rf"^(SCAN ({'|'.join(GROWING)})\b.*|SEARCH ({'|'.join(GROWING)}) .*\(town_id=\?\))$")

Statement = tuple[str, Any]


@contextmanager
def noted(app: Flask) -> Iterator[list[Statement]]:
    """The statements that the app sends to its database meanwhile."""
    statements: list[Statement] = []

    def note(connection: Any, cursor: Any, text: str, values: Any, context: Any, is_many: bool) -> None:
        statements.append((text, values[0] if is_many else values))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def walks(app: Flask, statements: list[Statement]) -> list[tuple[str, str]]:
    """The statements that look at every row of a town, with what they do."""
    found = []
    with app.app_context():
        connection = db.engine.raw_connection()
        for text, values in statements:
            if text.startswith(("SELECT", "UPDATE", "DELETE")):
                plan = connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
                found += [(step[3], text) for step in plan if WALK.match(step[3])]
        connection.close()
    return found


def test_an_exchange_finds_what_it_asks_for_by_index(cadre: Phone, town_app: Flask) -> None:
    first = make_item("register", register_answers())
    with noted(town_app) as statements:
        cadre.sync(first, make_item("check", {"hh": "h-1", "amount": 7000, "year": "2016"}))
        cadre.sync(first, make_item("register", register_answers(), replaces=first["instance_id"]))
        cadre.sync(withdrawals=[first["instance_id"]])
    assert len(statements) > 20
    assert walks(town_app, statements) == []


@pytest.mark.parametrize(
    ("columns", "is_unique", "expected"),
    [
        (["town_id", "seq"], False, "1000000 1000000 1000"),
        (["sha256"], False, "1000000 1000"),
        (["town_id", "instance_id"], True, "1000000 1000000 1"),
    ],
)
def test_only_the_town_tells_nothing_apart(columns: list[str], is_unique: bool, expected: str) -> None:
    assert figures(columns, is_unique) == expected
