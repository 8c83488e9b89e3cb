"""What counts as a contact: each one by itself, then all of a pairing together. Pure.

Source: domain.md section 5.2. A visit with a photo and a position within 500 m of the home, or a meeting on
site with a photo, is full. Whatever nothing shows, a call or a visit without photo or position, is light: one
of them fulfils at most every second period. Who was not there, was not met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

FAR_M = 500
BACK_DATED_DAYS = 7

FULL, LIGHT, NONE = "full", "light", "none"
REMOTE = frozenset({"phone", "wechat"})


@dataclass(frozen=True)
class Seen:
    """What a contact log says; `distance_m` from the mentee's home, None where either place is unknown."""

    way: str
    present: str = ""
    has_photo: bool = False
    has_position: bool = False
    distance_m: float | None = None
    has_home: bool = True  # whether the mentee is one that has a home to be seen at


def weigh(seen: Seen) -> tuple[str, str]:
    """What a log weighs by itself, and a code of why it is less than full."""
    if seen.present == "absent":
        return NONE, "absent"
    if seen.way in REMOTE:
        return LIGHT, "remote"
    if seen.way == "group":
        return NONE, "no_check_in"  # an event's check-ins make the contact, see `record_event_contacts`
    if not seen.has_photo:
        return LIGHT, "no_photo"
    if seen.way == "at_site" or not seen.has_home:
        return FULL, ""
    if not seen.has_position:
        return LIGHT, "no_position"
    if seen.distance_m is not None and seen.distance_m > FAR_M:
        return LIGHT, "far"
    return FULL, ""


def is_back_dated(on: str, filled_on: str) -> bool:
    """Whether the day of the contact lies so far back that the supervisor must confirm it."""
    return (date.fromisoformat(filled_on) - date.fromisoformat(on)).days > BACK_DATED_DAYS


@dataclass(frozen=True)
class Weighed:
    """A contact as it is stored."""

    contact_id: str
    on: str
    weight: str
    why: str = ""
    is_confirmed: bool = True


@dataclass(frozen=True)
class Counted:
    """Which contacts count, and the last day of each period with how many it has and wants."""

    reasons: dict[str, str]  # contact -> why it doesn't count; '' for those that do
    last_on: str  # the last day with a contact that counts, '' for none
    n_by_period: dict[str, int]  # first day of a period -> contacts that count


def count(
    contacts: Iterable[Weighed], first_day_of: Callable[[str], str], needed_in: Callable[[str], int]
) -> Counted:
    """Count a pairing's contacts.

    Args:
        first_day_of: the first day of the period that a day lies in.
        needed_in: how many contacts the period with this first day wants.
    """
    reasons: dict[str, str] = {}
    periods: dict[str, list[Weighed]] = {}
    for one in sorted(contacts, key=lambda one: (one.on, one.weight != FULL, one.contact_id)):
        reasons[one.contact_id] = "unconfirmed" if not one.is_confirmed else one.why
        if one.is_confirmed and one.weight != NONE:
            periods.setdefault(first_day_of(one.on), []).append(one)
    n_by_period: dict[str, int] = {}
    light_before = ""  # the first day of the last period that a light contact counted in
    for first, found in sorted(periods.items()):
        may_be_light = not light_before or not is_next(light_before, first, first_day_of)
        n_full, light = count_period(found, needed_in(first), reasons, may_be_light=may_be_light)
        light_before = first if light else light_before
        if n_full + light:
            n_by_period[first] = n_full + light
    counting = [one.on for found in periods.values() for one in found if not reasons[one.contact_id]]
    return Counted(reasons, max(counting, default=""), n_by_period)


def is_next(earlier: str, first: str, first_day_of: Callable[[str], str]) -> bool:
    """Whether nothing lies between two periods, known by their first days."""
    eve = date.fromordinal(date.fromisoformat(first).toordinal() - 1).isoformat()
    return first_day_of(eve) == earlier


def count_period(
    found: Iterable[Weighed], wanted: int, reasons: dict[str, str], *, may_be_light: bool
) -> tuple[int, int]:
    """How many full contacts count, one a day, and whether a light one does; reasons are set."""
    contacts = list(found)
    days: set[str] = set()
    for one in contacts:
        if one.weight == FULL:
            reasons[one.contact_id] = "same_day" if one.on in days else ""
            days.add(one.on)
    n_full, n_light = len(days), 0
    for one in contacts:
        if one.weight == LIGHT and one.on in days:
            reasons[one.contact_id] = "same_day"
        elif one.weight == LIGHT and not n_light and may_be_light and n_full < wanted:
            n_light, reasons[one.contact_id] = 1, ""
    return n_full, n_light
