"""What a contact log says is to be settled becomes tickets, which the desk then sees to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from server.actions.deadlines import close_deadlines, open_deadline
from server.actions.told import Told
from server.database import db
from server.models import Ticket
from server.rows import RowWriter
from server.workdays import read_calendar

REPEAT = "problem"  # of F18
KINDS = ("income", "house", "school", "med", "water", "policy", "other")
ANSWER_WITHIN = 7  # working days, where nobody names a day. Source: domain.md 3.4, the common case
SUBJECT = "ticket"


def follow_tickets(writer: RowWriter, root_id: str, told: Told | None) -> None:
    """Let the tickets be those of the record; what the desk has settled or given to somebody stays so."""
    known = {row.ticket_id: row for row in tickets_of(writer.town_id, root_id)}
    rows = told.repeats.get(REPEAT, ()) if told else ()
    for number, row in enumerate(rows, start=1):
        if told is not None and row.get("problem_text"):
            ticket_id = f"{root_id}:{row.get('ticket_key') or number}"
            ticket = known.pop(ticket_id, None) or new_ticket(writer, ticket_id, told)
            write_ticket(ticket, told, row)
            db.session.add(ticket)
            show_due(ticket)
    for ticket in known.values():
        if ticket.state == "open":
            ticket.state = "cancelled"
            show_due(ticket)


def tickets_of(town_id: str, root_id: str) -> list[Ticket]:
    return list(db.session.scalars(select(Ticket).filter_by(town_id=town_id, root_id=root_id)))


def new_ticket(writer: RowWriter, ticket_id: str, told: Told) -> Ticket:
    ticket = Ticket(town_id=writer.town_id, ticket_id=ticket_id, root_id=told.root_id, state="open")
    ticket.is_assigned = False
    ticket.owner = ticket.due_on = ticket.result = ticket.closed_on = ticket.closed_by = ""
    return ticket


def write_ticket(ticket: Ticket, told: Told, row: Mapping[str, Any]) -> None:
    kind = str(row.get("problem_kind", ""))
    ticket.kind, ticket.text = kind if kind in KINDS else "other", str(row["problem_text"])
    ticket.pairing_id, ticket.village = told.subject[1], told.village
    ticket.told_on = told.text("contact_on")
    if not ticket.is_assigned:
        give(ticket, str(row.get("owner", "")), str(row.get("due_on", "")) or answer_by(ticket.told_on))
    if ticket.state == "cancelled":
        ticket.state = "open"


def give(ticket: Ticket, owner: str, due_on: str) -> None:
    """Let somebody see to it by a day; whoever had it before hears of it no more."""
    if (ticket.owner, ticket.due_on) != (owner, due_on):
        close_deadlines(ticket.town_id, SUBJECT, ticket.ticket_id, "cancelled")
        ticket.owner, ticket.due_on = owner, due_on


def answer_by(told_on: str) -> str:
    return read_calendar().move(date.fromisoformat(told_on), ANSWER_WITHIN).isoformat()


def show_due(ticket: Ticket) -> None:
    """Let what is open be due on its day and on no other."""
    db.session.flush()
    key = (ticket.town_id, SUBJECT, ticket.ticket_id)
    if ticket.state != "open":
        close_deadlines(*key, why="done" if ticket.state == "closed" else ticket.state)
        return
    open_deadline(*key, ticket.due_on)
