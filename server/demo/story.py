"""The demo's years as a list of deeds in order: who hands in what on which day, and what the office decides.

Dates are those of domain.md section 10 moved by `shift`, whole weeks, so that weekdays stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from server.demo.answers import business as business_answers
from server.demo.answers import check, register, visit
from server.demo.businesses import Business
from server.demo.households import Household
from server.demo.people import Cadre

DEMANDS = ("急需招聘熟练焊工五名,请帮助对接", "旺季用工不足,希望组织招聘会", "希望帮助联系技校实习学生")
VISIT_MONTHS = (2, 5, 8, 10)  # four visits a year to each key enterprise
SHARE_CHECKED = 210 / 412  # at 2016-10-15
SHARE_APPROVED, SHARE_RETURNED = 0.92, 0.03  # reviews of domain.md section 10
DAYS_TO_REVIEW = 12  # younger records still wait for the office


@dataclass(frozen=True)
class Deed:
    """One record handed in; `decision` is '' while the office has not looked."""

    on: date
    username: str
    form_id: str
    instance_id: str
    flat: dict[str, Any]
    signatures: tuple[str, ...] = ()
    decision: str = ""


class Story:
    """Makes the deeds; the same seed gives the same ids, dates and decisions."""

    def __init__(self, random: Random, cadres: list[Cadre], shift: timedelta) -> None:
        self.random = random
        self.shift = shift
        self.by_village: dict[str, list[Cadre]] = {}
        for cadre in cadres:
            self.by_village.setdefault(cadre.village, []).append(cadre)
        self.household_keys: dict[int, tuple[str, list[str]]] = {}
        self.business_keys: dict[int, str] = {}

    def new_id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def cadre(self, village: str, role: str, place: int = 0) -> Cadre:
        found = [cadre for cadre in self.by_village[village] if cadre.role == role]
        return found[place % len(found)]

    def deeds(self, households: list[Household], businesses: list[Business]) -> list[Deed]:
        """Give every deed, earliest first."""
        made = [*self.registers(households), *self.businesses(businesses)]
        made += [*self.visits(businesses), *self.checks(households)]
        return sorted(made, key=lambda deed: (deed.on, deed.username, deed.form_id))

    def registers(self, households: list[Household]) -> Iterator[Deed]:
        for household in households:
            household.mentor = self.cadre(household.village, "village_head").person_id
            key, rows = self.new_id(), [self.new_id() for _ in household.members]
            self.household_keys[household.ordinal] = (key, rows)
            on = date(household.registered_year, 11, 20)
            clerk = self.cadre(household.village, "village_clerk")
            flat = register(household, key, rows, "")
            yield Deed(on, clerk.username, "household_register", self.new_id(), flat, (), "approved")

    def businesses(self, businesses: list[Business]) -> Iterator[Deed]:
        for business in businesses:
            clerk = self.cadre(business.village, "village_clerk")
            business.contact = self.cadre(business.village, "field").person_id
            key = self.business_keys[business.ordinal] = self.new_id()
            on = date(2016, 1, 11) + self.shift + timedelta(days=business.ordinal % 12)
            flat = business_answers(business, key)
            yield Deed(on, clerk.username, "business_register", self.new_id(), flat, (), "approved")

    def visits(self, businesses: list[Business]) -> Iterator[Deed]:
        for business in businesses:
            if not business.is_key:
                continue
            cadre = self.cadre(business.village, "field")
            companion = self.cadre(business.village, "village_head")
            for month in VISIT_MONTHS:
                on = date(2016, month, 9) + self.shift + timedelta(days=business.ordinal % 5)
                demand = self.random.choice(DEMANDS) if self.random.random() < 0.54 else ""
                flat = visit(
                    business,
                    self.business_keys[business.ordinal],
                    on,
                    [cadre.person_id, companion.person_id],
                    demand,
                )
                yield Deed(on, cadre.username, "enterprise_visit", self.new_id(), flat, (), self.decide())

    def checks(self, households: list[Household]) -> Iterator[Deed]:
        for place, household in enumerate(households):
            if not self._is_checked(place):
                continue
            cadre, clerk = (
                self.cadre(household.village, "field", place),
                self.cadre(household.village, "village_clerk"),
            )
            on = date(2016, 9, 5) + self.shift + timedelta(days=place * 37 % 38)
            key, rows = self.household_keys[household.ordinal]
            flat = check(household, key, rows, on, (cadre.person_id, clerk.person_id))
            signatures = ("hh_sign", "c1_sign", "c2_sign")
            yield Deed(on, cadre.username, "exit_check", self.new_id(), flat, signatures, self.decide())

    def _is_checked(self, place: int) -> bool:
        """Spread the checked households evenly over the villages; the first of each village waits."""
        return int((place + 1) * SHARE_CHECKED) > int(place * SHARE_CHECKED)

    def decide(self) -> str:
        luck = self.random.random()
        return (
            "approved"
            if luck < SHARE_APPROVED
            else "returned"
            if luck < SHARE_APPROVED + SHARE_RETURNED
            else ""
        )
