"""People from a table: every error at once, a look before anything is done, all accounts or none."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from openpyxl import Workbook

from server.database import db, write_transaction
from server.demo.identifiers import id_number, mobile
from server.identifiers import check_character, is_id_number
from server.models import Entity, EntityIdentifier, Town, User
from tests.server.admin import acts, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk, sign_in_desk, token_in
from tests.server.town import EAST, TOWN, WEST, put_row

PHONE, OTHER = mobile(1), mobile(2)
NUMBER = "320999196803151017"
HEAD = "name,username,role,village,person,phone,position,id_number"
GOOD = f"""{HEAD}
甲一(演示),,帮扶责任人,东村（演示）,,{PHONE[:3]} {PHONE[3:]},会计,{NUMBER}
乙二(演示),second,auditor,,,,,
"""


def with_check(digits: str) -> str:
    return digits + check_character(digits)


@pytest.fixture
def admin(town_app: Flask) -> Desk:
    hire(town_app, "admin", "admin")
    put_row(town_app, "village", EAST, "东村(演示)")
    put_row(town_app, "village", WEST, "西村(演示)")
    return sign_in_at_desk(town_app, "admin")


def look(admin: Desk, table: str) -> str:
    """Upload; the address of the preview."""
    answer = admin.upload("/desk/people/imports", "table", "people.csv", table.encode())
    assert answer.status_code == 302, answer.text
    return answer.location


def town(app: Flask) -> tuple[dict[str, User], dict[str, Entity]]:
    """Accounts by user name, and the list of persons."""
    with app.app_context():
        users = {user.username: user for user in db.session.scalars(db.select(User))}
        rows = db.session.scalars(db.select(Entity).filter_by(town_id=TOWN, list_name="person"))
        return users, {row.entity_id: row for row in rows}


def refused(admin: Desk, app: Flask, table: str) -> str:
    """The page of errors; the button, pressed nevertheless, does nothing."""
    before = [*map(len, town(app))]
    address = look(admin, table)
    page = admin.page(address)
    assert 'class="notice bad"' in page and 'method="post"' not in page.split("<h1>")[1]
    assert admin.post(address).status_code == 400
    assert [*map(len, town(app))] == before and acts(app, "import") == []
    return page


def row(**cells: str) -> str:
    good = {"name": "丙三(演示)", "username": "third", "role": "field", "village": EAST}
    return ",".join({**good, **cells}.get(column, "") for column in HEAD.split(",")) + "\n"


def test_lets_everybody_in_after_a_look(admin: Desk, town_app: Flask) -> None:
    address = look(admin, GOOD)
    page = admin.page(address)
    for words in ("建立 2 个账号", "甲一(演示)", PHONE, "帮扶责任人", "东村(演示)", "督查员"):
        assert words in page
    assert NUMBER not in page and "second" not in town(town_app)[0]
    made = admin.post(address)
    assert made.status_code == 200 and made.text.count('name="user_id"') == 2
    users, persons = town(town_app)
    first = users[PHONE]
    assert [(post.role, post.village) for post in first.posts] == [("field", EAST)]
    assert persons[first.person].label == "甲一(演示)"
    assert persons[first.person].data == {
        "username": PHONE,
        "place": "东村(演示)",
        "position": "会计",
        "phone": PHONE,
        "id_number": NUMBER,
    }
    assert acts(town_app, "import") == [("u-admin", "person", {"n_rows": 2, "file": "people.csv"})]
    assert len(acts(town_app, "add_user")) == 2
    assert admin.post(address).status_code == 404


def test_leads_to_slips_and_gives_no_password(admin: Desk, town_app: Flask) -> None:
    admin.post(look(admin, GOOD))
    first = town(town_app)[0][PHONE]
    slips = admin.post("/desk/enrolments", {"user_id": first.user_id, "hours": "24"})
    assert "甲一(演示)" in slips.text
    client = town_app.test_client()
    token = token_in(client.get("/desk/sign-in").text)
    for guess in ("", PHONE, "None"):
        form = {"csrf": token, "username": PHONE, "password": guess}
        answer = client.post("/desk/sign-in", data=form)
        assert answer.status_code == 401 and "用户名或密码不对" in answer.text


def test_keeps_id_numbers_masked_and_findable(admin: Desk, town_app: Flask, sign_in: SignIn) -> None:
    admin.post(look(admin, GOOD))
    cadre = sign_in("cadre")
    (seen,) = [row for row in cadre.rows(cadre.sync(), "person").values() if row.get("username") == PHONE]
    assert seen["id_number"] == "320" + "*" * 11 + "1017"
    with town_app.app_context():
        marks = db.session.scalars(db.select(EntityIdentifier.value).filter_by(list_name="person"))
        assert list(marks) == [NUMBER]


def test_reads_excel(admin: Desk, town_app: Flask) -> None:
    book = Workbook()
    sheet = book.active
    for line in ([*HEAD.split(",")], ["丙三(演示)", None, "Inspector", None, None, int(PHONE)]):
        sheet.append(line)
    file = BytesIO()
    book.save(file)
    answer = admin.upload("/desk/people/imports", "table", "people.xlsx", file.getvalue())
    assert admin.post(answer.location).status_code == 200
    assert PHONE in town(town_app)[0]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"name": ""}, "name 为空"),
        ({"role": "皇帝"}, "没有角色“皇帝”"),
        ({"role": ""}, "角色为空"),
        ({"village": "南村"}, "没有村“南村”"),
        ({"village": ""}, "此角色须填行政村"),
        ({"role": "auditor"}, "此角色属于全镇"),
        ({"role": "county", "village": ""}, "县级角色只能由县级人员授予"),
        ({"username": "office"}, "用户名“office”已有人使用"),
        ({"username": ""}, "没有用户名"),
        ({"username": "", "phone": "0515-83412345"}, "没有用户名"),
        ({"phone": "12345"}, "手机号或电话不对"),
        ({"phone": "١٣٨٠٠٠٠٠٠٠٠"}, "手机号或电话不对"),
        ({"id_number": NUMBER[:-1] + "8"}, "身份证号不对"),
        ({"id_number": with_check("32099919680230101")}, "身份证号不对"),
        ({"id_number": with_check("32099920680315101")}, "身份证号不对"),
        ({"id_number": with_check("99999919680315101")}, "身份证号不对"),
        ({"id_number": "320999680315101"}, "身份证号不对"),
        ({"person": "p-none"}, "人员名册中没有“p-none”"),
        ({"name": "丙" * 101}, "超过 100 字"),
        ({"name": "丙\u202e三"}, "含有控制字符"),
        ({"name": "丙\u0000三"}, "含有控制字符"),
        ({"username": "thi\u200brd"}, "含有控制字符"),
    ],
)
def test_tells_what_is_wrong(admin: Desk, town_app: Flask, cells: dict[str, str], message: str) -> None:
    page = refused(admin, town_app, GOOD + row(**cells))
    assert message in page and ">4<" in page and ">2<" not in page


@pytest.mark.parametrize(
    ("language", "said", "unknown"),
    [
        ("zh", "有 4 处错误，没有建立任何账号", "没有村“x”"),
        ("en", "4 errors: no account was made", "There is no village &#39;x&#39;"),
    ],
)
def test_tells_every_error_at_once_in_the_desks_language(
    admin: Desk, town_app: Flask, language: str, said: str, unknown: str
) -> None:
    official = sign_in_desk(town_app, "admin", language)
    rows = row(role="x", phone="1") + row(village="x", username="office")
    page = refused(official, town_app, f"{HEAD}\n" + rows)
    assert said in page and unknown in page


@pytest.mark.parametrize(
    ("one", "two", "column"),
    [
        ({"username": "same"}, {"username": "same"}, "username"),
        ({"phone": PHONE}, {"phone": PHONE, "username": "fourth"}, "name"),
        ({"id_number": NUMBER}, {"id_number": NUMBER, "username": "fourth"}, "id_number"),
        ({"person": "p-7"}, {"person": "p-7", "username": "fourth"}, "person"),
    ],
)
def test_tells_doubles_within_the_file(
    admin: Desk, town_app: Flask, one: dict[str, str], two: dict[str, str], column: str
) -> None:
    put_row(town_app, "person", "p-7", "丙三(演示)")
    page = refused(admin, town_app, f"{HEAD}\n" + row(**one) + row(**two))
    assert "与第 2 行重复" in page and f">{column}<" in page


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"name": "甲一（演示）", "phone": PHONE}, f"此人已有账号“{PHONE}”"),
        ({"name": "甲一(演示)", "id_number": NUMBER}, f"此人已有账号“{PHONE}”"),
        ({"id_number": NUMBER}, "此身份证号已登记为他人"),
    ],
)
def test_tells_who_has_an_account(admin: Desk, town_app: Flask, cells: dict[str, str], message: str) -> None:
    admin.post(look(admin, GOOD))
    address = look(admin, f"{HEAD}\n" + row(**cells))
    assert message in admin.page(address)
    assert admin.post(address).status_code == 400 and "third" not in town(town_app)[0]


def test_joins_the_row_that_the_list_of_persons_has(admin: Desk, town_app: Flask) -> None:
    put_row(town_app, "person", "p-7", "丙三(演示)", phone=PHONE, position="会计")
    address = look(admin, f"{HEAD}\n" + row(phone=PHONE))
    assert "p-7" in admin.page(address)
    admin.post(address)
    users, persons = town(town_app)
    assert users["third"].person == "p-7" and len(persons) == 1
    assert persons["p-7"].data["position"] == "会计" and persons["p-7"].data["username"] == "third"


def test_joins_nobody_elses_row(admin: Desk, town_app: Flask) -> None:
    put_row(town_app, "person", "p-8", "别人(演示)")
    assert "“p-8”不是此人" in refused(admin, town_app, f"{HEAD}\n" + row(person="p-8"))
    for name in ("p-6", "p-7"):
        put_row(town_app, "person", name, "丙三(演示)", phone=PHONE)
    assert "不止一行是此人" in refused(admin, town_app, f"{HEAD}\n" + row(phone=PHONE))


def test_a_village_by_name_must_be_one(admin: Desk, town_app: Flask) -> None:
    put_row(town_app, "village", WEST, "东村(演示)")
    assert "不止一个村叫" in refused(admin, town_app, GOOD)


def test_numbers_of_the_demo_are_for_its_town_only(admin: Desk, town_app: Flask) -> None:
    with town_app.app_context(), write_transaction() as session:
        session.get_one(Town, TOWN).is_demo = False
    page = refused(admin, town_app, GOOD)
    assert "身份证号不对" in page and "手机号或电话不对" in page


def test_looks_again_when_the_button_is_pressed(admin: Desk, town_app: Flask) -> None:
    address = look(admin, GOOD)
    hire(town_app, "second", "auditor")
    answer = admin.post(address)
    assert answer.status_code == 400 and "用户名“second”已有人使用" in answer.text
    assert PHONE not in town(town_app)[0]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (f"{HEAD},salary\n{row().strip()},9\n", "没有“salary”列"),
        ("用户名\nx\n", "缺少 name 列"),
        (f"{HEAD}\n", "没有人员"),
        ("", "没有表头"),
        (f"{HEAD}\n" + row() * 1001, "超过 1000 人"),
    ],
)
def test_refuses_other_tables(admin: Desk, town_app: Flask, table: str, message: str) -> None:
    assert message in refused(admin, town_app, table)


@pytest.mark.parametrize("name", ["people.xlsx", "people.ods", "people"])
def test_refuses_what_is_no_table(admin: Desk, name: str) -> None:
    answer = admin.upload("/desk/people/imports", "table", name, b"PK\x03\x04 no table")
    assert answer.status_code == 415


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_refuses_a_broken_workbook(admin: Desk, part: str) -> None:
    file, broken = BytesIO(), BytesIO()
    Workbook().save(file)
    with ZipFile(file) as whole, ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            copy.writestr(name, whole.read(name)[:100] if name == part else whole.read(name))
    answer = admin.upload("/desk/people/imports", "table", "people.xlsx", broken.getvalue())
    assert answer.status_code == 415


def test_shows_hostile_names_as_text(admin: Desk, town_app: Flask) -> None:
    page = admin.page(look(admin, f"{HEAD}\n" + row(name="<script>alert(1)</script>")))
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_nobody_else_sees_an_upload(admin: Desk, town_app: Flask) -> None:
    address = look(admin, GOOD)
    hire(town_app, "admin2", "admin")
    other = sign_in_at_desk(town_app, "admin2")
    assert other.get(address).status_code == 404 and other.post(address).status_code == 404


def test_gives_a_template(admin: Desk) -> None:
    assert admin.page("/desk/people/imports/template.csv") == f"\ufeff{HEAD}\r\n"


def test_the_demos_numbers_can_be() -> None:
    number = id_number(date(1968, 3, 15), 3, "M")
    assert is_id_number(number, date(2020, 1, 1), is_demo=True)
    assert not is_id_number(number, date(2020, 1, 1), is_demo=False)
    assert not is_id_number(number, date(1968, 3, 14), is_demo=True)
