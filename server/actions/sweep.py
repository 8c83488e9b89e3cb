"""The reminder engine: finds deadlines whose moment has come, claims them in batches, makes reminder rows.

A sweep is one scan of an index. It sends nothing: digests are made of the rows that are committed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from server.actions.deadlines import close_deadlines
from server.actions.leases import Hold, renew
from server.actions.mutes import Mutes, read_mutes
from server.actions.periods import begin_next_period
from server.actions.subjects import Staff, Subject, find_subjects, read_staff
from server.cadence import OPENING, Stage, digest_after, is_too_late, next_digest, reached
from server.clock import TOWN_ZONE
from server.database import db, insert_missing, table_of, write_transaction
from server.ids import new_id
from server.models import Deadline, Reminder
from server.workdays import read_calendar
from server.working_days import Calendar

BATCH = 500
SILENT = "over"
CROSSED_TRIES = 5
# Stage -> the template for whoever is to act; others are asked to follow up.
TEMPLATES = {
    "pairing": {"before": "remind", "due": "due", "late": "overdue", "others": "escalate"},
    "task": {
        "assigned": "assigned",
        "before": "task_remind",
        "due": "task_due",
        "late": "task_overdue",
        "others": "task_escalate",
    },
    "returned": {
        "returned": "returned",
        "due": "returned_due",
        "late": "returned_overdue",
        "others": "returned_escalate",
    },
    "ticket": {
        "assigned": "ticket",
        "due": "ticket_due",
        "late": "ticket_overdue",
        "others": "ticket_escalate",
    },
    "event": {"eve": "event"},
}
DUE = (
    select(
        Deadline.town_id,
        Deadline.subject_kind,
        Deadline.subject_id,
        Deadline.due_on,
        Deadline.stage,
        Deadline.remind_at,
    )
    .where(Deadline.remind_at <= bindparam("now"))
    .order_by(Deadline.remind_at)
    .limit(BATCH)
)
CLAIM = (
    update(table_of(Deadline))
    .where(
        Deadline.town_id == bindparam("b_town_id"),
        Deadline.subject_kind == bindparam("b_kind"),
        Deadline.subject_id == bindparam("b_id"),
        Deadline.due_on == bindparam("b_due_on"),
        Deadline.state == "open",
        Deadline.stage == bindparam("b_stage"),
        Deadline.remind_at == bindparam("b_remind_at"),
    )
    .values(
        stage=bindparam("b_new_stage"),
        remind_at=bindparam("b_new_remind_at"),
        listed_on=bindparam("b_listed_on"),
    )
)


class Crossed(Exception):
    """Somebody changed a deadline between its being read and its being claimed."""


@dataclass(frozen=True)
class Town:
    """What a sweep knows of a town while it lasts."""

    staff: Staff
    mutes: Mutes


@dataclass
class Step:
    """What is to become of one deadline."""

    row: Any
    stage: str
    remind_at: datetime | None
    reminders: list[dict[str, Any]]
    is_gone: bool = False  # nothing is wanted any more
    is_over: bool = False  # its day has passed
    is_resting: bool = False
    listed_on: str = ""


def sweep(now: datetime, hold: Hold | None = None) -> int:
    """Claim everything whose moment has come. Returns: how many deadlines were moved on."""
    n_moved, n_crossed = 0, 0
    calendar: Calendar | None = None
    towns: dict[str, Town] = {}
    while rows := db.session.execute(DUE, {"now": now}).all():
        calendar = calendar or read_calendar(now.astimezone(TOWN_ZONE).date())
        steps = plan(rows, now, calendar, towns)
        try:
            carry_out(steps, now, calendar, hold)
        except Crossed:
            n_crossed += 1
            if n_crossed == CROSSED_TRIES:
                raise
            continue
        n_moved += len(steps)
        db.session.rollback()
    db.session.rollback()
    return n_moved


def plan(rows: Sequence[Any], now: datetime, calendar: Calendar, towns: dict[str, Town]) -> list[Step]:
    """Decide about a batch, outside the write transaction."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.town_id, row.subject_kind].append(row)
    steps = []
    for (town_id, kind), members in groups.items():
        if town_id not in towns:
            day = now.astimezone(TOWN_ZONE).date()
            towns[town_id] = Town(read_staff(town_id), read_mutes(town_id, day))
        town = towns[town_id]
        subjects = find_subjects(town_id, kind, {row.subject_id for row in members}, town.staff)
        steps += [step_of(row, subjects.get(row.subject_id), town, now, calendar) for row in members]
    return steps


