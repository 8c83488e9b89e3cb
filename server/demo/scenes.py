"""What stands out in the demo: what rules notice, what came twice, what waits, what was sent back.

Each scene changes a deed of the usual course, or adds one; all stand in the week before the story's day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from server.demo.deeds import Deed, Verdict, moment_of, new_id
from server.demo.households import Household
from server.demo.sampling import CAST, standing
from server.demo.story import Story, check_id, visit_id
from sync.decide import Outcome

APPROVED_CHECK, RETURNED_CHECK = CAST[1:]
JUMP = 2.3  # this year's income over last year's, for R36
HASTE = 6  # minutes, for R42
OCTOBER = 10
PUBLIC_POST = "4200"  # yuan a year
WEEK = [date(2016, 10, day) for day in (10, 11, 12, 13, 14)]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = WEEK


@dataclass
class Cast:
    """Who plays in the scenes; chosen so that each is another family, most in another village."""

    near: Household  # close to the line, and far from last year
    corrected: Household
    hasty: Household
    shrunk: Household
    dibao: Household
    changed: Household
    mistaken: Household
    lost: Household

    @property
    def checked(self) -> frozenset[int]:
        """Those whose check of this year is handed in by the story's day."""
        rows = (self.near, self.corrected, self.hasty, self.shrunk, self.dibao, self.changed)
        return frozenset(row.ordinal for row in rows) | {APPROVED_CHECK, RETURNED_CHECK}


def find_cast(story: Story) -> Cast:
    """Choose families that have a check of last year; `mistaken` and `lost` have none this year."""
    everybody = [one for one in story.families if one.ordinal not in CAST]
    free = [one for one in everybody if story.knew(one)]
    firsts = [one for one in everybody if not story.place[one.ordinal]]
    own_village = story.families[0].village

    def pick(fits: Callable[[Household], bool], rows: list[Household] = free) -> Household:
        found = next(row for row in rows if fits(row))
        villages_used.append(found.village)
        for known in (free, firsts):
            if found in known:
                known.remove(found)
        return found

    villages_used: list[str] = []

    def elsewhere(row: Household) -> bool:
        return (
            row.village != own_village and row.village not in villages_used and story.place[row.ordinal] > 0
        )

    return Cast(
        near=pick(lambda row: standing(row) == "near", everybody),
        corrected=pick(lambda row: row.village == own_village and standing(row) == "above"),
        shrunk=pick(lambda row: elsewhere(row) and len(row.members) >= 3),
        dibao=pick(lambda row: elsewhere(row) and row.attribute == "dibao"),
        hasty=pick(elsewhere),
        changed=pick(elsewhere),
        mistaken=pick(lambda row: row.village not in villages_used, firsts),
        lost=pick(lambda row: row.village not in villages_used, firsts),
    )


