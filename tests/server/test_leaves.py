"""Leave asked for on a phone, a mentee who is away, and pauses: granted, lifted, over."""

from typing import Any

import pytest
from flask import Flask

from forms import compile_form
from server.access import scope_of
from server.actions.forms import publish
from server.actions.mutes import Wish, ask, read_mutes
from server.clock import SetClock, today
from server.database import db, write_transaction
from server.models import Audit, Deadline, Mute, Pairing, User
from tests.forms.town import LIBRARY
from tests.server.conftest import SignIn
from tests.server.desk import sign_in_desk
from tests.server.reminders import in_town, put_pairing, staff_town, told, walk
from tests.server.test_reminder_pages import send
from tests.server.test_wire import EXAMPLES, members
from tests.server.town import TOWN, Phone, make_item, put_row


@pytest.fixture
def staffed(town_app: Flask, clock: SetClock) -> Flask:
    """A mentor whose household is due on 2016-09-30, and the supervisors."""
    clock.at = in_town("2016-09-20T09:00")
    staff_town(town_app)
    put_row(town_app, "household", "h-1", "吴小妹(演示)", village="320981100901")
    with town_app.app_context():
        publish(compile_form((LIBRARY / "leave.md").read_bytes(), "leave.md"))
        with write_transaction():
            put_pairing()
    return town_app


def leave(**changes: Any) -> dict[str, Any]:
    answers = {"from_on": "2016-09-26", "until_on": "2016-10-11", "leave_kind": "sick", "reason": "住院"}
    meta = {"started_at": "2016-09-20T08:00:00+08:00", "ended_at": "2016-09-20T08:05:00+08:00"}
    envelope = {name: changes.pop(name) for name in ("replaces",) if name in changes}
    return make_item("leave", {"leave": {**answers, **changes}}, meta=meta, **envelope)


def leaves_in(phone: Phone, *items: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    found = [change for change in phone.sync(*items, **more)["changes"] if change["kind"] == "leave"]
    return [(change["state"], change["until_on"]) for change in found]


def decide(app: Flask, mute_id: str, action: str, who: str = "head") -> str:
    return send(sign_in_desk(app, who), "/desk/inbox", f"/desk/inbox/mutes/{mute_id}/decision", action=action)


def test_leave_goes_from_the_phone_to_the_supervisor_and_back(
    staffed: Flask, clock: SetClock, sign_in: SignIn
) -> None:
    phone, other, item = sign_in("mentor"), sign_in("cadre"), leave()
    change = next(one for one in phone.sync(item)["changes"] if one["kind"] == "leave")
    assert members(change) == members(EXAMPLES["leave"])
    assert (change["leave_id"], change["leave_kind"], change["state"]) == (
        item["instance_id"],
        "sick",
        "asked",
    )
    assert leaves_in(other) == []
    page = sign_in_desk(staffed, "head").page("/desk/inbox")
    assert "Sick leave" in page and "住院" in page
    assert "Approved." in decide(staffed, item["instance_id"], "approve")
    assert leaves_in(phone) == [("approved", "2016-10-11")]
    walk(staffed, clock, "2016-09-26T18:00", "2016-09-30T23:30")
    with staffed.app_context():
        assert told() == []


def test_a_refused_leave_lets_nothing_rest(staffed: Flask, sign_in: SignIn) -> None:
    phone, item = sign_in("mentor"), leave()
    phone.sync(item)
    decide(staffed, item["instance_id"], "refuse")
    assert leaves_in(phone) == [("refused", "2016-10-11")]
    with staffed.app_context():
        assert read_mutes(TOWN, in_town("2016-09-28T09:00").date()).until == {}


def test_other_days_are_granted_anew(staffed: Flask, sign_in: SignIn) -> None:
    phone, item = sign_in("mentor"), leave()
    phone.sync(item)
    decide(staffed, item["instance_id"], "approve")
    phone.sync()
    assert leaves_in(phone, leave(replaces=item["instance_id"], until_on="2016-10-14")) == [
        ("asked", "2016-10-14")
    ]


def test_who_is_back_early_takes_the_leave_back(staffed: Flask, sign_in: SignIn) -> None:
    phone, item = sign_in("mentor"), leave()
    phone.sync(item)
    decide(staffed, item["instance_id"], "approve")
    phone.sync()
    assert leaves_in(phone, withdrawals=[item["instance_id"]]) == [("withdrawn", "2016-10-11")]
    with staffed.app_context():
        assert read_mutes(TOWN, in_town("2016-09-28T09:00").date()).until == {}


@pytest.mark.parametrize(
    "change", [{"until_on": "2016-09-01"}, {"until_on": "2018-09-01"}, {"from_on": None}, {"reason": None}]
)
def test_a_leave_without_days_or_reason_is_a_record_and_no_leave(
    staffed: Flask, sign_in: SignIn, change: dict[str, Any]
) -> None:
    assert leaves_in(sign_in("mentor"), leave(**change)) == []


def test_leave_is_not_in_the_review_queue(staffed: Flask, sign_in: SignIn) -> None:
    sign_in("mentor").sync(leave())
    assert "2016-09-26 — 2016-10-11" not in sign_in_desk(staffed, "clerk").page("/desk/queue")


def test_with_two_mentors_it_rests_only_while_both_are_on_leave(
    staffed: Flask, clock: SetClock, sign_in: SignIn
) -> None:
    with staffed.app_context(), write_transaction() as session:
        session.get_one(Pairing, (TOWN, "pair-1")).mentor_2 = "p-cadre"
    item = leave()
    sign_in("mentor").sync(item)
    decide(staffed, item["instance_id"], "approve")
    walk(staffed, clock, "2016-09-26T18:00", "2016-09-27T09:00")
    with staffed.app_context():
        assert sorted(person for _, _, person, _ in told()) == ["p-cadre", "p-mentor"]


def test_a_supervisor_is_granted_leave_by_another(staffed: Flask, sign_in: SignIn) -> None:
    with staffed.app_context():
        head = scope_of(db.session.get_one(User, "u-head"))
        assert ask(head, Wish("leave", "p-head", "2016-09-26", "2016-10-11", "住院", "sick")) == "asked"
        mute_id = db.session.query(Mute).one().mute_id
    decide(staffed, mute_id, "approve")
    with staffed.app_context():
        assert db.session.query(Mute).one().state == "asked"
    decide(staffed, mute_id, "approve", "clerk")
    with staffed.app_context():
        assert db.session.query(Mute).one().state == "approved"


# At the desk


def rest(app: Flask, who: str = "head", status: int = 302, **values: str) -> None:
    desk = sign_in_desk(app, who)
    token = desk.form("/desk/pairings/pair-1")["csrf"]
    answer = desk.client.post("/desk/pairings/pair-1/rests", data={"csrf": token, **values})
    assert answer.status_code == status, answer.text


AWAY = {"action": "away", "from_on": "2016-09-26", "until_on": "2016-10-20", "reason": "外出务工"}


def test_an_away_mentee_is_not_asked_after_until_it_is_lifted(staffed: Flask, clock: SetClock) -> None:
    rest(staffed, **AWAY)
    page = sign_in_desk(staffed, "head").page("/desk/pairings/pair-1")
    assert "Mentee away" in page and "外出务工" in page
    walk(staffed, clock, "2016-09-26T18:00", "2016-09-28T18:00")
    with staffed.app_context():
        assert told() == []
        mute_id = db.session.query(Mute).one().mute_id
    rest(staffed, action="end", mute_id=mute_id)
    walk(staffed, clock, "2016-09-28T23:30", "2016-09-30T18:30")
    with staffed.app_context():
        assert [person for _, _, person, _ in told()] == ["p-mentor", "p-mentor"]
        assert db.session.query(Audit).filter_by(action="end_mute").count() == 1


def test_a_long_absence_waits_for_the_town(staffed: Flask) -> None:
    rest(staffed, **{**AWAY, "until_on": "2016-12-20"})
    with staffed.app_context():
        row = db.session.query(Mute).one()
        assert row.state == "asked"
    rest(staffed, action="approve", mute_id=row.mute_id, status=403)
    rest(staffed, "clerk", action="approve", mute_id=row.mute_id)
    with staffed.app_context():
        assert db.session.query(Mute).one().state == "approved"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({**AWAY, "reason": " "}, 400),
        ({**AWAY, "until_on": "2016-09-19"}, 400),
        ({"action": "end", "mute_id": "none"}, 404),
    ],
)
def test_says_what_is_wrong_with_an_absence(staffed: Flask, values: dict[str, str], status: int) -> None:
    rest(staffed, status=status, **values)


