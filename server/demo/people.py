"""Villages, persons (cadres) and accounts of the demo town, made from a seed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from server.demo.identifiers import full_name, mobile

FIELD_CADRES = 40  # domain.md section 10: accounts


@dataclass(frozen=True)
class Village:
    """One row of villages.csv; counts are those of the full town."""

    code: str
    name: str
    population: int
    households: int
    committee: int
    able: int
    low_income: int
    enterprises: int
    mass_businesses: int


@dataclass(frozen=True)
class Cadre:
    """A row of list `person`; `username` is '' for those without an account."""

    person_id: str
    name: str
    village: str
    position: str
    phone: str
    username: str = ""
    role: str = ""


@cache
def villages() -> tuple[Village, ...]:
    """Read the thirteen villages in their order."""
    with Path(__file__).with_name("villages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Village(row["code"], row["name"], *(int(value) for value in list(row.values())[2:])) for row in rows
    )


def cadres(random: Random) -> list[Cadre]:
    """Give secretaries, clerks and field cadres of every village, then the town's own officers."""
    made = [
        *_village_posts(random, "secretary", "党组织书记", "village_head"),
        *_village_posts(random, "clerk", "村会计", "village_clerk"),
    ]
    places = villages()
    for number in range(1, FIELD_CADRES + 1):
        village = places[(number - 1) % len(places)]
        made.append(_cadre(random, len(made), village.code, "帮扶责任人", f"cadre{number:02d}", "field"))
    for number, (prefix, position, role) in enumerate(TOWN_POSTS, start=1):
        made.append(_cadre(random, len(made), "", position, f"{prefix}{_ordinal(prefix, number):02d}", role))
    return made


OFFICES = ("镇扶贫办", "镇经发办", "镇农经站", "镇组织办", "镇党政办")  # office01 … office05
TOWN_POSTS = [
    *[("office", office, "town_office") for office in OFFICES],
    *[("leader", "镇分管领导", "town_leader")] * 2,
    *[("county", "县级审核员", "county")] * 2,
    ("auditor", "督查员", "auditor"),
    ("publisher", "表单管理员", "publisher"),
    ("admin", "系统管理员", "admin"),
]


def _ordinal(prefix: str, number: int) -> int:
    return sum(1 for other, _, _ in TOWN_POSTS[:number] if other == prefix)


def _village_posts(random: Random, prefix: str, position: str, role: str) -> list[Cadre]:
    start = 0 if prefix == "secretary" else len(villages())
    return [
        _cadre(random, start + number, village.code, position, f"{prefix}{number + 1:02d}", role)
        for number, village in enumerate(villages())
    ]


def _cadre(random: Random, number: int, village: str, position: str, username: str, role: str) -> Cadre:
    name = full_name(random, random.choice("MMF"), born=random.randint(1958, 1990))
    return Cadre(f"p{number + 1:04d}", name, village, position, mobile(20_000_000 + number), username, role)
