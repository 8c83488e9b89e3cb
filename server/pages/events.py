"""Events at the desk: the list by kind, state and year, making and changing one, hours per year."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from server.access import Scope, scope_of
from server.actions.attendance_reports import (
    EVENTS_PER_PAGE,
    Wanted,
    count_by_kind,
    count_events,
    count_in,
    hours_of_year,
    list_events,
    years_of,
)
from server.actions.events import (
    KINDS,
    MAKERS,
    MAX_SESSIONS,
    STATES,
    Plan,
    SessionPlan,
    change_event,
    get_event,
    make_event,
    sessions_of,
)
from server.actions.rosters import village_names
from server.actions.sheet_files import write_table
from server.clock import TOWN_ZONE, today
from server.database import db
from server.models import Entity, Event
from server.pages.door import count_pages, desk_blueprint, in_language, page_number, say, visitor
from server.problems import Problem

event_pages = desk_blueprint("events", "events")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXTS = ("name", "kind", "place", "organiser", "host_unit", "village", "series", "topic", "teacher", "hours")
MORE = ("fee", "lat", "lon", "position_reason")
DETAILS = ("destination", "photo_reason")
SESSION_SLOTS = 4  # on the page of an event that has fewer
MAX_TEXT = 300


def who() -> Scope:
    return scope_of(visitor().user)


@event_pages.get("/events")
def show() -> str:
    """Events under the filters of the address, and what was held by kind."""
    scope, wanted = who(), read_wanted()
    n_events = count_events(scope, wanted)
    n_pages = count_pages(n_events, EVENTS_PER_PAGE)
    wanted = replace(wanted, page=page_number(n_pages))
    events = list_events(scope, wanted)
    return render_template(
        "desk/events.html",
        events=events,
        counts=count_in(events),
        filters=wanted,
        n_events=n_events,
        n_pages=n_pages,
        kinds=KINDS,
        states=STATES,
        years=years_of(scope),
        held=count_by_kind(scope, wanted.year),
        villages=village_names(scope.town_id),
        may_make=scope.has(MAKERS),
    )


def read_wanted() -> Wanted:
    values = request.args
    year = values.get("year", "")
    return Wanted(
        kind=values.get("kind", "") if values.get("kind") in KINDS else "",
        state=values.get("state", "") if values.get("state") in STATES else "",
        year=year if year.isascii() and year.isdecimal() and len(year) == 4 else "",
    )


@event_pages.get("/events/new")
def show_new() -> str:
    """An empty form; a village's clerk makes events of that village."""
    if not who().has(MAKERS):
        raise Problem("not_allowed")
    values = {"organiser": who().person, "village": who().village, "radius_m": "300"}
    return show_form(values, None)


def show_form(values: Any, event: Event | None, problem: Problem | None = None) -> str:
    scope = who()
    return render_template(
        "desk/event_form.html",
        values=values,
        event=event,
        kinds=KINDS,
        slots=range(1, count_slots(event) + 1),
        villages=own_villages(scope),
        persons=persons_of(scope.town_id),
        problem=in_language(problem) if problem else None,
    )


def count_slots(event: Event | None) -> int:
    """As many as the event has, so that none is lost, and some to add."""
    return min(MAX_SESSIONS, max(SESSION_SLOTS, len(sessions_of(event)) + 1 if event else 0))


def own_villages(scope: Scope) -> dict[str, str]:
    return {code: name for code, name in village_names(scope.town_id).items() if scope.covers(code)}


def persons_of(town_id: str) -> list[tuple[str, str]]:
    query = select(Entity.entity_id, Entity.label).where(
        Entity.town_id == town_id, Entity.list_name == "person", Entity.is_deleted.is_(False)
    )
    return [(name, label) for name, label in db.session.execute(query.order_by(Entity.label))]


@event_pages.post("/events/new")
def take_new() -> Response | tuple[str, int]:
    """Make the event, or show what is wrong with it."""
    try:
        event_id = make_event(who(), read_plan())
    except Problem as problem:
        return show_form(request.form, None, problem), problem.status
    return redirect(url_for("desk_event.show", event_id=event_id))


