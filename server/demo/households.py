"""Low-income households of the demo town: families whose members, causes and incomes fit one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from server.demo.identifiers import full_name, id_number, mobile
from server.demo.people import villages

# Totals of domain.md section 10: 412 households, 896 people.
SIZES = {1: 128, 2: 152, 3: 80, 4: 36, 5: 16}
CAUSES = {
    "ill": 168,
    "disab": 92,
    "labour": 61,
    "study": 24,
    "disaster": 9,
    "skill": 21,
    "fund": 22,
    "other": 15,
}
CHECKED_ON = date(2016, 10, 15)
NEAR_LINE_EVERY = 19  # 22 households within 5 % of the line
BELOW_LINE_EVERY = 70  # 6 households below it

T = TypeVar("T")


@dataclass
class Member:
    """One person of a household, in the codes of domain.md section 2.7."""

    name: str
    number: str
    sex: str
    birth: date
    rel: str
    age: int  # on the day the demo stands at
    health: str = "ok"
    labour: str = "none"
    edu: str = ""
    student: str = ""
    work_place: str = "none"
    work_months: int = 0
    medical: str = "ncms"
    pension: str = "none"
    dibao: bool = False


@dataclass
class Household:
    """One family with what a register and last year's income say of it."""

    ordinal: int
    village: str
    group: str
    phone: str
    cause: str
    attribute: str
    members: list[Member]
    mentor: str = ""
    registered_year: int = 2014
    income: dict[str, int] = field(default_factory=dict)  # w1 … t9, yuan of this year's period

    @property
    def head(self) -> Member:
        """The householder is always the first member."""
        return self.members[0]


def households(random: Random) -> list[Household]:
    """Give the 412 households of the full town, village by village."""
    places = [village.code for village in villages() for _ in range(village.low_income)]
    causes = _spread(random, CAUSES)
    sizes = _fitting_sizes(random, places, causes)
    return [
        _household(random, number, place, causes[number], sizes[number])
        for number, place in enumerate(places)
    ]


def sample(every: list[Household], share: float) -> list[Household]:
    """Give `share` of each village's households, at least three, those of four people first."""
    kept: list[Household] = []
    for village in villages():
        rows = [household for household in every if household.village == village.code]
        rows.sort(key=lambda household: len(household.members) != 4)
        kept += rows[: max(3, round(len(rows) * share))]
    return kept


def last_year(household: Household) -> dict[str, str]:
    """Give what the list says of the year before: about a tenth less than this year's items."""
    income = household.income
    wage, property_income = income.get("w1", 0) * 9 // 10, 0
    operating_net = (income.get("o1", 0) - income.get("c1", 0)) * 9 // 10
    transfer = sum(amount for name, amount in income.items() if name.startswith("t")) * 95 // 100
    net = wage + operating_net + property_income + transfer
    return {
        "last_wage": str(wage),
        "last_operating_net": str(operating_net),
        "last_property": str(property_income),
        "last_transfer": str(transfer),
        "last_per_capita": f"{net / len(household.members):.2f}",
    }


def move(household: Household, shift: timedelta) -> None:
    """Move a family's births and registration by `shift`, so that ages stay when the demo's year moves."""
    for member in household.members:
        member.birth += shift
        member.number = id_number(member.birth, household.ordinal, member.sex)
    household.registered_year = (date(household.registered_year, 11, 20) + shift).year


def _spread(random: Random, counts: dict[T, int]) -> list[T]:
    values = [value for value, count in counts.items() for _ in range(count)]
    random.shuffle(values)
    return values


def _fitting_sizes(random: Random, places: list[str], causes: list[str]) -> list[int]:
    """Spread the sizes: each village has a family of four, and who lives alone has no child at school."""
    sizes = _spread(random, SIZES)
    for place in dict.fromkeys(places):
        first = places.index(place)
        _swap(sizes, first, next(n for n in range(len(sizes)) if sizes[n] == 4 and not _is_first(places, n)))
    for number, cause in enumerate(causes):
        if cause == "study" and sizes[number] == 1:
            _swap(sizes, number, next(n for n in range(len(sizes)) if sizes[n] == 2 and causes[n] != "study"))
    return sizes


def _is_first(places: list[str], number: int) -> bool:
    return number == 0 or places[number - 1] != places[number]


def _swap(values: list[int], left: int, right: int) -> None:
    values[left], values[right] = values[right], values[left]


def _household(random: Random, ordinal: int, village: str, cause: str, size: int) -> Household:
    members = list(_family(random, ordinal, cause, size))
    household = Household(
        ordinal=ordinal,
        village=village,
        group=f"{random.randint(1, 12)}组",
        phone=mobile(30_000_000 + ordinal),
        cause=cause,
        attribute="dibao" if any(member.dibao for member in members) else "general",
        members=members,
        registered_year=random.choice([2013, 2014, 2014, 2015]),
    )
    household.income = _income(random, household)
    return household


