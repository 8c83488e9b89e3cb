"""Duplicates planted on purpose, each with a line of truth: the same family, business or number twice.

They wait for the office as registers of their own, so that what is approved keeps the figures of the town.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from server.demo.businesses import Business
from server.demo.deeds import Deed, moment_of
from server.demo.households import Household, Member
from server.demo.identifiers import credit_code, id_number
from server.demo.sampling import CAST
from server.demo.shares import evenly, part_of
from server.demo.story import Story, key_of, keys_of, working_days

# Domain.md section 10.
NAMES, WRONG_DIGITS, CHANGED_HEADS, SPLITS, BUSINESS_NAMES, SHARED_PHONES = 25, 12, 8, 6, 10, 4
COPIES_FROM = 600  # ordinals of the copies, beyond those of the families
BUSINESS_COPIES_FROM = 8_000
DAYS = working_days(date(2016, 9, 19), date(2016, 10, 13), *(date(2016, 10, day) for day in range(1, 8)))
VALID_ID_RULE = "R01"

# Given names as somebody heard them: the same sound in other characters.
HEARD = {
    "建军": "建君", "志华": "志桦", "德明": "德铭", "永福": "永幅", "长根": "常根", "兆林": "兆琳",
    "文斌": "文彬", "晓东": "小东", "海波": "海博", "宏兵": "洪兵", "正红": "正洪", "春山": "春杉",
    "云龙": "芸龙", "金宝": "锦宝", "秀兰": "秀蓝", "桂英": "贵英", "玉珍": "玉贞", "红梅": "洪梅",
    "翠萍": "翠平", "小燕": "晓燕", "巧云": "巧芸", "月琴": "月芹", "淑芳": "淑方", "银凤": "银奉",
    "爱珍": "爱贞", "晓霞": "小霞", "冬梅": "东梅", "美华": "美桦", "丽娟": "莉娟", "春花": "椿花",
    "学文": "学雯",
}  # fmt: skip
# Characters that are written in two ways.
WRITTEN = {"刘": "劉", "叶": "葉", "萧": "肖", "国": "囯", "华": "華", "陈": "陳", "张": "張", "强": "強"}


@dataclass(frozen=True)
class Truth:
    """Two rows of a list that belong together, or only seem to, and why."""

    kind: str
    list_name: str
    left: str  # names of rows
    right: str
    note: str


Pair = tuple[Deed, Truth]


def plant(story: Story, share: float) -> tuple[list[Deed], list[Truth]]:
    """Give the registers that come in twice, and the truth about them; also lets neighbours share a phone."""
    families = [one for one in story.families if one.ordinal not in CAST and one.ordinal not in story.checked]
    used: set[int] = set()
    pairs: list[Pair] = []
    for kind, total, fits, copy in RECIPES:
        free = [one for one in families if one.ordinal not in used and fits(one)]
        for family in evenly(free, part_of(total, share)):
            used.add(family.ordinal)
            pairs.append(register_again(story, family, copy(family), kind))
    keys = [firm for firm in story.firms if firm.kind == "enterprise" and firm.id_scheme == "uscc"]
    pairs += [rename(story, firm) for firm in evenly(keys, part_of(BUSINESS_NAMES, share))]
    shared = list(share_phones(families, part_of(SHARED_PHONES, share)))
    return [deed for deed, _ in pairs], [*(truth for _, truth in pairs), *shared]


def register_again(story: Story, family: Household, copy: Household, kind: str) -> Pair:
    """A register of the same people, filled anew this autumn from a paper list."""
    usual = story.register(copy)
    on = DAYS[family.ordinal % len(DAYS)] + story.shift
    flat = {**usual.flat, "today": on.isoformat()}
    deed = replace(
        usual,
        begun=moment_of(on, f"again {family.ordinal}"),
        flat=flat,
        stays_open=True,
        meant=frozenset({VALID_ID_RULE}) if kind == "wrong_digit" else frozenset(),
    )
    note = f"{family.head.name} {family.head.number} / {copy.head.name} {copy.head.number}"
    return deed, Truth(kind, "household", keys_of(family)[0], keys_of(copy)[0], note)


def copy_of(family: Household, members: Sequence[Member]) -> Household:
    return replace(family, ordinal=COPIES_FROM + family.ordinal, members=list(members))


def heard_otherwise(family: Household) -> Household:
    """The head under a name that sounds or is written alike, with a second number of the same birthday."""
    head = family.head
    number = id_number(head.birth, COPIES_FROM // 2 + family.ordinal // 2, head.sex)
    return copy_of(family, [replace(head, name=other_name(head.name), number=number), *family.members[1:]])


def other_name(name: str) -> str:
    written = "".join(WRITTEN.get(character, character) for character in name)
    return written if written != name else name[0] + HEARD[name[1:]]


def with_wrong_digit(family: Household) -> Household:
    """The head's number with one digit of the order mistyped, so that the check character tells."""
    head = family.head
    digit = str((int(head.number[15]) + 3) % 10)
    return copy_of(
        family, [replace(head, number=head.number[:15] + digit + head.number[16:]), *family.members[1:]]
    )


def under_new_head(family: Household) -> Household:
    """The spouse as householder after the head died."""
    spouse, *others = family.members[1:]
    return copy_of(family, [replace(spouse, rel="head"), *others])


def part_of_family(family: Household) -> Household:
    """The spouse and a child, who moved to another house."""
    spouse, child, *_ = family.members[1:]
    return replace(copy_of(family, [replace(spouse, rel="head"), child]), group="13组")


def has_spouse(family: Household) -> bool:
    return len(family.members) > 1 and family.members[1].rel == "spouse"


Recipe = tuple[str, int, Callable[[Household], bool], Callable[[Household], Household]]
RECIPES: tuple[Recipe, ...] = (
    ("split_household", SPLITS, lambda one: has_spouse(one) and len(one.members) > 3, part_of_family),
    ("changed_head", CHANGED_HEADS, lambda one: has_spouse(one) and len(one.members) == 3, under_new_head),
    ("other_name", NAMES, lambda one: len(one.members) == 1, heard_otherwise),
    ("wrong_digit", WRONG_DIGITS, lambda one: len(one.members) <= 2, with_wrong_digit),
)


def rename(story: Story, firm: Business) -> Pair:
    """The same factory under its registered name and a new code, after the licences were merged."""
    core = firm.name.removesuffix("(演示)").removesuffix("厂")
    ordinal = BUSINESS_COPIES_FROM + firm.ordinal
    copy = replace(firm, ordinal=ordinal, name=f"东台市{core}有限公司(演示)", code=credit_code("91", ordinal))
    usual = story.business(copy)
    on = DAYS[firm.ordinal % len(DAYS)] + story.shift
    deed = replace(usual, begun=moment_of(on, f"again {firm.ordinal}"), stays_open=True)
    return deed, Truth("business_name", "business", key_of(firm), key_of(copy), f"{firm.name} / {copy.name}")


def share_phones(families: Sequence[Household], count: int) -> Iterator[Truth]:
    """Neighbours who give one number: two families that are not the same."""
    neighbours = [(left, right) for left, right in pairwise(families) if left.village == right.village]
    for left, right in evenly(neighbours, count):
        right.phone = left.phone
        note = f"{left.head.name} / {right.head.name} {left.phone}"
        yield Truth("shared_phone", "household", keys_of(left)[0], keys_of(right)[0], note)
