"""Pairings and tasks at the desk: what is seen, what is decided, what is refused."""

import io
from typing import Any

import pytest
from flask import Flask

from server.access import scope_of
from server.actions.forms import define_list
from server.actions.pairing_imports import check, import_pairings
from server.actions.task_filters import Filter, facets
from server.actions.task_views import Plan, preview
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Contact, Pairing, Task, TaskBatch, User
from tests.server.conftest import SignIn
from tests.server.desk import sign_in_desk
from tests.server.test_pairings import add_pairing, paired_app  # noqa: F401 - a fixture
from tests.server.town import EAST, TOWN, WEST, check_answers, make_item, publish_form, put_posts, put_row

HEAD = "name,kind,mentor,mentee,village,start_on\n"


@pytest.fixture
def app_of_pairs(paired_app: Flask) -> Flask:  # noqa: F811
    put_row(paired_app, "village", WEST, "开庄")
    put_row(paired_app, "household", "h-2", "王二(演示)", village=EAST, mentor_1="p-cadre")
    put_row(paired_app, "household", "h-3", "李三(演示)", village=WEST)
    put_row(paired_app, "person", "p-cadre", "周干部", username="cadre", place="草舍")
    return paired_app


def test_shows_pairings_of_the_own_village_and_who_has_no_mentor(app_of_pairs: Flask) -> None:
    put_posts(app_of_pairs, "mentor", ("village_head", EAST))
    page = sign_in_desk(app_of_pairs, "mentor").page("/desk/pairings")
    assert "吴小妹(演示)" in page and "王二(演示)" in page and "李三(演示)" not in page
    assert "/desk/pairings/r-1" in page
    west = sign_in_desk(app_of_pairs, "western")
    assert "r-1" not in west.page("/desk/pairings")
    west.page("/desk/pairings/r-1", 404)


def test_narrows_by_kind_state_and_name(app_of_pairs: Flask) -> None:
    desk = sign_in_desk(app_of_pairs, "office")
    for query, is_shown in (
        ("kind=hand_in_hand", True),
        ("kind=cadre_member", False),
        ("state=overdue", False),
        ("state=all&q=吴小", True),
        ("q=无此人", False),
        (f"village={WEST}", False),
    ):
        assert ("/desk/pairings/r-1" in desk.page(f"/desk/pairings?{query}")) is is_shown, query


def test_a_supervisor_decides_and_others_do_not(app_of_pairs: Flask) -> None:
    desk, cadre = sign_in_desk(app_of_pairs, "office"), sign_in_desk(app_of_pairs, "cadre")
    values = {"until_on": "2016-11-15", "note": "外出务工"}
    token = desk.form("/desk/pairings/r-1")["csrf"]
    assert (
        desk.client.post(
            "/desk/pairings/r-1/decision", data={"csrf": token, "action": "pause", **values}
        ).status_code
        == 302
    )
    assert pairing(app_of_pairs).state == "paused"
    token = cadre.form("/desk/pairings/r-1")["csrf"]
    refused = cadre.client.post("/desk/pairings/r-1/decision", data={"csrf": token, "action": "resume"})
    assert refused.status_code == 403
    assert pairing(app_of_pairs).state == "paused"


def test_shows_why_a_pairing_can_not_end(app_of_pairs: Flask) -> None:
    desk = sign_in_desk(app_of_pairs, "office")
    token = desk.form("/desk/pairings/r-1")["csrf"]
    values = {"action": "end", "end_reason": "achieved", "note": "完成", "mentee_agreed": "yes"}
    answer = desk.client.post("/desk/pairings/r-1/decision", data={"csrf": token, **values})
    assert answer.status_code == 409
    assert "no contact within 45 days" in answer.text


