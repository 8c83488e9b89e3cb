"""Somebody's work before and after a hand-over: what would move, to whom, the receipt of what did."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from server.access import Scope, scope_of
from server.actions.hand_over import SUPERVISED, TASK, TICKET, Duties, Part, duties_of, hand_over
from server.actions.people import put_disabled
from server.clock import today
from server.database import db, write_transaction
from server.models import Audit, Entity, Pairing, Task, Ticket, User
from server.problems import Problem

DISABLERS = frozenset({"admin"})
Key = tuple[str, str]  # list and row


@dataclass(frozen=True)
class Wanted:
    """Who leaves, who follows, and what goes over; `seen` is the receipt of what the page showed."""

    person: str
    to_person: str
    parts: frozenset[Part] = frozenset()
    seen: str = ""
    is_disabling: bool = False


@dataclass
class Group:
    """One part with the rows it is about."""

    part: Part
    rows: list[Key] = field(default_factory=list)


def group(duties: Duties) -> list[Group]:
    """The parts of what somebody has: tasks first, then pairings by kind, each by village."""
    groups: dict[Part, Group] = {}
    for part, row in parts_of(duties):
        groups.setdefault(part, Group(part)).rows.append(row)
    return list(groups.values())


def parts_of(duties: Duties) -> Iterable[tuple[Part, Key]]:
    for task in sorted(duties.tasks, key=lambda one: one.village):
        yield Part(TASK, task.village), (task.list_name, task.entity_id)
    for pairing in sorted(duties.pairings, key=lambda one: (one.kind, one.village)):
        yield Part(pairing.kind, pairing.village), (pairing.mentee_list, pairing.mentee_id)
    for pairing in sorted(duties.supervised, key=lambda one: one.village):
        yield Part(SUPERVISED, pairing.village), (pairing.mentee_list, pairing.mentee_id)
    for ticket in sorted(duties.tickets, key=lambda one: one.village):
        yield Part(TICKET, ticket.village), (TICKET, ticket.ticket_id)


def name_rows(town_id: str, rows: Collection[Key]) -> dict[Key, str]:
    """(list, row) -> name."""
    query = select(Entity.list_name, Entity.entity_id, Entity.label).where(
        Entity.town_id == town_id, Entity.entity_id.in_({row_id for _, row_id in rows})
    )
    found = {(list_name, row_id): label for list_name, row_id, label in db.session.execute(query)}
    told = select(Ticket.ticket_id, Ticket.text).where(
        Ticket.town_id == town_id,
        Ticket.ticket_id.in_({row_id for list_name, row_id in rows if list_name == TICKET}),
    )
    return found | {(TICKET, ticket_id): text for ticket_id, text in db.session.execute(told)}


def accounts_of(town_id: str, person: str) -> Sequence[User]:
    """The accounts of a person that can sign in."""
    query = select(User).filter_by(town_id=town_id, person=person, is_disabled=False)
    return db.session.scalars(query.order_by(User.username)).all() if person else []


def uncovered(accounts: Iterable[User], groups: Iterable[Group]) -> list[str]:
    """The villages whose records none of these accounts sees."""
    scopes = [scope_of(user) for user in accounts]
    villages = {one.part.village for one in groups}
    return sorted(each for each in villages if not any(scope.covers(each) for scope in scopes))


def receipt_of(wanted: Wanted, duties: Duties, accounts: Iterable[User]) -> str:
    """A digest of what may move, and of who may sign in: any change of these makes another."""
    ids = [wanted.person, wanted.to_person, *(user.user_id for user in accounts)]
    for rows in (duties.tasks, duties.pairings, duties.supervised, duties.tickets):
        ids += ["", *(id_of(row) for row in rows)]
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


def id_of(row: Task | Pairing | Ticket) -> str:
    if isinstance(row, Ticket):
        return row.ticket_id
    return row.task_id if isinstance(row, Task) else row.pairing_id


def leave(scope: Scope, wanted: Wanted) -> str:
    """Hand over what was seen, all or nothing; sent twice it is done once. Returns: the receipt.

    Raises: Problem, with nothing stored.
    """
    if wanted.is_disabling and not scope.has(DISABLERS):
        raise Problem("not_allowed")
    if not (wanted.parts or wanted.is_disabling):
        raise Problem("hand_over_nothing")
    with write_transaction() as session:
        duties = duties_of(scope.town_id, wanted.person, wanted.to_person)
        accounts = accounts_of(scope.town_id, wanted.person)
        if receipt_of(wanted, duties, accounts) != wanted.seen:
            find_done(scope.town_id, wanted.seen)
            return wanted.seen
        if wanted.is_disabling:
            for user in accounts:
                put_disabled(session, user, scope.user_id, is_disabled=True)
        move(scope, wanted)
    return wanted.seen


def move(scope: Scope, wanted: Wanted) -> None:
    people = {wanted.person, wanted.to_person}
    known = select(Entity.entity_id).filter_by(town_id=scope.town_id, list_name="person")
    found = set(db.session.scalars(known.where(Entity.entity_id.in_(people))))
    if found != people:
        raise Problem("hand_over_who")
    hand_over(
        scope.town_id, wanted.person, wanted.to_person, scope.user_id, today(), wanted.parts, wanted.seen
    )


def find_done(town_id: str, receipt: str) -> Audit:
    """What was handed over, the last time. Raises: Problem hand_over_changed, when nothing was."""
    query = select(Audit).filter_by(town_id=town_id, action="hand_over")
    same = query.where(Audit.detail["receipt"].as_string() == receipt).order_by(Audit.audit_id.desc())
    found = db.session.scalar(same.limit(1)) if receipt else None
    if found is None:
        raise Problem("hand_over_changed")
    return found
