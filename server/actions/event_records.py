"""F15: an event that somebody made on a phone; a correction changes it, a withdrawal cancels it."""

from __future__ import annotations

import math
from datetime import datetime

from sqlalchemy import select

from server.access import scope_of
from server.actions.events import (
    Plan,
    SessionPlan,
    add_event,
    announce,
    check_plan,
    check_series,
    count_present,
    put_plan,
    put_sessions,
    remind,
)
from server.actions.told import Told
from server.clock import TOWN_ZONE
from server.database import db
from server.models import Event, User
from server.problems import Problem
from server.rows import RowWriter


def follow_record(writer: RowWriter, root_id: str, told: Told | None) -> None:
    """Let the event be what its record says, unless the desk has gone on with it."""
    event = db.session.scalar(select(Event).where(Event.town_id == writer.town_id, Event.root_id == root_id))
    if told is None:
        cancel(writer, event)
        return
    user = db.session.get(User, told.user_id)
    if user is None:
        return
    try:
        plan = plan_of(told, scope_of(user).person)
        if event is None:
            add_event(
                scope_of(user), plan, writer.next_seq, writer.at, root_id.removeprefix("uuid:"), root_id
            )
        elif event.state == "planned":
            change(writer, event, plan)
    except Problem:
        return  # the record stays for the office, with what it says


def cancel(writer: RowWriter, event: Event | None) -> None:
    if event is not None and event.state == "planned" and not count_present(event):
        event.state = "cancelled"
        announce(event, writer.next_seq, writer.at, writer.user_id)
        remind(event)


def change(writer: RowWriter, event: Event, plan: Plan) -> None:
    check_plan(plan)
    put_plan(event, plan)
    check_series(event)
    put_sessions(event, plan)
    announce(event, writer.next_seq, writer.at, writer.user_id)
    remind(event)


def plan_of(told: Told, person: str) -> Plan:
    """Raises: Problem event_invalid."""
    start_at, end_at = moment_of(told, "start_at"), moment_of(told, "end_at")
    gps = told.answers.get("gps")
    lat, lon = (str(gps[0]), str(gps[1])) if isinstance(gps, list) and len(gps) > 1 else ("", "")
    number = told.number("session_no")
    halves: tuple[SessionPlan, ...] = ()
    if told.text("has_halves") == "yes":
        middle = start_at + (end_at - start_at) / 2
        halves = (SessionPlan("上午", start_at, middle), SessionPlan("下午", middle, end_at))
    elif told.text("has_check_out") == "yes":
        halves = (SessionPlan("", start_at, end_at, told.text("hours"), has_check_out=True),)
    return Plan(
        name=told.text("event_name"),
        kind=told.text("kind"),
        place=told.text("place"),
        start_at=start_at,
        end_at=end_at,
        organiser=told.text("organiser") or person,
        host_unit=told.text("host_unit"),
        village=told.village,
        series_no=int(number) if number and math.isfinite(number) else None,
        topic=told.text("topic"),
        teacher=told.text("teacher"),
        hours=told.text("hours"),
        lat=lat,
        lon=lon,
        details={"destination": told.text("destination")} if told.text("destination") else {},
        sessions=halves,
    )


def moment_of(told: Told, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(told.text(name))
    except ValueError as error:
        raise Problem("event_invalid", field=name) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=TOWN_ZONE)
