"""Workbooks uploaded at the desk: every error at once, warnings read, published; forms closed, reopened."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server import jobs
from server.clock import SetClock
from server.database import db
from server.models import Form, FormVersion
from tests.server.admin import acts, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk
from tests.server.town import Phone, make_item, register_answers

GOOD = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | bind::ly:rule | bind::ly:class |
| | text | note | 记一句话 | A note | N01 | personal |
| | select_one_from_file tree.csv | tree | 树种 | Kind of tree | | |
| settings |
|          | form_title | form_id | version   | default_language | ly:purpose | ly:retention_days |
|          | 便条       | note    | {version} | 中文 (zh)        | 试用       | 30                |
"""
WARNED = """
| survey |
|        | type | name | label   | relevant     |
|        | text | name | 姓名     |                |
|        | text | note | 记一句话 | ${name} = null |
| settings |
|          | form_id | version | ly:purpose | ly:retention_days |
|          | warned  | 1       | 试用       | 30                |
"""
BAD = """
| survey |
|        | type    | name | label | relevant      |
|        | integrr | age  | 年龄  | ${nobody} > 1 |
| settings |
|          | form_id | version |
|          | bad     | 1       |
"""
TREES = b"name,label\nelm,\xe6\xa6\x86\nash,\xe6\xa2\xa3\n"


@pytest.fixture
def publisher(town_app: Flask) -> Desk:
    hire(town_app, "publisher", "publisher")
    return sign_in_at_desk(town_app, "publisher")


def bring(desk: Desk, files: Mapping[str, bytes]) -> TestResponse:
    """Upload files as one drop onto the page brings them."""
    parts = [(BytesIO(content), name) for name, content in files.items()]
    return desk.post("/desk/forms", {"workbook": parts})


def check(desk: Desk, workbook: str, **others: bytes) -> str:
    """Upload; the address of what was found."""
    files = {name.replace("_", "."): content for name, content in others.items()}
    answer = bring(desk, {**files, "form.md": workbook.encode()})
    assert answer.status_code == 302, answer.text
    return answer.location


def check_note(desk: Desk, version: str = "1", title: str = "便条") -> str:
    workbook = GOOD.replace("{version}", version).replace("便条", title)
    return check(desk, workbook, tree_csv=TREES)


def n_versions(app: Flask) -> int:
    with app.app_context():
        return db.session.query(FormVersion).count()


def test_tells_every_error_with_its_place_and_remedy_and_publishes_nothing(
    publisher: Desk, town_app: Flask
) -> None:
    before = n_versions(town_app)
    address = check(publisher, BAD)
    page = publisher.page(address)
    for words in ("integrr", "nobody", "survey", "请"):
        assert words in page
    assert 'name="acknowledged"' not in page and ">发布<" not in page
    publisher.post("/desk/language", {"language": "en", "next": address})
    english = publisher.page(address)
    assert "integrr" in english and "Check its spelling" in english and "What to do" in english
    refused = publisher.post(address)
    assert (refused.status_code, n_versions(town_app)) == (400, before)


def test_publishes_a_form_with_the_list_that_came_along(
    publisher: Desk, town_app: Flask, sign_in: SignIn
) -> None:
    address = check_note(publisher)
    page = publisher.page(address)
    assert "便条" in page and "tree.csv" in page and 'value="30"' in page
    assert publisher.post(address).location == "/desk/forms/note"
    phone = sign_in("cadre")
    assert "note" in {change.get("form_id") for change in phone.sync()["changes"]}
    assert ("u-publisher", "note", {"version": "1"}) in acts(town_app, "publish")
    shown = publisher.page("/desk/forms/note")
    for words in ("记一句话", "N01", "个人信息", "树种", "试用", "publisher(演示)", "已发布：便条"):
        assert words in shown
    assert publisher.get(address).status_code == 404


def test_asks_that_warnings_are_acknowledged(publisher: Desk, town_app: Flask) -> None:
    address = check(publisher, WARNED)
    assert 'name="acknowledged"' in publisher.page(address)
    assert publisher.post(address).status_code == 409
    assert publisher.post(address, {"acknowledged": "yes"}).location == "/desk/forms/warned"