def test_confirms_what_is_back_dated(app_of_pairs: Flask) -> None:
    with app_of_pairs.app_context(), write_transaction() as session:
        contact = Contact(town_id=TOWN, contact_id="c-1", pairing_id="r-1", on="2016-10-01", seq=1)
        contact.way, contact.weight, contact.is_confirmed, contact.four_ones = (
            "visit",
            "full",
            False,
            ["learn"],
        )
        session.add(contact)
    desk = sign_in_desk(app_of_pairs, "office")
    assert "waits for the supervisor" in desk.page("/desk/pairings/r-1")
    token = desk.form("/desk/pairings/r-1")["csrf"]
    assert desk.client.post("/desk/pairings/r-1/contacts/c-1", data={"csrf": token}).status_code == 302
    assert pairing(app_of_pairs).last_contact_on == "2016-10-01"


def pairing(app: Flask, pairing_id: str = "r-1") -> Pairing:
    with app.app_context():
        return db.session.get_one(Pairing, (TOWN, pairing_id))


def table(*lines: str) -> bytes:
    return (HEAD + "\n".join(lines) + "\n").encode()


def test_imports_by_id_or_name_and_all_are_active(app_of_pairs: Flask) -> None:
    content = table(
        "P1,hand_in_hand,周干部,h-2,,2016-10-01", "P2,cadre_member,p-mentor,p-cadre,草舍,2016-10-01"
    )
    with app_of_pairs.app_context():
        assert import_pairings(TOWN, "u-office", "p.csv", content) == 2
    made = pairing(app_of_pairs, "P2")
    assert (made.state, made.mentee_id, made.village, made.due_on) == (
        "active",
        "p-cadre",
        EAST,
        "2016-10-31",
    )


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("P1,friendship,p-cadre,h-2,,2016-10-01", "kind_unknown", "kind"),
        ("P1,hand_in_hand,p-nobody,h-2,,2016-10-01", "row_unknown", "mentor"),
        ("P1,hand_in_hand,p-cadre,h-9,,2016-10-01", "row_unknown", "mentee"),
        ("P1,cadre_member,p-cadre,p-mentor,,2016-10-01", "row_unknown", "village"),
        ("P1,hand_in_hand,p-cadre,h-2,,10月1日", "day_invalid", "start_on"),
        ("P1,hand_in_hand,p-cadre,h-1,,2016-10-01", "already_paired", "mentee"),
        ("r-1,hand_in_hand,p-cadre,h-2,,2016-10-01", "name_taken", "name"),
        (",hand_in_hand,p-cadre,h-2,,2016-10-01", "name_missing", "name"),
    ],
)
def test_tells_each_mistake_by_row_and_column(app_of_pairs: Flask, line: str, code: str, column: str) -> None:
    with app_of_pairs.app_context():
        errors = check(TOWN, "p.csv", table("P0,hand_in_hand,p-mentor,h-3,,2016-10-01", line)).errors
    assert (code, 3, column) in {(one.code, one.row, one.column) for one in errors}


def test_nothing_is_half_imported_and_the_page_says_why(app_of_pairs: Flask) -> None:
    desk = sign_in_desk(app_of_pairs, "office")
    token = desk.form("/desk/pairings")["csrf"]
    good, bad = "P1,hand_in_hand,p-cadre,h-2,,2016-10-01", "P2,hand_in_hand,p-cadre,h-2,,2016-10-01"
    file = (io.BytesIO(table(good, bad)), "p.csv")
    answer = desk.client.post("/desk/pairings", data={"csrf": token, "table": file})
    assert answer.status_code == 400
    assert "already paired in this kind" in answer.text
    with app_of_pairs.app_context():
        assert db.session.get(Pairing, (TOWN, "P1")) is None


def test_a_mentor_over_the_limit_is_a_mistake(app_of_pairs: Flask) -> None:
    for at in range(4, 10):
        put_row(app_of_pairs, "household", f"h-{at}", f"户{at}", village=EAST)
    lines = [f"P{at},hand_in_hand,p-cadre,h-{at},,2016-10-01" for at in range(4, 10)]
    with app_of_pairs.app_context():
        errors = check(TOWN, "p.csv", table(*lines)).errors
    assert [(one.code, one.row) for one in errors] == [("too_many_pairings", 7)]


