"""Somebody leaves or changes posts: their tasks and pairings go on with another, what was stays as it was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, select

from server.actions.entities import desk_writer
from server.actions.pairings import new_pairing, settle
from server.actions.tasks import reassign
from server.actions.ticket_records import give, show_due
from server.audit import audit
from server.database import db
from server.ids import new_id
from server.models import Pairing, Task, Ticket
from server.pairing_kinds import LIVING
from server.problems import Problem
from server.rows import RowWriter

# What the new row takes over; its contacts, periods and number begin anew.
KEPT = (
    "mentor_unit mentee_list mentee_id village end_plan_on goal agreement cadence_n cadence_unit state"
    " is_mentee_agreed is_posted"
).split()


TASK, SUPERVISED, TICKET = "task", "supervised", "ticket"  # parts beside the kinds of pairings


class Part(NamedTuple):
    """Work in one village: its tasks, its pairings of a kind, or the pairings supervised there."""

    what: str
    village: str


@dataclass(frozen=True)
class Duties:
    """What a person has open."""

    tasks: Sequence[Task]
    pairings: Sequence[Pairing]
    supervised: Sequence[Pairing]
    tickets: Sequence[Ticket]

    def within(self, parts: Collection[Part]) -> Duties:
        """Only what belongs to some parts."""
        return Duties(
            [one for one in self.tasks if Part(TASK, one.village) in parts],
            [one for one in self.pairings if Part(one.kind, one.village) in parts],
            [one for one in self.supervised if Part(SUPERVISED, one.village) in parts],
            [one for one in self.tickets if Part(TICKET, one.village) in parts],
        )


@dataclass(frozen=True)
class HandedOver:
    n_tasks: int
    n_pairings: int
    n_supervised: int = 0
    n_tickets: int = 0


def hand_over(
    town_id: str,
    person: str,
    to_person: str,
    by: str,
    on: date,
    parts: Collection[Part] | None = None,
    receipt: str = "",
) -> HandedOver:
    """Move a person's open tasks, pairings and tickets to another; inside a write transaction.

    Args:
        by: the user who does it.
        on: the day from which the other is responsible.
        parts: what moves; None for all.
        receipt: by which the audit row is found again.
    Raises: Problem hand_over_who, when there is nobody else named.
    """
    if not to_person or to_person == person:
        raise Problem("hand_over_who")
    writer = desk_writer(town_id, by)
    duties = duties_of(town_id, person, to_person)
    duties = duties if parts is None else duties.within(parts)
    done = HandedOver(
        reassign(writer, duties.tasks, to_person),
        len(duties.pairings),
        len(duties.supervised),
        len(duties.tickets),
    )
    for pairing in duties.pairings:
        if pairing.mentor_id == person:
            replace(writer, pairing, to_person, on, left=person)
        else:
            pairing.mentor_2 = "" if pairing.mentor_id == to_person else to_person
            settle(writer, pairing, left=person)
    for pairing in duties.supervised:
        # Nobody supervises their own: then whoever else may is found.
        pairing.supervisor = "" if pairing.mentor_id == to_person else to_person
        settle(writer, pairing, left=person)
    for ticket in duties.tickets:
        give(ticket, to_person, ticket.due_on)
        show_due(ticket)
    audit(town_id, by, "hand_over", "person", person, to=to_person, receipt=receipt, **asdict(done))
    writer.save()
    return done


def duties_of(town_id: str, person: str, to_person: str = "") -> Duties:
    """What a person has open and another could take over; nobody becomes the mentor of themselves."""
    tasks = select(Task).filter_by(town_id=town_id, person=person, state="open").order_by(Task.task_id)
    pairings = select(Pairing).where(Pairing.town_id == town_id).order_by(Pairing.pairing_id)
    is_self = and_(Pairing.mentee_list == "person", Pairing.mentee_id == to_person)
    own = pairings.where(
        Pairing.mentor_list == "person",
        Pairing.state.in_(LIVING),
        (Pairing.mentor_id == person) | (Pairing.mentor_2 == person),
        ~is_self,
    )
    watched = pairings.where(
        Pairing.supervisor == person, Pairing.state.in_(LIVING), Pairing.mentor_id != person
    )
    tickets = select(Ticket).filter_by(town_id=town_id, owner=person, state="open").order_by(Ticket.ticket_id)
    return Duties(
        db.session.scalars(tasks).all(),
        db.session.scalars(own).all(),
        db.session.scalars(watched).all(),
        db.session.scalars(tickets).all(),
    )


def replace(writer: RowWriter, pairing: Pairing, mentor_id: str, on: date, left: str = "") -> Pairing:
    """End a pairing and begin its successor with another mentor; the history stays with the old one."""
    kept = {name: getattr(pairing, name) for name in KEPT}
    second = "" if pairing.mentor_2 == mentor_id else pairing.mentor_2
    pairing.ended_on, pairing.end_reason, pairing.state = on.isoformat(), "replace", "replaced"
    settle(writer, pairing)
    successor = new_pairing(
        writer,
        new_id(),
        pairing.kind,
        **kept,
        mentor_list=pairing.mentor_list,
        mentor_id=mentor_id,
        mentor_2=second,
        start_on=on.isoformat(),
        replaces=pairing.pairing_id,
    )
    settle(writer, successor, left)
    audit(writer.town_id, writer.user_id, "replace", "pairing", pairing.pairing_id, by=successor.pairing_id)
    return successor
