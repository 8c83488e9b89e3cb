"""The phone's budgets: F02 opened and filled, Find searched, the app started cold without a network.

Medians of seven runs in a Chromium whose CPU is slowed six times. A tap that does nothing, timed in the same
run, is the floor under every answer. The service worker and the store run in other threads, which the
slowing does not reach.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, BrowserContext

from tests.bench.phone.handset import Handset, count_memory, open_browser, open_phone
from tests.bench.phone.town import USERNAME, Subject, build
from tests.bench.phone.walk import Times, walk
from tests.serving import serve

RUNS = 7
N_TAPS = 5
ROW = "main .cell"
FORM_CELL = "a[href^='#/new/exit_check/']"
FIRST_QUESTION = ".q input.input, .q button.pick"
SEARCH = "input[type=search]"
INITIALS = "wj"

Figures = dict[str, float]


def measure() -> Figures:
    runs: list[Figures] = []
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        data = Path(folder) / "instance"
        subjects = build(data)
        with serve(data) as served:
            context = open_phone(browser, served.port)
            sign_in(context)
            for subject in subjects[:RUNS]:
                runs.append({**fill(browser, context, subject), **search(context)})
        # The server is gone: nothing can come from anywhere but the phone.
        context.set_offline(True)
        for run in runs:
            run.update(start_cold(context))
    return {name: median(run[name] for run in runs) for name in runs[0]}


def sign_in(context: BrowserContext) -> None:
    """As on the first day, with the lists all there and the worker in charge at the end."""
    handset = Handset(context, slowdown=1)
    page = handset.page
    page.goto("/app/")
    page.locator("input").first.fill(USERNAME)
    page.locator("input[type=password]").fill("lingyan-demo")
    page.keyboard.press("Enter")
    page.locator(ROW).first.wait_for()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.locator(".banner.tone-good").wait_for()
    handset.wait_until_quiet(ROW)
    handset.close()


def fill(browser: Browser, context: BrowserContext, subject: Subject) -> Figures:
    hasty, at_once = open_form(context, subject, is_quiet=False)
    hasty.close()
    handset, opened = open_form(context, subject, is_quiet=True)
    heap, floor = handset.count_heap(), median(handset.tap("h1") for _ in range(N_TAPS))
    times = walk(handset)
    memory = count_memory(browser)
    handset.close()
    return {
        "phone: F02 interactive after it is tapped": opened,
        "phone: F02 interactive, tapped while the app still starts | ms": at_once,
        "phone: a tap that does nothing (the floor)": floor,
        **describe(times),
        "phone: JavaScript heap with F02 open | MB": heap,
        "phone: private memory of the app's process with F02 filled | MB": memory,
    }


def open_form(context: BrowserContext, subject: Subject, *, is_quiet: bool) -> tuple[Handset, float]:
    """Tap the form at a household, as soon as it is there or when the app has nothing else left to do."""
    handset = Handset(context)
    handset.go(f"find/household/{subject.name}")
    if is_quiet:
        handset.wait_until_quiet(FORM_CELL)
    else:
        handset.page.locator(FORM_CELL).wait_for()
    return handset, handset.open(FORM_CELL, FIRST_QUESTION)


def describe(times: Times) -> Figures:
    answers = sorted(time for time, _ in times.answers)
    return {
        "phone: an answer settles, p95": quantiles(answers, n=20)[-1],
        "phone: an answer settles, p50 | ms": median(answers),
        "phone: an answer settles, the slowest | ms": answers[-1],
        "phone: answers in the walk | answers": len(answers),
        "phone: a page turns | ms": median(times.turns),
        "phone: a page turns, the slowest | ms": max(times.turns),
        "phone: the panel of a long choice opens, the slowest | ms": max(times.panels),
    }


def search(context: BrowserContext) -> Figures:
    """Type initials into Find; the slowest key."""
    handset = Handset(context)
    handset.go("find/household")
    handset.wait_until_quiet(SEARCH)
    handset.tap(SEARCH)
    keys = [handset.time("input", lambda key=key: handset.page.keyboard.insert_text(key)) for key in INITIALS]
    handset.close()
    return {"phone: a key of pinyin initials in Find, 1,200 households | ms": max(keys)}


def start_cold(context: BrowserContext) -> Figures:
    handset = Handset(context)
    handset.page.add_init_script(f"bench.firstRow = bench.seen('{ROW}')")
    handset.stop_workers()
    handset.page.goto("/app/")
    milliseconds = handset.page.evaluate("bench.firstRow")
    handset.close()
    return {"phone: cold offline start to the first row of Today": milliseconds / 1000}
