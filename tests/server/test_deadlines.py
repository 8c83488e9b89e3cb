"""Deadlines open, close and open again, and a returned record has one of its own."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from server.actions.deadlines import close_deadlines, open_deadline
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Deadline, Pairing
from tests.server import town
from tests.server.desk import sign_in_desk
from tests.server.town import TOWN, Phone


def put_pairing(pairing_id: str = "p-1", **columns: object) -> None:
    row = {
        "kind": "hand_in_hand",
        "mentor_list": "person",
        "mentor_id": "p-mentor",
        "mentee_list": "household",
        "mentee_id": "h-1",
        "village": town.EAST,
        "start_on": "2016-01-01",
        "cadence_n": 1,
        "cadence_unit": "month",
        "state": "active",
        "seq": 1,
        "updated_at": datetime(2016, 1, 1, tzinfo=UTC),
        **columns,
    }
    db.session.add(Pairing(town_id=TOWN, pairing_id=pairing_id, **row))
    db.session.flush()


def deadline(subject_id: str, due_on: str, kind: str = "pairing") -> Deadline:
    return db.session.get_one(Deadline, (TOWN, kind, subject_id, due_on))


def test_an_open_deadline_stays_and_a_closed_one_opens_again(town_app: Flask, clock: SetClock) -> None:
    with town_app.app_context(), write_transaction():
        put_pairing()
        open_deadline(TOWN, "pairing", "p-1", "2016-10-31")
        assert deadline("p-1", "2016-10-31").stage == "before"
        close_deadlines(TOWN, "pairing", "p-1", "cancelled")
        assert (deadline("p-1", "2016-10-31").state, deadline("p-1", "2016-10-31").remind_at) == (
            "closed",
            None,
        )
        clock.at = datetime(2016, 10, 31, 1, 0, tzinfo=UTC)
        open_deadline(TOWN, "pairing", "p-1", "2016-10-31")
        assert deadline("p-1", "2016-10-31").stage == "due"
        open_deadline(TOWN, "pairing", "p-1", "2016-10-31")
        assert db.session.query(Deadline).count() == 1


@pytest.mark.parametrize(
    ("due_on", "why", "n_missed"),
    [(None, "late", 2), ("2016-09-30", "done", 0)],
)
def test_a_contact_made_up_late_does_not_undo_the_miss(
    town_app: Flask, due_on: str | None, why: str, n_missed: int
) -> None:
    with town_app.app_context(), write_transaction():
        put_pairing()
        for day in ("2016-08-31", "2016-09-30"):
            open_deadline(TOWN, "pairing", "p-1", day)
        close_deadlines(TOWN, "pairing", "p-1", "done", due_on)
        assert deadline("p-1", "2016-09-30").why_closed == why
        pairing = db.session.get_one(Pairing, (TOWN, "p-1"))
        assert (pairing.n_missed, pairing.is_neglected) == (n_missed, n_missed == 2)


def test_a_returned_record_is_due_in_three_working_days_until_it_is_corrected(
    town_app: Flask, cadre: Phone
) -> None:
    item = town.make_item("register", town.register_answers())
    cadre.sync(item)
    desk = sign_in_desk(town_app, "office")
    address = f"/desk/records/{item['instance_id']}"
    desk.press(address, "return", comment="请补充照片")
    with town_app.app_context():
        # Saturday the 15th: Monday, Tuesday, Wednesday.
        row = deadline(item["instance_id"], "2016-10-19", "returned")
        assert (row.state, row.stage) == ("open", "returned")
        assert row.remind_at == datetime(2016, 10, 17, 0, 30, tzinfo=UTC)
    cadre.sync(town.make_item("register", town.register_answers(), replaces=item["instance_id"]))
    with town_app.app_context():
        assert deadline(item["instance_id"], "2016-10-19", "returned").why_closed == "done"