def pause(app: Flask, until_on: str = "2016-10-10") -> None:
    desk = sign_in_desk(app, "head")
    values = {"action": "pause", "until_on": until_on, "note": "农忙"}
    send(desk, "/desk/pairings/pair-1", "/desk/pairings/pair-1/decision", **values)


def standing(app: Flask) -> tuple[str, str]:
    with app.app_context():
        found = db.session.get_one(Pairing, (TOWN, "pair-1"))
        return found.state, found.due_on


def test_a_paused_pairing_goes_on_by_itself(staffed: Flask, clock: SetClock) -> None:
    pause(staffed)
    assert standing(staffed) == ("paused", "")
    walk(staffed, clock, "2016-10-09T08:00", "2016-10-10T23:30")
    assert standing(staffed) == ("paused", "")
    walk(staffed, clock, "2016-10-11T08:00", "2016-10-11T08:30")
    assert standing(staffed) == ("active", "2016-10-31")
    with staffed.app_context():
        assert db.session.query(Audit).filter_by(action="resume", user_id="system").count() == 1
        assert [row.due_on for row in db.session.query(Deadline).filter_by(state="open")] == ["2016-10-31"]


def test_a_pause_ended_in_the_inbox_lets_the_pairing_go_on(staffed: Flask) -> None:
    pause(staffed)
    with staffed.app_context():
        mute_id = db.session.query(Mute).one().mute_id
    decide(staffed, mute_id, "end")
    assert standing(staffed)[0] == "active"


def test_a_pause_that_begins_later_begins_on_its_day(staffed: Flask, clock: SetClock) -> None:
    with staffed.app_context(), write_transaction() as session:
        row = Mute(town_id=TOWN, mute_id="m-1", kind="pause", subject_kind="pairing", subject_id="pair-1")
        row.from_on, row.until_on, row.reason, row.state = "2016-09-22", "2016-10-10", "农忙", "approved"
        row.asked_by, row.seq = "u-head", 1
        session.add(row)
    walk(staffed, clock, "2016-09-21T08:00", "2016-09-21T23:30")
    assert standing(staffed)[0] == "active"
    walk(staffed, clock, "2016-09-22T08:00", "2016-09-22T08:30")
    assert standing(staffed)[0] == "paused"


def test_a_mentor_on_leave_is_named_on_the_pairing(staffed: Flask, sign_in: SignIn) -> None:
    sign_in("mentor").sync(leave())
    page = sign_in_desk(staffed, "head").page("/desk/pairings/pair-1")
    assert "王帮扶(演示)" in page and "住院" in page and "asked for" in page
    with staffed.app_context():
        assert today().isoformat() == "2016-09-20"
