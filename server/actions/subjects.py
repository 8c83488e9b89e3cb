"""What reminders are about: who is to act, who watches over it, and the names that fill the texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from server.database import db
from server.models import (
    Decision,
    Entity,
    Event,
    Pairing,
    RosterEntry,
    Submission,
    Task,
    Ticket,
    User,
    UserRole,
)

REASON_LETTERS = 60


@dataclass(frozen=True)
class Subject:
    """One thing that is due; persons are rows of list `person`."""

    responsible: tuple[str, ...]
    village: str
    supervisor: str
    words: Mapping[str, str]
    is_paused: bool = False


@dataclass(frozen=True)
class Staff:
    """Who holds the offices of a town, by person."""

    heads: Mapping[str, tuple[str, ...]]  # village -> its secretaries
    office: tuple[str, ...]
    leaders: tuple[str, ...]
    persons: Mapping[str, str] = field(default_factory=dict)  # user -> person


def read_staff(town_id: str) -> Staff:
    """Everybody who may sign in, is a person, and holds an office that reminders go to."""
    working = select(User.user_id, User.person).where(
        User.town_id == town_id, User.person != "", User.is_disabled.is_(False)
    )
    persons = {row.user_id: row.person for row in db.session.execute(working)}
    posts = select(UserRole).where(
        UserRole.town_id == town_id, UserRole.role.in_(("village_head", "town_office", "town_leader"))
    )
    held: dict[tuple[str, str], tuple[str, ...]] = {}
    for post in db.session.scalars(posts.order_by(UserRole.user_id)):
        if post.user_id in persons:
            key = (post.role, post.village)
            held[key] = (*held.get(key, ()), persons[post.user_id])
    heads = {village: found for (role, village), found in held.items() if role == "village_head"}
    return Staff(heads, held.get(("town_office", ""), ()), held.get(("town_leader", ""), ()), persons)


def find_subjects(town_id: str, kind: str, ids: Collection[str], staff: Staff) -> dict[str, Subject]:
    """The subjects that still want something; one that isn't here is done with."""
    return FINDERS[kind](town_id, ids, staff)


def find_pairings(town_id: str, ids: Collection[str], staff: Staff) -> dict[str, Subject]:
    query = select(
        Pairing.pairing_id,
        Pairing.mentor_list,
        Pairing.mentor_id,
        Pairing.mentor_2,
        Pairing.mentee_list,
        Pairing.mentee_id,
        Pairing.village,
        Pairing.supervisor,
        Pairing.state,
    ).where(Pairing.town_id == town_id, Pairing.pairing_id.in_(ids), Pairing.state.in_(("active", "paused")))
    rows = db.session.execute(query).all()
    labels = read_labels(
        town_id,
        {(row.mentor_list, row.mentor_id) for row in rows}
        | {(row.mentee_list, row.mentee_id) for row in rows},
    )
    return {row.pairing_id: pairing_subject(row, labels) for row in rows}


def pairing_subject(row: Any, labels: Mapping[tuple[str, str], str]) -> Subject:
    # A business has no inbox of its own: whoever watches over the pairing is told.
    mentor = row.mentor_id if row.mentor_list == "person" else row.supervisor
    words = {
        "mentor": labels.get((row.mentor_list, row.mentor_id), row.mentor_id),
        "mentee": labels.get((row.mentee_list, row.mentee_id), row.mentee_id),
    }
    responsible = tuple(person for person in (mentor, row.mentor_2) if person)
    return Subject(responsible, row.village, row.supervisor, words, row.state == "paused")


