"""The demo's years in their usual course: registers, businesses, visits and two years of checks.

Dates are those of domain.md section 10 moved by `shift`, whole weeks, so that weekdays stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from server.demo.answers import check, register
from server.demo.business_answers import DEMANDS, ONSITE_MONTHS, visit
from server.demo.business_answers import business as business_answers
from server.demo.businesses import Business
from server.demo.deeds import Deed, moment_of, new_id
from server.demo.households import Household
from server.demo.incomes import earlier
from server.demo.people import Cadre
from server.demo.places import house_at, near
from server.demo.sampling import CAST
from server.demo.shares import evenly, spread

CHECKED_ON = date(2016, 10, 15)  # the day the story stands at
SHARE_CHECKED = 210 / 412  # by that day
SHARE_OF_DEMANDS = 260 / 480  # of visits
VISIT_WEEKS = (date(2016, 3, 7), date(2016, 5, 9), date(2016, 8, 8), date(2016, 10, 10))
BUSINESSES_FROM = date(2016, 1, 11)
SIGNATURES = {"hh_sign": "signature", "c1_sign": "signature", "c2_sign": "signature"}
STEP = 37  # through the days of a round, so that neighbours are checked on different days
GROUP = 3  # households that one mentor, or one checker, has in a row


def working_days(first: date, last: date, *free: date) -> list[date]:
    """Weekdays from `first` to `last` but for the holidays."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in free]


NATIONAL_DAY = [date(year, 10, day) for year in (2015, 2016) for day in range(1, 8)]
MID_AUTUMN = [date(2016, 9, 15), date(2016, 9, 16)]
LAST_ROUND = working_days(date(2015, 9, 7), date(2015, 10, 23), *NATIONAL_DAY)
THIS_ROUND = working_days(date(2016, 9, 5), date(2016, 10, 14), *NATIONAL_DAY, *MID_AUTUMN)
SECOND_HALF = working_days(date(2016, 10, 17), date(2016, 11, 25))


