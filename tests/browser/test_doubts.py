"""What a machine can't decide: at the desk somebody does, and the phone's outbox says what was decided."""

import sqlite3
from contextlib import closing
from typing import Any

import orjson
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import Answers, Desk, Phone
from tests.browser.test_records import CALL, start_visit
from tests.server.town import PASSWORD, content_digest
from tests.serving import Served

REASON = "同一次走访填了两份"


def test_one_of_two_same_visits_is_set_aside_and_restored(phone: Phone, desk: Desk) -> None:
    phone.sign_in("cadre01")
    firm = visit(phone, at=0)
    visit(phone, at=0)
    phone.sync()

    open_doubt(desk, "duplicate", "内容相同，编号不同")
    expect(desk.page.get_by_text("回答完全相同")).to_be_visible()
    press(desk, "保留先收到的")
    expect(desk.page.get_by_text("保留一条")).to_be_visible()
    phone.sync()
    expect(phone.state_of(firm)).to_have_text("重复，未采用")
    phone.page.get_by_role("link", name=firm).first.tap()
    expect(phone.page.get_by_text(REASON)).to_be_visible()

    press(desk, "撤销处理")
    expect(desk.page.get_by_role("button", name="两条都保留")).to_be_visible()
    phone.page.goto("/app/")
    phone.sync()
    expect(phone.state_of(firm)).to_have_text("已送达")


def test_other_content_under_a_known_id_becomes_a_version(phone: Phone, desk: Desk, server: Served) -> None:
    phone.sign_in("cadre01")
    firm = visit(phone, at=1, answers={"受访人": "顾桂兰"})
    phone.sync()
    assert send_changed(desk.page, server, "顾桂兰", "顾桂芳") == "conflict"

    open_doubt(desk, "conflict", firm)
    row = desk.row("受访人 不同")
    expect(row.get_by_role("cell")).to_have_text(["顾桂兰", "顾桂芳"])
    desk.page.get_by_role("link", name="只看不同").click()
    expect(desk.page.locator("table.sides tbody tr")).to_have_count(1)
    press(desk, "采用这份，作为新版本")
    desk.page.get_by_role("link", name="看记录").click()
    expect(desk.page.get_by_text("第 2 版")).to_be_visible()
    expect(desk.page.get_by_text("顾桂芳").first).to_be_visible()


def test_held_records_are_taken_in_or_dismissed(phone: Phone, desk: Desk, server: Served) -> None:
    phone.sign_in("cadre01")
    phone.lose_signal()
    taken, dismissed = visit(phone, at=2), visit(phone, at=3)
    set_closed(server, True)
    phone.find_signal()
    phone.sync()
    set_closed(server, False)
    for firm in (taken, dismissed):
        expect(phone.state_of(firm)).to_have_text("已由办公室接收")

    open_doubt(desk, "held", "表单 企业走访 已停用", at=1)
    press(desk, "收下")
    expect(desk.page.get_by_text("已收下").first).to_be_visible()
    open_doubt(desk, "held", "表单 企业走访 已停用")
    press(desk, "不采用")
    expect(desk.page.get_by_text("未采用").first).to_be_visible()

    phone.sync()
    expect(phone.state_of(taken)).to_have_text("已送达")
    expect(phone.state_of(dismissed)).to_have_text("办公室未采用")
    phone.page.get_by_role("link", name=dismissed).first.tap()
    expect(phone.page.get_by_text(REASON)).to_be_visible()


def visit(phone: Phone, at: int, answers: Answers | None = None) -> str:
    """Fill a visit to one of the village's firms; its name."""
    firm = start_visit(phone, at)
    phone.fill(CALL | (answers or {}))
    phone.submit()
    return firm


def open_doubt(desk: Desk, kind: str, words: str, at: int = 0) -> None:
    """Open a line of the list, newest first, that has these words."""
    if desk.page.url == "about:blank":
        desk.sign_in("office01")
    desk.page.goto(f"/desk/doubts?kind={kind}")
    line: Locator = desk.page.locator("tbody tr").filter(has_text=words).nth(at)
    line.get_by_role("link").click()
    desk.page.wait_for_url("**/desk/doubts/*/**")


def press(desk: Desk, button: str) -> None:
    """Decide, with a reason, and say yes where the page asks again."""
    desk.page.once("dialog", lambda dialog: dialog.accept())
    desk.page.locator("textarea[name=reason]").fill(REASON)
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name=button, exact=True).click()


def send_changed(page: Page, server: Served, old: str, new: str) -> str:
    """Send a stored record's text again, changed, as another phone with its backup would; the outcome."""
    with closing(sqlite3.connect(server.data / "lingyan.sqlite")) as database:
        query = "SELECT payload FROM submission_version WHERE payload LIKE ?"
        (text,) = database.execute(query, (f"%{old}%",)).fetchone()
    payload = orjson.loads(text)
    item = {name: payload[name] for name in ("instance_id", "form_id", "version")}
    device = {"device_id": "5f1d1b52-34f4-4a45-8f8f-0b8a7a2f9c11", "app_version": "1", "n_unsent": 0}
    who = {"username": "cadre01", "password": PASSWORD, "device_id": device["device_id"], "device_name": "二"}
    token = page.request.post("/api/v1/sessions", data=who).json()["token"]
    body: dict[str, Any] = {
        "device": device,
        "epoch": "",
        "cursor": 0,
        "items": [{**item, "payload": text.replace(old, new), "files": []}],
        "have": {"forms": {}},
    }
    raw = orjson.dumps(body)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Digest": content_digest(raw),
    }
    answer = page.request.post("/api/v1/sync", data=raw, headers=headers).json()
    return str(answer["outcomes"][0]["outcome"])


def set_closed(server: Served, is_closed: bool) -> None:
    """Close the form, or open it again, behind the phone's back."""
    with closing(sqlite3.connect(server.data / "lingyan.sqlite")) as database, database:
        database.execute("UPDATE form SET is_closed = ? WHERE form_id = 'enterprise_visit'", (is_closed,))
