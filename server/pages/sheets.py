"""What leaves the screen of an event: the wall's code, a printed one, the sign-in sheet."""

from __future__ import annotations

from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, render_template, request, send_file, url_for

from server.access import scope_of
from server.actions.attendance_reports import Line, Sheet, read_sheet
from server.actions.events import get_event
from server.actions.sheet_files import write_table
from server.audit import audit
from server.clock import TOWN_ZONE, now
from server.database import write_transaction
from server.models import Event
from server.pages.door import desk_blueprint, language, say, visitor
from server.pages.event import keys_of, name_of
from server.pages.events import XLSX
from server.pages.words import in_words
from server.problems import Problem
from server.qr import draw_picture
from server.wall_codes import PRINTED, SLOT_S, WallCode, slot_of, write_code

sheet_pages = desk_blueprint("sheets", "events")

PHONE_HEAD, PHONE_TAIL = 3, 4


@sheet_pages.get("/events/<event_id>/wall")
def show_wall(event_id: str) -> str:
    """The code for a projector: large, new every five seconds, with how many are there and no names."""
    event, key = asked(event_id)
    sheet = read_sheet(event)
    session = next(row for row in sheet.sessions if row.session_no == key[0])
    return render_template(
        "desk/wall.html", event=event, session=session, direction=key[1], keys=keys_of(sheet), sheet=sheet
    )


@sheet_pages.get("/events/<event_id>/wall/code")
def send_code(event_id: str) -> FlaskResponse:
    """The picture of this moment, and how long it stays."""
    event, key = asked(event_id)
    if event.state != "open":
        raise Problem("event_not_open", name=event.name)
    moment = now()
    code = WallCode(event.event_id, key[0], key[1], slot_of(moment))
    left_ms = round((SLOT_S - moment.timestamp() % SLOT_S) * 1000)
    sheet = read_sheet(event)
    return jsonify(
        picture=draw_picture(address_of(event, code)),
        left_ms=left_ms,
        n_present=sheet.by_key.get(key, 0),
        n_due=sheet.n_due,
    )


@sheet_pages.get("/events/<event_id>/printed")
def show_printed(event_id: str) -> str:
    """A code on paper, for a hall without a screen; it never changes, so a PIN goes with it."""
    event, key = asked(event_id)
    if not event.details.get("pin"):
        raise Problem("pin_missing")
    code = WallCode(event.event_id, key[0], key[1], PRINTED)
    session = next(row for row in read_sheet(event).sessions if row.session_no == key[0])
    return render_template(
        "desk/printed.html",
        event=event,
        session=session,
        direction=key[1],
        picture=draw_picture(address_of(event, code)),
    )


def asked(event_id: str) -> tuple[Event, tuple[int, str]]:
    """The event, and the session and direction of the address; the first if it names none."""
    event = get_event(scope_of(visitor().user), event_id)
    keys = keys_of(read_sheet(event))
    text = request.args.get("session", "")
    number = int(text) if text.isdecimal() and len(text) < 3 else 0
    key = (number, request.args.get("direction", "in"))
    return event, key if key in keys else keys[0]


def address_of(event: Event, code: WallCode) -> str:
    return url_for("attend.show", _external=True) + "#" + write_code(event.wall_key, code)


@sheet_pages.get("/events/<event_id>/sheet")
def show_sheet(event_id: str) -> str:
    """签到表 on A4."""
    sheet, is_masked = open_sheet(event_id)
    return render_template(
        "desk/sheet.html",
        event=sheet.event,
        sheet=sheet,
        rows=rows_of(sheet, is_masked=is_masked),
        headings=headings(),
        title=title_of(sheet.event),
        about=about(sheet.event),
        is_masked=is_masked,
    )


@sheet_pages.get("/events/<event_id>/sheet.xlsx")
def send_sheet(event_id: str) -> FlaskResponse:
    """The same as an Excel file."""
    sheet, is_masked = open_sheet(event_id)
    footer = [say("sheet_counts", **sheet.counts), say("sheet_signed")]
    rows = rows_of(sheet, is_masked=is_masked)
    file = write_table(title_of(sheet.event), about(sheet.event), headings(), rows, footer)
    name = f"{sheet.event.event_no or 'event'}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


def open_sheet(event_id: str) -> tuple[Sheet, bool]:
    """Read it; whole numbers of telephones leave a line in the audit log."""
    scope = scope_of(visitor().user)
    is_masked = request.args.get("phones") != "whole"
    sheet = read_sheet(get_event(scope, event_id))
    if not is_masked:
        with write_transaction():
            audit(scope.town_id, scope.user_id, "print_phones", "event", event_id)
        sheet = read_sheet(get_event(scope, event_id))
    return sheet, is_masked


def headings() -> list[str]:
    keys = ("no", "name", "unit", "position", "phone", "time", "signature", "note")
    return [say(f"sheet_{key}") for key in keys]


def rows_of(sheet: Sheet, *, is_masked: bool) -> list[list[str]]:
    return [row_of(sheet.event, number, line, is_masked) for number, line in enumerate(sheet.lines, 1)]


def row_of(event: Event, number: int, line: Line, is_masked: bool) -> list[str]:
    entry = line.entry
    phone = masked(entry.phone) if is_masked else entry.phone
    at = line.first_at.astimezone(TOWN_ZONE).strftime("%H:%M") if line.first_at else ""
    return [str(number), entry.name, entry.unit, entry.position, phone, at, "", note_of(event, line)]


def masked(phone: str) -> str:
    if len(phone) <= PHONE_HEAD + PHONE_TAIL:
        return "*" * len(phone)
    return phone[:PHONE_HEAD] + "*" * (len(phone) - PHONE_HEAD - PHONE_TAIL) + phone[-PHONE_TAIL:]


def note_of(event: Event, line: Line) -> str:
    """Late, on leave, absent once it is over, by hand, not expected, and what the office noted."""
    is_known = line.state != "absent" or event.state in ("held", "closed")
    notes = [say(f"attendee_{line.state}")] if line.state != "present" and is_known else []
    notes += [say("way_manual")] if line.is_manual else []
    notes += [say("attendee_walk_in")] if line.entry.state == "walk_in" else []
    return " ".join([*notes, line.entry.note]).strip()


def title_of(event: Event) -> str:
    """溱东镇第N期村干部培训班签到表."""
    return say("sheet_title", name=event.name)


def about(event: Event) -> str:
    values: dict[str, Any] = {
        "when": in_words(event.start_at, language()),
        "place": event.place,
        "organiser": name_of(event.town_id, event.organiser),
    }
    return say("sheet_about", **values)
