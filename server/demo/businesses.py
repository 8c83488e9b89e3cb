"""Businesses of the demo town and the year's figures that visitors write down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from server.demo.identifiers import credit_code, full_name, mobile
from server.demo.people import villages

KEY_ENTERPRISES = 120  # domain.md section 10
TRADES = {
    "stainless": ("不锈钢制品", "C33"),
    "aquatic": ("簖蟹养殖", "A04"),
    "goose": ("老鹅食品", "C13"),
    "rice": ("粮油", "C13"),
    "tourism": ("农家乐", "H62"),
    "other": ("机电", "C38"),
}
CORES = "明 宏 瑞 鑫 恒 泰 华 润 兴 盛 达 源 丰 祥 顺 诚 博 远".split()


@dataclass
class Business:
    """One row of the business register, in the codes of domain.md section 3.2."""

    ordinal: int
    village: str
    name: str
    kind: str
    id_scheme: str
    code: str
    owner: str
    phone: str
    chain: str
    industry: str
    established: date
    is_key: bool
    sales_wan: int
    staff: int
    started_by: str
    contact: str = ""


def businesses(random: Random) -> list[Business]:
    """Give the 640 enterprises of the full town; the first of each village are the key ones."""
    places = [village.code for village in villages() for _ in range(village.businesses)]
    n_key = _shares(KEY_ENTERPRISES, [village.businesses for village in villages()])
    keys = {village.code: count for village, count in zip(villages(), n_key, strict=True)}
    made: list[Business] = []
    for ordinal, place in enumerate(places):
        rank = sum(1 for business in made if business.village == place)
        made.append(_business(random, ordinal, place, is_key=rank < keys[place]))
    return made


def sample(every: list[Business], share: float) -> list[Business]:
    """Give `share` of each village's businesses, one of them a key enterprise."""
    kept: list[Business] = []
    for village in villages():
        rows = [business for business in every if business.village == village.code]
        keys = [business for business in rows if business.is_key]
        others = [business for business in rows if not business.is_key]
        n = max(2, round(len(rows) * share))
        n_keys = max(1, round(len(keys) * share))
        kept += keys[:n_keys] + others[: n - n_keys]
    return kept


def _shares(total: int, weights: list[int]) -> list[int]:
    """Split `total` in proportion to `weights`, largest remainders first."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(value) for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _business(random: Random, ordinal: int, village: str, *, is_key: bool) -> Business:
    chain = random.choice(["stainless"] * 6 + ["aquatic", "goose", "rice", "tourism", "other"])
    core = (
        random.choice(CORES) + random.choice(CORES) + (CORES[ordinal % len(CORES)] if ordinal >= 60 else "")
    )
    scheme = "uscc" if random.random() < 0.8 else "reg15"
    sales = random.randint(2_000, 12_000) if is_key and random.random() < 0.5 else random.randint(80, 1_900)
    return Business(
        ordinal=ordinal,
        village=village,
        name=f"{core}{TRADES[chain][0]}厂(演示)",
        kind="enterprise",
        id_scheme=scheme,
        code=credit_code("91", ordinal + 1) if scheme == "uscc" else f"320999{ordinal + 1:09d}",
        owner=full_name(random, random.choice("MMF"), born=random.randint(1958, 1985)),
        phone=mobile(40_000_000 + ordinal),
        chain=chain,
        industry=TRADES[chain][1],
        established=date(random.randint(1998, 2015), random.randint(1, 12), random.randint(1, 28)),
        is_key=is_key,
        sales_wan=sales,
        staff=max(3, sales // 60 + random.randint(0, 8)),
        started_by=random.choice(["mass", "mass", "mass", "member", "returnee", "cadre"]),
    )
