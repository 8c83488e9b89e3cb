"""How reviewers decide in their usual course: most is approved, the newest waits, some is sent back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from server.demo.deeds import Deed, Verdict, moment_of, new_id
from server.demo.shares import evenly
from sync.decide import Outcome

# Domain.md section 10: 5 % in review, 3 % returned, of all records 0.5 % for the second time.
SHARE_OPEN, SHARE_RETURNED, SHARE_TWICE = 0.05, 0.03, 0.005
DAYS_TO_APPROVE, DAYS_TO_RETURN, DAYS_TO_CORRECT = (1, 2, 3, 5), 2, 2  # natural days
RECENT = timedelta(days=45)  # what was returned longer ago has come back since
CHECK = "exit_check"
REVIEWERS = {"enterprise_visit": "office02", "business_register": "office02"}  # by line of business
REVIEWER = "office01"
COUNTY_REVIEWER = "county01"

# What a returned record is sent back with: the whole, and single questions.
REMARKS = {
    "exit_check": ("请核对后重新报送", {"t6": "赡养费请与转账记录核对", "housing_photo": "请补拍房屋全貌"}),
    "enterprise_visit": ("数据请与企业财务核对", {"sales_ytd": "开票销售与税务数据不符,请核对"}),
}
AGAIN = "仍与核查情况不符,请当面核对后再报"


def settle(deeds: Iterable[Deed], until: date) -> list[Deed]:
    """Give every deed up to a day the office's verdict, if it has one by then, and add what came back.

    Args: until: the last day of the story.
    """
    told = [deed for deed in deeds if deed.on <= until]
    n_roots = sum(is_root(deed) for deed in told)
    free = sorted((deed for deed in told if deed.is_free and not deed.corrects), key=age, reverse=True)
    n_open = round(n_roots * SHARE_OPEN) - sum(deed.stays_open for deed in told)
    waiting, free = free[: max(n_open, 0)], free[max(n_open, 0) :]
    n_back = round(n_roots * SHARE_RETURNED) - count_returned(told)
    back = choose_returned(free, until, n_back)
    chosen = {deed.instance_id for deed in (*waiting, *back)}
    rest = [deed for deed in told if deed.instance_id not in chosen]
    return [
        *(wait(deed, number, until) for number, deed in enumerate(waiting)),
        *send_back(back, round(n_roots * SHARE_TWICE)),
        *(approve(deed, until) for deed in rest),
    ]


def wait(deed: Deed, number: int, until: date) -> Deed:
    """A check that waits has come as far as the village, the town or the county."""
    upto = ("", "village", "town")[number % 3]
    if deed.form_id != CHECK or not upto or deed.on == until:
        return deed
    return replace(deed, verdict=Verdict(min(after(deed, 2), until), "approve", upto=upto))


def rulings(deed: Deed, levels: Sequence[str]) -> list[date]:
    """When the levels decide on a record, one after the other: the last on the verdict's day.

    What is returned, the first level sends back.
    """
    verdict = deed.verdict
    if verdict is None:
        return []
    passed = levels[: levels.index(verdict.upto) + 1] if verdict.upto else levels
    n_rulings = len(passed) if verdict.action == "approve" else 1
    days = (verdict.on - timedelta(days=before) for before in reversed(range(n_rulings)))
    return [max(day, min(after(deed, 1), verdict.on)) for day in days]


def is_root(deed: Deed) -> bool:
    return deed.outcome is Outcome.ACCEPTED and not deed.corrects and deed.withdrawn_on is None


def count_returned(told: Sequence[Deed]) -> int:
    """How many records the story itself leaves returned."""
    corrected = {deed.corrects for deed in told}
    returned = (deed for deed in told if deed.verdict and deed.verdict.action == "return")
    return sum(deed.instance_id not in corrected for deed in returned)


def age(deed: Deed) -> tuple[date, str]:
    return deed.on, deed.instance_id


def choose_returned(free: Sequence[Deed], until: date, count: int) -> list[Deed]:
    """From the last weeks, but old enough to have been looked at, corrected and looked at again."""
    first, last = until - RECENT, until - timedelta(days=2 * DAYS_TO_RETURN + DAYS_TO_CORRECT)
    candidates = [deed for deed in free if deed.form_id in REMARKS and first <= deed.on <= last]
    return evenly(candidates, count)


def send_back(back: Sequence[Deed], n_twice: int) -> list[Deed]:
    """Return each with comments; the first ones came back and were returned again."""
    made: list[Deed] = []
    for number, deed in enumerate(back):
        whole, comments = REMARKS[deed.form_id]
        fitting = {
            name: text for name, text in comments.items() if name in deed.flat or name in deed.pictures
        }
        first = replace(deed, verdict=Verdict(after(deed, DAYS_TO_RETURN), "return", whole, fitting))
        made.append(first)
        if number < n_twice:
            made.append(hand_in_again(first))
    return made


def hand_in_again(first: Deed) -> Deed:
    """The correction that changed too little."""
    begun = moment_of(after(first, DAYS_TO_RETURN + DAYS_TO_CORRECT), f"again {first.instance_id}")
    again = replace(
        first,
        begun=begun,
        instance_id=new_id("again", first.instance_id),
        corrects=first.instance_id,
        root_id=first.instance_id,
    )
    return replace(again, verdict=Verdict(after(again, DAYS_TO_RETURN), "return", AGAIN))


def approve(deed: Deed, until: date) -> Deed:
    """Approve what is free; the day stands fixed, but nobody decides after the story's day."""
    if not deed.is_free:
        return deed
    days = DAYS_TO_APPROVE[int(deed.instance_id[:2], 16) % len(DAYS_TO_APPROVE)]
    return replace(deed, verdict=Verdict(min(after(deed, days), until), "approve"))


def after(deed: Deed, days: int) -> date:
    return deed.on + timedelta(days=days)
