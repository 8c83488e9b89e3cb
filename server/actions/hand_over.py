"""Somebody leaves or changes posts: their tasks and pairings go on with another, what was stays as it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from server.actions.entities import desk_writer
from server.actions.pairings import new_pairing, settle
from server.actions.tasks import reassign
from server.audit import audit
from server.database import db
from server.ids import new_id
from server.models import Pairing, Task
from server.pairing_kinds import ACTIVE
from server.problems import Problem
from server.rows import RowWriter

# What the new row takes over; its contacts, periods and number begin anew.
KEPT = (
    "mentor_unit mentee_list mentee_id village end_plan_on goal agreement cadence_n cadence_unit state"
    " is_mentee_agreed is_posted"
).split()


@dataclass(frozen=True)
class HandedOver:
    n_tasks: int
    n_pairings: int


def hand_over(
    town_id: str, person: str, to_person: str, by: str, on: date, kinds: Collection[str] | None = None
) -> HandedOver:
    """Move a person's open tasks and active pairings to another; inside a write transaction.

    Args:
        by: the user who does it.
        on: the day from which the other is responsible.
        kinds: of pairings; None for all.
    Raises: Problem field_invalid, when there is nobody else named.
    """
    if not to_person or to_person == person:
        raise Problem("field_invalid", field="to_person")
    writer = desk_writer(town_id, by)
    tasks = db.session.scalars(select(Task).filter_by(town_id=town_id, person=person, state="open")).all()
    n_tasks = reassign(writer, tasks, to_person)
    pairings = pairings_of(town_id, person, kinds)
    for pairing in pairings:
        if pairing.mentor_id == person:
            replace(writer, pairing, to_person, on)
        else:
            pairing.mentor_2 = "" if pairing.mentor_id == to_person else to_person
            settle(writer, pairing)
    audit(town_id, by, "hand_over", "person", person, to=to_person, n_tasks=n_tasks, n_pairings=len(pairings))
    writer.save()
    return HandedOver(n_tasks, len(pairings))


def pairings_of(town_id: str, person: str, kinds: Collection[str] | None) -> list[Pairing]:
    query = select(Pairing).where(
        Pairing.town_id == town_id,
        Pairing.mentor_list == "person",
        Pairing.state.in_(ACTIVE),
        (Pairing.mentor_id == person) | (Pairing.mentor_2 == person),
    )
    if kinds is not None:
        query = query.where(Pairing.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(Pairing.pairing_id)))


def replace(writer: RowWriter, pairing: Pairing, mentor_id: str, on: date) -> Pairing:
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
    settle(writer, successor)
    audit(writer.town_id, writer.user_id, "replace", "pairing", pairing.pairing_id, by=successor.pairing_id)
    return successor
