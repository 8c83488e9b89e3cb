"""Checking in without an app, from a phone-sized browser, at a code that changes."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from server.wall_codes import WallCode, slot_of, write_code
from tests.browser.conftest import PHONE, TOWN, watched_page
from tests.browser.hands import Desk
from tests.serving import Served

PHOTOGRAPH_S = 20  # a minute is as good as twenty seconds: what is older than fifteen is refused


@pytest.fixture(scope="module")
def event_id(browser: Browser, server: Served) -> str:
    """A class that the office made, filled from the list of persons and opened."""
    page = browser.new_context(**TOWN, base_url=f"http://localhost:{server.port}").new_page()
    desk = Desk(page)
    desk.sign_in("office01")
    found = desk.open_event("村干部培训班(演示)")
    page.context.close()
    return found


@pytest.fixture
def stranger(browser: Browser, server: Served) -> Iterator[Page]:
    """Anybody's phone: no app, no account."""
    context: BrowserContext = browser.new_context(**PHONE, **TOWN, base_url=f"http://localhost:{server.port}")
    yield from watched_page(context)


def wall(server: Served, event_id: str, age_s: int = 0) -> str:
    """The address that hung on the wall so long ago."""
    with sqlite3.connect(server.data / "lingyan.sqlite") as connection:
        (key,) = connection.execute("SELECT wall_key FROM event WHERE event_id = ?", (event_id,)).fetchone()
    code = WallCode(event_id, 1, "in", slot_of(datetime.now(UTC) - timedelta(seconds=age_s)))
    return f"/e#{write_code(key, code)}"


def somebody(server: Served, event_id: str, at: int) -> tuple[str, str]:
    """Name and number of one who is expected."""
    query = """SELECT name, phone FROM roster_entry WHERE event_id = ? AND phone <> ''
        ORDER BY attendee_id LIMIT 1 OFFSET ?"""
    with sqlite3.connect(server.data / "lingyan.sqlite") as connection:
        name, phone = connection.execute(query, (event_id, at)).fetchone()
    return name.replace("(演示)", ""), phone[-4:]


def test_checks_in_with_any_browser(stranger: Page, server: Served, event_id: str) -> None:
    name, tail = somebody(server, event_id, 0)
    stranger.goto(wall(server, event_id))
    stranger.get_by_label("姓名").fill(name)
    stranger.get_by_label("手机号后4位").fill(tail)
    stranger.get_by_role("button", name="签到", exact=True).tap()
    expect(stranger.get_by_text("签到成功")).to_be_visible()
    expect(stranger.locator("#done")).to_contain_text(name)
    stranger.reload()
    expect(stranger.get_by_text("签到成功")).to_be_visible()


def test_a_photograph_of_the_code_does_not_work(stranger: Page, server: Served, event_id: str) -> None:
    stranger.goto(wall(server, event_id, PHOTOGRAPH_S))
    expect(stranger.get_by_text("签到码已过期")).to_be_visible()


def test_typing_slowly_works_though_the_code_has_changed(
    stranger: Page, server: Served, event_id: str
) -> None:
    name, tail = somebody(server, event_id, 1)
    stranger.goto(wall(server, event_id, 10))
    stranger.get_by_label("姓名").fill(name)
    time.sleep(8)  # the code itself is refused by now
    stranger.get_by_label("手机号后4位").fill(tail)
    stranger.get_by_role("button", name="签到", exact=True).tap()
    expect(stranger.get_by_text("签到成功")).to_be_visible()


def test_says_when_there_is_no_network(stranger: Page, server: Served, event_id: str) -> None:
    name, tail = somebody(server, event_id, 2)
    stranger.goto(wall(server, event_id))
    stranger.get_by_label("姓名").fill(name)
    stranger.get_by_label("手机号后4位").fill(tail)
    stranger.context.set_offline(True)
    stranger.get_by_role("button", name="签到", exact=True).tap()
    expect(stranger.get_by_text("网络未连接")).to_be_visible()
    stranger.context.set_offline(False)
    stranger.get_by_role("button", name="签到", exact=True).tap()
    expect(stranger.get_by_text("签到成功")).to_be_visible()


def test_speaks_english_and_takes_walk_ins(stranger: Page, server: Served, event_id: str) -> None:
    stranger.goto(wall(server, event_id))
    stranger.get_by_role("button", name="English").tap()
    stranger.get_by_role("button", name="I am not on the list").tap()
    stranger.get_by_label("Name").fill("周来")
    stranger.get_by_label("Why you came").fill("村里临时通知")
    stranger.get_by_role("button", name="Check in", exact=True).tap()
    expect(stranger.get_by_text("You are checked in")).to_be_visible()
