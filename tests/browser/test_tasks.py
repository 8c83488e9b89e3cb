"""The office asks, the phone has it offline, the office sees what was done; a contact closes its period."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.hands import Desk, Phone

TASK, MENTEE = "十月走访", "许秀兰"  # one of cadre01's pairings, due at the end of October
LOG = {
    "联系方式": "基地现场",
    "见到了谁": "本人",
    "走访内容": "到虾塘边查看长势，商量秋季销路和明年扩塘",
}


def test_a_task_goes_to_the_phone_and_its_contact_closes_the_period(
    desk: Desk, phone: Phone, photo: Path
) -> None:
    desk.sign_in("office01")
    make_tasks(desk)
    phone.sign_in("cadre01")
    group = phone.page.locator("section", has=phone.page.get_by_text(f"任务：{TASK}（3项）"))
    expect(group.get_by_role("link", name=MENTEE)).to_be_visible()
    expect(phone.page.get_by_text("本期未走访0，共3")).to_be_visible()  # the pairing day was a contact

    phone.lose_signal()
    group.get_by_role("link", name=MENTEE).tap()
    expect(phone.page.locator(".fill-bar")).to_be_visible()
    phone.fill({**LOG, "照片": photo})
    phone.submit()
    phone.tab("今日")
    expect(phone.page.get_by_text(f"任务：{TASK}（2项）")).to_be_visible()

    phone.find_signal()
    phone.sync()
    expect(phone.page.get_by_text(f"任务：{TASK}（2项）")).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_role("row", name=re.compile("草舍")).first).to_contain_text("1 / ")
    see_the_contact(desk)


def make_tasks(desk: Desk) -> None:
    """All pairings of the first village, each for its mentor."""
    page = desk.page
    page.goto("/desk/tasks/new")
    page.locator("select[name=form]").select_option(label="结对走访记录")
    page.locator("input[name=title]").fill(TASK)
    page.locator("input[name=due_on]").fill("2099-10-31")
    page.get_by_role("button", name="查看分配").click()
    page.locator("select[name=village]").select_option(label="草舍")
    page.get_by_role("button", name="查看分配").click()
    expect(page.get_by_text(re.compile("将布置 .* 项任务"))).to_be_visible()
    expect(page.get_by_text("1 项没有人办理")).to_be_visible()  # the enterprise's pairing has no person
    page.get_by_role("button", name="布置", exact=True).click()
    expect(page.get_by_role("heading", name=TASK)).to_be_visible()


def see_the_contact(desk: Desk) -> None:
    desk.page.goto(f"/desk/pairings?q={MENTEE}")
    desk.page.get_by_role("link", name=MENTEE).click()
    row = desk.page.get_by_role("row", name=re.compile(LOG["走访内容"]))
    expect(row).to_contain_text("计入")
    expect(desk.answer("本期截止")).to_contain_text("2016年11月30日")
