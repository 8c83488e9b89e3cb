"""The demo's pairings, their contact logs and the office's tasks: who looks after whom, and how punctually.

Figures are those of domain.md section 10, or a tenth of them with a pairing of every village.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from server.demo.answers import home_of
from server.demo.deeds import Deed, Verdict, moment_of, new_id
from server.demo.identifiers import full_name, mobile
from server.demo.people import Cadre, villages
from server.demo.places import near
from server.demo.shares import part_of, split
from server.demo.story import Story, key_of, keys_of

FIRMS, CADRE_MEMBERS, MEMBER_HOUSEHOLDS, MODELS = 26, 320, 640, 39
FOR_EACH_CADRE, FOR_EACH_NEIGHBOUR = 4, 3
SHARE_OF_MEMBERS = 183 / 320  # of those led by cadres: with the accounts about the 236 mentors of section 10
PHONES_FROM = 30_000_000
PAIRED_ON = date(2016, 8, 1)
OVERDUE, NEGLECTED = 0.07, 0.015  # shares: without contact in the last whole period, in the last two
DAYS_TO_APPROVE, DAYS_OPEN = 3, 7
SATURDAY = 5
EAGER_MONTHS = 3  # in which a starter is seen twice a month
CALLS = 4  # one contact in so many is a call
TROUBLED = 9  # one pairing in so many has something to be settled, told of lately
LATELY = timedelta(days=45)
LEAVE_ASKED_ON = date(2016, 10, 14)
TROUBLES = (
    ("house", "厨房屋顶漏雨，入冬前需要修缮"),
    ("med", "慢性病药费较高，需要办理门诊慢性病报销"),
    ("school", "孩子在外地读职高，助学金还没有落实"),
    ("income", "自产螃蟹销路不畅，需要联系收购"),
    ("water", "自来水压力不足，夏季经常断水"),
    ("policy", "公益性岗位申请没有答复"),
)
DAYS_GIVEN = (3, 10, 30)  # to settle it: some are overdue by now

GOALS = {
    "hand_in_hand": "落实增收项目，年内人均增收一成以上",
    "village_enterprise": "共建项目，吸纳本村劳力就业",
    "cadre_member": "带动党员当好致富带头人",
    "member_household": "提供技术和销路，帮助扩大经营",
    "model_1to1": "一对一指导创业起步",
}
WORDS = (
    "查看{where}，商量下月安排和销路",
    "询问{where}近况，讲解惠农政策",
    "一起核算{where}收支，约定改进办法",
    "送去技术资料，现场指导{where}",
    "了解{where}困难，联系有关单位协调",
)
PLACES = {
    "hand_in_hand": "家中生产生活",
    "village_enterprise": "村企合作项目",
    "cadre_member": "带头项目",
    "member_household": "店里经营情况",
    "model_1to1": "创业项目",
}
FOUR_ONES = ("learn", "project", "people", "area")
EVIDENCE = {
    "learn": "参加镇农技站实用技术培训",
    "project": "领办示范项目，已动工",
    "people": "带动邻近几户一起经营",
    "area": "带动本组发展特色种养",
}


@dataclass
class Bond:
    """One pairing of the demo."""

    number: int
    kind: str
    village: str
    mentor: str
    mentee: str
    username: str  # whose phone its contacts are written on
    home: list[float] = field(default_factory=list)  # '' for a mentee without a home on record

    @property
    def name(self) -> str:
        return new_id("pairing", self.kind, self.number)


@dataclass
class Circle:
    """Who is paired with whom, and the persons that come into the list for it."""

    story: Story
    share: float
    bonds: list[Bond] = field(default_factory=list)
    persons: list[Cadre] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random("circle")  # noqa: S311 - the same town every time
        self.members: dict[str, list[Cadre]] = {village.code: [] for village in villages()}
        self.lead_members()
        self.lead_neighbours()
        self.take_hands()
        self.pair_enterprises()
        self.help_starters()

    def person(self, village: str, position: str) -> Cadre:
        number = len(self.persons)
        born = self.random.randint(1955, 1992)
        name = full_name(self.random, self.random.choice("MMF"), born=born)
        made = Cadre(f"m{number + 1:04d}", name, village, position, mobile(PHONES_FROM + number))
        self.persons.append(made)
        return made

    def bond(
        self, kind: str, village: str, mentor: Cadre | str, mentee: str, home: list[float] | None = None
    ) -> None:
        pool = self.story.cadres(village, "field")
        writer = pool[len(self.bonds) % len(pool)].username
        if isinstance(mentor, Cadre):
            writer, mentor = mentor.username or writer, mentor.person_id
        self.bonds.append(Bond(len(self.bonds) + 1, kind, village, mentor, mentee, writer, home or []))

    def lead_members(self) -> None:
        """Committee members, the secretary first, lead four Party members each."""
        total = self.count(CADRE_MEMBERS)
        for village, n in zip(villages(), split(total, [one.committee for one in villages()]), strict=True):
            leaders = [*self.story.cadres(village.code, "village_head")]
            while len(leaders) * FOR_EACH_CADRE < n:
                leaders.append(self.person(village.code, "两委成员"))
            for at in range(n):
                member = self.person(village.code, "党员")
                self.members[village.code].append(member)
                self.bond("cadre_member", village.code, leaders[at // FOR_EACH_CADRE], member.person_id)

    def lead_neighbours(self) -> None:
        """Party members lead self-employed households of their village, two or three each."""
        total = self.count(MEMBER_HOUSEHOLDS)
        for village, n in zip(villages(), split(total, [one.committee for one in villages()]), strict=True):
            firms = [
                firm
                for firm in self.story.firms
                if firm.village == village.code and firm.kind != "enterprise"
            ]
            leaders = (member for member in self.members[village.code] for _ in range(FOR_EACH_NEIGHBOUR))
            for firm, member in islice(zip(firms, leaders, strict=False), n):
                self.bond("member_household", village.code, member, key_of(firm))

    def take_hands(self) -> None:
        """Every low-income household has a mentor: cadres three each, then Party members in turn."""
        taken: dict[str, int] = {}
        by_id = {cadre.person_id: cadre for cadre in self.story.people}
        spare = {
            code: cycle(members[: max(1, round(len(members) * SHARE_OF_MEMBERS))])
            for code, members in self.members.items()
        }
        for family in self.story.families:
            mentor = by_id[family.mentor]
            if taken.get(family.mentor, 0) >= FOR_EACH_NEIGHBOUR:
                mentor = next(spare[family.village])
            taken[mentor.person_id] = taken.get(mentor.person_id, 0) + 1
            self.bond("hand_in_hand", family.village, mentor, keys_of(family)[0], home_of(family))

    def pair_enterprises(self) -> None:
        n_each = 2 if self.share == 1 else 1
        for village in villages():
            firms = [
                one for one in self.story.firms if one.village == village.code and one.kind == "enterprise"
            ]
            for firm in firms[:n_each]:
                self.bond("village_enterprise", village.code, key_of(firm), village.code)

    def help_starters(self) -> None:
        places = cycle(villages())
        for village in islice(places, self.count(MODELS)):
            model = self.person(village.code, "创业典型")
            starter = self.person(village.code, "创业者")
            self.bond("model_1to1", village.code, model, starter.person_id)

    def count(self, total: int) -> int:
        return part_of(total, self.share)

    def rows(self) -> list[dict[str, str]]:
        """The table that the office imports."""
        start_on = (PAIRED_ON + self.story.shift).isoformat()
        return [
            {
                "name": bond.name,
                "kind": bond.kind,
                "mentor": bond.mentor,
                "mentee": bond.mentee,
                "village": bond.village,
                "start_on": start_on,
                "goal": GOALS[bond.kind],
            }
            for bond in self.bonds
        ]


def person_rows(persons: Sequence[Cadre]) -> list[dict[str, str]]:
    places = {village.code: village.name for village in villages()}
    return [
        {
            "name": one.person_id,
            "label": one.name,
            "place": places[one.village],
            "position": one.position,
            "phone": one.phone,
        }
        for one in persons
    ]


def logs(circle: Circle, until: date) -> Iterator[Deed]:
    """Yield the contact logs up to a day: one or two in every period that a pairing doesn't miss."""
    first = PAIRED_ON + circle.story.shift
    spans = list(periods(first, until, 1))
    quarters = list(periods(first, until, 3))
    for at, bond in enumerate(circle.bonds):
        own = quarters if bond.kind == "village_enterprise" else spans
        n_missed = missed(at, len(circle.bonds))
        for number, (begin, end) in enumerate(own):
            if number >= len(own) - 1 - n_missed and n_missed:
                break  # this period and those before it had no contact
            n_parts = 2 if bond.kind == "model_1to1" and number < EAGER_MONTHS else 1
            for part in range(n_parts):
                on = day_in(begin, end, f"{bond.name} {number} {part}", part, n_parts)
                if on <= until:
                    yield log(bond, on, number + part, until)


