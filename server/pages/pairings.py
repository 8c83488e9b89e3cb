"""Pairings at the desk: who looks after whom, how punctually, and what is decided about each."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from server.access import Scope
from server.actions import contacts, four_ones, pairing_imports, tickets
from server.actions.entities import desk_writer
from server.actions.mutes import Wish, ask, decide, rests_of
from server.actions.pairing_terms import ACTIONS, DECIDERS, END_REASONS, act
from server.actions.pairing_views import (
    EVERY,
    PAIRINGS_PER_PAGE,
    STATES,
    Wanted,
    chain_of,
    count_matching,
    figures,
    get_contact,
    get_pairing,
    labels_of,
    late_since,
    list_pairings,
    without_mentor,
)
from server.actions.pairings import contacts_of, count_contacts
from server.actions.tickets import count_tickets, list_tickets
from server.clock import today
from server.database import db, write_transaction
from server.models import Entity
from server.pages.door import count_pages, desk_blueprint, in_language, language, page_number, say, visitor
from server.pages.queue import village_names
from server.pages.uploads import take_file
from server.pairing_kinds import KINDS
from server.problems import Problem

IMPORTERS = frozenset({"town_office"})
MAX_ERRORS_SHOWN = 500

pairing_pages = desk_blueprint("pairings", "pairings")


@pairing_pages.get("/pairings")
def show() -> str:
    """Pairings under the filters of the address, with figures by kind."""
    return show_list()


def show_list(problem: Problem | None = None) -> str:
    user, scope = visitor().user, visitor().scope
    wanted = read_wanted()
    if wanted.four:
        done = four_ones.pairings_with(scope, wanted.four, wanted.village)
        wanted = replace(wanted, among=tuple(done))
    n_rows = count_matching(scope, wanted)
    n_pages = count_pages(n_rows, PAIRINGS_PER_PAGE)
    wanted = replace(wanted, page=page_number(n_pages))
    rows = list_pairings(scope, wanted)
    n_without, homes = without_mentor(scope, wanted.village)
    tickets_of = tickets.Wanted(village=wanted.village)
    return render_template(
        "desk/pairings.html",
        rows=rows,
        filters=wanted,
        n_rows=n_rows,
        n_pages=n_pages,
        kinds=KINDS,
        states=STATES,
        figures=figures(scope, wanted.village),
        labels=labels_of(user.town_id, rows),
        late=late_since(user.town_id, rows),
        villages=village_names(user),
        tallies=four_ones.tally(scope, wanted.village),
        sum_up=four_ones.sum_up,
        ones=four_ones.WANTED,
        n_tickets=count_tickets(scope, tickets_of),
        n_tickets_late=count_tickets(scope, replace(tickets_of, state="overdue")),
        n_without=n_without,
        homes=homes,
        may_import=scope.has(IMPORTERS),
        columns=pairing_imports.COLUMNS,
        problem=in_language(problem) if problem else None,
        errors=(problem.details.get("errors", []) if problem else [])[:MAX_ERRORS_SHOWN],
        language=language(),
    )


def read_wanted() -> Wanted:
    values = request.args
    kind, state = values.get("kind", ""), values.get("state", "active")
    return Wanted(
        kind if kind in KINDS else "",
        state if state in STATES else EVERY,
        values.get("village", ""),
        values.get("q", "").strip()[:100],
        four=four if (four := values.get("four", "")) in four_ones.WANTED else "",
    )


@pairing_pages.post("/pairings")
def take_table() -> Response | tuple[str, int]:
    """Make the pairings of a table, all or none."""
    user, scope = visitor().user, visitor().scope
    town_id, user_id = user.town_id, user.user_id
    if not scope.has(IMPORTERS):
        raise Problem("not_allowed")
    try:
        n = pairing_imports.import_pairings(town_id, user_id, *take_file("table"))
    except Problem as problem:
        return show_list(problem), problem.status
    flash(say("pairings_imported", n=n))
    return redirect(url_for("desk_pairings.show"))


@pairing_pages.get("/pairings/<pairing_id>")
def show_one(pairing_id: str) -> str:
    """One pairing: its terms, its contacts, and the chain it stands in."""
    return show_pairing(pairing_id)


def show_pairing(pairing_id: str, problem: Problem | None = None) -> str:
    user, scope = visitor().user, visitor().scope
    pairing = get_pairing(scope, pairing_id)
    above, below = chain_of(scope, pairing)
    made = contacts_of(pairing)
    rests = rests_of(scope, pairing)
    return render_template(
        "desk/pairing.html",
        here="pairings",
        pairing=pairing,
        above=above,
        below=below,
        contacts=list(reversed(made)),
        reasons=count_contacts(pairing, made).reasons,
        labels=labels_of(user.town_id, [pairing, *above, *below]),
        rests=rests,
        deeds=four_ones.deeds_of(made),
        ones=four_ones.ONES,
        tickets=list_tickets(scope, tickets.Wanted(tickets.EVERY, pairing_id=pairing_id)),
        today=today().isoformat(),
        late=late_since(user.town_id, [pairing]).get(pairing_id, ""),
        villages=village_names(user),
        persons=persons_of(user.town_id) if may_decide(scope, pairing.village) else [],
        may_decide=may_decide(scope, pairing.village),
        end_reasons=END_REASONS,
        problem=in_language(problem) if problem else None,
        values=request.form,
    )


def may_decide(scope: Scope, village: str) -> bool:
    return scope.has_at(DECIDERS, village)


def persons_of(town_id: str) -> list[tuple[str, str]]:
    query = (
        select(Entity.entity_id, Entity.label, Entity.data)
        .where(Entity.town_id == town_id, Entity.list_name == "person", Entity.is_deleted.is_(False))
        .order_by(Entity.label)
    )
    rows = db.session.execute(query)
    return [(row, f"{label} {data.get('place', '')} {data.get('position', '')}") for row, label, data in rows]


@pairing_pages.post("/pairings/<pairing_id>/decision")
def take_decision(pairing_id: str) -> Response | tuple[str, int]:
    """Approve, pause, resume, extend, end or replace it."""
    scope, action = visitor().scope, request.form.get("action", "")
    get_pairing(scope, pairing_id)
    try:
        act(scope, pairing_id, action, request.form)
    except Problem as problem:
        db.session.rollback()
        return show_pairing(pairing_id, problem), problem.status
    flash(say(f"pairing_done_{action}" if action in ACTIONS else "saved"))
    return redirect(url_for("desk_pairings.show_one", pairing_id=pairing_id))


@pairing_pages.post("/pairings/<pairing_id>/rests")
def take_rest(pairing_id: str) -> Response | tuple[str, int]:
    """Note that the mentee is away, or decide about what rests and what was asked for."""
    scope, values = visitor().scope, request.form
    action, mute_id = values.get("action", ""), values.get("mute_id", "")
    pairing = get_pairing(scope, pairing_id)
    days = (values.get("from_on", ""), values.get("until_on", ""))
    try:
        if action == "away":
            state = ask(scope, Wish("away", pairing_id, *days, values.get("reason", "").strip()))
        elif mute_id in {rest.row.mute_id for rest in rests_of(scope, pairing)}:
            state = decide(scope, mute_id, action)
        else:
            raise Problem("record_unknown")
    except Problem as problem:
        db.session.rollback()
        return show_pairing(pairing_id, problem), problem.status
    flash(say(f"mute_is_{state}"))
    return redirect(url_for("desk_pairings.show_one", pairing_id=pairing_id))


@pairing_pages.post("/pairings/<pairing_id>/contacts/<path:contact_id>")
def take_confirmation(pairing_id: str, contact_id: str) -> Response:
    """Let a back-dated contact count."""
    scope = visitor().scope
    pairing = get_pairing(scope, pairing_id)
    if not may_decide(scope, pairing.village):
        raise Problem("not_allowed")
    get_contact(scope, pairing, contact_id)
    with write_transaction():
        writer = desk_writer(scope.town_id, scope.user_id)
        contacts.confirm(writer, contact_id)
        writer.save()
    flash(say("contact_confirmed"))
    return redirect(url_for("desk_pairings.show_one", pairing_id=pairing_id))
