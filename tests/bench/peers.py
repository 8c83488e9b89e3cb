"""The WHO verbal autopsy form in one run with two open web form engines, by the harness in the folder PEERS.

The harness is copied to build/peers. Each round measures every engine, one after the other, so that what else
the machine does meets all of them; ours twice, because one start of a page differs from the next by more than
what is to be told apart. Ours opens the form's module in the trial page; a form of one question there is the
floor, and what the large form takes beyond it is the form's own part.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import brotli
from playwright.sync_api import Browser

from tests.bench.lines import BUILD
from tests.bench.phases import measure_phases
from tests.bench.phone.handset import Handset, count_memory, open_browser, open_phone
from tests.bench.published import publish
from tests.browser.conftest import find_chromium
from tests.serving import ROOT, Served, serve

PEERS = Path(os.environ.get("PEERS") or ROOT.parent / "shared" / "phone-peers")
HARNESS = BUILD / "peers"
RUNS = HARNESS / ".cache" / "runs.jsonl"
ENGINES = ("webforms", "enketo", "ours")
WHO = "whova"
ROUNDS = {WHO: 5, "ifrc": 1, "socio": 1}
RUNS_A_ROUND = {"webforms": 1, "enketo": 1, "ours": 2}
SLOWDOWN, QUESTIONS, MEMORY_RUNS = 6, 20, 5
LONGEST_S = 300
FLOOR = "floor"
FLOOR_FORM = b"""| survey |
| | type | name | label |
| | text | only | The only question |
"""
SELECTORS = {"question": ".q", "label": ".q-label", "next": ".fill-bar .look-main"}
FIRST_QUESTION = ".q input"
SETTLE_MS = 300
# Where the harness taps to do nothing our contents would open, if the form's long name took two lines.
LONG_TITLE, TITLE = b"title>2016 WHO Verbal Autopsy Form 1.5.2</", b"title>WHO VA 1.5.2</"
BLANK = "/none.html"  # a page that says that there is nothing

Run = dict[str, Any]
Figures = dict[str, float]


def measure() -> Figures:
    if not PEERS.is_dir():
        print(f"skipped: no folder {PEERS}; PEERS= names the harness", file=sys.stderr)
        return {}
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        digests = publish(data, {FLOOR: (FLOOR_FORM, "floor.md"), **dict(read_forms())})
        with serve(data) as served:
            runs = run_rounds(served, digests)
            ours = weigh(served, digests[WHO])
            phases = measure_phases(served, digests[WHO], FIRST_QUESTION, BLANK)
    return {**describe_who(runs, ours), **phases, **describe_others(runs)}


def read_forms() -> Iterator[tuple[str, tuple[bytes, str]]]:
    for form in ROUNDS:
        path = HARNESS / "forms" / f"{form}.xml"
        yield form, (path.read_bytes().replace(LONG_TITLE, TITLE), path.name)


def prepare() -> None:
    """Copy the harness, install and build its peers where that was not done yet, and forget its last runs."""
    shutil.copytree(PEERS, HARNESS, copy_function=shutil.copyfile, dirs_exist_ok=True)
    for folder in (path for path in (HARNESS, *HARNESS.glob("*")) if path.is_dir()):
        folder.chmod(0o755)
    RUNS.parent.mkdir(exist_ok=True)
    RUNS.unlink(missing_ok=True)
    if not (HARNESS / "node_modules").is_dir():
        command("npm", "install", "--no-audit", "--no-fund", "--silent")
    if not (HARNESS / "dist").is_dir():
        command("npx", "vite", "build", "--logLevel", "error")
    if not (HARNESS / ".cache" / "transform.json").is_file():
        command("node", "harness/transform.mjs")


def command(*words: str, **settings: str) -> None:
    environment = {**os.environ, "CHROMIUM": find_chromium(), **settings}
    done = subprocess.run(
        words, cwd=HARNESS, env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def run_rounds(served: Served, digests: dict[str, str]) -> list[Run]:
    for form, rounds in ROUNDS.items():
        for round_ in range(1, rounds + 1):
            for engine in ENGINES:
                run(served, digests[form], engine, form, round_)
            run(served, digests[FLOOR], "ours", FLOOR, round_)
    return [json.loads(line) for line in RUNS.read_text().splitlines()]


def run(served: Served, digest: str, engine: str, form: str, round_: int) -> None:
    """The runs of one round of an engine; the harness takes how many there shall be in all."""
    words = (engine, form, str(SLOWDOWN), str(round_ * RUNS_A_ROUND[engine]), str(QUESTIONS))
    url = f"{served.url}/try/#{digest}"
    command("node", "harness/measure.mjs", *words, OURS_URL=url, OURS_SELECTORS=json.dumps(SELECTORS))


def weigh(served: Served, digest: str) -> Figures:
    """The bytes of our page without the form, and what its process holds beyond a blank page."""
    address = f"{served.url}/try/#{digest}"
    with open_browser() as browser:
        page = open_phone(browser, served.port).new_page()
        sizes: list[int] = []
        page.on(
            "requestfinished",
            lambda request: (
                None
                if "/forms/" in request.url or "icon" in request.url
                else sizes.append(len(brotli.compress(request.response().body())))
            ),
        )
        page.goto(address)
        page.locator(FIRST_QUESTION).first.wait_for()
        page.wait_for_timeout(500)
    return {"KB": sum(sizes) / 1000, "MB": median(weigh_memory(served, digest) for _ in range(MEMORY_RUNS))}


def weigh_memory(served: Served, digest: str) -> float:
    with open_browser() as browser:
        handset = Handset(open_phone(browser, served.port), slowdown=1)
        handset.page.goto(served.url + BLANK)
        blank = settle(handset, browser)
        handset.page.goto(f"{served.url}/try/#{digest}")
        handset.wait_until_quiet(FIRST_QUESTION)
        return settle(handset, browser) - blank


def settle(handset: Handset, browser: Browser) -> float:
    """Megabytes once what is no longer held was given back."""
    handset.page.wait_for_timeout(SETTLE_MS)
    handset.count_heap()
    handset.page.wait_for_timeout(SETTLE_MS)
    return count_memory(browser)


def describe_who(runs: list[Run], ours: Figures) -> Figures:
    who = {engine: of(runs, engine, WHO) for engine in ENGINES}
    mine, floors = who["ours"], of(runs, "ours", FLOOR)
    interactive = interactive_of(mine)
    peers = [run for peer in ENGINES[:2] for run in who[peer]]
    best = min(run["load"]["interactive"] for run in peers)
    best_beyond = min(beyond_code([run]) for run in peers)
    own = interactive - interactive_of(floors)
    return {
        "WHO form: interactive from navigation": interactive,
        "WHO form: interactive, times faster than the peers' best run": best / interactive,
        "WHO form: of which the form's own part": own,
        "WHO form: interactive after the page's code has run | ms": beyond_code(mine),
        "WHO form: the same, times faster than the peers' best run | times": best_beyond / beyond_code(mine),
        "WHO form: the same of a form of one question | ms": beyond_code(floors),
        "WHO form: a form of one question interactive (the floor) | ms": interactive_of(floors),
        "WHO form: an answer settles, p95": median(percentile(run, 0.95) for run in mine),
        "WHO form: an answer settles, the slowest": median(percentile(run, 1) for run in mine),
        "WHO form: a tap that does nothing | ms": median(tap for run in mine for tap in run["floor"]),
        "WHO form: code of the page without the form, brotli": ours["KB"],
        "WHO form: memory of the process above a blank page": ours["MB"],
        "WHO form: elements of the page, the most": max(
            run[when]["nodes"] for run in mine for when in ("heapLoad", "heapEnd")
        ),
        **{name: value for peer in ENGINES[:2] for name, value in describe(peer, WHO, who[peer]).items()},
        "WHO form: the machine's loop before a run, slowest over quickest | times": disturbance(runs),
        "WHO form: errors of our page | errors": sum(len(run["errors"]) for run in mine),
    }


def describe_others(runs: list[Run]) -> Figures:
    return {
        name: value
        for form in list(ROUNDS)[1:]
        for engine in ENGINES
        for name, value in describe(engine, form, of(runs, engine, form)).items()
    }


def describe(engine: str, form: str, runs: list[Run]) -> Figures:
    return {
        f"{form}, {engine}: interactive from navigation | ms": interactive_of(runs),
        f"{form}, {engine}: an answer settles, p95 | ms": median(percentile(run, 0.95) for run in runs),
        f"{form}, {engine}: an answer settles, the slowest | ms": median(percentile(run, 1) for run in runs),
    }


def of(runs: list[Run], engine: str, form: str) -> list[Run]:
    return [run for run in runs if (run["engine"], run["form"]) == (engine, form)]


def beyond_code(runs: list[Run]) -> float:
    """From when the page's code has run: until then it differs more between runs than between forms."""
    return median(run["load"]["interactive"] - run["load"]["lib"] for run in runs)


def interactive_of(runs: list[Run]) -> float:
    return median(run["load"]["interactive"] for run in runs)


def percentile(run: Run, share: float) -> float:
    """The nearest rank, as the harness's own tables take it."""
    times = sorted(answer["paint"] for answer in run["answers"])
    return float(times[math.ceil(share * len(times)) - 1]) if times else math.nan


def disturbance(runs: list[Run]) -> float:
    """How far the runs met an equally free machine: 1 when they did."""
    loops = [run["host"]["calib"] for run in runs]
    return float(max(loops) / min(loops))