def missed(at: int, total: int) -> int:
    """How many whole periods the pairing at this place missed, evenly spread: 0, 1 or 2."""
    n_overdue, n_neglected = round(total * OVERDUE), max(1, round(total * NEGLECTED))
    step = total // max(n_overdue, 1)
    if at % step != step // 2 or at // step >= n_overdue:
        return 0
    return 2 if (at // step) % max(n_overdue // n_neglected, 1) == 0 else 1


def periods(first: date, until: date, n_months: int) -> Iterator[tuple[date, date]]:
    """Calendar months or quarters from a day on, the one that holds `until` being the last."""
    begin = first
    while begin <= until:
        month = begin.month - (begin.month - 1) % n_months + n_months
        after = date(begin.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
        yield begin, after - timedelta(days=1)
        begin = after


def day_in(begin: date, end: date, seed: str, part: int, n_parts: int) -> date:
    """A day of a period's first, second, ... part, a working day where the part has one left."""
    random = Random(seed)  # noqa: S311 - the same day every time
    length = ((end - begin).days + 1) // n_parts
    on = begin + timedelta(days=random.randrange(length) + part * length)
    last = begin + timedelta(days=(part + 1) * length - 1)
    while on.weekday() >= SATURDAY and on < last:
        on += timedelta(days=1)
    return on


def trouble(bond: Bond, on: date, until: date) -> dict[str, Any]:
    """What some say needs settling; every second one leaves it to the supervisor who sees to it."""
    if bond.number % TROUBLED != 2 or until - on > LATELY:
        return {}
    kind, text = TROUBLES[bond.number // TROUBLED % len(TROUBLES)]
    told: dict[str, Any] = {"problem_kind": kind, "problem_text": text}
    told["ticket_key"] = new_id("ticket", bond.name, on)
    if bond.number // TROUBLED % 2 and bond.kind != "village_enterprise":
        days = DAYS_GIVEN[bond.number // TROUBLED % len(DAYS_GIVEN)]
        told |= {"owner": bond.mentor, "due_on": (on + timedelta(days=days)).isoformat()}
    return {"has_problem": "yes", "problem": [told]}


def leaves(circle: Circle) -> list[Deed]:
    """Two cadres of the first village ask for leave: one is granted it, one waits."""
    first, second = circle.story.cadres(villages()[0].code, "field")[:2]
    wishes = (
        (first.username, date(2016, 10, 24), date(2016, 10, 26), "business", "参加市里农技培训"),
        (second.username, date(2016, 10, 17), date(2016, 10, 21), "sick", "住院检查"),
    )
    shift = circle.story.shift
    return [
        Deed(
            moment_of(LEAVE_ASKED_ON + shift, f"leave {username}"),
            username,
            "leave",
            new_id("leave", username),
            {
                "from_on": (from_on + shift).isoformat(),
                "until_on": (until_on + shift).isoformat(),
                "leave_kind": kind,
                "reason": reason,
            },
            minutes=2,
        )
        for username, from_on, until_on, kind, reason in wishes
    ]


def away(circle: Circle) -> str:
    """The pairing of the first village whose household works elsewhere for a while."""
    homes = [
        bond
        for at, bond in enumerate(circle.bonds)
        if bond.kind == "hand_in_hand" and not missed(at, len(circle.bonds))
    ]
    return next(bond.name for bond in homes if bond.village == villages()[0].code)


def log(bond: Bond, on: date, number: int, until: date) -> Deed:
    """A contact: mostly a visit, every fourth a call, some with one of the four ones."""
    begun = moment_of(on, f"log {bond.name} {on}")
    is_call = (bond.number + number) % CALLS == 0
    flat: dict[str, Any] = {
        "pair": bond.name,
        "contact_on": on.isoformat(),
        "way": "phone" if is_call else "visit",
        "present": "family" if bond.number % 5 == 0 else "mentee",
        "content": WORDS[(bond.number + number) % len(WORDS)].format(where=PLACES[bond.kind]),
    }
    pictures = {}
    if not is_call:
        pictures = {"photo": "house" if bond.home else "workshop"}
        if bond.home:
            flat["gps"] = near(bond.home, f"{bond.name} {on}")
    if bond.number % 3 == 0:
        one = FOUR_ONES[(bond.number // 3 + number) % len(FOUR_ONES)]
        flat |= {"four_ones": [one], "four_ones_evidence": EVIDENCE[one]}
    flat["minutes"] = 15 + (bond.number * 7 + number) % 5 * 10
    flat |= trouble(bond, on, until)
    decided_on = on + timedelta(days=DAYS_TO_APPROVE)
    verdict = Verdict(decided_on, "approve") if (until - on).days > DAYS_OPEN else None
    instance_id = new_id("log", bond.name, on)
    return Deed(begun, bond.username, "contact_log", instance_id, flat, pictures, minutes=12, verdict=verdict)
