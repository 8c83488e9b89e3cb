"""The main job, walked whole: filled without a signal, sent, returned at the desk, corrected, approved."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Answers, Desk, Phone

NOW = "2016-10-15T09:00:00+08:00"  # the day the demo town stands at
HOUSEHOLD = "任巧云"
# The worked example of domain.md section 2.4, for a household of four.
MEMBERS: Answers = {name: {"健康状况": "健康"} for name in ("任佳怡", "任巧云", "赵兆林", "任欣怡")}
INCOME: Answers = {
    "本地务工工资(元)": "9600",
    "外出务工工资(元)": "21000",
    "种植收入(元)": "5200",
    "养殖(水产)收入(元)": "8000",
    "种子化肥农药支出(元)": "1900",
    "饲料苗种支出(元)": "4300",
    "土地流转租金(元)": "1600",
    "养老金(元)": "3720",
    "种粮补贴(元)": "480",
    "报销医疗费(元)": "6000",
}
VISIT: Answers = {
    "核查人一": "邓长根",
    "核查人二": "吴宏兵",
    "受访人": "户主",
    "受访人姓名": HOUSEHOLD,
}
LIVING: Answers = {
    "不愁吃": "达标",
    "不愁穿": "达标",
    "饮水安全": "达标",
    "通生活用电情况": "达标",
    "义务教育有保障": "达标",
    "基本医疗有保障": "达标",
    "住房安全有保障": "达标",
    "户主认可": "达标",
}
REASONS: Answers = {"有土地流转但无租金(或相反),请说明原因": "地租由亲戚代付"}
SIGNED: Answers = {"户主签字": "", "核查人一签字": "", "核查人二签字": ""}


@pytest.fixture
def phone(phone_page: Page) -> Phone:
    phone_page.clock.install(time=NOW)
    return Phone(phone_page)


@pytest.fixture
def desk(desk_page: Page) -> Desk:
    return Desk(desk_page)


def test_a_check_goes_from_the_phone_to_the_desk_and_back(phone: Phone, desk: Desk, photo: Path) -> None:
    phone.sign_in("cadre01")
    fill_offline(phone, photo)
    reload_offline(phone)
    expect(phone.state_of(HOUSEHOLD)).to_have_text("待发送")

    phone.find_signal()
    phone.sync()
    expect(phone.state_of(HOUSEHOLD)).to_have_text("已送达")

    return_at_the_desk(desk)
    phone.sync()
    correct_on_the_phone(phone)
    expect(phone.state_of(HOUSEHOLD)).to_have_text("已修改待审")

    approve_at_the_desk(desk)
    phone.sync()
    expect(phone.state_of(HOUSEHOLD)).to_have_text("审核通过")


def fill_offline(phone: Phone, photo: Path) -> None:
    """The worked example, without a signal and with the tab closed in the middle."""
    phone.lose_signal()
    phone.open_row("低收入户", HOUSEHOLD)
    phone.start("脱贫核查")
    phone.answer_pages(VISIT | MEMBERS | INCOME, until="本次与上年对比(元)")
    expect(phone.page.get_by_text("人均纯收入 10,850.00 元")).to_be_visible()
    expect(phone.page.get_by_text("人均纯收入:10,850.00 / ")).to_be_visible()
    phone.page.reload()
    expect(phone.page.get_by_text("人均纯收入 10,850.00 元")).to_be_visible()
    phone.fill(REASONS | LIVING | {"住房安全有保障:照片": photo, "核查结论": "建议脱贫"} | SIGNED)
    phone.submit()


def reload_offline(phone: Phone) -> None:
    phone.page.goto("/app/")
    expect(phone.page.get_by_text("没有网络，可继续填写")).to_be_visible()


def return_at_the_desk(desk: Desk) -> None:
    desk.sign_in("office01")
    desk.open_record(f"{HOUSEHOLD} 2016")
    page = desk.page
    expect(desk.answer("人均纯收入(元)")).to_contain_text(re.compile("10,?850"))
    expect(page.locator("img")).not_to_have_count(0)
    desk.comment("外出务工工资(元)", "请核对工资条")
    page.get_by_label("总体意见").fill("请改好后再报")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_text("退回修改").first).to_be_visible()


def correct_on_the_phone(phone: Phone) -> None:
    phone.tab("今日")
    phone.page.get_by_role("button", name=HOUSEHOLD).tap()
    expect(phone.page.get_by_text("请改好后再报")).to_be_visible()
    expect(phone.question("外出务工工资(元)").get_by_text("请核对工资条")).to_be_visible()
    phone.fill({"外出务工工资(元)": "20600"})
    phone.submit()
    phone.sync()


def approve_at_the_desk(desk: Desk) -> None:
    desk.open_record(f"{HOUSEHOLD} 2016")
    expect(desk.answer("外出务工工资(元)")).to_contain_text("20600")
    expect(desk.answer("外出务工工资(元)")).to_contain_text("21000")
    desk.page.get_by_role("button", name="通过", exact=True).click()
    expect(desk.page.get_by_text("审核通过").first).to_be_visible()
