"""The desk in a browser: signatures opened large, comments at hand, what changed, exports that arrive."""

import io
import zipfile

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.hands import Desk

CHECKS = "/desk/queue?form=exit_check&state=all&order=oldest"


def open_check(desk: Desk) -> Page:
    desk.sign_in("office01")
    desk.page.goto(CHECKS)
    desk.page.locator("table a[href*='/desk/records/']").first.click()
    desk.page.wait_for_url("**/desk/records/**")
    return desk.page


def test_a_signature_opens_large_and_closes_again(desk: Desk) -> None:
    page = open_check(desk)
    signature = page.locator("a.photo").first
    signature.click()
    large = page.locator("dialog img")
    expect(large).to_be_visible()
    assert large.evaluate("image => image.naturalWidth") > 0
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(signature).to_be_focused()


def test_comments_wait_until_they_are_wanted(desk: Desk) -> None:
    desk.sign_in("office01")
    desk.page.goto("/desk/queue?form=exit_check&state=mine")
    desk.page.locator("table a[href*='/desk/records/']").first.click()
    row = desk.page.locator(".answers tr").filter(has_text="核查年度")
    summary = row.locator("summary")
    expect(summary).to_have_css("opacity", "0")
    row.hover()
    expect(summary).to_have_css("opacity", "1")
    desk.page.mouse.move(0, 0)
    summary.focus()
    expect(summary).to_have_css("opacity", "1")
    desk.page.keyboard.press("Enter")
    expect(row.locator("textarea")).to_be_visible()


def test_only_what_changed_is_shown_on_demand(desk: Desk) -> None:
    page = open_check(desk)
    n_rows = page.locator(".answers tbody tr").count()
    page.get_by_role("switch").click()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    assert 0 < page.locator(".answers tbody tr:visible").count() < n_rows


def test_the_decision_is_one_tap_away_on_a_phone(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.sign_in("office01")
    desk.page.goto("/desk/queue?form=exit_check&state=mine")
    desk.page.locator("table a[href*='/desk/records/']").first.click()
    desk.page.wait_for_url("**/desk/records/**")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
    desk.page.get_by_role("link", name="去审核").click()
    expect(desk.page.get_by_role("button", name="退回")).to_be_in_viewport()


def test_j_and_k_walk_through_the_queue(desk: Desk) -> None:
    desk.sign_in("office01")
    desk.page.goto("/desk/queue?state=all")
    titles = desk.page.locator(".list a.strong")
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    desk.page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    desk.page.locator("input[name=q]").press("j")
    expect(desk.page.locator("input[name=q]")).to_have_value("j")


def test_exports_arrive_as_files(desk: Desk) -> None:
    desk.sign_in("office01")
    desk.page.goto(CHECKS)
    desk.page.get_by_role("link", name="导出").click()
    with desk.page.expect_download() as workbook:
        desk.page.get_by_role("button", name="导出").click()
    assert workbook.value.suggested_filename.startswith("脱贫核查")
    sheets = load_workbook(io.BytesIO(workbook.value.path().read_bytes()))
    assert sheets.sheetnames[:2] == ["脱贫核查", "家庭成员"]
    desk.page.get_by_label("CSV").check()
    with desk.page.expect_download() as tables:
        desk.page.get_by_role("button", name="导出").click()
    assert zipfile.is_zipfile(tables.value.path())