@dataclass
class Scenes:
    """The usual deeds by instance id, with the scenes played over them."""

    story: Story
    cast: Cast
    deeds: dict[str, Deed] = field(default_factory=dict)

    def play(self, usual: Iterable[Deed]) -> list[Deed]:
        self.cast.near.growth = JUMP
        self.deeds = {deed.instance_id: deed for deed in usual}
        for scene in (self.checks, self.visits, self.twice, self.apart):
            for deed in scene():
                self.deeds[deed.instance_id] = deed
        return [*self.deeds.values(), self.conflict()]

    def check(self, family: Household, on: date, **flat: Any) -> Deed:
        """This year's check of a family, moved to a day of the last week, with some other answers."""
        usual = self.deeds.get(check_id(family, 2016)) or self.story.check(family, on, is_last=True)
        begun = moment_of(on + self.story.shift, f"scene {family.ordinal}")
        visit_time = begun.isoformat(timespec="milliseconds")
        return replace(usual, begun=begun, flat={**usual.flat, "visit_time": visit_time, **flat})

    def of_cast(self, ordinal: int) -> Household:
        return next(row for row in self.story.families if row.ordinal == ordinal)

    def checks(self) -> Iterator[Deed]:
        near = self.check(self.cast.near, THURSDAY)
        photos = {"food_photo": "grain", "housing_photo_2": "house"}
        yield replace(
            near,
            pictures={**near.pictures, **photos},
            stays_open=True,
            minutes=41,
            verdict=self.passed(FRIDAY),
        )
        yield from self.sent_back()
        yield from self.corrected()
        yield self.shrunk()
        yield self.without_dibao()
        yield replace(self.check(self.of_cast(APPROVED_CHECK), MONDAY), verdict=self.verdict(WEDNESDAY))

    def verdict(self, on: date, action: str = "approve", comment: str = "", **comments: str) -> Verdict:
        return Verdict(on + self.story.shift, action, comment, comments)

    def passed(self, on: date, upto: str = "village") -> Verdict:
        """Approved up to a level; the next one has not decided yet."""
        return replace(self.verdict(on), upto=upto)

    def sent_back(self) -> Iterator[Deed]:
        """What the demo's first cadre finds under Today."""
        yield replace(
            self.check(self.of_cast(RETURNED_CHECK), TUESDAY),
            verdict=self.verdict(
                THURSDAY,
                "return",
                "请与户主核对收入后重新报送",
                o1="种植收入明显高于同组农户,请核对面积和单价",
                t6="赡养费请与子女转账记录核对",
                housing_photo="照片看不清房屋全貌,请补拍",
            ),
        )

    def corrected(self) -> Iterator[Deed]:
        """A check that was sent back and came in again, corrected."""
        first = self.check(self.cast.corrected, MONDAY)
        comments = {"o1": "自留地收成请一并计入", "housing_photo": "请补拍房屋全貌"}
        yield replace(first, verdict=self.verdict(TUESDAY, "return", "收入明细请核对", **comments))
        crops = int(first.flat["o1"]) + 360
        yield replace(
            first,
            begun=moment_of(THURSDAY + self.story.shift, f"correction {self.cast.corrected.ordinal}"),
            instance_id=new_id("correction", self.cast.corrected.ordinal),
            flat={**first.flat, "o1": str(crops)},
            corrects=first.instance_id,
            root_id=first.instance_id,
            stays_open=True,
            verdict=self.passed(FRIDAY),
        )

    def shrunk(self) -> Deed:
        """Typed in from paper, where a member had been left out without a reason."""
        family = self.cast.shrunk
        usual = self.check(family, WEDNESDAY)
        flat = {**usual.flat, "member": usual.flat["member"][:-1], "home_n": len(family.members) - 1}
        return replace(usual, flat=flat, stays_open=True, minutes=15, verdict=self.passed(FRIDAY, "town"))

    def without_dibao(self) -> Deed:
        """Registered as a dibao household, and nobody in it has dibao any more."""
        usual = self.check(self.cast.dibao, FRIDAY)
        members = [{**member, "m_dibao": "no"} for member in usual.flat["member"]]
        reason = {"r20_why": "今年起任村保洁员,由镇财政发放,未计务工月数"}
        flat = {**usual.flat, "member": members, "t1": "", "w3": PUBLIC_POST, **reason}
        return replace(usual, flat=flat, stays_open=True)

    def visits(self) -> Iterator[Deed]:
        """One visit still waits for its photo, and its figures fell; another came in twice."""
        first, second = [
            firm for firm in self.story.firms if firm.is_key and firm.ordinal % 5 < WEEK.index(FRIDAY)
        ][1:3]
        waiting = self.deeds[visit_id(first, OCTOBER)]
        figures = {"output_ytd": "60", "sales_ytd": "57", "tax_ytd": "2"}
        reason = {"v06_why": "上半年部分订单退货,财务已冲销", "trend": "down"}
        flat = {**waiting.flat, **figures, **reason}
        yield replace(waiting, flat=flat, late=frozenset({"photo"}), stays_open=True)
        once = self.deeds[visit_id(second, OCTOBER)]
        yield replace(once, verdict=self.verdict(FRIDAY))
        again = moment_of(FRIDAY + self.story.shift, f"again {second.ordinal}")
        yield replace(
            once,
            begun=again,
            instance_id=new_id("same visit", second.ordinal),
            seeds=dict.fromkeys(once.pictures, once.instance_id),
            stays_open=True,
        )

    def twice(self) -> Iterator[Deed]:
        """A household checked a second time by somebody else, in a hurry and from afar."""
        family = self.cast.hasty
        first = self.check(family, MONDAY)
        yield replace(first, verdict=self.verdict(WEDNESDAY))
        others = [
            one
            for one in self.story.cadres(family.village, "field")
            if one.person_id not in {family.mentor, first.flat["checker_1"]}
        ]
        flat = {**first.flat, "gps": None, "checker_1": others[0].person_id, "home_n": None}
        yield replace(
            first,
            begun=moment_of(THURSDAY + self.story.shift, f"hasty {family.ordinal}"),
            username=others[0].username,
            instance_id=new_id("second check", family.ordinal),
            flat=flat,
            seeds={"housing_photo": first.instance_id},
            stays_open=True,
            minutes=HASTE,
        )

    def apart(self) -> Iterator[Deed]:
        """A lost phone's record is held, one filled by mistake withdrawn; one will have a conflict."""
        first = self.check(self.cast.changed, MONDAY)
        yield replace(first, verdict=self.verdict(WEDNESDAY))
        lost = self.check(self.cast.lost, WEDNESDAY)
        lost_id = new_id("lost phone", self.cast.lost.ordinal)
        yield replace(lost, instance_id=lost_id, is_lost_phone=True, outcome=Outcome.HELD)
        mistaken = self.check(self.cast.mistaken, WEDNESDAY)
        mistaken_id = new_id("mistake", self.cast.mistaken.ordinal)
        yield replace(mistaken, instance_id=mistaken_id, withdrawn_on=mistaken.on)

    def conflict(self) -> Deed:
        """Other content under the id of an approved check, from a phone set back to an older state."""
        first = self.deeds[check_id(self.cast.changed, 2016)]
        crops = int(first.flat["o1"]) + 1_200
        begun = moment_of(FRIDAY + self.story.shift, f"conflict {first.instance_id}")
        flat = {**first.flat, "o1": str(crops)}
        return replace(first, begun=begun, flat=flat, outcome=Outcome.CONFLICT, verdict=None)
