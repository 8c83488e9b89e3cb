"""A walk through F02 that answers what each page asks, by touch and key, and times each answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.bench.phone.handset import Handset, Place

TEXT, DECIMAL, INTEGER = "已核实", "1200", "2"
INTEGERS = {"q-visit_check_year-box": "2016"}  # where two would be nonsense
MOMENTS = {"date": "2016-10-08", "datetime-local": "2016-10-08T09:40"}
ON = ".fill-bar .look-main"
MOST_TURNS = 60


@dataclass
class Times:
    """Milliseconds to the second frame, by what was done."""

    answers: list[tuple[float, str]] = field(default_factory=list)  # with the question's id and kind
    panels: list[float] = field(default_factory=list)  # opening the panel of a long choice
    turns: list[float] = field(default_factory=list)


def walk(handset: Handset) -> Times:
    """Answer the form's pages from first to last, and one instance of each repeat on the way."""
    times = Times()
    for _ in range(MOST_TURNS):
        answer_page(handset, times)
        if handset.page.evaluate("bench.isNewRepeat()"):
            times.turns.append(handset.tap(".section button.cell"))
        elif not turn(handset, times):
            return times
    raise RuntimeError("the form has no end")


def answer_page(handset: Handset, times: Times) -> None:
    while question := handset.page.evaluate("bench.next()"):
        kind = question["kind"]
        time = ANSWERS[kind](handset, question, times)
        times.answers.append((time, f"{question['id']} {kind}"))


def choose(handset: Handset, question: dict[str, Any], _: Times) -> float:
    return handset.tap_at(place_of(question))


def pick(handset: Handset, question: dict[str, Any], times: Times) -> float:
    times.panels.append(handset.tap_at(place_of(question)))
    time = handset.tap("dialog .choice:has(input:not(:checked))")
    if handset.page.locator("dialog").count():
        handset.tap("dialog .look-main")
    return time


def write(handset: Handset, question: dict[str, Any], _: Times) -> float:
    return type_in(handset, place_of(question), TEXT)


def count(handset: Handset, question: dict[str, Any], _: Times) -> float:
    return type_in(handset, place_of(question), INTEGERS.get(question["id"], INTEGER))


def measure(handset: Handset, question: dict[str, Any], _: Times) -> float:
    return type_in(handset, place_of(question), DECIMAL)


def date(handset: Handset, question: dict[str, Any], _: Times) -> float:
    value = MOMENTS[question["kind"]]
    return float(handset.page.evaluate("([id, value]) => bench.setDate(id, value)", [question["id"], value]))


ANSWERS = {
    "choice": choose,
    "tick": choose,
    "pick": pick,
    "text": write,
    "numeric": count,
    "decimal": measure,
    "date": date,
    "datetime-local": date,
}


def place_of(question: dict[str, Any]) -> Place:
    return {"x": question["x"], "y": question["y"]}


def type_in(handset: Handset, place: Place, text: str) -> float:
    """The slower of the last key and of leaving the field."""
    handset.tap_at(place)
    handset.page.keyboard.press("Control+A")
    page = handset.page
    keys = [handset.time("input", lambda key=key: page.keyboard.insert_text(key)) for key in text]
    return max(keys[-1], handset.time("blur", lambda: page.evaluate("document.activeElement.blur()")))


def turn(handset: Handset, times: Times) -> bool:
    """Go on, also past what is wrong, which takes a second tap; false at the form's end."""
    before = handset.page.evaluate("bench.pageId()")
    for _ in range(2):
        handset.page.locator(f"{ON}:not([aria-disabled=true])").wait_for()  # it rests after each tap
        time = handset.tap(ON)
        if handset.page.evaluate("bench.isTurned", before):
            times.turns.append(time)
            return bool(handset.page.locator(ON).count())
    raise RuntimeError(f"the page does not turn: {before}")
