"""Setting a registration aside takes its household from the lists: what names it is told first, and stays."""

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions import pairings, tasks
from server.actions.entities import desk_writer
from server.database import db, write_transaction
from server.models import Task
from tests.server.conftest import SignIn
from tests.server.desk import Desk, sign_in_desk
from tests.server.pairs import address, hh_id, household, submission, twice
from tests.server.town import EAST, TOWN, Phone, check_answers, make_item

REASON = "同一户填了两次"


@pytest.fixture
def office(town_app: Flask) -> Desk:
    return sign_in_desk(town_app, "office")


def make_tasks(app: Flask, *rows: str, form_id: str = "check") -> list[str]:
    """Tasks about these rows of the households; their ids."""
    order = tasks.Order("秋季核查", form_id, "household", "2016-10-21", {})
    with app.app_context(), write_transaction() as session:
        writer = desk_writer(TOWN, "u-office")
        tasks.make(writer, order, [tasks.Assignment(row, row, EAST, "p-cadre") for row in rows])
        writer.save()
        session.flush()
        return list(session.scalars(select(Task.task_id)))


def pair_up(app: Flask, household_id: str, state: str) -> None:
    """A mentor for the household."""
    with app.app_context(), write_transaction():
        writer = desk_writer(TOWN, "u-office")
        about = {"mentor_id": "p-cadre", "mentee_id": household_id, "village": EAST, "start_on": "2016-10-15"}
        pairings.new_pairing(writer, f"pairing-{state}", "hand_in_hand", **about, state=state)
        writer.save()


def test_counts_what_names_the_household(
    town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
) -> None:
    first, second = twice(cadre, sign_in("mentor"))
    assert "leave the lists" not in office.page(address(first, second))
    cadre.sync()
    for year in ("2015", "2016"):
        cadre.sync(make_item("check", check_answers(hh_id(second), year), cursor=cadre.cursor))
    make_tasks(town_app, hh_id(second), hh_id(second))
    pair_up(town_app, hh_id(second), "active")
    warning = office.page(address(first, second))
    assert "If the Later one is set aside" in warning
    assert "If the Earlier one is set aside" not in warning
    assert "周建国(演示) – other records: 2, open tasks: 2, pairings: 1" in warning
    assert "None of that is deleted" in warning


def test_counts_nothing_that_is_over(town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk) -> None:
    first, second = twice(cadre, sign_in("mentor"))
    cadre.sync()
    check = make_item("check", check_answers(hh_id(first)), cursor=cadre.cursor)
    cadre.sync(check)
    for task_id in make_tasks(town_app, hh_id(first)):
        with town_app.app_context(), write_transaction() as session:
            session.get_one(Task, (TOWN, task_id)).state = "done"
    pair_up(town_app, hh_id(first), "ended")
    assert "other records: 1, open tasks: 0, pairings: 0" in office.page(address(first, second))
    page = f"/desk/records/{check['instance_id']}"
    assert office.press(page, "reject", comment="查无此户").status_code == 302
    assert "leave the lists" not in office.page(address(first, second))


def test_what_it_names_stays_and_undoing_brings_the_household_back(
    town_app: Flask, cadre: Phone, sign_in: SignIn, office: Desk
) -> None:
    first, second = twice(cadre, sign_in("mentor"))
    cadre.sync()
    check = make_item("check", check_answers(hh_id(second)), cursor=cadre.cursor)
    cadre.sync(check)
    task_id = make_tasks(town_app, hh_id(second), form_id="family")[0]
    office.press(address(first, second), "left", reason=REASON)
    assert not household(cadre, second)
    assert submission(town_app, check).duplicate_of == ""
    with town_app.app_context():
        assert db.session.get_one(Task, (TOWN, task_id)).state == "open"
    assert "leave the lists" not in office.page(address(first, second))
    office.press(address(first, second), "undo", reason=REASON)
    assert household(cadre, second)
    assert "other records: 1, open tasks: 1, pairings: 0" in office.page(address(first, second))
