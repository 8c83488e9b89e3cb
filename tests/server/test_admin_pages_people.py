"""Accounts and phones as an administrator keeps them."""

import re

import pytest
from flask import Flask

from server.database import db, write_transaction
from server.models import User, UserRole
from tests.server.admin import OTHER_TOWN, acts, found_other_town, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk
from tests.server.town import EAST, TOWN, WEST, Phone, make_item, put_row, register_answers, sign_in

NEW = {"username": "newcomer", "name": "新来(演示)", "role": "field", "village": EAST, "person": ""}


@pytest.fixture
def admin(town_app: Flask) -> Desk:
    hire(town_app, "admin", "admin")
    return sign_in_at_desk(town_app, "admin")


def user(app: Flask, user_id: str) -> User:
    with app.app_context():
        found = db.session.get_one(User, user_id)
        db.session.expunge(found)
        return found


def password_in(page: str) -> str:
    found = re.search(r'class="password">([^<]+)<', page)
    assert found, page
    return found[1]


def test_lists_everybody_with_phones_and_what_is_unsent(admin: Desk, cadre: Phone, sign_in: SignIn) -> None:
    cadre.sync(device={"device_id": cadre.device_id, "app_version": "7", "n_unsent": 3})
    page = admin.page("/desk/people")
    for words in ("cadre", "office", "帮扶责任人", "未发送 3 条", "2016年10月15日 12:00", "从未"):
        assert words in page
    one = admin.page("/desk/people/u-cadre")
    assert "Test" in one and ">7<" in one


def test_knows_when_somebody_was_here_who_signed_out(admin: Desk, town_app: Flask) -> None:
    assert "从未" in admin.page("/desk/people/u-office")
    sign_in_at_desk(town_app, "office").post("/desk/sign-out")
    assert "最近使用 2016年10月15日 12:00" in admin.page("/desk/people/u-office")


def test_finds_people_by_text_and_role(admin: Desk) -> None:
    page = admin.page("/desk/people?q=west")
    assert "western" in page and "/desk/people/u-cadre" not in page
    page = admin.page("/desk/people?role=auditor")
    assert "/desk/people/u-auditor" in page and "/desk/people/u-cadre" not in page


def test_the_list_of_persons_says_who_signs_in_as_whom(admin: Desk, town_app: Flask, sign_in: SignIn) -> None:
    put_row(town_app, "person", "p-7", "新来(演示)")
    put_row(town_app, "person", "p-8", "别人(演示)")
    admin.post("/desk/people", {**NEW, "person": "p-7"})

    def usernames() -> list[str]:
        persons = sign_in("cadre").rows(sign_in("cadre").sync(), "person")
        return [persons[name].get("username", "") for name in ("p-7", "p-8")]

    assert usernames() == ["newcomer", ""]
    with town_app.app_context():
        user_id = db.session.scalars(db.select(User.user_id).filter_by(username="newcomer")).one()
    admin.post(f"/desk/people/{user_id}", {**NEW, "person": "p-8"})
    assert usernames() == ["", "newcomer"]


def test_adds_somebody_who_can_sign_in_with_the_password_shown_once(admin: Desk, town_app: Flask) -> None:
    page = admin.post("/desk/people", NEW).text
    password = password_in(page)
    answer = town_app.test_client().post(
        "/api/v1/sessions",
        json={"username": "newcomer", "password": password, "device_id": "device-new", "device_name": "T"},
    )
    assert answer.status_code == 201
    (who, user_id, detail), *others = acts(town_app, "add_user")
    assert (who, detail, others) == ("u-admin", {"posts": f"field@{EAST}"}, [])
    assert password not in admin.page(f"/desk/people/{user_id}")


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"username": "cadre"}, 409, "用户名已有人使用"),
        ({"name": " "}, 400, "name"),
        ({"role": "king"}, 400, "role"),
        ({"role": "auditor", "name": ""}, 400, "name"),
    ],
)
def test_refuses_wrong_accounts_and_keeps_what_was_typed(
    admin: Desk, town_app: Flask, change: dict[str, str], status: int, words: str
) -> None:
    answer = admin.post("/desk/people", {**NEW, **change})
    assert answer.status_code == status
    assert words in answer.text and EAST in answer.text
    assert acts(town_app, "add_user") == []


def test_changes_role_and_village_and_says_so_in_the_log(admin: Desk, town_app: Flask, cadre: Phone) -> None:
    scope = cadre.sync()["scope"]
    values = {"name": "cadre", "role": "field", "village": WEST, "person": "p-cadre"}
    assert admin.post("/desk/people/u-cadre", values).status_code == 302
    assert acts(town_app, "change_user") == [("u-admin", "u-cadre", {"posts": f"field@{WEST}"})]
    answer = cadre.sync(have={"forms": {}, "scope": scope})
    assert answer["reset"] is True and cadre.rows(answer, "household") == {}


