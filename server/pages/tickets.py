"""What mentees need settled: a list by place and state, and each one with what is decided about it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.actions.pairing_terms import DECIDERS
from server.actions.pairing_views import labels_of
from server.actions.records import names_of
from server.actions.tickets import EVERY, STATES, Wanted, act, get_ticket, list_tickets
from server.clock import today
from server.database import db
from server.models import Pairing
from server.pages.door import desk_blueprint, in_language, say, visitor
from server.pages.pairings import persons_of
from server.pages.queue import village_names
from server.problems import Problem

ticket_pages = desk_blueprint("tickets", "pairings")


@ticket_pages.get("/tickets")
def show() -> str:
    """Tickets under the filters of the address."""
    user, scope = visitor().user, visitor().scope
    state = request.args.get("state", "open")
    wanted = Wanted(state if state in STATES else EVERY, request.args.get("village", ""))
    rows = list_tickets(scope, wanted)
    pairings = pairings_of(user.town_id, {row.pairing_id for row in rows})
    return render_template(
        "desk/tickets.html",
        rows=rows,
        filters=wanted,
        states=STATES,
        pairings=pairings,
        labels=labels_of(user.town_id, pairings.values()),
        names=names_of(user.town_id, "person", {row.owner for row in rows}),
        villages=village_names(user),
        today=today().isoformat(),
    )


def pairings_of(town_id: str, ids: set[str]) -> dict[str, Pairing]:
    found = (db.session.get(Pairing, (town_id, pairing_id)) for pairing_id in sorted(ids))
    return {one.pairing_id: one for one in found if one is not None}


@ticket_pages.get("/tickets/<path:ticket_id>")
def show_one(ticket_id: str) -> str:
    """One ticket, who sees to it, and what came of it."""
    return show_ticket(ticket_id)


def show_ticket(ticket_id: str, problem: Problem | None = None) -> str:
    user, scope = visitor().user, visitor().scope
    ticket = get_ticket(scope, ticket_id)
    pairings = pairings_of(user.town_id, {ticket.pairing_id})
    may_decide = scope.has_at(DECIDERS, ticket.village)
    return render_template(
        "desk/ticket.html",
        ticket=ticket,
        pairing=pairings.get(ticket.pairing_id),
        labels=labels_of(user.town_id, pairings.values()),
        names=names_of(user.town_id, "person", {ticket.owner}),
        villages=village_names(user),
        persons=persons_of(user.town_id) if may_decide else [],
        may_decide=may_decide,
        today=today().isoformat(),
        values=request.form,
        problem=in_language(problem) if problem else None,
    )


@ticket_pages.post("/tickets/<path:ticket_id>")
def take_change(ticket_id: str) -> Response | tuple[str, int]:
    """Assign it, settle it, or open it again."""
    scope, action = visitor().scope, request.form.get("action", "")
    get_ticket(scope, ticket_id)
    try:
        act(scope, ticket_id, action, request.form)
    except Problem as problem:
        db.session.rollback()
        return show_ticket(ticket_id, problem), problem.status
    flash(say(f"ticket_done_{action}"))
    return redirect(url_for("desk_tickets.show_one", ticket_id=ticket_id))
