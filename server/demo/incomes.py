"""A household's income of a year as the items of the exit check, w1 … t9 and c1, in yuan."""

from __future__ import annotations

from random import Random

Items = dict[str, int]

LINE = 6_000  # domain.md 2.1: the province's line, yuan a head
# Domain.md section 10: about 7,600 yuan a head; of 412 households 22 within 5 % of the line, 6 below it.
MU, SIGMA = 8.934, 0.18
LOWEST, HIGHEST = 6_350, 16_000
NEAR_LINE, NEAR_LINE_EVERY = 6_150, 19
BELOW_LINE, BELOW_LINE_EVERY = 5_700, 70
WAGE, PENSION, DIBAO, GRAIN = 1_400, 1_500, 4_200, 120  # a month, a year, a year, a field
CROPS, COSTS = 1_600, 500
RENT, RENT_EVERY = 900, 4  # every fourth household lets some land
LATEST_RENT = 2_000  # a household with less to spare lets none


def draw_items(
    random: Random, ordinal: int, *, n_people: int, work_months: int, n_old: int, has_dibao: bool
) -> Items:
    """Draw a year's items that fit the family and come to what it has a head."""
    target = n_people * _per_head(random, ordinal)
    items = {"w1": work_months * WAGE, "t3": n_old * PENSION, "t4": random.randint(2, 6) * GRAIN}
    if has_dibao:
        items["t1"] = DIBAO
    rest = target - sum(items.values()) - (CROPS - COSTS)
    crops = CROPS
    if rest > 0:
        crops, items["t6"] = CROPS + rest * 5 // 8, rest - rest * 5 // 8
    elif work_months:
        items["w1"] += rest  # a year of little work
    elif n_old:
        items["t3"] += rest
    if lets_land(ordinal) and items.get("t6", 0) > LATEST_RENT:
        items["p1"], items["t6"] = RENT, items["t6"] - RENT
    return {**items, "o1": crops, "c1": COSTS}


def _per_head(random: Random, ordinal: int) -> int:
    """Draw yuan a head; at fixed distances a household lies just above the line, or below it."""
    drawn = int(min(max(random.lognormvariate(MU, SIGMA), LOWEST), HIGHEST))
    if ordinal % NEAR_LINE_EVERY == 0:
        return NEAR_LINE
    return BELOW_LINE if ordinal % BELOW_LINE_EVERY == 8 else drawn


def lets_land(ordinal: int) -> bool:
    """Whether a household may let land, if it can do without."""
    return ordinal % RENT_EVERY == 3


def earlier(items: Items, growth: float) -> Items:
    """The items of the year before."""
    return {name: int(amount / growth) for name, amount in items.items()}


def net(items: Items) -> int:
    """Net income of the household: costs are among the items and count against it."""
    return sum(items.values()) - 2 * items["c1"]


def as_columns(items: Items, n_people: int) -> dict[str, str]:
    """What the household list says of a year, without which year it is."""
    transfer = sum(amount for name, amount in items.items() if name.startswith("t"))
    return {
        "last_wage": str(items["w1"]),
        "last_operating_net": str(items["o1"] - items["c1"]),
        "last_property": str(items.get("p1", 0)),
        "last_transfer": str(transfer),
        "last_per_capita": f"{net(items) / n_people:.2f}",
    }
