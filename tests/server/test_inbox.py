"""The inbox: what phones hear of reminders."""

from flask import Flask

from server.actions.deadlines import close_deadlines
from server.clock import SetClock
from server.database import write_transaction
from tests.server.conftest import SignIn
from tests.server.reminders import in_town, put_pairing, staff_town, walk
from tests.server.test_wire import EXAMPLES, members
from tests.server.town import TOWN, Phone


def reminders_in(phone: Phone) -> list[dict]:
    return [change for change in phone.sync()["changes"] if change["kind"] == "reminder"]


def test_a_phone_hears_of_its_own_reminders_and_when_they_are_over(
    town_app: Flask, clock: SetClock, sign_in: SignIn
) -> None:
    clock.at = in_town("2016-09-20T09:00")
    staff_town(town_app)
    with town_app.app_context(), write_transaction():
        put_pairing()
    mentor, other = sign_in("mentor"), sign_in("cadre")
    assert reminders_in(mentor) == []
    walk(town_app, clock, "2016-09-26T18:00", "2016-09-27T09:00")
    (found,) = reminders_in(mentor)
    assert members(found) == members(EXAMPLES["reminder"])
    assert found["text_zh"] == EXAMPLES["reminder"]["text_zh"]
    assert found["text_en"] == EXAMPLES["reminder"]["text_en"]
    assert reminders_in(other) == []
    with town_app.app_context(), write_transaction():
        close_deadlines(TOWN, "pairing", "pair-1", "done", "2016-09-30")
    assert [change["state"] for change in reminders_in(mentor)] == ["closed"]
    assert reminders_in(sign_in("mentor", "another-phone")) == []
