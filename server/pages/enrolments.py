"""Enrolment codes at the desk: for one person or for many, printed as slips; shown this once."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import ROLES
from server.actions.enrolments import (
    HOURS,
    LONGEST,
    SLIPS_AT_ONCE,
    Slip,
    list_candidates,
    make_slips,
    open_codes,
    withdraw_code,
)
from server.actions.people import Wanted, devices_of
from server.lan import public_url
from server.pages.door import desk_blueprint, say, visitor
from server.pages.queue import village_names
from server.problems import Problem
from server.qr import draw_picture

enrolment_pages = desk_blueprint("enrolments", "people")

LIFETIMES = (1, 4, HOURS, 3 * 24, LONGEST)  # hours to choose from
GROUP = 5  # letters of a code that are read at once


@enrolment_pages.get("/enrolments")
def show() -> str:
    """Choose for whom to make codes; those not used yet are shown beside their people."""
    user = visitor().user
    wanted = Wanted(request.args.get("q", "").strip()[:100], request.args.get("role", ""))
    is_without = request.args.get("phone") == "none"
    people = list_candidates(user.town_id, wanted, is_without=is_without)
    user_ids = [person.user_id for person in people]
    return render_template(
        "desk/enrolments.html",
        here="people",
        rows=people,
        devices=devices_of(user.town_id, user_ids),
        codes=open_codes(user.town_id, user_ids),
        villages=village_names(user),
        roles=ROLES,
        filters=wanted,
        is_without=is_without,
        limit=SLIPS_AT_ONCE,
        lifetimes=lifetimes(),
        hours=HOURS,
    )


def lifetimes() -> list[tuple[int, str]]:
    return [
        (hours, say("code_hours", n=hours) if hours <= HOURS else say("code_days", n=hours // 24))
        for hours in LIFETIMES
    ]


@enrolment_pages.post("/enrolments")
def take_people() -> str:
    """Make a code for each person chosen, and show them as slips to print: no address shows them again."""
    user = visitor().user
    by, town_id = user.user_id, user.town_id
    hours = request.form.get("hours", "")
    chosen = request.form.getlist("user_id")[:SLIPS_AT_ONCE]
    slips = make_slips(town_id, chosen, by, int(hours) if hours.isascii() and hours.isdecimal() else HOURS)
    if not slips:
        raise Problem("nobody_chosen")
    address = public_url(current_app.config["SETTINGS"], url_for("arrival.enrolment"))
    return render_template(
        "desk/slips.html",
        here="people",
        slips=[(slip, draw_picture(f"{address}#{slip.code}"), in_groups(slip)) for slip in slips],
        address=address,
        is_secure=address.startswith("https:"),
        villages=village_names(visitor().user),
    )


def in_groups(slip: Slip) -> str:
    return " ".join(slip.code[at : at + GROUP] for at in range(0, len(slip.code), GROUP))


@enrolment_pages.post("/enrolments/<enrolment_id>/withdrawal")
def take_withdrawal(enrolment_id: str) -> Response:
    """Make a code useless that nobody used yet."""
    user = visitor().user
    withdraw_code(user.town_id, enrolment_id, user.user_id)
    flash(say("code_is_withdrawn"))
    return redirect(url_for("desk_enrolments.show"))