def test_says_before_publishing_what_the_version_is(publisher: Desk, town_app: Flask) -> None:
    address = check_note(publisher)
    assert "新表单" in publisher.page(address)
    publisher.post(address)
    assert "内容相同" in publisher.page(check_note(publisher))
    taken = check_note(publisher, title="便笺")
    assert "请修改 settings 中的 version" in publisher.page(taken)
    assert publisher.post(taken).status_code == 409
    again = check_note(publisher, version="2", title="便笺")
    assert "新版本" in publisher.page(again)
    publisher.post(again)
    page = publisher.page("/desk/forms/note?version=1")
    assert "便条" in page and re.search(r"2</a> · 当前", page)


def test_offers_the_forms_that_come_with_the_server(publisher: Desk, town_app: Flask) -> None:
    assert 'value="leave"' in publisher.page("/desk/forms")
    answer = publisher.post("/desk/forms", {"library": "leave"})
    assert "请假申请" in publisher.page(answer.location)
    publisher.post(answer.location, {"acknowledged": "yes"})
    assert ("u-publisher", "leave", {"version": "1"}) in acts(town_app, "publish")
    page = publisher.page("/desk/forms")
    assert "/desk/forms/leave" in page and 'value="leave"' not in page
    assert publisher.post("/desk/forms", {"library": "../compile"}).status_code == 404


def test_names_the_lists_that_a_form_misses(publisher: Desk, town_app: Flask) -> None:
    page = publisher.page(publisher.post("/desk/forms", {"library": "exit_check"}).location)
    # Households and members are there.
    assert re.findall("名册“([a-z_]+)”没有附上", page) == ["person", "counts_as_income", "poverty_line"]
    rows = publisher.page("/desk/lists/poverty_line/template.csv")
    assert rows.startswith("\ufeffname,") and rows.count("\n") > 5


@pytest.mark.parametrize(
    ("name", "content"), [("form.md", b"\xff\xfe\x00"), ("form.xlsx", b"PK\x03\x04"), ("form.exe", b"MZ")]
)
def test_tells_what_is_no_workbook(publisher: Desk, name: str, content: bytes) -> None:
    answer = publisher.upload("/desk/forms", "workbook", name, content)
    assert "不能发布" in publisher.page(answer.location)


def test_asks_for_a_file(publisher: Desk) -> None:
    answer = publisher.post("/desk/forms")
    assert answer.status_code == 400 and "没有选择文件" in answer.text


def test_keeps_an_upload_for_its_person_and_an_hour(
    publisher: Desk, town_app: Flask, clock: SetClock
) -> None:
    address = check_note(publisher)
    hire(town_app, "admin", "admin")
    assert sign_in_at_desk(town_app, "admin").get(address).status_code == 404
    assert publisher.get("/desk/uploads/forms/..%2f..%2fsecret_key").status_code == 404
    clock.advance(minutes=61)
    assert publisher.post(address).status_code == 404
    check_note(publisher)
    jobs.drop_uploads(town_app)
    assert len(list(Path(town_app.config["DATA"], "staged").iterdir())) == 1


def test_holds_what_comes_for_a_closed_form_and_takes_it_again_once_reopened(
    publisher: Desk, town_app: Flask, cadre: Phone
) -> None:
    publisher.post("/desk/forms/register/closing", {"closed": "yes"})
    assert "已停用" in publisher.page("/desk/forms/register")
    assert cadre.outcomes(make_item("register", register_answers())) == ["held"]
    publisher.post("/desk/forms/register/closing", {"closed": ""})
    assert cadre.outcomes(make_item("register", register_answers())) == ["accepted"]
    assert acts(town_app, "close") + acts(town_app, "reopen") == [("u-publisher", "register", {})] * 2
    with town_app.app_context():
        assert db.session.get_one(Form, "register").is_closed is False
    assert publisher.post("/desk/forms/nothing/closing", {"closed": "yes"}).status_code == 404


def test_counts_records_only_for_those_who_may_see_them(
    publisher: Desk, town_app: Flask, cadre: Phone
) -> None:
    cadre.sync(make_item("register", register_answers()))
    office = sign_in_at_desk(town_app, "office").page("/desk/forms")
    assert re.search(r'form=register[^"]*">1</a>', office) and re.search(r'form=check[^"]*">0</a>', office)
    assert 'name="workbook"' not in office and "closing" not in office
    page = publisher.page("/desk/forms")
    assert "记录数" not in page and 'name="workbook"' in page
