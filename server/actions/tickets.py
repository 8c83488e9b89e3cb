"""Tickets at the desk: who sees to what a mentee needs, by when, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select

from server.access import Scope
from server.actions.pairing_terms import DECIDERS
from server.actions.ticket_records import SUBJECT, give, show_due
from server.audit import audit
from server.clock import today
from server.database import db, write_transaction
from server.models import Entity, Ticket
from server.problems import Problem

STATES = ("open", "overdue", "closed", "cancelled")
EVERY = "all"
SHOWN = 300
MAX_RESULT = 500
Values = Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; '' is no limit, `all` for the state."""

    state: str = "open"
    village: str = ""
    pairing_id: str = ""


def in_scope(scope: Scope) -> ColumnElement[bool]:
    return and_(Ticket.town_id == scope.town_id, scope.where_village(Ticket.village))


def matching(scope: Scope, wanted: Wanted) -> Select[Ticket]:
    query = select(Ticket).where(in_scope(scope))
    if wanted.village:
        query = query.where(Ticket.village == wanted.village)
    if wanted.pairing_id:
        query = query.where(Ticket.pairing_id == wanted.pairing_id)
    if wanted.state == "overdue":
        return query.where(Ticket.state == "open", Ticket.due_on < today().isoformat())
    return query if wanted.state == EVERY else query.where(Ticket.state == wanted.state)


def list_tickets(scope: Scope, wanted: Wanted) -> Sequence[Ticket]:
    """Those due first at the top."""
    return db.session.scalars(
        matching(scope, wanted).order_by(Ticket.due_on, Ticket.ticket_id).limit(SHOWN)
    ).all()


def count_tickets(scope: Scope, wanted: Wanted) -> int:
    return db.session.scalar(select(func.count()).select_from(matching(scope, wanted).subquery())) or 0


def get_ticket(scope: Scope, ticket_id: str) -> Ticket:
    """One ticket in scope. Raises: Problem record_unknown."""
    found = db.session.scalar(matching(scope, Wanted(EVERY)).where(Ticket.ticket_id == ticket_id))
    if found is None:
        raise Problem("record_unknown")
    return found


def act(scope: Scope, ticket_id: str, action: str, values: Values) -> None:
    """Do one of ACTIONS with a ticket. Raises: Problem, with nothing stored."""
    do = ACTIONS.get(action)
    if do is None:
        raise Problem("request_invalid", field="action")
    with write_transaction():
        ticket = get_ticket(scope, ticket_id)
        if not scope.has_at(DECIDERS, ticket.village):
            raise Problem("not_allowed")
        do(scope, ticket, values)
        note = values.get("result", "").strip()[:MAX_RESULT]
        audit(
            scope.town_id,
            scope.user_id,
            f"{action}_ticket",
            SUBJECT,
            ticket_id,
            person=ticket.owner,
            due_on=ticket.due_on,
            note=note,
        )


def assign(scope: Scope, ticket: Ticket, values: Values) -> None:
    """Name who sees to it, and by when; they are told with the next digest."""
    refuse_unless(ticket.state == "open")
    owner, due_on = values.get("owner", ""), read_day(values)
    if db.session.get(Entity, (scope.town_id, "person", owner)) is None:
        raise Problem("field_invalid", field="owner")
    give(ticket, owner, due_on.isoformat())
    ticket.is_assigned = True
    show_due(ticket)


def close(scope: Scope, ticket: Ticket, values: Values) -> None:
    """Say what came of it; whoever saw to it doesn't close it."""
    refuse_unless(ticket.state == "open")
    if ticket.owner and ticket.owner == scope.person:
        raise Problem("self_review")
    result = values.get("result", "").strip()
    if not result:
        raise Problem("reason_missing")
    ticket.state, ticket.result = "closed", result[:MAX_RESULT]
    ticket.closed_on, ticket.closed_by = today().isoformat(), scope.user_id
    show_due(ticket)


def reopen(scope: Scope, ticket: Ticket, values: Values) -> None:
    """Let it wait again, since it is not settled after all."""
    refuse_unless(ticket.state == "closed")
    ticket.state, ticket.closed_on, ticket.closed_by = "open", "", ""
    show_due(ticket)


ACTIONS: dict[str, Callable[[Scope, Ticket, Values], None]] = {
    "assign": assign,
    "close": close,
    "reopen": reopen,
}


def refuse_unless(is_so: bool) -> None:
    if not is_so:
        raise Problem("review_stale")


def read_day(values: Values) -> date:
    try:
        day = date.fromisoformat(values.get("due_on", ""))
    except ValueError as error:
        raise Problem("field_invalid", field="due_on") from error
    if day < today():
        raise Problem("field_invalid", field="due_on")
    return day
