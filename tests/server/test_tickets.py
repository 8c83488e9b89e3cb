"""What a contact log says is to be settled: it becomes tickets, somebody sees to them, others close them."""

from typing import Any

import pytest
from flask import Flask

from server.actions import four_ones
from server.actions.review import Verdict, decide
from server.actions.tickets import act
from server.clock import SetClock
from server.database import db
from server.models import Audit, Deadline, Ticket, User
from server.problems import Problem
from tests.server.conftest import SignIn
from tests.server.desk import sign_in_desk
from tests.server.reminders import staff_town, told, walk
from tests.server.test_pairing_terms import person
from tests.server.test_pairings import PHOTO, WORDS, paired_app, review  # noqa: F401 - a fixture
from tests.server.town import EAST, Phone, make_item

HEAD = person("village_head", EAST, "p-head")
ROOF = {"problem_kind": "house", "problem_text": "厨房屋顶漏雨，雨季前要修", "ticket_key": "t1"}


@pytest.fixture
def app(paired_app: Flask) -> Flask:  # noqa: F811
    staff_town(paired_app)
    return paired_app


@pytest.fixture
def mentor(app: Flask, sign_in: SignIn) -> Phone:
    phone = sign_in("mentor")
    phone.sync()
    return phone


def log(phone: Phone, *problems: dict[str, Any], replaces: str = "", **help: Any) -> dict[str, Any]:
    main = {"pair": "r-1", "contact_on": "2016-10-14", "way": "visit", "present": "mentee", "content": WORDS}
    main |= {"gps": [32.7001, 120.2, 0, 5], "photo": PHOTO}
    answers = {"log": main, "help": {"has_problem": "yes" if problems else "no", **help}}
    if problems:
        answers["problem"] = list(problems)
    change = {"replaces": replaces} if replaces else {}
    return make_item("contact_log", answers, cursor=phone.cursor, files=[PHOTO], **change)


def tickets(app: Flask) -> list[tuple[str, str, str, str]]:
    with app.app_context():
        rows = db.session.query(Ticket).order_by(Ticket.ticket_id)
        return [(row.text[:4], row.owner, row.due_on, row.state) for row in rows]


def only(app: Flask) -> Ticket:
    with app.app_context():
        return db.session.query(Ticket).one()


