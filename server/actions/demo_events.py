"""The demo's events through the same actions as everybody's: rosters, check-ins, doubts, what was held."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from server.access import Scope, scope_of
from server.actions import files
from server.actions.attendance_effects import follow_attendance
from server.actions.check_ins import Sighting, record
from server.actions.events import Plan, SessionPlan, Take, add_event, announce
from server.actions.rosters import Guest, guests_from_list, guests_from_pairings, insert_guests
from server.clock import TOWN_ZONE
from server.counter import seq_taker
from server.database import db, write_transaction
from server.demo.deeds import new_id
from server.demo.events import ABSENT, BY_HAND, FLAGGED, LATE, REASONS, Gathering, gatherings
from server.demo.pictures import draw
from server.models import Event, User

SEED = 2016
AHEAD = timedelta(days=45)  # what is planned already
OPEN_DAYS = 5  # an event may last so long, and whoever starts the demo shall find one open
FIRST_LASTS = timedelta(hours=4)
HALF_HOUR = timedelta(minutes=30)
# So that somebody can be checked in, and in time, on each of those days at almost any hour.
PARTS = (
    ("上午", time(8, 30), time(12)),
    ("下午", time(13, 30), time(17)),
    ("晚上", time(18, 30), time(21, 30)),
)
MAKER, HOST = "office01", "镇组织办"


def hold_events(town_id: str, share: float, shift: timedelta, until: date, moment: datetime) -> None:
    """Hold everything up to a day, plan what comes, and open one class that begins after `moment`."""
    random = Random(SEED)  # noqa: S311 - the same town every time
    story = [one for one in gatherings(random, share) if one.on + shift <= until + AHEAD]
    user = db.session.scalars(select(User).filter_by(town_id=town_id, username=MAKER)).one()
    scope = scope_of(user)
    people = guests_from_list(town_id, "person", (), "trainee")
    for one in story:
        hold(scope, random, one, shift, until, people)
    with write_transaction():
        open_class(scope, random, next_half_hour(moment), people)


def hold(
    scope: Scope, random: Random, one: Gathering, shift: timedelta, until: date, people: Sequence[Guest]
) -> None:
    is_over = one.on + shift < until
    guests = choose(scope.town_id, random, one, people)
    at = one.end_at + shift
    pictures = [take_picture(scope, f"{one.kind} {one.number} {n}") for n in (1, 2)] if is_over else []
    with write_transaction():
        take = seq_taker(scope.town_id)
        event_id = new_id("event", one.kind, one.number)
        event = add_event(scope, plan_of(one, shift, guests, random), take, one.start_at + shift, event_id)
        insert_guests(event, guests)
        if is_over:
            event.state, event.photos = "closed", pictures
            event.minutes = "按计划举办，内容已讲解，到场人员已签到。"
            attend(event, random, guests, take, 1)
            follow_attendance(event, scope.user_id)
        announce(event, take, at, scope.user_id)


def plan_of(one: Gathering, shift: timedelta, guests: Sequence[Guest], random: Random) -> Plan:
    own = [guest for guest in guests if guest.list_name == "person" and guest.village == one.village]
    organiser = random.choice(own or [guest for guest in guests if guest.list_name == "person"])
    return Plan(
        name=one.name,
        kind=one.kind,
        place=one.place,
        start_at=one.start_at + shift,
        end_at=one.end_at + shift,
        organiser=organiser.entity_id,
        host_unit=HOST,
        village=one.village,
        series_no=one.number,
        topic=one.topic,
        hours=one.hours,
        details={"destination": one.destination} if one.destination else {},
    )


def choose(town_id: str, random: Random, one: Gathering, people: Sequence[Guest]) -> list[Guest]:
    """Both sides of a village's pairings on its pairing day; else cadres, those of the village first.

    The last ones won't come.
    """
    own = guests_from_pairings(town_id, [one.village]) if one.kind == "pairing_day" else []
    near = [guest for guest in people if one.village and guest.village == one.village]
    far = random.sample(people, len(people)) if not own else []
    wanted = {guest.attendee_id: guest for guest in (*near[:2], *own, *(near if not own else ()), *far)}
    n_due = round(one.n_guests / (1 - ABSENT))
    return list(wanted.values())[:n_due]


def attend(event: Event, random: Random, guests: Sequence[Guest], take: Take, session_no: int) -> None:
    """Most come in time; some late, some ticked off a list, a few two on one phone."""
    phone = ""
    n_absent = round(len(guests) * ABSENT)
    for guest in guests[: len(guests) - n_absent] if n_absent else guests:
        is_late, is_by_hand = random.random() < LATE, random.random() < BY_HAND
        minutes = random.uniform(12, 40) if is_late else random.uniform(-25, 8)
        at = event.start_at + timedelta(minutes=minutes)
        is_shared = bool(phone) and random.random() < FLAGGED
        phone = phone if is_shared else new_id("attendee", event.event_id, guest.attendee_id)
        seen = Sighting(
            check_in_id=new_id("check-in", event.event_id, session_no, guest.attendee_id),
            attendee_id=guest.attendee_id,
            session_no=session_no,
            direction="in",
            way="manual" if is_by_hand and not is_shared else "wall",
            reason=random.choice(REASONS) if is_by_hand and not is_shared else "",
            by="" if not is_by_hand else event.made_by,
            device="" if is_by_hand and not is_shared else phone,
        )
        record(event, seen, take, at)


def take_picture(scope: Scope, seed: str) -> str:
    drawn = draw("house", f"event {seed}")
    digest = hashlib.sha256(drawn).hexdigest()
    if not files.begin(scope, digest, len(drawn)).is_complete:
        files.append(scope, digest, 0, drawn)
    return digest


def next_half_hour(moment: datetime) -> datetime:
    """The half hour that begins next, in the town's zone; check-in is open until then and after it."""
    midnight = datetime.combine(moment.astimezone(TOWN_ZONE).date(), time(0), TOWN_ZONE)
    return midnight + HALF_HOUR * ((moment - midnight) // HALF_HOUR + 1)


def sessions_from(start_at: datetime) -> tuple[SessionPlan, ...]:
    """One session at once, then those of each day's parts that don't begin before it is over."""
    first = SessionPlan("开班", start_at, start_at + FIRST_LASTS)
    days = [start_at.date() + timedelta(days=n) for n in range(OPEN_DAYS)]
    later = (
        SessionPlan(
            f"第{n}天{title}",
            datetime.combine(day, begins, TOWN_ZONE),
            datetime.combine(day, ends, TOWN_ZONE),
        )
        for n, day in enumerate(days, 1)
        for title, begins, ends in PARTS
    )
    return (first, *(one for one in later if one.start_at >= first.end_at))


def open_class(scope: Scope, random: Random, start_at: datetime, people: Sequence[Guest]) -> None:
    """A class that lasts some days, so that check-in can be tried at once."""
    take = seq_taker(scope.town_id)
    sessions = sessions_from(start_at)
    plan = Plan(
        name="溱东镇村干部集中轮训班(演示)",
        kind="training",
        place="镇会议中心",
        start_at=start_at,
        end_at=sessions[-1].end_at,
        organiser=organiser_of(scope.town_id),
        host_unit=HOST,
        teacher="镇党校教师",
        hours="40",
        series="集中轮训",
        sessions=sessions,
    )
    event = add_event(scope, plan, take, start_at, new_id("event", "open"))
    guests = random.sample(people, min(45, len(people)))
    insert_guests(event, guests)
    event.state = "open"
    announce(event, take, start_at, scope.user_id)


def organiser_of(town_id: str) -> str:
    """The cadre whose account the welcome page names, so that the phone has an event to run."""
    return db.session.scalar(select(User.person).filter_by(town_id=town_id, username="cadre01")) or ""
