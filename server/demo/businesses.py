"""Businesses of the demo town: enterprises with a full register, the many others as rows of a directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, permutations
from random import Random

from server.demo.identifiers import credit_code, full_name, id_number, mobile
from server.demo.people import Village, villages
from server.demo.shares import part_of, split, spread

# Domain.md section 10: 5,060 businesses of the masses = 640 enterprises + 1,420 individuals
# + 3,000 workshops; 540 of their 4,520 owners have two.
INDIVIDUALS, WORKSHOPS, OWNERS_OF_TWO = 1_420, 3_000, 540
KEY_ENTERPRISES, ABOVE_SCALE = 120, 50
SCHEMES = {  # hundredths
    "enterprise": {"uscc": 80, "reg15": 20},
    "individual": {"uscc": 30, "reg15": 60, "none": 10},
    "workshop": {"reg15": 30, "none": 70},
}
CODE_KINDS = {"enterprise": "91", "individual": "92"}
ABOVE_SCALE_WAN = 2_000  # 10,000 yuan of sales a year, domain.md 3.1

TRADES = {  # chain -> name, industry, products
    "stainless": ("不锈钢制品厂", "C33", "不锈钢管件、法兰"),
    "aquatic": ("簖蟹养殖场", "A04", "簖蟹"),
    "goose": ("老鹅食品厂", "C13", "风鹅、老鹅"),
    "rice": ("粮油加工厂", "C13", "大米"),
    "tourism": ("农家乐山庄", "H62", "餐饮、采摘"),
    "other": ("机电厂", "C38", "电机、风机"),
}
SHOPS = "百货店 五金店 小吃店 理发店 修理部 农资店 布艺店 运输部".split()
CRAFTS = "不锈钢加工户 抛光加工户 缝纫加工户 豆制品加工户 渔网加工户 竹编加工户".split()
CORES = "明 宏 瑞 鑫 恒 泰 华 润 兴 盛 达 源 丰 祥 顺 诚 博 远".split()
OWNER_ORDERS, ORDERS = 412, 500  # owners' ID numbers begin where the households' end
FIRST_BIRTH, BIRTH_WEEKS = date(1958, 1, 1), 1_461  # to 1985


@dataclass
class Owner:
    """Who has a business; a tenth of them has two."""

    name: str
    phone: str
    number: str


@dataclass
class Business:
    """One row of the business register, in the codes of domain.md section 3.2."""

    ordinal: int
    village: str
    name: str
    kind: str
    id_scheme: str
    code: str
    owner: Owner
    chain: str
    established: date
    is_key: bool = False
    sales_wan: int = 0
    staff: int = 1
    contact: str = ""
    led_by: str = ""

    @property
    def industry(self) -> str:
        return TRADES[self.chain][1]


def businesses(random: Random, share: float = 1.0) -> list[Business]:
    """Give a share of the town's businesses, village by village, enterprises and the key ones first."""
    kinds = {"enterprise": sum(village.enterprises for village in villages())}
    kinds |= {"individual": INDIVIDUALS, "workshop": WORKSHOPS}
    counts = {kind: part_of(total, share) for kind, total in kinds.items()}
    schemes = {kind: iter(draw_schemes(random, kind, total)) for kind, total in counts.items()}
    places = list(by_village(counts, part_of(OWNERS_OF_TWO, share)))
    numbers = count()
    made: list[Business] = []
    for village, rows, n_second in places:
        owners = list(draw_owners(random, len(rows), n_second, first=len(made)))
        for kind, owner in zip(rows, owners, strict=True):
            made.append(draw(random, next(numbers), village.code, kind, next(schemes[kind]), owner))
    distinguish(random, made, share)
    return made


def by_village(counts: dict[str, int], n_second: int) -> Iterator[tuple[Village, list[str], int]]:
    """Each village with the kinds of its businesses and how many of their owners have two."""
    places = villages()
    enterprises = split(counts["enterprise"], [village.enterprises for village in places])
    others = [village.mass_businesses - village.enterprises for village in places]
    individuals = split(counts["individual"], others)
    workshops = split(counts["workshop"], others)
    seconds = split(n_second, [village.mass_businesses for village in places])
    for row in zip(places, enterprises, individuals, workshops, seconds, strict=True):
        village, *numbers, second = row
        kinds = [
            kind
            for kind, number in zip(("enterprise", "individual", "workshop"), numbers, strict=True)
            for _ in range(number)
        ]
        yield village, kinds, second


