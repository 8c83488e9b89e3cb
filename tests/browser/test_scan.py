"""Cards from the desk's printer to the phone's camera, with the network gone, and to a stranger's browser."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.cameras import film, flags
from tests.browser.conftest import DESK, FLAGS, PHONE, TOWN, find_chromium, watched_page
from tests.browser.hands import Desk, Phone
from tests.serving import Served

RESULT = ".scan-result"
SHORT = 8  # digits of the number under a code


def print_first(page: Page, purpose: str) -> tuple[Locator, str]:
    """Print the first card of the kind: its code, and the number under it."""
    page.goto(f"/desk/cards?purpose={purpose}")
    page.locator("input[name=row]").first.check()
    page.locator("button[value=print]").click()
    sheet = page.locator(".sheet")
    expect(sheet).to_have_count(1)
    number = sheet.inner_text().split("卡号 ")[1][:SHORT]
    return sheet.locator("img"), number


@pytest.fixture(scope="module")
def printer(browser: Browser, server: Served) -> Iterator[Page]:
    """The town office's desk."""
    context = browser.new_context(**DESK, **TOWN, base_url=f"http://localhost:{server.port}")
    for page in watched_page(context):
        Desk(page).sign_in("office01")
        yield page


@contextmanager
def phone_seeing(
    browser: Browser, server: Served, seen: Path | None, username: str = "cadre01"
) -> Iterator[Page]:
    """A phone whose camera sees a film; it has none without one. Without a name nobody signs in on it."""
    launched = browser.browser_type.launch(
        executable_path=find_chromium(), args=[*FLAGS, *(flags(seen) if seen else [])]
    )
    context = launched.new_context(**PHONE, **TOWN, base_url=f"http://localhost:{server.port}")
    for page in watched_page(context):
        if username:
            Phone(page).sign_in(username)
        else:
            page.goto("/app/#/scan")
        yield page
    launched.close()


def open_scanner(page: Page) -> None:
    page.locator("nav.tabs").get_by_text("扫码").tap()


def test_a_door_card_opens_its_household_without_a_network(
    browser: Browser, server: Served, printer: Page, tmp_path: Path
) -> None:
    code, _ = print_first(printer, "door")
    householder = printer.locator("td.who").inner_text()
    with phone_seeing(browser, server, film(code, tmp_path / "door.y4m")) as page:
        page.context.set_offline(True)
        open_scanner(page)
        expect(page.locator(RESULT)).to_contain_text("有效")
        expect(page.locator("h1.bar-title")).to_have_text(householder)
        expect(page.locator("a[href^='#/new/exit_check/']")).to_be_visible()


def test_a_badge_shows_whose_it_is(browser: Browser, server: Served, printer: Page, tmp_path: Path) -> None:
    code, _ = print_first(printer, "badge")
    name = printer.locator("article h2").inner_text()
    with phone_seeing(browser, server, film(code, tmp_path / "badge.y4m")) as page:
        open_scanner(page)
        expect(page.locator(RESULT)).to_contain_text(name)
        page.get_by_text("继续扫码").click()
        expect(page.locator(RESULT)).to_contain_text(name)


