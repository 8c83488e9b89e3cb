"""A real Chromium against a real server that holds the demo town; each test file gets a fresh copy of it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from server.demo.pictures import draw
from tests.browser.fillings import NOW
from tests.browser.hands import Desk, Phone
from tests.serving import Served, serve

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/114.0 Mobile Safari/537.36",
}
DESK = {"viewport": {"width": 1280, "height": 900}}
PATIENCE_MS = 20_000  # slow machines, busy with something else
TOWN = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str | None:
    """Its path; None leaves it to Playwright, whose own may be installed."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def server(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("server") / "instance"
    shutil.copytree(demo_instance, data)
    with serve(data) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def phone_page(browser: Browser, server: Served) -> Iterator[Page]:
    """A phone of 390 by 844 with touch; `page.context.set_offline(True)` takes its signal away."""
    context = browser.new_context(**PHONE, **TOWN, base_url=f"http://localhost:{server.port}")
    yield from watched_page(context)


@pytest.fixture
def desk_page(browser: Browser, server: Served) -> Iterator[Page]:
    """The supervisor's screen, 1280 wide."""
    context = browser.new_context(**DESK, **TOWN, base_url=f"http://localhost:{server.port}")
    yield from watched_page(context)


@pytest.fixture
def phone(phone_page: Page) -> Phone:
    """A cadre's phone on the day the demo town stands at."""
    phone_page.clock.install(time=NOW)
    return Phone(phone_page)


@pytest.fixture
def new_phone(browser: Browser, server: Served) -> Iterator[Phone]:
    """Another phone, on which nobody has ever signed in."""
    context = browser.new_context(**PHONE, **TOWN, base_url=f"http://localhost:{server.port}")
    for page in watched_page(context):
        page.clock.install(time=NOW)
        yield Phone(page)


@pytest.fixture
def desk(desk_page: Page) -> Desk:
    return Desk(desk_page)


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture as the phone's camera app would hand it over."""
    path = tmp_path_factory.mktemp("camera") / "IMG_0001.png"
    path.write_bytes(draw("house", "a house"))
    return path


def watched_page(context: BrowserContext) -> Iterator[Page]:
    """A page whose uncaught errors and refusals by the content policy fail the test at its end."""
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if is_refusal(message.text) else None)
    yield page
    context.close()
    assert faults == []


def is_refusal(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text