@dataclass
class Story:
    """Makes the deeds; the same people and families give the same ids, dates and answers."""

    people: Sequence[Cadre]
    families: Sequence[Household]
    firms: Sequence[Business]
    shift: timedelta
    checked: frozenset[int] = frozenset()  # who must be checked by the day the story stands at
    by_village: dict[str, list[Cadre]] = field(default_factory=dict)
    place: dict[int, int] = field(default_factory=dict)  # of a household in its village

    def __post_init__(self) -> None:
        for cadre in self.people:
            self.by_village.setdefault(cadre.village, []).append(cadre)
        seen: dict[str, int] = {}
        for family in self.families:
            self.place[family.ordinal] = seen.setdefault(family.village, 0)
            seen[family.village] += 1
            family.mentor = self.mentor(family).person_id
        for firm in self.firms:
            firm.contact = self.cadres(firm.village, "field")[0].person_id
            firm.led_by = self.by_village[firm.village][firm.ordinal % 2].person_id

    def cadres(self, village: str, role: str) -> list[Cadre]:
        return [cadre for cadre in self.by_village[village] if cadre.role == role]

    def mentor(self, family: Household) -> Cadre:
        """The secretary looks after the first households of a village, then everybody in turn."""
        pool = self.cadres(family.village, "village_head") + self.cadres(family.village, "field")
        return pool[self.place[family.ordinal] // GROUP % len(pool)]

    def checkers(self, family: Household) -> tuple[Cadre, Cadre]:
        """Two people who check a household: a field cadre who doesn't look after it, and the clerk."""
        free = [one for one in self.cadres(family.village, "field") if one.person_id != family.mentor]
        clerk = self.cadres(family.village, "village_clerk")[0]
        return free[self.place[family.ordinal] // GROUP % len(free)], clerk

    def usual_course(self) -> Iterator[Deed]:
        """Yield every deed nobody would talk about."""
        yield from map(self.register, self.families)
        yield from map(self.business, self.enterprises())
        for firm, wishes in self.wishes():
            for monday, wish in zip(VISIT_WEEKS, wishes, strict=True):
                yield self.visit(firm, monday, wish)
        yield from self.checks_of_last_year()
        yield from self.checks_of_this_year()

    def enterprises(self) -> Iterable[Business]:
        return (firm for firm in self.firms if firm.kind == "enterprise")

    def register(self, family: Household) -> Deed:
        clerk = self.cadres(family.village, "village_clerk")[0]
        flat = register(family, *keys_of(family), "", let="p1" in family.items)
        begun = moment_of(family.registered_on, f"register {family.ordinal}")
        instance_id = new_id("register", family.ordinal)
        return Deed(begun, clerk.username, "household_register", instance_id, flat)

    def business(self, firm: Business) -> Deed:
        clerk = self.cadres(firm.village, "village_clerk")[0]
        on = BUSINESSES_FROM + self.shift + timedelta(days=int(firm.village) % 5 + firm.ordinal % 2 * 7)
        begun = moment_of(on, f"business {firm.ordinal}")
        instance_id = new_id("business", firm.ordinal)
        flat = business_answers(firm, key_of(firm))
        return Deed(begun, clerk.username, "business_register", instance_id, flat, minutes=14)

    def wishes(self) -> Iterator[tuple[Business, list[tuple[str, str] | None]]]:
        """What the key enterprises ask for at each visit of the year."""
        keys = [firm for firm in self.enterprises() if firm.is_key]
        n_visits = len(keys) * len(VISIT_WEEKS)
        n_wishes = round(n_visits * SHARE_OF_DEMANDS)
        random = Random("wishes")  # noqa: S311 - the same town every time
        asks = iter(spread(random, {True: n_wishes, False: n_visits - n_wishes}))
        for firm in keys:
            yield firm, [random.choice(DEMANDS) if next(asks) else None for _ in VISIT_WEEKS]

    def visit(self, firm: Business, monday: date, wish: tuple[str, str] | None) -> Deed:
        cadre = self.cadres(firm.village, "field")[0]
        visitors = [cadre, self.cadres(firm.village, "village_head")[0]]
        on = monday + timedelta(days=firm.ordinal % 5)
        flat = visit(firm, key_of(firm), on + self.shift, [one.person_id for one in visitors], wish)
        pictures = {}
        if on.month in ONSITE_MONTHS:
            here = f"business {firm.ordinal}"
            flat |= {"mode": "onsite", "gps": near(house_at(firm.village, here), f"{here} {on}")}
            pictures = {"photo": "workshop"}
        begun = moment_of(on + self.shift, f"visit {firm.ordinal} {on}")
        instance_id = visit_id(firm, on.month)
        return Deed(begun, cadre.username, "enterprise_visit", instance_id, flat, pictures, minutes=35)

    def checks_of_last_year(self) -> Iterator[Deed]:
        """Everybody who was registered by then."""
        known = [family for family in self.families if self.knew(family)]
        for number, family in enumerate(known):
            on = LAST_ROUND[number * STEP % len(LAST_ROUND)]
            yield self.check(family, on, is_last=False)

    def knew(self, family: Household) -> bool:
        return family.registered_on < LAST_ROUND[0] + self.shift

    def checks_of_this_year(self) -> Iterator[Deed]:
        """Half of them by the day the story stands at, the others after it."""
        chosen = self.choose_checked()
        rounds = {True: iter(range(len(chosen))), False: iter(range(len(self.families)))}
        for family in self.families:
            is_early = family.ordinal in chosen
            days = THIS_ROUND if is_early else SECOND_HALF
            yield self.check(family, days[next(rounds[is_early]) * STEP % len(days)], is_last=True)

    def choose_checked(self) -> set[int]:
        """Spread evenly over the villages; the first household of each waits, for whoever tries the phone."""
        n = round(len(self.families) * SHARE_CHECKED)
        others = [
            family.ordinal
            for family in self.families
            if self.place[family.ordinal]
            and family.ordinal not in self.checked
            and family.ordinal not in CAST
        ]
        return {*self.checked, *evenly(others, n - len(self.checked))}

    def check(self, family: Household, on: date, *, is_last: bool) -> Deed:
        first, second = self.checkers(family)
        begun = moment_of(on + self.shift, f"check {family.ordinal} {on.year}")
        items = family.items if is_last else earlier(family.items, family.growth)
        persons = (first.person_id, second.person_id)
        flat = check(family, *keys_of(family), begun, persons, items, is_last=is_last)
        pictures = {**SIGNATURES, **({"housing_photo": "house"} if is_last else {})}
        return Deed(begun, first.username, "exit_check", check_id(family, on.year), flat, pictures)


def keys_of(family: Household) -> tuple[str, list[str]]:
    """The ids of a household's row and of its members' rows; phones list the members by these."""
    members = range(len(family.members))
    return new_id("household", family.ordinal), sorted(new_id("member", family.ordinal, n) for n in members)


def key_of(firm: Business) -> str:
    return new_id("business row", firm.ordinal)


def check_id(family: Household, year: int) -> str:
    """The instance id of a check of 2015 or 2016, whatever years they were moved to."""
    return new_id("check", family.ordinal, year)


def visit_id(firm: Business, month: int) -> str:
    return new_id("visit", firm.ordinal, month)