def test_an_organiser_scans_one_badge_after_the_other_without_a_network(
    browser: Browser, server: Served, printer: Page, tmp_path: Path
) -> None:
    with sqlite3.connect(server.data / "lingyan.sqlite") as connection:
        (organiser,) = connection.execute("SELECT person FROM user WHERE username = 'cadre01'").fetchone()
    event_id = Desk(printer).open_event("集中轮训班(演示)", organiser)
    printer.goto("/desk/cards?purpose=badge")
    for row in (1, 2):
        printer.locator("input[name=row]").nth(row).check()
    printer.locator("button[value=print]").click()
    names = printer.locator("article h2").all_inner_texts()
    seen = film(printer.locator("article img"), tmp_path / "badges.y4m", n_frames=20)
    with phone_seeing(browser, server, seen) as page:
        own = page.locator("a.cell", has_text="集中轮训班")
        expect(own).to_be_visible()
        page.context.set_offline(True)
        own.tap()
        page.get_by_role("button", name="扫胸卡").tap()
        said = page.locator(".event-said")
        for name in names:
            expect(said).to_contain_text(name)
        expect(page.locator(".scan").get_by_text("已到 2 人")).to_be_visible()
        expect(said).to_contain_text("无需重复")
        page.keyboard.press("Escape")
        page.context.set_offline(False)
        Phone(page).sync()
    with sqlite3.connect(server.data / "lingyan.sqlite") as connection:
        query = """SELECT r.name, c.way FROM check_in c JOIN roster_entry r USING (event_id, attendee_id)
            WHERE c.event_id = ? AND c.state = 'valid'"""
        assert sorted(connection.execute(query, (event_id,))) == sorted((name, "badge") for name in names)


def test_without_a_camera_a_picture_or_the_number_does(
    browser: Browser, server: Served, printer: Page, tmp_path: Path, photo: Path
) -> None:
    code, number = print_first(printer, "door")
    picture = tmp_path / "code.png"
    code.screenshot(path=picture)
    householder = printer.locator("td.who").inner_text()
    with phone_seeing(browser, server, None) as page:
        page.context.set_offline(True)
        open_scanner(page)
        expect(page.locator(".scan-message")).to_be_visible()
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.get_by_role("alert").filter(has_text="没有找到二维码")).to_be_visible()
        page.locator("input[type=file]").set_input_files(picture)
        expect(page.locator("h1.bar-title")).to_have_text(householder)
        open_scanner(page)
        page.get_by_role("button", name="输入卡号").tap()
        page.locator("dialog input").fill("00000000")
        page.locator("dialog").get_by_role("button", name="查找").tap()
        expect(page.locator("dialog").get_by_text("本机没有这个号码")).to_be_visible()
        page.locator("dialog input").fill(number)
        page.keyboard.press("Enter")
        page.locator("dialog a.cell").click()
        expect(page.locator("h1.bar-title")).to_have_text(householder)


def test_a_card_that_was_taken_back_is_refused(
    browser: Browser, server: Served, printer: Page, tmp_path: Path
) -> None:
    code, _ = print_first(printer, "door")
    seen = film(code, tmp_path / "old.y4m")
    printer.on("dialog", lambda dialog: dialog.accept())
    printer.goto("/desk/cards")
    printer.locator("input[name=row]").first.check()
    printer.locator("button[value=revoke]").click()
    expect(printer.locator(".notice.good")).to_be_visible()
    with phone_seeing(browser, server, seen) as page:
        open_scanner(page)
        expect(page.locator(f"{RESULT}.is-bad")).to_contain_text("已作废")


def test_a_stranger_reads_the_contacts_only(
    browser: Browser, server: Served, printer: Page, tmp_path: Path
) -> None:
    code, _ = print_first(printer, "door")
    householder = printer.locator("td.who").inner_text()
    mentor = printer.locator("tr", has_text="帮扶责任人").last.locator("b").inner_text()
    with phone_seeing(browser, server, film(code, tmp_path / "stranger.y4m"), username="") as page:
        expect(page.locator("#mentors")).to_contain_text(mentor)
        expect(page.locator("#mentors a[href^='tel:']")).to_be_visible()
        assert householder not in page.content()
        assert page.url.split("#")[0].endswith("/d")


def test_what_is_no_code_is_refused_in_public(phone_page: Page) -> None:
    phone_page.goto("/d#nonsense")
    expect(phone_page.get_by_role("alert")).to_contain_text("这个码无效")
    phone_page.goto("/b")
    expect(phone_page.get_by_text("请把胸牌出示给活动组织者")).to_be_visible()
    phone_page.get_by_role("button", name="English").tap()
    expect(phone_page.get_by_text("Please show this badge to the organiser")).to_be_visible()
