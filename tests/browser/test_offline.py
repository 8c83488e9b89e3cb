"""Days without a signal: register and check at once, the rules that stop or flag, two families kept apart."""

import re

from playwright.sync_api import expect

from tests.browser.fillings import (
    BABY,
    GUARANTEES,
    HOUSEHOLD,
    INCOME,
    MEMBERS,
    NEWCOMER,
    PROPOSAL,
    REGISTRATION,
    RENT_REASON,
    SIGNED,
    VISIT,
)
from tests.browser.hands import Answers, Desk, Phone

CROPS: Answers = {"种植收入(元)": "9000", "种子化肥农药支出(元)": "2000"}
FIFTH = "家庭成员 第 5 项"
NEAR_THE_LINE: Answers = {"收入不稳定(临界或主要靠转移性收入)，请说明原因": "今年添了孩子，明年恢复务工"}
COMPARISON = "本次与上年对比(元)"
CONCLUSION = "核查结论"


def test_a_household_registered_offline_is_checked_before_anything_was_sent(phone: Phone) -> None:
    phone.sign_in("cadre01")
    phone.lose_signal()
    phone.tab("今日")
    phone.start("建档立卡户登记")
    phone.fill(REGISTRATION)
    phone.submit()

    phone.open_row("低收入户", NEWCOMER)
    expect(phone.page.get_by_text(re.compile("^本机新增，未送达"))).to_be_visible()
    phone.start("脱贫核查")
    phone.fill(VISIT | {"受访人姓名": NEWCOMER, NEWCOMER: {}, **CROPS} | GUARANTEES | PROPOSAL | SIGNED)
    phone.submit()
    phone.find_signal()
    phone.sync()
    expect(phone.state_of(f"{NEWCOMER} 2016")).to_have_text("已送达")
    phone.tab("查找")
    expect(phone.page.get_by_role("link", name=NEWCOMER)).to_contain_text(re.compile("320981100901\\d{4}"))


def test_an_income_below_the_line_stops_the_proposal(phone: Phone) -> None:
    open_check(phone, HOUSEHOLD)
    phone.answer_pages(VISIT | MEMBERS | INCOME | {"外出务工工资(元)": "0"}, until=COMPARISON)
    expect(phone.page.get_by_text("人均纯收入 5,600.00 元")).to_be_visible()
    phone.answer_pages(RENT_REASON | GUARANTEES, until=CONCLUSION)
    phone.answer("核查结论", "建议脱贫")
    expect(phone.question("核查结论").get_by_text("人均纯收入未达标，不能建议脱贫")).to_be_visible()
    phone.fill(SIGNED)
    expect(phone.page.get_by_role("button", name=re.compile("核查结论.*不能建议脱贫"))).to_be_visible()
    expect(phone.page.get_by_role("button", name="提交", exact=True)).to_have_count(0)


def test_an_answer_given_just_before_the_page_closes_is_kept(phone: Phone) -> None:
    open_check(phone, HOUSEHOLD)
    phone.turn()
    name = phone.question("受访人姓名").locator("input")
    name.fill(HOUSEHOLD)
    phone.page.reload()
    expect(name).to_have_value(HOUSEHOLD)


def test_the_names_of_another_family_appear_nowhere(phone: Phone) -> None:
    open_check(phone, HOUSEHOLD)
    phone.answer_pages(VISIT, until="家庭核对")
    phone.page.goto("/app/")
    phone.open_row("低收入户", "苏桂英")
    phone.start("脱贫核查")
    for _ in range(4):
        text = phone.page.locator("main").inner_text()
        assert not any(name in text for name in MEMBERS)
        phone.turn()


def open_check(phone: Phone, household: str) -> None:
    phone.sign_in("cadre01")
    phone.lose_signal()
    phone.open_row("低收入户", household)
    phone.start("脱贫核查")


def test_a_newborn_brings_the_family_close_to_the_line_and_the_office_sees_it(
    phone: Phone, desk: Desk
) -> None:
    open_check(phone, HOUSEHOLD)
    phone.answer_pages(VISIT | {"新增家庭成员(人)": "1"} | MEMBERS | {FIFTH: BABY}, until="家庭核对")
    phone.answer_pages(INCOME | {"外出务工工资(元)": "9000"}, until=COMPARISON)
    expect(phone.page.get_by_text("人均纯收入 6,280.00 元")).to_be_visible()
    phone.fill(RENT_REASON | GUARANTEES | NEAR_THE_LINE | PROPOSAL | SIGNED)
    phone.submit()
    phone.find_signal()
    phone.sync()
    desk.sign_in("office01")
    desk.open_record(f"{HOUSEHOLD} 2016")
    expect(desk.page.locator(".summary")).to_contain_text("收入临界或主要靠转移性收入，请复核")
    expect(desk.page.locator(".summary")).to_contain_text("R37")
