"""What the start of a form in the trial page is spent on, the CPU slowed six times: medians of its marks."""

from __future__ import annotations

from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext

from tests.bench.phone.handset import Handset, open_browser, open_phone
from tests.serving import Served

RUNS, WARM_UPS = 7, 2
PHASES = {
    "lib": "from navigation until the page's code has run",
    "form": "until the form's module is there",
    "filled": "until the form is linked and computed",
    "drawn": "until the first page of it is drawn",
    "painted": "until that is painted",
}
MARKS = (
    "() => Object.fromEntries(performance.getEntriesByType('mark').map(mark => [mark.name, mark.startTime]))"
)
PAINTED = """async selector => {
  const frame = () => new Promise(requestAnimationFrame);
  while (!document.querySelector(selector)) await frame();
  for (const _ of [1, 2]) await frame();
  return performance.now();
}"""


def measure_phases(served: Served, digest: str, question: str, blank: str) -> dict[str, float]:
    """Milliseconds of each phase, one after the other; and of a page without scripts, the floor of all."""
    address = f"{served.url}/try/#{digest}"
    with open_browser() as browser:
        context = open_phone(browser, served.port)
        starts = [start(context, address, question) for _ in range(WARM_UPS + RUNS)][WARM_UPS:]
        empty = [start(context, served.url + blank, "body") for _ in range(WARM_UPS + RUNS)][WARM_UPS:]
    before = dict(zip(PHASES, (None, *PHASES), strict=False))
    phases = {
        f"WHO form: {name} | ms": median(each[phase] - each.get(before[phase] or "", 0) for each in starts)
        for phase, name in PHASES.items()
    }
    return {"any page: painted without a script | ms": median(each["painted"] for each in empty), **phases}


def start(context: BrowserContext, address: str, question: str) -> dict[str, Any]:
    handset = Handset(context)
    handset.page.goto(address, wait_until="commit")
    painted = handset.page.evaluate(PAINTED, question)
    marks: dict[str, Any] = handset.page.evaluate(MARKS)
    handset.close()
    return {**marks, "painted": painted}