def step_of(row: Any, subject: Subject | None, town: Town, now: datetime, calendar: Calendar) -> Step:
    if subject is None:
        return Step(row, "", None, [], is_gone=True)
    today = now.astimezone(TOWN_ZONE).date()
    due_on = date.fromisoformat(row.due_on)
    come, after = reached(row.subject_kind, due_on, row.stage, now, calendar)
    is_over = any(stage == SILENT for stage, _ in come)
    if town.mutes.is_resting(row.subject_kind, row.subject_id, subject):
        # It is looked at again each working day, so that a mute may end early.
        stage = "late_1" if is_over else row.stage
        return Step(row, stage, next_digest(now, calendar), [], is_over=is_over, is_resting=True)
    told = [one for one in come if one[0] != SILENT]
    if told and is_too_late(told[0][0], told[0][1] if row.stage == SILENT else row.remind_at, now):
        stage = told[0][0] if row.stage == SILENT else row.stage
        return Step(row, stage, next_digest(now, calendar), [], is_over=row.stage == SILENT)
    stages = highest(row, told)
    reminders = [
        reminder_row(row, subject, stage, person, now, town.mutes, calendar)
        for stage, person in listeners(stages, told, subject, town.staff)
    ]
    next_stage, remind_at = after or ("", None)
    is_listed = row.subject_kind == "pairing" and any(stage == "late_15" for stage, _ in told)
    listed_on = today.isoformat() if is_listed else ""
    return Step(row, next_stage, remind_at, reminders, is_over=is_over, listed_on=listed_on)


def highest(row: Any, told: Sequence[Stage]) -> list[str]:
    """What goes out of the stages reached: those of the last moment, of what was missed only the last."""
    if not told:
        return []
    if row.stage not in OPENING and row.remind_at > told[0][1]:
        return [told[-1][0]]
    return [stage for stage, moment in told if moment == told[-1][1]]


def listeners(
    stages: Sequence[str], told: Sequence[Stage], subject: Subject, staff: Staff
) -> Iterator[tuple[str, str]]:
    """Who hears of which stage; whoever a skipped stage would have told hears of the last one instead."""
    heard = {(stage, person): None for stage in stages for person in persons_at(stage, subject, staff)}
    persons = {person for _, person in heard}
    skipped = (
        (stages[-1], person)
        for stage, _ in told
        for person in persons_at(stage, subject, staff)
        if person not in persons
    )
    return iter({**heard, **dict.fromkeys(skipped)})


def persons_at(stage: str, subject: Subject, staff: Staff) -> tuple[str, ...]:
    """Who hears of a stage. Source: domain.md 5.3."""
    if stage == "late_1":
        return (*subject.responsible, *staff.heads.get(subject.village, ()))
    if stage == "late_7":
        return (subject.supervisor,) if subject.supervisor else staff.office
    if stage == "late_15":
        return staff.leaders
    return subject.responsible


def reminder_row(
    row: Any,
    subject: Subject,
    stage: str,
    person: str,
    now: datetime,
    mutes: Mutes,
    calendar: Calendar,
) -> dict[str, Any]:
    today = now.astimezone(TOWN_ZONE).date()
    away = mutes.away_until(person)
    days = (today - date.fromisoformat(row.due_on)).days
    return {
        "town_id": row.town_id,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "due_on": row.due_on,
        "stage": stage,
        "person": person,
        "reminder_id": new_id(),
        "kind": template_of(row.subject_kind, stage, person in subject.responsible),
        "words": {**subject.words, "date": row.due_on, "days": max(days, 0), "count": 1},
        "deliver_at": digest_after(away, calendar) if away else now,
        "state": "waiting",
        "closed_at": None,
        "read_at": None,
        "made_at": now,
        "seq": 0,
    }


def template_of(subject_kind: str, stage: str, is_responsible: bool) -> str:
    templates = TEMPLATES[subject_kind]
    if stage in templates:
        return templates[stage]
    return templates["late" if is_responsible else "others"]


def carry_out(steps: Sequence[Step], now: datetime, calendar: Calendar, hold: Hold | None) -> None:
    """Claim and write a batch in one transaction: all of it, or none if another was faster."""
    with write_transaction():
        if hold:
            renew(hold)
        claimed = db.session.connection().execute(CLAIM, [claim(step) for step in steps])
        if claimed.rowcount != len(steps):
            raise Crossed
        insert_missing(Reminder, [reminder for step in steps for reminder in step.reminders])
        for step in steps:
            if step.is_gone or (step.is_over and step.row.subject_kind == "event"):
                close_deadlines(step.row.town_id, step.row.subject_kind, step.row.subject_id, "ended")
            elif step.is_over and step.row.subject_kind == "pairing":
                begin_next_period(step.row, now, calendar, is_muted=step.is_resting)


def claim(step: Step) -> Mapping[str, Any]:
    row = step.row
    return {
        "b_town_id": row.town_id,
        "b_kind": row.subject_kind,
        "b_id": row.subject_id,
        "b_due_on": row.due_on,
        "b_stage": row.stage,
        "b_remind_at": row.remind_at,
        "b_new_stage": step.stage,
        "b_new_remind_at": step.remind_at,
        "b_listed_on": step.listed_on,
    }
