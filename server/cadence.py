"""When something is due and when its reminders come: pure arithmetic on days, by domain.md 5.1 to 5.4."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from server.clock import TOWN_ZONE
from server.working_days import Calendar

DIGEST_AT = time(8, 30)
DUE_NOTICE_AT = time(18, 0)
QUIET_FROM = time(21, 0)
DAYS_AHEAD = 3  # working days
# After a stall of this length a digest is not made up for on the spot: it waits for the next one.
DIGEST_TOLERANCE = timedelta(hours=1)
LADDER = {"late_1": 1, "late_7": 7, "late_15": 15}  # natural days after the due date
# What happens to each kind of subject, in this order. `over` says nothing: the day has passed.
STAGES = {
    "pairing": ("before", "due", "over", *LADDER),
    "task": ("assigned", "before", "due", *LADDER),
    "returned": ("returned", "due", *LADDER),
    "ticket": ("assigned", "due", *LADDER),
    "event": ("eve", "over"),
}
OPENING = frozenset({"assigned", "returned"})  # said in the first digest after the deadline was made

MONTHS = {"month": 1, "quarter": 3}
DENSE_MONTHS = 3  # domain.md 5.1: a starter is contacted more often at first

Stage = tuple[str, datetime]


def period_of(start_on: date, cadence_n: int, cadence_unit: str, kind: str, day: date) -> tuple[date, date]:
    """The first and last day of the period that holds a day: a month or a quarter, cut at the start."""
    n_months = MONTHS[cadence_unit]
    month = day.month - (day.month - 1) % n_months
    first = date(day.year, month, 1)
    return max(first, start_on), add_months(first, n_months) - timedelta(days=1)


def add_months(day: date, n_months: int) -> date:
    """The first day of the month that lies n months after a day's."""
    months = day.year * 12 + day.month - 1 + n_months
    return date(months // 12, months % 12 + 1, 1)


def contacts_wanted(start_on: date, cadence_n: int, kind: str, day: date) -> int:
    """How many contacts a period wants: a starter's two a month become one after three months."""
    is_dense = day < add_months(start_on, DENSE_MONTHS)
    if kind == "model_1to1" and not is_dense and cadence_n <= 2:
        return 1
    return cadence_n


def moment_of(stage: str, due_on: date, calendar: Calendar) -> datetime:
    """When a stage comes: a rest day moves what lies ahead of the due date back, what lies behind forward."""
    if stage in LADDER:
        return at(calendar.on_or_after(due_on + timedelta(days=LADDER[stage])), DIGEST_AT)
    if stage == "eve":
        return at(calendar.on_or_before(due_on - timedelta(days=1)), DIGEST_AT)
    if stage == "over":
        return at(due_on + timedelta(days=1), time(0, 0))
    last_day = calendar.on_or_before(due_on)
    if stage == "due":
        return at(last_day, DUE_NOTICE_AT)
    return at(calendar.move(last_day, -DAYS_AHEAD), DIGEST_AT)


def at(day: date, clock_time: time) -> datetime:
    """That moment in the town, in UTC."""
    return datetime.combine(day, clock_time, TOWN_ZONE).astimezone(UTC)


def ladder_of(kind: str, due_on: date, calendar: Calendar) -> list[Stage]:
    """Every stage that lies at a fixed distance from the due date, in order."""
    return [(stage, moment_of(stage, due_on, calendar)) for stage in STAGES[kind] if stage not in OPENING]


def first_stage(kind: str, due_on: date, now: datetime, calendar: Calendar) -> Stage | None:
    """Where a deadline that is made now begins: with its opening, else with what still lies ahead.

    A deadline made after all its stages begins with the last one, so that nothing overdue is silent.
    """
    if STAGES[kind][0] in OPENING:
        return STAGES[kind][0], next_digest(now, calendar)
    ladder = ladder_of(kind, due_on, calendar)
    ahead = next((stage for stage in ladder if stage[1] > now), None)
    if ahead or kind == "event":
        return ahead
    return ladder[-1][0], next_digest(now, calendar)


def reached(
    kind: str, due_on: date, stage: str, now: datetime, calendar: Calendar
) -> tuple[list[Stage], Stage | None]:
    """The stages from this one on whose moment has come, and the one after them; an opening goes alone."""
    ladder = ladder_of(kind, due_on, calendar)
    if stage in OPENING:
        return [(stage, now)], next((later for later in ladder if later[1] > now), None)
    names = [name for name, _ in ladder]
    rest = ladder[names.index(stage) :]
    come = [one for one in rest if one[1] <= now] or rest[:1]
    return come, (rest[len(come)] if len(come) < len(rest) else None)


def is_too_late(stage: str, remind_at: datetime, now: datetime) -> bool:
    """Whether a reminder missed its moment so far that it waits for the next digest."""
    if stage == "over":
        return False
    tolerance = timedelta(hours=QUIET_FROM.hour - DUE_NOTICE_AT.hour)
    return now - remind_at > (tolerance if is_evening(remind_at) else DIGEST_TOLERANCE)


def is_evening(moment: datetime) -> bool:
    return moment.astimezone(TOWN_ZONE).time() >= DUE_NOTICE_AT


def next_digest(now: datetime, calendar: Calendar) -> datetime:
    """The first digest that is still to come."""
    local = now.astimezone(TOWN_ZONE)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return at(calendar.on_or_after(day), DIGEST_AT)


def digest_after(day: date, calendar: Calendar) -> datetime:
    """The first digest after a day has passed."""
    return at(calendar.on_or_after(day + timedelta(days=1)), DIGEST_AT)


def is_quiet(now: datetime) -> bool:
    """Whether it is too early or too late in the day to send anything."""
    return not DIGEST_AT <= now.astimezone(TOWN_ZONE).time() < QUIET_FROM


def missed_in_a_row(passed: Iterable[bool]) -> int:
    """How many of the latest passed periods were missed without a break; the latest comes first."""
    count = 0
    for is_missed in passed:
        if not is_missed:
            break
        count += 1
    return count