# Tasks


def plan(app: Flask, username: str = "office", **changes: Any) -> tuple[dict[str, int], list[str]]:
    """Tasks by person, and the rows that have nobody."""
    with app.app_context():
        user = db.session.get_one(User, f"u-{username}")
        assign = changes.pop("assign", "mentor")
        plan = Plan("check", assign=assign, chosen=Filter(**changes))
        seen = preview(scope_of(user), "household", plan)
        return seen.by_person, [row.entity_id for row in seen.lost]


def test_tasks_go_to_each_mentor_and_the_lost_are_told(app_of_pairs: Flask) -> None:
    assert plan(app_of_pairs) == ({"p-mentor": 1, "p-cadre": 1}, ["h-3"])


def test_tasks_are_spread_over_the_villages_cadres(app_of_pairs: Flask) -> None:
    assert plan(app_of_pairs, assign="village") == ({"p-cadre": 1, "p-mentor": 1, "p-western": 1}, [])


def test_tasks_are_narrowed_by_village_and_column(app_of_pairs: Flask) -> None:
    assert plan(app_of_pairs, village=WEST, assign="p-cadre")[0] == {"p-cadre": 1}
    assert plan(app_of_pairs, wheres=(("mentor_1", "p-cadre"),))[0] == {"p-cadre": 1}
    assert plan(app_of_pairs, wheres=(("mentor_1", "p-cadre"), ("village", WEST)))[0] == {}


def test_tasks_are_narrowed_by_name_and_pinyin_and_mentor(app_of_pairs: Flask) -> None:
    assert plan(app_of_pairs, text="吴小")[0] == {"p-mentor": 1}
    assert plan(app_of_pairs, text="Wxm")[0] == {"p-mentor": 1}
    assert plan(app_of_pairs, text="%")[0] == {}
    assert plan(app_of_pairs, mentor="p-cadre", assign="p-western")[0] == {"p-western": 1}


def test_tasks_are_for_whom_the_form_was_not_filled_about_lately(
    app_of_pairs: Flask, sign_in: SignIn, clock: SetClock
) -> None:
    publish_form(app_of_pairs, "check")
    phone = sign_in("cadre")
    phone.sync()
    item = make_item("check", check_answers("h-1"), cursor=phone.cursor)
    phone.sync(item)
    assert plan(app_of_pairs, done="never")[0] == {"p-cadre": 1}
    assert plan(app_of_pairs, done="before", done_on="2016-10-15")[0] == {"p-cadre": 1}
    assert plan(app_of_pairs, done="before", done_on="2016-10-16")[0] == {"p-mentor": 1, "p-cadre": 1}
    phone.sync(withdrawals=[item["instance_id"]])
    assert plan(app_of_pairs, done="never")[0] == {"p-mentor": 1, "p-cadre": 1}


def test_columns_to_choose_by_are_those_that_group_rows(app_of_pairs: Flask) -> None:
    for at, status in enumerate(("candidate", "candidate", "exited", "exited")):
        put_row(
            app_of_pairs,
            "household",
            f"h-{at + 1}",
            f"户{at}",
            status=status,
            address=f"{at}号",
            lat=str(at % 2),
        )
    with app_of_pairs.app_context(), write_transaction():
        define_list(TOWN, "household", {"status": {}, "address": {}, "lat": {"kind": "lat"}}, ("mentor_1",))
    with app_of_pairs.app_context():
        found = facets(scope_of(db.session.get_one(User, "u-office")), "household")
        assert [(one.column, one.values) for one in found] == [("status", ["candidate", "exited"])]