def read_labels(town_id: str, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    labels: dict[tuple[str, str], str] = {}
    for list_name in {list_name for list_name, _ in keys}:
        ids = [entity_id for name, entity_id in keys if name == list_name]
        query = select(Entity.entity_id, Entity.label).where(
            Entity.town_id == town_id, Entity.list_name == list_name, Entity.entity_id.in_(ids)
        )
        labels.update({(list_name, entity_id): label for entity_id, label in db.session.execute(query)})
    return labels


def find_tasks(town_id: str, ids: Collection[str], staff: Staff) -> dict[str, Subject]:
    query = select(Task).where(Task.town_id == town_id, Task.task_id.in_(ids), Task.state == "open")
    rows = db.session.scalars(query).all()
    keys = {("person", row.person) for row in rows} | {(row.list_name, row.entity_id) for row in rows}
    labels = read_labels(town_id, {key for key in keys if key[0]})
    found = {}
    for row in rows:
        about = labels.get((row.list_name, row.entity_id), "")
        words = {
            "title": row.title,
            "task": f"{row.title}·{about}" if about else row.title,
            "person": labels.get(("person", row.person), row.person),
        }
        found[row.task_id] = Subject((row.person,), row.village, staff.persons.get(row.made_by, ""), words)
    return found


def find_tickets(town_id: str, ids: Collection[str], staff: Staff) -> dict[str, Subject]:
    """What mentees need; until somebody is named, the pairing's supervisor is to act."""
    same = (Pairing.town_id == Ticket.town_id) & (Pairing.pairing_id == Ticket.pairing_id)
    query = (
        select(Ticket, Pairing.mentee_list, Pairing.mentee_id, Pairing.supervisor)
        .join(Pairing, same)
        .where(Ticket.town_id == town_id, Ticket.ticket_id.in_(ids), Ticket.state == "open")
    )
    rows = db.session.execute(query).all()
    keys = {("person", ticket.owner or watcher) for ticket, _, _, watcher in rows}
    labels = read_labels(town_id, keys | {(mentee_list, mentee) for _, mentee_list, mentee, _ in rows})
    found = {}
    for ticket, mentee_list, mentee, watcher in rows:
        owner = ticket.owner or watcher
        words = {
            "business": labels.get((mentee_list, mentee), mentee),
            "person": labels.get(("person", owner), owner),
        }
        above = watcher if watcher != owner else ""
        found[ticket.ticket_id] = Subject((owner,) if owner else (), ticket.village, above, words)
    return found


def find_returned(town_id: str, ids: Collection[str], staff: Staff) -> dict[str, Subject]:
    query = select(Submission.root_id, Submission.title, Submission.village, User.person, User.name).join(
        User, User.user_id == Submission.user_id
    )
    living = (
        Submission.town_id == town_id,
        Submission.root_id.in_(ids),
        Submission.review_state == "returned",
        Submission.is_withdrawn.is_(False),
        Submission.duplicate_of == "",
    )
    reasons = read_reasons(town_id, ids)
    return {
        row.root_id: Subject(
            (row.person,) if row.person else (),
            row.village,
            "",
            {"form": row.title, "person": row.name, "reason": reasons.get(row.root_id, "")},
        )
        for row in db.session.execute(query.where(*living))
    }


def read_reasons(town_id: str, ids: Collection[str]) -> dict[str, str]:
    """Why records were returned last, shortened: what was written about the whole, else about a question."""
    query = (
        select(Decision)
        .where(Decision.town_id == town_id, Decision.root_id.in_(ids), Decision.decision == "returned")
        .order_by(Decision.decision_id)
    )
    reasons = {}
    for row in db.session.scalars(query):
        reason = row.comment or next(iter(row.comments.values()), "")
        reasons[row.root_id] = reason.rstrip("。.")[:REASON_LETTERS]
    return reasons


def find_events(town_id: str, ids: Collection[str], staff: Staff) -> dict[str, Subject]:
    query = select(Event).where(
        Event.town_id == town_id, Event.event_id.in_(ids), Event.state.in_(("planned", "open", "held"))
    )
    rows = db.session.scalars(query).all()
    expected: dict[str, list[str]] = {}
    roster = select(RosterEntry.event_id, RosterEntry.entity_id).where(
        RosterEntry.town_id == town_id,
        RosterEntry.event_id.in_([row.event_id for row in rows]),
        RosterEntry.list_name == "person",
        RosterEntry.state == "expected",
    )
    for event_id, person in db.session.execute(roster):
        expected.setdefault(event_id, []).append(person)
    return {
        row.event_id: Subject(
            tuple(dict.fromkeys([row.organiser, *row.helpers, *sorted(expected.get(row.event_id, []))])),
            row.village,
            "",
            {"event": row.name, "time": row.start_at.isoformat(), "place": row.place},
        )
        for row in rows
    }


FINDERS = {
    "pairing": find_pairings,
    "task": find_tasks,
    "returned": find_returned,
    "ticket": find_tickets,
    "event": find_events,
}