@event_pages.get("/events/<event_id>/change")
def show_change(event_id: str) -> str:
    """The event as it is planned."""
    event = get_event(who(), event_id)
    return show_form(values_of(event), event)


@event_pages.post("/events/<event_id>/change")
def take_change(event_id: str) -> Response | tuple[str, int]:
    """Change the plan; phones hear of it."""
    try:
        change_event(who(), event_id, read_plan())
    except Problem as problem:
        return show_form(request.form, get_event(who(), event_id), problem), problem.status
    return redirect(url_for("desk_event.show", event_id=event_id))


def values_of(event: Event) -> dict[str, str]:
    values = {name: getattr(event, name) for name in (*TEXTS, *MORE)}
    values |= {name: at_desk(getattr(event, name)) for name in ("start_at", "end_at")}
    values |= {name: str(getattr(event, name) or "") for name in ("series_no", "capacity", "radius_m")}
    values |= {name: str(event.details.get(name, "")) for name in DETAILS}
    values["helpers"] = " ".join(event.helpers)
    for row in sessions_of(event):
        number = row.session_no
        values |= {f"title_{number}": row.title, f"from_{number}": at_desk(row.start_at)}
        values |= {f"to_{number}": at_desk(row.end_at), f"hours_{number}": row.hours}
        values[f"out_{number}"] = "1" if row.has_check_out else ""
    return values


def at_desk(moment: datetime) -> str:
    return moment.astimezone(TOWN_ZONE).strftime("%Y-%m-%dT%H:%M")


def read_plan() -> Plan:
    """What the page's form says. Raises: Problem event_invalid."""
    values = {name: request.form.get(name, "").strip()[:MAX_TEXT] for name in (*TEXTS, *MORE)}
    details = {name: request.form.get(name, "").strip()[:MAX_TEXT] for name in DETAILS}
    return Plan(
        **values,
        start_at=moment_of("start_at"),
        end_at=moment_of("end_at"),
        series_no=number_of("series_no"),
        capacity=number_of("capacity"),
        radius_m=number_of("radius_m") or 300,
        helpers=tuple(request.form.get("helpers", "").replace(",", " ").split()),
        details={name: text for name, text in details.items() if text},
        sessions=tuple(read_sessions()),
    )


def read_sessions() -> list[SessionPlan]:
    found = []
    for number in range(1, MAX_SESSIONS + 1):
        if request.form.get(f"from_{number}") and request.form.get(f"to_{number}"):
            found.append(
                SessionPlan(
                    title=request.form.get(f"title_{number}", "").strip()[:MAX_TEXT],
                    start_at=moment_of(f"from_{number}"),
                    end_at=moment_of(f"to_{number}"),
                    hours=request.form.get(f"hours_{number}", "").strip()[:10],
                    has_check_out=request.form.get(f"out_{number}") == "1",
                )
            )
    return found


def moment_of(name: str) -> datetime:
    try:
        return datetime.fromisoformat(request.form.get(name, "")).replace(tzinfo=TOWN_ZONE)
    except ValueError as error:
        raise Problem("event_invalid", field=name) from error


def number_of(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise Problem("event_invalid", field=name)
    return int(text) if text else None


@event_pages.get("/events/hours")
def show_hours() -> str:
    """学时: hours per person in a year."""
    scope, year, village = who(), asked_year(), request.args.get("village", "")
    return render_template(
        "desk/event_hours.html",
        rows=hours_of_year(scope, year, village),
        year=year,
        years=years_of(scope) or [year],
        village=village,
        villages=own_villages(scope),
    )


@event_pages.get("/events/hours.xlsx")
def send_hours() -> FlaskResponse:
    """The same as an Excel file."""
    year = asked_year()
    rows = hours_of_year(who(), year, request.args.get("village", ""))
    headings = [say(key) for key in ("sheet_no", "sheet_name", "sheet_unit", "n_events_of", "hours")]
    table = [
        [str(n), one.name, one.unit, str(one.n_events), f"{one.hours:g}"] for n, one in enumerate(rows, 1)
    ]
    file = write_table(say("hours_title", year=year), "", headings, table)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"hours-{year}.xlsx")


def asked_year() -> int:
    text = request.args.get("year", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today().year