def draw_schemes(random: Random, kind: str, total: int) -> list[str]:
    shares = SCHEMES[kind]
    return spread(random, dict(zip(shares, split(total, list(shares.values())), strict=True)))


def draw_owners(random: Random, n: int, n_second: int, first: int) -> Iterator[Owner]:
    """An owner for each of `n` businesses; the last ones belong to those who have one already."""
    owners = [draw_owner(random, first + number) for number in range(n - n_second)]
    return iter([*owners, *owners[:n_second]])


def draw_owner(random: Random, number: int) -> Owner:
    """One of the owners; no two have a birthday and an order in common, so no number comes twice."""
    sex = random.choice("MMF")
    birth = FIRST_BIRTH + timedelta(days=number % BIRTH_WEEKS * 7 + random.randint(0, 6))
    order = OWNER_ORDERS + number % (ORDERS - OWNER_ORDERS)
    return Owner(
        full_name(random, sex, born=birth.year), mobile(40_000_000 + number), id_number(birth, order, sex)
    )


def draw(random: Random, ordinal: int, village: str, kind: str, scheme: str, owner: Owner) -> Business:
    chain = random.choice(["stainless"] * 6 + ["aquatic", "goose", "rice", "tourism", "other"])
    codes = {
        "uscc": credit_code(CODE_KINDS.get(kind, "92"), ordinal + 1),
        "reg15": f"320999{ordinal + 1:09d}",
        "none": "",
    }
    return Business(
        ordinal=ordinal,
        village=village,
        name="",
        kind=kind,
        id_scheme=scheme,
        code=codes[scheme],
        owner=owner,
        chain=chain,
        established=date(random.randint(1998, 2014), random.randint(1, 12), random.randint(1, 28)),
    )


def distinguish(random: Random, rows: list[Business], share: float) -> None:
    """Name the businesses, no two alike, and say which enterprises are key and which above scale."""
    cores = draw_cores(random)
    keys = set(choose_keys(rows, share))
    n_above = part_of(ABOVE_SCALE, share)
    above = set(random.sample(sorted(keys), n_above))
    for row in rows:
        row.name = name_for(random, row, cores)
        row.is_key = row.ordinal in keys
        is_above = row.ordinal in above
        row.sales_wan = random.randint(2_050, 12_000) if is_above else random.randint(80, 1_900)
        row.staff = max(3, row.sales_wan // 60 + random.randint(0, 8)) if row.kind == "enterprise" else 2


def choose_keys(rows: list[Business], share: float) -> Iterator[int]:
    """The first enterprises of each village, so that each has one."""
    total = max(len(villages()), part_of(KEY_ENTERPRISES, share))
    counts = split(total, [village.enterprises for village in villages()])
    counts = [max(1, count) for count in counts] if total == len(villages()) else counts
    for village, number in zip(villages(), counts, strict=True):
        first = next(row.ordinal for row in rows if row.village == village.code)
        yield from range(first, first + number)


def draw_cores(random: Random) -> Iterator[str]:
    """Yield two lucky characters, no pair twice, then three."""
    for length in (2, 3):
        yield from spread(random, dict.fromkeys(map("".join, permutations(CORES, length)), 1))


def name_for(random: Random, row: Business, cores: Iterator[str]) -> str:
    if row.kind == "enterprise":
        return f"{next(cores)}{TRADES[row.chain][0]}(演示)"
    if row.kind == "individual":
        return f"{next(cores)}{random.choice(SHOPS)}(演示)"
    return f"{row.owner.name}{random.choice(CRAFTS)}"


def move(row: Business, shift: timedelta) -> None:
    row.established += shift


def as_row(row: Business, name: str) -> dict[str, str]:
    """A line of the directory of trade and industry, for the list."""
    return {
        "name": name,
        "label": row.name,
        "village": row.village,
        "kind": row.kind,
        "id_scheme": row.id_scheme,
        "uscc": row.code if row.id_scheme == "uscc" else "",
        "reg15": row.code if row.id_scheme == "reg15" else "",
        "legal_rep": row.owner.name,
        "phone": row.owner.phone,
        "chain": row.chain if row.kind == "workshop" else "",
        "established": row.established.isoformat(),
        "started_by": "mass",
        "status": "open",
        "key": "no",
    }