def test_a_batch_keeps_how_its_rows_were_chosen(app_of_pairs: Flask) -> None:
    put_row(app_of_pairs, "household", "h-1", status="candidate")
    put_row(app_of_pairs, "household", "h-2", status="exited")
    publish_form(app_of_pairs, "check")
    desk = sign_in_desk(app_of_pairs, "office")
    query = "form=check&title=核查&due_on=2016-10-31&assign=mentor&done=never&where_status=candidate"
    page = desk.page(f"/desk/tasks/new?{query}")
    assert "1 tasks would be made" in page and 'name="where_status" value="candidate"' in page
    values = dict(pair.split("=") for pair in query.split("&"))
    desk.client.post("/desk/tasks/new", data={**values, "csrf": desk.form("/desk/tasks/new")["csrf"]})
    assert [one.entity_id for one in tasks(app_of_pairs)] == ["h-1"]
    with app_of_pairs.app_context():
        assert db.session.query(TaskBatch).one().chosen_by == {"done": "never", "status": "candidate"}


def test_a_village_makes_tasks_of_its_own_rows_only(app_of_pairs: Flask) -> None:
    put_posts(app_of_pairs, "western", ("village_head", WEST))
    assert plan(app_of_pairs, "western", assign="p-western") == ({"p-western": 1}, [])


def test_the_office_makes_moves_and_cancels_a_batch(app_of_pairs: Flask) -> None:
    with app_of_pairs.app_context(), write_transaction():
        add_pairing("r-2", mentee_id="h-2", mentor_id="p-cadre")
    desk = sign_in_desk(app_of_pairs, "office")
    query = "form=contact_log&title=十月走访&due_on=2016-10-31&assign=mentor"
    page = desk.page(f"/desk/tasks/new?{query}")
    assert "2 tasks would be made" in page and "周干部" in page
    values = dict(pair.split("=") for pair in query.split("&")) | {
        "csrf": desk.form("/desk/tasks/new")["csrf"]
    }
    address = desk.client.post("/desk/tasks/new", data={**values, "left_out": "r-2"}).location
    made = tasks(app_of_pairs)
    assert [(one.entity_id, one.person, one.state) for one in made] == [("r-1", "p-mentor", "open")]
    assert "0 / 1" in desk.page(address) and "十月走访" in desk.page("/desk/tasks")
    token, change = desk.form(address)["csrf"], {"task": made[0].task_id}
    desk.client.post(
        f"{address}/changes", data={"csrf": token, "action": "reassign", "person": "p-cadre", **change}
    )
    assert tasks(app_of_pairs)[0].person == "p-cadre"
    desk.client.post(f"{address}/changes", data={"csrf": token, "action": "cancel", "note": "重复", **change})
    assert (tasks(app_of_pairs)[0].state, tasks(app_of_pairs)[0].note) == ("cancelled", "重复")


@pytest.mark.parametrize(
    "change", [{"due_on": "2016-10-14"}, {"title": ""}, {"due_on": "soon"}, {"form": "no"}]
)
def test_a_plan_that_is_no_good_is_refused(app_of_pairs: Flask, change: dict[str, str]) -> None:
    desk = sign_in_desk(app_of_pairs, "office")
    values = {"form": "contact_log", "title": "走访", "due_on": "2016-10-31", "assign": "mentor", **change}
    token = desk.form("/desk/tasks/new")["csrf"]
    answer = desk.client.post("/desk/tasks/new", data={"csrf": token, **values})
    assert answer.status_code == 400
    assert tasks(app_of_pairs) == []


def test_a_field_cadre_looks_but_makes_no_tasks(app_of_pairs: Flask) -> None:
    desk = sign_in_desk(app_of_pairs, "cadre")
    assert "/desk/tasks/new" not in desk.page("/desk/tasks")
    desk.page("/desk/tasks/new", 403)


def tasks(app: Flask) -> list[Task]:
    with app.app_context():
        return list(db.session.scalars(db.select(Task).order_by(Task.entity_id)))
