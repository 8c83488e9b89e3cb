"""A choice list of 20,000 rows filtered by a parent, and one instance more of a repeat that holds many.

The engine alone, bundled by itself and run in a page of ours, with the CPU slowed six times; then taps in the
page itself, from the click to the second frame, beside taps that do nothing. Medians.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import mean, median
from typing import Any

from playwright.sync_api import Browser

from tests.bench.lines import BUILD
from tests.bench.phone.handset import SLOWDOWN, Handset, open_browser, open_phone
from tests.bench.published import publish
from tests.serving import ROOT, Served, serve

PHONE = ROOT / "server" / "phone"
CHILDREN, PARENTS = 20_000, 100
QUESTIONS, INSTANCES, RUNS = 20, (10, 100, 300), 5
TAPS = 15
ADD_ANOTHER = ".buttons .button:not(.look-danger)"
TAP_MANY = """([selector, count]) => {
  const add = () => document.querySelector(selector).click();
  return Array.from({ length: count }).reduce(
    before => before.then(() => { add(); return new Promise(requestAnimationFrame); }), Promise.resolve());
}"""
NOWHERE = {"x": 380.0, "y": 60.0}
CHOICES, REPEAT = "choices", "repeat"

Figures = dict[str, float]


def measure() -> Figures:
    script = bundle()
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        data = Path(folder) / "instance"
        digests = publish(
            data, {CHOICES: (write_choices(), "choices.md"), REPEAT: (write_repeat(), "repeat.md")}
        )
        with serve(data) as served:
            return {
                **filter_choices(browser, served, script, digests[CHOICES]),
                **add_instances(browser, served, script, digests[REPEAT]),
                **tap_instances(browser, served, digests[REPEAT]),
            }


def bundle() -> str:
    """The engine with what calls it, as the text of a module."""
    BUILD.mkdir(exist_ok=True)
    target = BUILD / "big.js"
    words = [
        "npx",
        "rolldown",
        str(Path(__file__).with_name("big.js")),
        "--format",
        "esm",
        "--file",
        str(target),
    ]
    subprocess.run(words, cwd=PHONE, check=True, capture_output=True)
    return target.read_text(encoding="utf-8")


def write_choices() -> bytes:
    rows = [f"| | parent | p{number} | Parent {number} | |" for number in range(PARENTS)]
    rows += [f"| | child | c{number} | Child {number} | p{number % PARENTS} |" for number in range(CHILDREN)]
    survey = """| survey |
| | type | name | label | choice_filter |
| | select_one parent | parent | Parent | |
| | select_one child | child | Child | of=${parent} |
| choices |
| | list_name | name | label | of |
"""
    return (survey + "\n".join(rows)).encode()


def write_repeat() -> bytes:
    """A repeat whose questions are computed and checked by each other and summed outside it."""
    lines = ["| survey |", "| | type | name | label | relevant | constraint | calculation |"]
    lines += ["| | begin_repeat | item | Item | | | |", "| | integer | q0 | Question 0 | | . < 1000 | |"]
    lines += [
        f"| | integer | q{number} | Question {number} | ${{q{number - 1}}} > 5 | . < 1000 | |"
        for number in range(1, QUESTIONS - 1)
    ]
    lines += ["| | calculate | place | | | | position(..) + ${q0} |", "| | end_repeat | | | | | |"]
    lines += ["| | calculate | total | | | | count(${item}) + sum(${q0}) |"]
    return "\n".join(lines).encode()


def filter_choices(browser: Browser, served: Served, script: str, digest: str) -> Figures:
    # The first choice makes the index, which is told apart.
    parents = json.dumps([f"p{number}" for number in range(12)])
    first, *others = call(browser, served, script, f"filterChoices('/forms/{digest}.js', {parents})")
    return {
        "big form: 20,000 choices filtered by a parent": median(others),
        "big form: the first filtering, which makes the index | ms": first,
    }


def add_instances(browser: Browser, served: Served, script: str, digest: str) -> Figures:
    most = INSTANCES[-1]
    runs = [call(browser, served, script, f"addInstances('/forms/{digest}.js', {most})") for _ in range(RUNS)]
    # Ten neighbours each: the slowing stops the page now and then, which one short call meets or does not.
    at = {count: median(mean(run[count - 10 : count]) for run in runs) for count in INSTANCES}
    return {
        "big form: an instance of 20 questions added to 300": at[most],
        **{
            f"big form: an instance of 20 questions added to {count} | ms": at[count]
            for count in INSTANCES[:-1]
        },
    }


def tap_instances(browser: Browser, served: Served, digest: str) -> Figures:
    handset = Handset(open_phone(browser, served.port), slowdown=1)
    handset.page.goto(f"/try/#{digest}")
    handset.page.locator(".section .cell").click()
    at, held = {}, 1
    for count in INSTANCES:
        handset.slow(1)
        handset.page.evaluate(TAP_MANY, [ADD_ANOTHER, count - held])
        handset.slow(SLOWDOWN)
        at[count] = median(handset.tap(ADD_ANOTHER) for _ in range(TAPS))
        held = count + TAPS
    return {
        "big form: a tap adds to 300 and is drawn": at[INSTANCES[-1]],
        **{f"big form: a tap adds to {count} and is drawn | ms": at[count] for count in INSTANCES[:-1]},
        "big form: a tap that does nothing | ms": median(handset.tap_at(NOWHERE) for _ in range(TAPS)),
    }


def call(browser: Browser, served: Served, script: str, expression: str) -> Any:
    """What a function of the bundle gives, in a page of its own."""
    context = open_phone(browser, served.port)
    # The page lets scripts come from its server alone, so this one comes from there too.
    context.route("**/big.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    handset = Handset(context)
    handset.page.goto("/try/")
    given = handset.page.evaluate(f"import('/big.js').then(big => big.{expression})")
    context.close()
    return given
