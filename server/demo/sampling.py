"""The lite town: a tenth of the households that has the whole town's sizes, causes and incomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from server.demo.households import CAUSES, SIZES, Household
from server.demo.incomes import LINE
from server.demo.people import villages
from server.demo.shares import part_of, split

T = TypeVar("T", bound=Hashable)

# Of the first village, which the demo's first cadre looks after: the documents and tests speak of these.
CAST = (0, 1, 2)
SHOWN_VILLAGE, N_SHOWN = 0, 7  # more households than its share, so that there is something to find
FEWEST = 2
NEAR = 1.05  # of the line, as R37 has it


@dataclass
class Quotas:
    """How many households of each kind are still wanted."""

    sizes: Counter[Hashable]
    causes: Counter[Hashable]
    incomes: Counter[Hashable]
    places: Counter[Hashable]

    def marks(self, household: Household) -> list[tuple[Counter[Hashable], Hashable]]:
        return [
            (self.sizes, len(household.members)),
            (self.causes, household.cause),
            (self.incomes, standing(household)),
            (self.places, household.village),
        ]

    def take(self, household: Household) -> None:
        for counter, mark in self.marks(household):
            counter[mark] -= 1

    def fit(self, household: Household) -> tuple[int, int]:
        """How well a household fits: how many of its marks are wanted, then how much."""
        left = [counter[mark] for counter, mark in self.marks(household)]
        return sum(count > 0 for count in left), sum(min(count, 0) for count in left)


def standing(household: Household) -> str:
    """Where the income stands to the line: below, near or above."""
    if household.per_capita < LINE:
        return "below"
    return "near" if household.per_capita < LINE * NEAR else "above"


def sample(every: Sequence[Household], share: float) -> list[Household]:
    """Give the share of the households whose kinds come nearest to the share of each kind."""
    n = part_of(len(every), share)
    quotas = find_quotas(every, n)
    kept = {household.ordinal: household for household in every if household.ordinal in CAST}
    for household in kept.values():
        quotas.take(household)
    while len(kept) < n:
        open_rows = [row for row in every if row.ordinal not in kept and quotas.places[row.village] > 0]
        best = max(open_rows, key=lambda row: (quotas.fit(row), -row.ordinal))
        kept[best.ordinal] = best
        quotas.take(best)
    return sorted(kept.values(), key=lambda household: household.ordinal)


def find_quotas(every: Sequence[Household], n: int) -> Quotas:
    standings = Counter(standing(household) for household in every)
    return Quotas(share_out(n, SIZES), share_out(n, CAUSES), share_out(n, standings), by_village(n))


def share_out(n: int, counts: Mapping[T, int]) -> Counter[Hashable]:
    return Counter(dict(zip(counts, split(n, list(counts.values())), strict=True)))


def by_village(n: int) -> Counter[Hashable]:
    others = [village for number, village in enumerate(villages()) if number != SHOWN_VILLAGE]
    more = split(n - N_SHOWN - FEWEST * len(others), [village.low_income for village in others])
    wanted = {village.code: FEWEST + count for village, count in zip(others, more, strict=True)}
    places: Counter[Hashable] = Counter(wanted)
    places[villages()[SHOWN_VILLAGE].code] = N_SHOWN
    return places
