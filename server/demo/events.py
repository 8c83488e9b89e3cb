"""The events of three years: classes, tours, pairing days, activity days, salons, appraisal meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from server.clock import TOWN_ZONE
from server.demo.people import villages
from server.demo.shares import evenly, part_of

FIRST_DAY, LAST_DAY = date(2014, 2, 17), date(2016, 12, 5)
FLAGGED, BY_HAND, LATE, ABSENT = 0.03, 0.05, 0.04, 0.06  # domain.md section 10
REASONS = ("无智能手机", "未带胸卡", "手机没电")
TOPICS = (
    "农村产权制度改革",
    "一户一策帮扶方法",
    "合作社规范运行",
    "电商与品牌",
    "不锈钢产业链招商",
    "村级财务公开",
)
PLACES = ("镇会议中心", "镇党校", "创业园报告厅")
TOURS = ("兴化", "海安", "如皋", "昆山", "江阴", "泰兴")
# Pairing days fall earlier than the even distance, so that one was in the week before the demo's day; the
# villages take turns, and that one is the first village's.
EARLIER, TURN = timedelta(days=8), 5
# Kind, how many in three years, how many check in at one on average, name, place.
PROGRAMME = (
    ("training", 36, 45, "村干部培训班", ""),
    ("study_tour", 12, 28, "外出参观考察", ""),
    ("pairing_day", 22, 24, "结对活动日", "村部"),
    ("activity_day", 34, 30, "党员统一活动日", "村党群服务中心"),
    ("salon", 8, 20, "创业沙龙", "草舍创业园"),
    ("appraisal", 28, 26, "述职评议会", "村部会议室"),
)


@dataclass(frozen=True)
class Gathering:
    """One event of the story."""

    kind: str
    number: int  # in its series
    name: str
    place: str
    village: str  # '' for the town's
    on: date
    n_guests: int
    topic: str = ""
    destination: str = ""

    @property
    def start_at(self) -> datetime:
        return datetime.combine(self.on, time(8, 30), TOWN_ZONE)

    @property
    def end_at(self) -> datetime:
        hours = 9 if self.kind in ("training", "study_tour") else 3
        return self.start_at + timedelta(hours=hours)

    @property
    def hours(self) -> str:
        return {"training": "8", "study_tour": "6", "salon": "3"}.get(self.kind, "")


def gatherings(random: Random, share: float) -> list[Gathering]:
    """All of them in order; a share keeps some of each kind, with their numbers."""
    found = [one for row in PROGRAMME for one in of_kind(random, share, *row)]
    return sorted(found, key=lambda one: (one.on, one.kind, one.number))


def of_kind(
    random: Random, share: float, kind: str, n: int, n_guests: int, name: str, place: str
) -> Iterator[Gathering]:
    places = villages()
    # The last but one is still to come at the day the demo speaks of; of pairing days the last.
    kept = {*evenly(range(1, n + 1), part_of(n, share)), n - 1, *([n] if kind == "pairing_day" else [])}
    step = (LAST_DAY - FIRST_DAY) / n
    for number in range(1, n + 1):
        earlier = EARLIER if kind == "pairing_day" else timedelta(0)
        on = next_workday(FIRST_DAY + step * number - earlier - timedelta(days=random.randrange(3)))
        turn = number + (TURN if kind == "pairing_day" else 0)
        is_villages = kind in ("pairing_day", "activity_day", "appraisal")
        village = places[turn % len(places)] if is_villages else None
        topic, hall, tour = random.choice(TOPICS), random.choice(PLACES), random.choice(TOURS)
        if number not in kept:
            continue
        whose = f"{village.name}村" if village else "溱东镇"
        title = f"{whose}第{number}期{name}" if kind == "training" else f"{whose}{name}（第{number}次）"
        yield Gathering(
            kind=kind,
            number=number,
            name=f"{title}(演示)",
            place=place or (hall if kind == "training" else tour),
            village=village.code if village else "",
            on=on,
            n_guests=n_guests,
            topic=topic if kind in ("training", "salon") else "",
            destination=tour if kind == "study_tour" else "",
        )


def next_workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