def _family(random: Random, ordinal: int, cause: str, size: int) -> Iterator[Member]:
    """Yield head, spouse, then children or a parent; each with health, labour and schooling that agree."""
    sex = "M" if random.random() < 0.8 else "F"
    born = random.randint(1940, 1956) if size <= 2 and cause != "study" else random.randint(1962, 1978)
    head = _person(random, ordinal, 0, sex, born, "head", cause)
    yield head
    if size >= 2 and cause != "study":
        yield _person(
            random, ordinal, 1, "F" if sex == "M" else "M", born + random.randint(-1, 4), "spouse", ""
        )
    if size >= 2 and cause == "study":
        yield _child(random, ordinal, 1, head)
    for place in range(2, size):
        yield _child(random, ordinal, place, head)


def _child(random: Random, ordinal: int, place: int, head: Member) -> Member:
    sex = random.choice("MF")
    born = max(head.birth.year + 22, 1994 + place * 4)
    return _person(
        random, ordinal, place, sex, born, "son" if sex == "M" else "daughter", "", surname=head.name[0]
    )


def _person(
    random: Random, ordinal: int, place: int, sex: str, born: int, rel: str, cause: str, surname: str = ""
) -> Member:
    birth = date(born, random.randint(1, 12), random.randint(1, 28))
    member = Member(
        name=full_name(random, sex, born=born, surname=surname),
        number=id_number(birth, ordinal, sex),
        sex=sex,
        birth=birth,
        rel=rel,
        age=_age(birth),
    )
    member.health = {"ill": random.choice(["chronic", "serious"]), "disab": "disab"}.get(cause, "ok")
    _school_and_work(random, member)
    member.pension = "res" if member.age >= 16 and not member.student else "none"
    member.dibao = rel == "head" and cause in ("ill", "disab") and random.random() < 0.3
    return member


def _age(birth: date) -> int:
    had_birthday = (CHECKED_ON.month, CHECKED_ON.day) >= (birth.month, birth.day)
    return CHECKED_ON.year - birth.year - (0 if had_birthday else 1)


def _school_and_work(random: Random, member: Member) -> None:
    if member.age < 22:
        member.student = _grade(member.age)
        member.pension = "none"
        return
    member.edu = random.choice(
        ["primary", "junior", "junior", "none"] if member.age > 45 else ["junior", "senior"]
    )
    if member.age >= 60:
        member.labour = "none" if member.age >= 68 or member.health != "ok" else "weak"
    elif member.health != "ok":
        member.labour = "weak"
    else:
        member.labour = "normal"
        member.work_place = random.choice(["town", "town", "county", "province"])
        member.work_months = random.randint(4, 11)


def _grade(age: int) -> str:
    limits = [(3, "baby"), (6, "pre"), (12, "p"), (13, "g7"), (14, "g8"), (15, "g9"), (18, "s"), (30, "u")]
    return next(code for limit, code in limits if age <= limit)


def _income(random: Random, household: Household) -> dict[str, int]:
    """Give a year's items in yuan so that the household's mean lies near 7,600 a head."""
    n = len(household.members)
    workers = sum(member.work_months for member in household.members)
    old = sum(1 for member in household.members if member.age >= 60)
    target = n * _per_head(random, household.ordinal)
    items = {"w1": workers * 1_400, "t3": old * 1_500, "t4": random.randint(2, 6) * 120}
    if any(member.dibao for member in household.members):
        items["t1"] = 4_200
    crops, costs = 1_600, 500
    rest = target - sum(items.values()) - (crops - costs)
    if rest > 0:
        crops, items["t6"] = crops + rest * 5 // 8, rest - rest * 5 // 8
    elif workers:
        items["w1"] += rest  # a year of little work
    elif old:
        items["t3"] += rest
    return {**items, "o1": crops, "c1": costs}


def _per_head(random: Random, ordinal: int) -> int:
    """Draw yuan a head; one household in nineteen lies just above the line of 6,000, six of 412 below it."""
    drawn = int(min(max(random.lognormvariate(8.9, 0.18), 6_350), 16_000))
    if ordinal % NEAR_LINE_EVERY == 0:
        return 6_150
    return 5_700 if ordinal % BELOW_LINE_EVERY == 8 else drawn


def per_capita(household: Household) -> float:
    """Yuan a head of this year's items."""
    income = household.income
    return (sum(income.values()) - 2 * income["c1"]) / len(household.members)
