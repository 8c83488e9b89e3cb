"""Low-income households of the demo town: families whose members, causes and incomes fit one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from server.demo.identifiers import full_name, id_number, mobile
from server.demo.incomes import Items, draw_items, net
from server.demo.people import villages
from server.demo.shares import spread

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
    registered_on: date = date(2014, 11, 20)
    items: Items = field(default_factory=dict)  # of this year's period
    growth: float = 1 / 0.9  # of this year's items over last year's

    @property
    def head(self) -> Member:
        """The householder is always the first member."""
        return self.members[0]

    @property
    def registered_year(self) -> int:
        return self.registered_on.year

    @property
    def per_capita(self) -> float:
        """Yuan a head of this year's items."""
        return net(self.items) / len(self.members)


def households(random: Random) -> list[Household]:
    """Give the 412 households of the full town, village by village."""
    places = [village.code for village in villages() for _ in range(village.low_income)]
    causes = spread(random, CAUSES)
    sizes = _fitting_sizes(random, places, causes)
    return [
        _household(random, number, place, causes[number], sizes[number])
        for number, place in enumerate(places)
    ]


def move(household: Household, shift: timedelta) -> None:
    """Move a family's births and registration by `shift`, so that ages stay when the demo's year moves."""
    for member in household.members:
        member.birth += shift
        member.number = id_number(member.birth, household.ordinal, member.sex)
    household.registered_on += shift


def _fitting_sizes(random: Random, places: list[str], causes: list[str]) -> list[int]:
    """Spread the sizes: each village has a family of four, and who lives alone has no child at school."""
    sizes = spread(random, SIZES)
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
        registered_on=registration_day(random.choice([2013, 2014, 2014, 2015]), village),
    )
    household.items = draw_items(
        random,
        ordinal,
        n_people=len(members),
        work_months=sum(member.work_months for member in members),
        n_old=sum(member.age >= 60 for member in members),
        has_dibao=household.attribute == "dibao",
    )
    return household


def registration_day(year: int, village: str) -> date:
    """The day on which a village registers, in the week of 18 November."""
    middle = date(year, 11, 18)
    return middle + timedelta(days=int(village) % 5 - middle.weekday())


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