def open_days(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.query(Deadline).filter_by(subject_kind="ticket", state="open")
        return sorted(row.due_on for row in rows)


def do(app: Flask, action: str, scope: Any = HEAD, **values: str) -> None:
    ticket_id = only(app).ticket_id
    with app.app_context():
        act(scope, ticket_id, action, values)


def refused(app: Flask, action: str, scope: Any = HEAD, **values: str) -> str:
    with pytest.raises(Problem) as caught:
        do(app, action, scope, **values)
    return caught.value.code


def test_a_problem_is_due_within_seven_working_days(app: Flask, mentor: Phone) -> None:
    mentor.sync(log(mentor, ROOF, {**ROOF, "ticket_key": "t2", "owner": "p-cadre", "due_on": "2016-10-20"}))
    assert tickets(app) == [
        ("厨房屋顶", "", "2016-10-25", "open"),
        ("厨房屋顶", "p-cadre", "2016-10-20", "open"),
    ]
    assert open_days(app) == ["2016-10-20", "2016-10-25"]


def test_tickets_follow_the_record(app: Flask, mentor: Phone) -> None:
    first = log(mentor, ROOF, {**ROOF, "ticket_key": "t2"})
    mentor.sync(first)
    second = log(mentor, {**ROOF, "ticket_key": "t2", "due_on": "2016-11-01"}, replaces=first["instance_id"])
    mentor.sync(second)
    assert [row[2:] for row in tickets(app)] == [("2016-10-25", "cancelled"), ("2016-11-01", "open")]
    assert open_days(app) == ["2016-11-01"]
    with app.app_context():
        head = db.session.get_one(User, "u-head")
        decide(head, first["instance_id"], Verdict(second["instance_id"], "reject", "核"))
    assert {row[3] for row in tickets(app)} == {"cancelled"}
    assert open_days(app) == []


def test_what_the_desk_decided_stays_when_the_record_is_corrected(app: Flask, mentor: Phone) -> None:
    item = log(mentor, ROOF)
    mentor.sync(item)
    do(app, "assign", owner="p-head", due_on="2016-10-28")
    mentor.sync(log(mentor, {**ROOF, "owner": "p-cadre"}, replaces=item["instance_id"]))
    assert tickets(app) == [("厨房屋顶", "p-head", "2016-10-28", "open")]


def test_who_sees_to_it_is_told_and_then_their_supervisors(
    app: Flask, mentor: Phone, clock: SetClock
) -> None:
    mentor.sync(log(mentor, {**ROOF, "owner": "p-mentor", "due_on": "2016-10-18"}))
    walk(app, clock, "2016-10-15T18:00", "2016-10-26T09:00")
    with app.app_context():
        found = [(when, who, text) for when, _, who, text in told() if "诉求" in text]
    assert found[0] == ("10-17 08:30", "p-mentor", "吴小妹(演示)的诉求已交办给您，请于10月18日前答复。")
    assert found[1][:2] == ("10-18 18:00", "p-mentor")
    assert ("10-19 08:30", "p-head", "王帮扶(演示)办理吴小妹(演示)的诉求已逾期1天，请督促。") in found
    page = sign_in_desk(app, "head").page("/desk/inbox")
    assert "/desk/tickets/" in page


def test_another_who_gets_it_is_told_and_the_first_no_more(
    app: Flask, mentor: Phone, clock: SetClock
) -> None:
    mentor.sync(log(mentor, {**ROOF, "owner": "p-mentor", "due_on": "2016-10-18"}))
    do(app, "assign", owner="p-clerk", due_on="2016-10-18")
    walk(app, clock, "2016-10-17T08:00", "2016-10-17T09:00")
    with app.app_context():
        assert [who for _, _, who, text in told() if "诉求" in text] == ["p-clerk"]


def test_it_is_settled_by_another_with_a_result_and_opened_again(app: Flask, mentor: Phone) -> None:
    mentor.sync(log(mentor, {**ROOF, "owner": "p-head"}))
    clerk = person("town_office", "", "p-clerk")
    assert refused(app, "close", result="屋顶已修好") == "self_review"
    assert refused(app, "close", clerk, result=" ") == "reason_missing"
    do(app, "close", clerk, result="屋顶已修好")
    assert (only(app).state, only(app).result, only(app).closed_on) == ("closed", "屋顶已修好", "2016-10-15")
    assert open_days(app) == []
    assert refused(app, "assign", clerk, owner="p-head", due_on="2016-10-28") == "review_stale"
    do(app, "reopen", result="又漏了")
    assert (only(app).state, open_days(app)) == ("open", ["2016-10-25"])
    with app.app_context():
        acts = [row.action for row in db.session.query(Audit).filter_by(subject_kind="ticket")]
    assert sorted(acts) == ["close_ticket", "reopen_ticket"]


def test_it_goes_to_somebody_of_the_town_and_to_no_past_day(app: Flask, mentor: Phone) -> None:
    mentor.sync(log(mentor, ROOF))
    assert refused(app, "assign", owner="nobody", due_on="2016-10-28") == "field_invalid"
    assert refused(app, "assign", owner="p-head", due_on="2016-10-14") == "field_invalid"
    assert refused(app, "assign", person("village_head", "320981100902"), owner="p-head") == "record_unknown"


def test_the_desk_lists_assigns_and_settles(app: Flask, mentor: Phone) -> None:
    mentor.sync(log(mentor, ROOF))
    desk = sign_in_desk(app, "clerk")
    assert "nobody yet" in desk.page("/desk/tickets")
    assert "厨房屋顶漏雨" not in desk.page("/desk/tickets?state=overdue")
    assert "厨房屋顶漏雨" in desk.page("/desk/pairings/r-1")
    address = f"/desk/tickets/{only(app).ticket_id}"
    for values in (
        {"action": "assign", "owner": "p-head", "due_on": "2016-10-28"},
        {"action": "close", "result": "屋顶已修好"},
    ):
        token = desk.form(address)["csrf"]
        assert desk.client.post(address, data={"csrf": token, **values}).status_code == 302
    assert "屋顶已修好" in desk.page(address)
    assert "厨房屋顶漏雨" not in desk.page("/desk/tickets")
    assert "厨房屋顶漏雨" not in sign_in_desk(app, "western").page("/desk/tickets?state=all")


# The four ones


def tally(app: Flask) -> dict[str, int]:
    with app.app_context():
        return four_ones.sum_up(four_ones.tally(person("town_office"))).n_done


def test_the_four_ones_are_counted_with_what_was_done(app: Flask, mentor: Phone) -> None:
    done = {"four_ones": ["learn", "area"], "four_ones_evidence": "参加镇农技站养殖班"}
    mentor.sync(log(mentor, **done))
    assert tally(app) == {"learn": 1, "project": 0, "people": 0, "area": 1, "all": 0}
    more = {"four_ones": ["people", "project"], "four_ones_evidence": "带动三户"}
    item = log(mentor, **more)
    mentor.sync(item)
    assert tally(app) == {"learn": 1, "project": 1, "people": 1, "area": 1, "all": 1}
    page = sign_in_desk(app, "clerk").page("/desk/pairings/r-1")
    assert "参加镇农技站养殖班" in page and "带动三户" in page
    review(app, item, "reject")
    assert tally(app) == {"learn": 1, "project": 0, "people": 0, "area": 1, "all": 0}


def test_without_evidence_nothing_was_done(app: Flask, mentor: Phone) -> None:
    mentor.sync(log(mentor, four_ones=["learn"]))
    assert tally(app)["learn"] == 0


def test_a_figure_opens_its_pairings(app: Flask, mentor: Phone) -> None:
    mentor.sync(log(mentor, four_ones=["learn"], four_ones_evidence="参加镇农技站养殖班"))
    desk = sign_in_desk(app, "clerk")
    assert "/desk/pairings/r-1" in desk.page("/desk/pairings?state=all&four=learn")
    assert "/desk/pairings/r-1" not in desk.page("/desk/pairings?state=all&four=project")
