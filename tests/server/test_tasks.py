"""Tasks reach phones, are completed by what is handed in, and wait again when that no longer counts."""

from typing import Any

import pytest
from flask import Flask

from server.actions import tasks
from server.actions.entities import desk_writer
from server.actions.review import Verdict, decide
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Task, User
from tests.server.conftest import SignIn
from tests.server.town import EAST, TOWN, Phone, check_answers, make_item, put_row

ORDER = tasks.Order("秋季核查", "check", "household", "2016-10-21", {})


def make(app: Flask, *rows: str, person: str = "p-cadre") -> list[str]:
    """Make a batch about these households; the ids of its tasks."""
    with app.app_context(), write_transaction() as session:
        writer = desk_writer(TOWN, "u-office")
        wanted = [tasks.Assignment(row, f"户{row}", EAST, person) for row in rows]
        batch = tasks.make(writer, ORDER, wanted)
        writer.save()
        session.flush()
        query = db.select(Task).filter_by(batch_id=batch.batch_id).order_by(Task.entity_id)
        return [task.task_id for task in session.scalars(query)]


def state(app: Flask, task_id: str) -> str:
    with app.app_context():
        return db.session.get_one(Task, (TOWN, task_id)).state


def on_phone(phone: Phone) -> dict[str, dict[str, str]]:
    """Every task a phone that begins anew is told of."""
    phone.cursor = 0
    return phone.rows(phone.sync(), "task")


def check(phone: Phone, row: str = "h-1", **changes: Any) -> dict[str, Any]:
    return make_item("check", check_answers(row), cursor=phone.cursor, **changes)


def review(app: Flask, item: dict[str, Any], action: str) -> None:
    with app.app_context():
        office = db.session.get_one(User, "u-office")
        decide(office, item["instance_id"], Verdict(item["instance_id"], action, "请核对"))


@pytest.fixture
def task_id(town_app: Flask) -> str:
    return make(town_app, "h-1")[0]


def test_a_task_reaches_the_phone(town_app: Flask, task_id: str, cadre: Phone) -> None:
    told = on_phone(cadre)[task_id]
    assert (told["label"], told["form_id"], told["entity_id"]) == ("户h-1", "check", "h-1")
    assert (told["person"], told["due_on"]) == ("p-cadre", "2016-10-21")


def test_a_task_stays_within_its_village(town_app: Flask, task_id: str, sign_in: SignIn) -> None:
    assert on_phone(sign_in("western")) == {}


def test_a_submission_completes_it_whoever_sends_it(town_app: Flask, task_id: str, sign_in: SignIn) -> None:
    mentor = sign_in("mentor")
    mentor.sync()
    answer = mentor.sync(check(mentor))
    assert state(town_app, task_id) == "done"
    assert {"kind": "row", "list": "task", "name": task_id, "removed": True}.items() <= next(
        change for change in answer["changes"] if change.get("list") == "task"
    ).items()


def test_a_submission_about_another_row_leaves_it(town_app: Flask, task_id: str, cadre: Phone) -> None:
    put_row(town_app, "household", "h-2", "王二(演示)", village=EAST)
    cadre.sync()
    cadre.sync(check(cadre, "h-2"))
    assert state(town_app, task_id) == "open"


def test_withdrawing_opens_it_again(town_app: Flask, task_id: str, cadre: Phone) -> None:
    item = check(cadre)
    cadre.sync(item)
    cadre.sync(withdrawals=[item["instance_id"]])
    assert state(town_app, task_id) == "open"
    assert task_id in on_phone(cadre)


def test_rejecting_opens_it_again(town_app: Flask, task_id: str, cadre: Phone) -> None:
    item = check(cadre)
    cadre.sync(item)
    review(town_app, item, "reject")
    assert state(town_app, task_id) == "open"


def test_another_record_that_came_since_keeps_it_done(
    town_app: Flask, task_id: str, cadre: Phone, clock: SetClock
) -> None:
    first, second = check(cadre), make_item("check", check_answers("h-1", year="2017"), cursor=cadre.cursor)
    clock.advance(minutes=1)
    cadre.sync(first, second)
    cadre.sync(withdrawals=[first["instance_id"]])
    assert state(town_app, task_id) == "done"


def test_a_correction_about_another_row_opens_it_again(town_app: Flask, task_id: str, cadre: Phone) -> None:
    put_row(town_app, "household", "h-2", "王二(演示)", village=EAST)
    other = make(town_app, "h-2")[0]
    cadre.sync()
    item = check(cadre)
    cadre.sync(item)
    cadre.sync(check(cadre, "h-2", replaces=item["instance_id"]))
    assert (state(town_app, task_id), state(town_app, other)) == ("open", "done")


def test_a_cancelled_task_leaves_phones_and_stays_cancelled(
    town_app: Flask, task_id: str, cadre: Phone
) -> None:
    with town_app.app_context(), write_transaction() as session:
        writer = desk_writer(TOWN, "u-office")
        assert tasks.cancel(writer, [session.get_one(Task, (TOWN, task_id))], "不再需要") == 1
        writer.save()
    assert on_phone(cadre) == {}
    cadre.sync(check(cadre))
    assert state(town_app, task_id) == "cancelled"


def test_a_task_moves_to_somebody_else(town_app: Flask, task_id: str, cadre: Phone) -> None:
    with town_app.app_context(), write_transaction() as session:
        writer = desk_writer(TOWN, "u-office")
        assert tasks.reassign(writer, [session.get_one(Task, (TOWN, task_id))], "p-mentor") == 1
        writer.save()
    assert on_phone(cadre)[task_id]["person"] == "p-mentor"
