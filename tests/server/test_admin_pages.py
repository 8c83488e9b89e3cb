"""Who may open and change what on the pages for publishers and administrators; the log; the first steps."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from server.access import RECORD_ROLES, ROLES
from server.audit import audit
from server.clock import SetClock
from server.database import write_transaction
from server.setup import issue_code
from server.texts import TEXTS
from tests.server.admin import OTHER_TOWN, acts, found_other_town, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import token_in
from tests.server.town import EAST, TOWN, make_item, register_answers

ADMIN, PUBLISHERS = {"admin"}, {"admin", "publisher"}
FORM_READERS = {"admin", "publisher", "town_office", "town_leader"}
IMPORTERS = {"admin", "publisher", "town_office"}
NOBODY: set[str] = set()
ROUTES = [
    ("GET", "/desk/start", ADMIN),
    ("POST", "/desk/start", NOBODY),
    ("GET", "/desk/forms", FORM_READERS),
    ("POST", "/desk/forms", PUBLISHERS),
    ("GET", "/desk/forms/check", FORM_READERS),
    ("POST", "/desk/forms/check/closing", PUBLISHERS),
    ("GET", "/desk/uploads/forms/x", PUBLISHERS),
    ("POST", "/desk/uploads/forms/x", PUBLISHERS),
    ("GET", "/desk/lists", IMPORTERS),
    ("POST", "/desk/lists", IMPORTERS),
    ("GET", "/desk/lists/household/template.csv", IMPORTERS),
    ("GET", "/desk/uploads/lists/x", IMPORTERS),
    ("POST", "/desk/uploads/lists/x", IMPORTERS),
    ("GET", "/desk/people", ADMIN),
    ("POST", "/desk/people", ADMIN),
    ("GET", "/desk/people/imports/template.csv", ADMIN),
    ("POST", "/desk/people/imports", ADMIN),
    ("GET", "/desk/people/imports/x", ADMIN),
    ("POST", "/desk/people/imports/x", ADMIN),
    ("GET", "/desk/people/u-cadre", ADMIN),
    ("POST", "/desk/people/u-cadre", ADMIN),
    ("POST", "/desk/people/u-cadre/password", ADMIN),
    ("POST", "/desk/people/u-cadre/disabling", ADMIN),
    ("GET", "/desk/enrolments", ADMIN),
    ("POST", "/desk/enrolments", ADMIN),
    ("POST", "/desk/enrolments/x/withdrawal", ADMIN),
    ("GET", "/desk/devices", ADMIN),
    ("POST", "/desk/devices/x/revoking", ADMIN),
    ("POST", "/desk/devices/x/allowing", ADMIN),
    ("POST", "/desk/devices/x/wipe", ADMIN),
    ("POST", "/desk/devices/x/wipe-cancelling", ADMIN),
    ("GET", "/desk/audit", {"admin", "auditor"}),
    ("GET", "/desk/queue", RECORD_ROLES),
]
VILLAGE_ROLES = {"field", "village_clerk", "village_head"}


@pytest.mark.parametrize("role", ROLES)
def test_lets_each_role_open_and_change_its_own_pages_only(town_app: Flask, role: str) -> None:
    hire(town_app, "somebody", role, village=EAST if role in VILLAGE_ROLES else "")
    official = sign_in_at_desk(town_app, "somebody")
    for method, address, allowed in ROUTES:
        answer = official.get(address) if method == "GET" else official.post(address)
        if method == "POST" and address == "/desk/start":
            assert answer.status_code == 405
        else:
            assert (answer.status_code == 403) == (role not in allowed), (method, address, answer.status_code)


@pytest.mark.parametrize("role", ["admin", "publisher"])
def test_shows_them_no_record(town_app: Flask, role: str, sign_in: SignIn) -> None:
    item = make_item("register", register_answers())
    sign_in("cadre").sync(item)
    hire(town_app, "somebody", role)
    official = sign_in_at_desk(town_app, "somebody")
    assert official.get(f"/desk/records/{item['instance_id']}").status_code == 403
    for address in ("/desk/forms", "/desk/forms/register", "/desk/lists"):
        page = official.page(address)
        assert "周建国" not in page and "/desk/queue" not in page


def test_takes_no_post_without_the_pages_token(town_app: Flask) -> None:
    hire(town_app, "admin", "admin")
    official = sign_in_at_desk(town_app, "admin")
    official.csrf = "guessed"
    for method, address, _ in ROUTES:
        if method == "POST" and address != "/desk/start":
            assert official.post(address).status_code == 403, address
    assert acts(town_app, "reset_password") == []


def test_sends_strangers_to_the_sign_in_page(town_app: Flask) -> None:
    client = town_app.test_client()
    for method, address, _ in ROUTES:
        if address != "/desk/start" or method == "GET":
            answer = client.open(address, method=method)
            assert answer.status_code == 302 and "/desk/sign-in" in answer.location


SERVER = Path(__file__).parents[2] / "server"
REASONS = {"reason", "comment"}  # told without a word before them


def words_in(argument: ast.expr) -> list[ast.Constant]:
    """The literals an act may be; of `f"pair_{state}"` only who writes it knows."""
    sides = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return [side for side in sides if isinstance(side, ast.Constant)]


class TestAudit:
    """The log's page."""

    def look(self, app: Flask) -> None:
        with app.app_context(), write_transaction():
            audit(TOWN, "u-office", "reveal", "submission", "r-1", reason="核对某户账号")
            audit(TOWN, "u-office", "close", "form", "check")

    def test_tells_inspectors_who_looked_at_what_and_why(self, town_app: Flask) -> None:
        self.look(town_app)
        page = sign_in_at_desk(town_app, "auditor").page("/desk/audit?action=reveal")
        assert "核对某户账号" in page and "/desk/records/r-1" in page and "office" in page
        assert page.count("<tr>") == 2

    def test_tells_administrators_of_households_only_that_it_was_done(self, town_app: Flask) -> None:
        self.look(town_app)
        hire(town_app, "admin", "admin")
        page = sign_in_at_desk(town_app, "admin").page("/desk/audit")
        assert "查看遮盖内容" in page and "停用表单" in page and "check" in page
        assert "核对某户账号" not in page and "r-1" not in page

    def test_filters_by_person_act_and_day_newest_first(self, town_app: Flask, clock: SetClock) -> None:
        self.look(town_app)
        clock.advance(days=1)
        self.look(town_app)
        auditor = sign_in_at_desk(town_app, "auditor")
        both = auditor.page("/desk/audit?person=u-office&action=close")
        assert both.index("2016年10月16日") < both.index("2016年10月15日")
        one = auditor.page("/desk/audit?person=u-office&day=2016-10-15")
        assert "2016年10月16日" not in one
        assert one.count("<tr>") == 3
        assert auditor.page("/desk/audit?person=u-cadre").count("<tr>") == 0
        assert auditor.page("/desk/audit?person=u-office&day=nonsense").count("<tr>") == 5

    def test_has_words_for_every_act_and_detail(self) -> None:
        acts, details = set[str](), set[str]()
        for path in SERVER.rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit":
                    details |= {word.arg for word in call.keywords if word.arg}
                    acts |= {part.value for part in words_in(call.args[2])}
        assert len(acts) > 15
        missing = {f"act_{act}" for act in acts} | {f"detail_{name}" for name in details - REASONS}
        assert missing - TEXTS.keys() == set()

    def test_tells_what_an_export_held(self, town_app: Flask) -> None:
        with town_app.app_context(), write_transaction():
            filters = {"state": "open", "q": "<b>"}
            audit(TOWN, "u-office", "export", "form", "check", n_records=0, is_open=True, filters=filters)
        page = sign_in_at_desk(town_app, "auditor").page("/desk/audit?action=export")
        assert "记录数 0 · 含敏感内容 · 筛选 open &lt;b&gt;" in page

    def test_pages_through_the_log(self, town_app: Flask) -> None:
        for _ in range(26):
            self.look(town_app)
        auditor = sign_in_at_desk(town_app, "auditor")
        assert auditor.page("/desk/audit?person=u-office").count("<tr>") == 51
        assert auditor.page("/desk/audit?person=u-office&page=2").count("<tr>") == 3
        assert auditor.page("/desk/audit?person=u-office&page=99").count("<tr>") == 3

    def test_keeps_to_the_own_town(self, town_app: Flask) -> None:
        self.look(town_app)
        found_other_town(town_app)
        hire(town_app, "inspector", "auditor", OTHER_TOWN)
        assert "核对某户账号" not in sign_in_at_desk(town_app, "inspector").page("/desk/audit")


def test_the_first_administrator_lands_on_the_next_steps(app: Flask) -> None:
    client = app.test_client()
    values = {
        "csrf": token_in(client.get("/desk/setup").text),
        "code": issue_code(app.config["DATA"]),
        "town_name": "新镇(演示)",
        "name": "管理员",
        "username": "admin",
        "password": "correct horse",
    }
    answer = client.post("/desk/setup", data=values)
    page = client.get(answer.location).text
    for address in ("/desk/lists", "/desk/forms", "/desk/people"):
        assert f'href="{address}' in page
    assert "已完成" not in page
    assert client.get("/desk/").location == answer.location == "/desk/start"


def test_the_steps_say_what_is_done(town_app: Flask) -> None:
    hire(town_app, "admin", "admin")
    page = sign_in_at_desk(town_app, "admin").page("/desk/start")
    assert page.count("已完成") == 2  # forms and people; there is no list of villages