def test_gives_a_new_password_and_ends_the_old_one(admin: Desk, town_app: Flask, cadre: Phone) -> None:
    password = password_in(admin.post("/desk/people/u-cadre/password").text)
    assert cadre.post(cadre.body()).status_code == 401
    assert sign_in_at_desk(town_app, "cadre", password).page("/desk/queue")
    assert acts(town_app, "reset_password") == [("u-admin", "u-cadre", {})]


def test_disables_and_enables(admin: Desk, town_app: Flask, cadre: Phone) -> None:
    at_desk = sign_in_at_desk(town_app, "cadre")
    admin.post("/desk/people/u-cadre/disabling", {"disabled": "yes"})
    assert at_desk.get("/desk/queue").status_code == 302
    assert cadre.outcomes(make_item("register", register_answers())) == ["held"]
    admin.post("/desk/people/u-cadre/disabling", {"disabled": ""})
    assert sign_in_at_desk(town_app, "cadre").page("/desk/queue")
    assert [row[:2] for row in acts(town_app, "disable_user") + acts(town_app, "enable_user")] == [
        ("u-admin", "u-cadre")
    ] * 2


def test_revokes_a_phone_whose_records_are_then_held(admin: Desk, town_app: Flask, cadre: Phone) -> None:
    other = sign_in(town_app.test_client(), "cadre", "device-2")
    admin.post(f"/desk/devices/{cadre.device_id}/revoking")
    assert cadre.outcomes(make_item("register", register_answers())) == ["held"]
    assert other.outcomes(make_item("register", register_answers())) == ["accepted"]
    assert acts(town_app, "revoke") == [("u-admin", cadre.device_id, {"user": "u-cadre"})]
    assert "已停用 2016年10月15日" in admin.page("/desk/people/u-cadre")
    assert admin.post("/desk/devices/device-9/revoking").status_code == 404


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/desk/people/u-admin/disabling", {"disabled": "yes"}),
        ("/desk/people/u-admin", {"name": "admin", "role": "publisher"}),
    ],
)
def test_keeps_the_last_administrator(
    admin: Desk, town_app: Flask, address: str, values: dict[str, str]
) -> None:
    refused = admin.post(address, values)
    assert refused.status_code == 409 and "最后一位系统管理员" in refused.text
    hire(town_app, "second", "admin")
    assert admin.post(address, values).status_code == 302
    gone = user(town_app, "u-admin")
    assert gone.is_disabled or [row.role for row in gone.posts] == ["publisher"]


def test_keeps_to_the_own_town(admin: Desk, town_app: Flask) -> None:
    found_other_town(town_app)
    other = hire(town_app, "neighbour", "field", OTHER_TOWN, EAST)
    assert "neighbour" not in admin.page("/desk/people")
    before = user(town_app, other).password_digest
    for address in ("", "/password", "/disabling"):
        answer = admin.post(f"/desk/people/{other}{address}", {**NEW, "disabled": "yes"})
        assert answer.status_code == 404
    assert admin.get(f"/desk/people/{other}").status_code == 404
    found = user(town_app, other)
    assert (found.password_digest, found.is_disabled, found.name) == (before, False, "neighbour(演示)")


COUNTY = {"name": "cadre", "role": "county", "village": ""}


def test_gives_neither_the_countys_role_nor_a_password_to_who_has_it(admin: Desk, town_app: Flask) -> None:
    hire(town_app, "reviewer", "county")
    for address, values in (
        ("/desk/people", {**NEW, "role": "county", "village": ""}),
        ("/desk/people/u-cadre", COUNTY),
        ("/desk/people/u-reviewer/password", {}),
    ):
        answer = admin.post(address, values)
        assert answer.status_code == 403 and "县级角色只能由县级人员授予" in answer.text
    assert [row.role for row in user(town_app, "u-cadre").posts] == ["field"]
    assert sign_in_at_desk(town_app, "reviewer").page("/desk/queue")
    assert [acts(town_app, act) for act in ("add_user", "change_user", "reset_password")] == [[], [], []]


def test_offers_the_countys_role_only_where_it_is_held(admin: Desk, town_app: Flask) -> None:
    hire(town_app, "reviewer", "county")
    offer = '<option value="county" selected>'
    assert "county" not in admin.page("/desk/people/u-cadre")
    assert offer in admin.page("/desk/people/u-reviewer")
    values = {"name": "新名(演示)", "role": "county", "village": ""}
    assert admin.post("/desk/people/u-reviewer", values).status_code == 302
    found = user(town_app, "u-reviewer")
    assert (found.name, [row.role for row in found.posts]) == ("新名(演示)", ["county"])


def test_the_county_gives_its_role(admin: Desk, town_app: Flask) -> None:
    with town_app.app_context(), write_transaction() as session:
        session.add(UserRole(town_id=TOWN, user_id="u-admin", role="county", village=""))
    assert admin.post("/desk/people/u-cadre", COUNTY).status_code == 302
    assert [row.role for row in user(town_app, "u-cadre").posts] == ["county"]
    assert password_in(admin.post("/desk/people/u-cadre/password").text)
