"""Lists imported at the desk: every error at once, a look before anything is done, all rows or none."""

from typing import Any

import pytest
from flask import Flask

from server.actions.forms import define_list
from server.database import db, write_transaction
from server.models import Entity, EntityList
from tests.server.admin import OTHER_TOWN, acts, found_other_town, hire, sign_in_at_desk
from tests.server.desk import Desk
from tests.server.town import EAST, TOWN, WEST

VILLAGES = f"name,label\n{EAST},东村(演示)\n{WEST},西村(演示)\n"
SHOPS = "name,label,owner,id_no\ns-1,东店(演示),某人,320999196803151017\ns-2,西店(演示),某人,\n"


@pytest.fixture
def office(town_app: Flask) -> Desk:
    return sign_in_at_desk(town_app, "office")


def look(desk: Desk, list_name: str, content: str) -> str:
    """Upload; the address of the preview."""
    answer = desk.upload("/desk/lists", "table", "rows.csv", content.encode(), list=list_name)
    assert answer.status_code == 302, answer.text
    return answer.location


def rows(app: Flask, list_name: str, town_id: str = TOWN) -> dict[str, tuple[str, dict[str, Any]]]:
    with app.app_context():
        found = db.session.query(Entity).filter_by(town_id=town_id, list_name=list_name)
        return {row.entity_id: (row.label, row.data) for row in found}


def test_shows_lists_with_their_rows_and_those_that_forms_miss(office: Desk) -> None:
    page = office.page("/desk/lists")
    for words in ("household", "按村（village 列）", "全镇", "行政村", "还没有，请导入", "check"):
        assert words in page
    assert "吴小妹" not in page


def test_imports_after_a_look(office: Desk, town_app: Flask) -> None:
    address = look(office, "village", VILLAGES)
    assert "<dd>2</dd>" in office.page(address)
    assert rows(town_app, "village") == {}
    answer = office.post(address, {"seen_by": "everybody"})
    assert answer.location == "/desk/lists"
    assert "新增 2 行，更新 0 行，不变 0 行" in office.page("/desk/lists")
    assert rows(town_app, "village") == {EAST: ("东村(演示)", {}), WEST: ("西村(演示)", {})}
    assert acts(town_app, "import") == [("u-office", "village", {"n_rows": 2, "file": "rows.csv"})]
    assert office.get(address).status_code == 404


def test_says_what_would_change_without_what_stands_there(office: Desk, town_app: Flask) -> None:
    office.post(look(office, "village", VILLAGES), {"seen_by": "everybody"})
    changed = VILLAGES.replace("西村", "西新村") + "320981100903,南村(演示)\n"
    page = office.page(look(office, "village", changed))
    assert page.count("<dd>1</dd>") == 3
    assert "西新村(演示)" in page and ">西村(演示)" not in page


def test_tells_every_error_and_imports_nothing(office: Desk, town_app: Flask) -> None:
    address = look(office, "village", f"name,label\n{EAST},好\n,无名\n{EAST},重复\n")
    page = office.page(address)
    for words in ("有 2 处错误", "name 为空", "重复，首次在第 2 行", ">3<", ">4<"):
        assert words in page
    assert 'name="seen_by"' not in page
    assert office.post(address, {"seen_by": "everybody"}).status_code == 400
    assert rows(town_app, "village") == {}


def test_tells_unknown_villages_by_row(office: Desk, town_app: Flask) -> None:
    office.post(look(office, "village", VILLAGES), {"seen_by": "everybody"})
    page = office.page(look(office, "household", "name,label,village\nh-7,某户(演示),999\n"))
    assert "没有村“999”" in page


def test_asks_who_sees_a_new_list_and_what_its_columns_hold(office: Desk, town_app: Flask) -> None:
    address = look(office, "shop", SHOPS)
    page = office.page(address)
    assert 'name="class:owner"' in page and 'name="kind:id_no"' in page
    assert office.post(address).status_code == 400
    assert rows(town_app, "shop") == {}
    said = {"seen_by": "everybody", "class:id_no": "sensitive", "kind:id_no": "id_number"}
    assert office.post(address, said | {"class:owner": "personal"}).status_code == 302
    with town_app.app_context():
        columns = db.session.get_one(EntityList, (TOWN, "shop")).columns
    assert columns["id_no"] == {"class": "sensitive", "kind": "id_number"}
    assert columns["owner"] == {"class": "personal", "kind": ""}


@pytest.mark.parametrize("said", [{"class:owner": "secret"}, {"kind:owner": "soul"}])
def test_refuses_classes_that_are_none(office: Desk, said: dict[str, str]) -> None:
    address = look(office, "shop", SHOPS)
    assert office.post(address, {"seen_by": "everybody", **said}).status_code == 400


@pytest.mark.parametrize(
    ("list_name", "name", "status"), [("a b", "x.csv", 400), ("shop", "x.ods", 415), ("", "x.csv", 400)]
)
def test_refuses_what_is_no_list(office: Desk, list_name: str, name: str, status: int) -> None:
    answer = office.upload("/desk/lists", "table", name, b"name\n1\n", list=list_name)
    assert answer.status_code == status


def test_gives_a_template_with_the_lists_columns(office: Desk) -> None:
    assert office.page("/desk/lists/person/template.csv") == "\ufeffname,label,place,position,phone\r\n"
    household = office.page("/desk/lists/household/template.csv").strip().split(",")
    assert {"name", "label", "village", "phone", "mentor_1"} & set(household) >= {"village", "phone"}
    assert "hh_no" not in household  # the server gives it
    assert office.get("/desk/lists/nothing/template.csv").status_code == 404


def test_leaves_out_of_the_template_what_accounts_write(office: Desk, town_app: Flask) -> None:
    with town_app.app_context(), write_transaction():
        define_list(TOWN, "person", {"phone": {"class": "public"}, "username": {"class": "public"}})
    assert office.page("/desk/lists/person/template.csv") == "\ufeffname,label,phone\r\n"


def test_keeps_to_the_own_town(office: Desk, town_app: Flask) -> None:
    found_other_town(town_app)
    hire(town_app, "neighbour", "town_office", OTHER_TOWN)
    neighbour = sign_in_at_desk(town_app, "neighbour")
    address = look(office, "village", VILLAGES)
    assert neighbour.get(address).status_code == 404
    assert "household" not in neighbour.page("/desk/lists").split("datalist")[0].split("check")[0]
    neighbour.post(look(neighbour, "village", VILLAGES), {"seen_by": "everybody"})
    assert rows(town_app, "village") == {}
    assert set(rows(town_app, "village", OTHER_TOWN)) == {EAST, WEST}
