"""The main job, walked whole: filled without a signal, sent, returned at the desk, corrected, approved."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.fillings import (
    GUARANTEES,
    HOUSEHOLD,
    INCOME,
    MEMBERS,
    PROPOSAL,
    RENT_REASON,
    SIGNED,
    VISIT,
)
from tests.browser.hands import Desk, Phone

COMPARISON = "本次与上年对比(元)"
WAGE = "外出务工工资(元)"


def test_a_check_goes_from_the_phone_to_the_desk_and_back(phone: Phone, desk: Desk, photo: Path) -> None:
    phone.sign_in("cadre01")
    fill_offline(phone, photo)
    restart_offline(phone)
    expect(phone.state_of(HOUSEHOLD)).to_have_text("待发送")

    phone.find_signal()
    phone.sync()
    expect(phone.state_of(HOUSEHOLD)).to_have_text("已送达")

    pass_at_the_village(desk)
    return_at_the_desk(desk)
    phone.sync()
    correct_on_the_phone(phone)
    expect(phone.state_of(HOUSEHOLD)).to_have_text("已修改待审")

    phone.page.get_by_role("link", name=HOUSEHOLD).first.tap()
    expect(phone.page.get_by_text("等待村级初审")).to_be_visible()

    pass_at_the_village(desk)
    approve_at_the_desk(desk)
    phone.sync()
    phone.tab("发件箱")
    phone.page.get_by_role("link", name=HOUSEHOLD).first.tap()
    expect(phone.page.get_by_text("镇级已通过，等待县级审批")).to_be_visible()

    approve_for_the_county(desk)
    phone.sync()
    expect(phone.state_of(HOUSEHOLD)).to_have_text("审核通过")


def fill_offline(phone: Phone, photo: Path) -> None:
    """The worked example, without a signal and with the page reloaded in the middle."""
    phone.lose_signal()
    phone.open_row("低收入户", HOUSEHOLD)
    phone.start("脱贫核查")
    phone.answer_pages(VISIT | MEMBERS | INCOME, until=COMPARISON)
    expect(phone.page.get_by_text("人均纯收入 10,850.00 元")).to_be_visible()
    expect(phone.page.get_by_text("人均纯收入：10,850.00 / ")).to_be_visible()
    phone.page.reload()
    phone.answer_pages({}, until=COMPARISON)
    expect(phone.page.get_by_text("人均纯收入 10,850.00 元")).to_be_visible()
    phone.fill(RENT_REASON | GUARANTEES | {"住房安全有保障：照片": photo} | PROPOSAL | SIGNED)
    phone.submit()


def restart_offline(phone: Phone) -> None:
    phone.page.goto("/app/")
    expect(phone.page.get_by_text("没有网络，可继续填写")).to_be_visible()


def pass_at_the_village(desk: Desk) -> None:
    """The village's secretary reviews first."""
    desk.sign_in("secretary01")
    desk.open_record(f"{HOUSEHOLD} 2016")
    desk.page.get_by_role("button", name="通过", exact=True).click()
    expect(desk.page.locator("h1")).to_contain_text("待镇级审核")


def return_at_the_desk(desk: Desk) -> None:
    desk.sign_in("office01")
    desk.open_record(f"{HOUSEHOLD} 2016")
    expect(desk.answer("人均纯收入(元)")).to_contain_text(re.compile("10,?850"))
    expect(desk.page.locator("img")).not_to_have_count(0)
    desk.comment(WAGE, "请核对工资条")
    desk.page.get_by_label("总体意见").fill("请改好后再报")
    desk.page.get_by_role("button", name="退回").click()
    expect(desk.page.get_by_text("退回修改").first).to_be_visible()


def correct_on_the_phone(phone: Phone) -> None:
    """Today leads to the question with the comment."""
    phone.tab("今日")
    phone.page.get_by_role("button", name=HOUSEHOLD).tap()
    phone.page.get_by_role("button", name="看意见").tap()
    expect(phone.page.get_by_text("请改好后再报")).to_be_visible()
    phone.page.get_by_role("button", name="请核对工资条").tap()
    expect(phone.question(WAGE).get_by_text("请核对工资条")).to_be_visible()
    phone.fill({WAGE: "20600"})
    phone.submit()
    phone.sync()


def approve_at_the_desk(desk: Desk) -> None:
    desk.sign_in("office01")
    desk.open_record(f"{HOUSEHOLD} 2016")
    expect(desk.answer(WAGE)).to_contain_text("20600")
    expect(desk.answer(WAGE)).to_contain_text("21000")
    desk.page.get_by_role("button", name="通过", exact=True).click()
    expect(desk.page.locator("h1")).to_contain_text("待县级审批")


def approve_for_the_county(desk: Desk) -> None:
    desk.sign_in("county01")
    desk.open_record(f"{HOUSEHOLD} 2016")
    desk.page.get_by_role("button", name="通过", exact=True).click()
    expect(desk.page.get_by_text("审核通过").first).to_be_visible()
