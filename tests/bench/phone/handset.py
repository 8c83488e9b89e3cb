"""A phone for measuring: Chromium at 390x844 with a CPU six times slower, and fingers that take the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.bench.memory import read_private
from tests.browser.conftest import FLAGS, PHONE, TOWN, find_chromium

SLOWDOWN = 6
SCRIPT = Path(__file__).with_name("page.js")
Event = Literal["click", "input", "blur"]
Place = dict[str, float]


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


def open_phone(browser: Browser, port: int) -> BrowserContext:
    context = browser.new_context(**PHONE, **TOWN, base_url=f"http://localhost:{port}")
    context.add_init_script(path=SCRIPT)
    context.set_default_timeout(60_000)
    return context


class Handset:
    """One page of the app at a sixth of the speed; every time in milliseconds."""

    def __init__(self, context: BrowserContext, slowdown: int = SLOWDOWN) -> None:
        self.page: Page = context.new_page()
        self.cdp: CDPSession = context.new_cdp_session(self.page)
        self.slow(slowdown)

    def slow(self, times: int) -> None:
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def stop_workers(self) -> None:
        """Stop the service worker, so that the next start has to start it too."""
        stopped: list[str] = []
        self.cdp.on(
            "ServiceWorker.workerVersionUpdated",
            lambda event: stopped.extend(version["runningStatus"] for version in event["versions"]),
        )
        self.cdp.send("ServiceWorker.enable")
        self.cdp.send("ServiceWorker.stopAllWorkers")
        while not stopped or stopped[-1] != "stopped":
            self.page.wait_for_timeout(50)

    def close(self) -> None:
        self.page.close()

    def go(self, address: str) -> None:
        self.page.goto(f"/app/#/{address}")

    def tap(self, selector: str) -> float:
        """Tap what the selector finds; from the click to the second frame."""
        place = self.page.evaluate("bench.placeOf", selector)
        if place is None:
            raise RuntimeError(f"nothing to tap at {selector}")
        return self.tap_at(place)

    def tap_at(self, place: Place) -> float:
        return self.time("click", lambda: self.page.touchscreen.tap(place["x"], place["y"]))

    def time(self, event: Event, act: Callable[[], Any]) -> float:
        self.page.evaluate("bench.arm", event)
        act()
        return float(self.page.evaluate("bench.settled"))

    def wait_until_quiet(self, selector: str) -> None:
        self.page.evaluate("selector => { bench.expect(selector); return bench.expected; }", selector)

    def open(self, selector: str, until: str) -> float:
        """Tap, then wait; from the click until the new thing is seen and the page has fallen quiet."""
        place = self.page.evaluate("bench.placeOf", selector)
        self.page.evaluate("bench.expect", until)
        self.tap_at(place)
        return float(self.page.evaluate("bench.expected"))

    def count_heap(self) -> float:
        """Megabytes of JavaScript objects that are really held."""
        self.cdp.send("HeapProfiler.collectGarbage")
        self.cdp.send("HeapProfiler.collectGarbage")
        return float(self.page.evaluate("performance.memory.usedJSHeapSize")) / 1e6


def count_memory(browser: Browser) -> float:
    """Private megabytes of the largest renderer of pages: the one under measurement, when it is alone."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [process["id"] for process in found if process["type"] == "renderer"]
    return max(read_private(pid) for pid in renderers if not is_of_browser(pid)) / 1024


def is_of_browser(pid: int) -> bool:
    """Whether a renderer draws the browser's own window, which takes more than a page of ours."""
    return b"--top-chrome-webui" in Path(f"/proc/{pid}/cmdline").read_bytes()
