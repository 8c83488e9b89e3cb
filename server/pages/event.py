"""One event at the desk: its roster with who came, what looks odd, its states, pictures and minutes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from server.access import Scope, scope_of
from server.actions import files
from server.actions.attendance_photos import PICTURES, is_of, store
from server.actions.attendance_reports import Line, Sheet, read_sheet
from server.actions.check_ins import check_in_by_hand, confirm_check_in, dismiss_check_in
from server.actions.events import MIN_PHOTOS, MOVES, get_event, keep_account, move_event, set_pin
from server.actions.rosters import (
    LISTS,
    ROLES,
    add_guests,
    guests_from_list,
    guests_from_pairings,
    guests_from_text,
    remove_guest,
    set_leave,
    village_names,
)
from server.database import db
from server.ids import new_id
from server.models import Entity
from server.pages.door import desk_blueprint, in_language, say, visitor
from server.pages.uploads import take_files
from server.problems import Problem

event_page = desk_blueprint("event", "events")

TABS = ("all", "present", "absent", "doubtful", "doubles")
MAX_MINUTES = 5000
MAX_SHOWN = 500


def who() -> Scope:
    return scope_of(visitor().user)


@event_page.get("/events/<event_id>")
def show(event_id: str) -> str:
    """The event with its roster."""
    return show_page(event_id)


def show_page(event_id: str, problem: Problem | None = None) -> str:
    scope = who()
    event = get_event(scope, event_id)
    sheet = read_sheet(event)
    tab = request.args.get("show", "all")
    lines = [line for line in sheet.lines if is_shown(line, tab)]
    return render_template(
        "desk/event.html",
        event=event,
        sheet=sheet,
        tab=tab if tab in TABS else "all",
        tabs=TABS,
        lines=lines[:MAX_SHOWN],
        n_lines=len(lines),
        moves=MOVES[event.state],
        n_photos_needed=max(0, MIN_PHOTOS - len(event.photos)),
        organiser=name_of(event.town_id, event.organiser),
        villages=village_names(scope.town_id),
        lists=LISTS,
        roles=ROLES,
        keys=keys_of(sheet),
        new_id=new_id,
        pasted=request.form.get("pasted", ""),
        problem=in_language(problem) if problem else None,
    )


def is_shown(line: Line, tab: str) -> bool:
    if tab == "present":
        return line.is_present
    if tab == "absent":
        return line.state == "absent"
    if tab == "doubtful":
        return bool(line.doubtful)
    return len(line.doubles) > len(line.counted) if tab == "doubles" else True


def keys_of(sheet: Sheet) -> list[tuple[int, str]]:
    """Session and direction of every code the event has."""
    return [
        (row.session_no, direction)
        for row in sheet.sessions
        for direction in ("in", "out")
        if direction == "in" or row.has_check_out
    ]


def name_of(town_id: str, person: str) -> str:
    row = db.session.get(Entity, (town_id, "person", person))
    return row.label if row else person


@event_page.get("/events/<event_id>/live")
def show_live(event_id: str) -> str:
    """The counts alone, for the page that is open meanwhile."""
    sheet = read_sheet(get_event(who(), event_id))
    return render_template("desk/event_live.html", event=sheet.event, sheet=sheet, keys=keys_of(sheet))


@event_page.post("/events/<event_id>/<act>")
def take(event_id: str, act: str) -> Response | tuple[str, int]:
    """Do one of the page's acts, and show the event again."""
    if act not in ACTS:
        raise Problem("not_found")
    try:
        said = ACTS[act](who(), event_id, request.form)
    except Problem as problem:
        if problem.code in ("event_unknown", "not_allowed"):
            raise
        return show_page(event_id, problem), problem.status
    if said:
        flash(said)
    tab = request.form.get("show", "")
    return redirect(url_for("desk_event.show", event_id=event_id, show=tab if tab in TABS[1:] else None))


def take_state(scope: Scope, event_id: str, form: Any) -> str:
    move_event(scope, event_id, form.get("state", ""))
    return say("event_moved")


def take_pin(scope: Scope, event_id: str, form: Any) -> str:
    set_pin(scope, event_id, is_wanted=form.get("is_wanted") == "1")
    return ""


def take_list(scope: Scope, event_id: str, form: Any) -> str:
    villages = [code for code in form.getlist("village") if scope.covers(code)]
    if not (villages or scope.is_whole_town):
        villages = [scope.village]
    guests = guests_from_list(scope.town_id, form.get("list", ""), villages, form.get("role", "trainee"))
    return say("roster_added", n=add_guests(scope, event_id, guests))


def take_pairings(scope: Scope, event_id: str, form: Any) -> str:
    villages = [code for code in form.getlist("village") if scope.covers(code)]
    if not (villages or scope.is_whole_town):
        villages = [scope.village]
    return say("roster_added", n=add_guests(scope, event_id, guests_from_pairings(scope.town_id, villages)))


def take_pasted(scope: Scope, event_id: str, form: Any) -> str:
    role = form.get("role", "trainee")
    guests = guests_from_text(form.get("pasted", ""), role if role in ROLES else "trainee")
    return say("roster_added", n=add_guests(scope, event_id, guests))


def take_hand(scope: Scope, event_id: str, form: Any) -> str:
    number, _, direction = form.get("key", "1 in").partition(" ")
    session_no = int(number) if number.isdecimal() and len(number) < 3 else 0
    reason, direction = form.get("reason", ""), "out" if direction == "out" else "in"
    check_in_by_hand(
        scope, event_id, form.get("attendee", ""), session_no, direction, reason[:MAX_MINUTES], new_id()
    )
    return ""


def take_leave(scope: Scope, event_id: str, form: Any) -> str:
    is_leave = form.get("is_leave") == "1"
    set_leave(scope, event_id, form.get("attendee", ""), is_leave=is_leave, note=form.get("note", "")[:200])
    return ""


def take_removal(scope: Scope, event_id: str, form: Any) -> str:
    remove_guest(scope, event_id, form.get("attendee", ""))
    return ""


def take_confirmation(scope: Scope, event_id: str, form: Any) -> str:
    confirm_check_in(scope, event_id, form.get("check_in", ""))
    return ""


def take_dismissal(scope: Scope, event_id: str, form: Any) -> str:
    dismiss_check_in(scope, event_id, form.get("check_in", ""), form.get("reason", "")[:200])
    return ""


def take_account(scope: Scope, event_id: str, form: Any) -> str:
    """Minutes and pictures; the pictures are files like those of records."""
    get_event(scope, event_id)
    digests = [store_picture(scope, content) for content in take_files("photo").values()]
    keep_account(scope, event_id, form.get("minutes", "")[:MAX_MINUTES], digests)
    return say("account_kept")


def store_picture(scope: Scope, content: bytes) -> str:
    if not content.startswith(PICTURES):
        raise Problem("file_type")
    return store(scope, content)


ACTS = {
    "state": take_state,
    "pin": take_pin,
    "list": take_list,
    "pairings": take_pairings,
    "pasted": take_pasted,
    "hand": take_hand,
    "leave": take_leave,
    "remove": take_removal,
    "confirm": take_confirmation,
    "dismiss": take_dismissal,
    "account": take_account,
}


@event_page.get("/events/<event_id>/photos/<sha256>")
def send_photo(event_id: str, sha256: str) -> Response:
    """A picture of the event."""
    event = get_event(who(), event_id)
    if sha256 not in event.photos and not is_of(event, sha256):
        raise Problem("file_unknown")
    path: Path = files.path_of(sha256)
    return send_file(path, mimetype="image/png" if path.read_bytes()[:4] == b"\x89PNG" else "image/jpeg")
