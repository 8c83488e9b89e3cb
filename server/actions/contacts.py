"""Contacts of pairings: from contact logs, and from events that both sides came to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select

from server.actions.pairings import settle
from server.actions.ticket_records import follow_tickets
from server.actions.told import Told
from server.audit import audit
from server.clock import TOWN_ZONE
from server.contact_rules import FULL, Seen, is_back_dated, weigh
from server.database import db
from server.models import Contact, Pairing
from server.pairing_kinds import ACTIVE
from server.problems import Problem
from server.rows import RowWriter

HOMES = frozenset({"household"})  # the lists whose rows have a home to be visited at


def follow_record(writer: RowWriter, root_id: str, told: Told | None) -> None:
    """Let the contact say what its record says; both pairings are settled if a correction moved it."""
    known = db.session.get(Contact, (writer.town_id, root_id))
    touched = {known.pairing_id} if known else set()
    pairing = find_pairing(writer.town_id, told)
    follow_tickets(writer, root_id, told if pairing else None)
    if told is None or pairing is None or not told.text("contact_on"):
        if known is not None:
            db.session.delete(known)
    else:
        touched.add(pairing.pairing_id)
        contact = known or new_contact(writer, root_id)
        write_contact(contact, pairing, told)
    db.session.flush()
    settle_all(writer, touched)


def find_pairing(town_id: str, told: Told | None) -> Pairing | None:
    pairing_id = told.subject[1] if told else ""
    return db.session.get(Pairing, (town_id, pairing_id)) if pairing_id else None


def new_contact(writer: RowWriter, contact_id: str) -> Contact:
    contact = Contact(town_id=writer.town_id, contact_id=contact_id, seq=writer.next_seq())
    contact.event_id, contact.root_id, contact.is_confirmed = "", "", True
    contact.four_ones, contact.content, contact.user_id = [], "", writer.user_id
    db.session.add(contact)
    return contact


def write_contact(contact: Contact, pairing: Pairing, told: Told) -> None:
    on, was_on = told.text("contact_on"), contact.on
    seen = Seen(
        way=told.text("way"),
        present=told.text("present"),
        has_photo=bool(told.file("photo")),
        has_position=bool(told.answers.get("gps")),
        distance_m=told.number("distance_m"),
        has_home=pairing.mentee_list in HOMES,
    )
    contact.weight, contact.why = weigh(seen)
    contact.pairing_id, contact.on, contact.way = pairing.pairing_id, on, seen.way
    contact.root_id, contact.user_id = told.root_id, told.user_id
    contact.content, contact.four_ones = told.text("content"), told.texts("four_ones")
    contact.evidence = told.text("four_ones_evidence")
    was_confirmed = bool(contact.is_confirmed) and was_on == on
    is_late = is_back_dated(on, told.text("filled_on") or day_of(told.received_at))
    contact.is_confirmed = told.is_approved or was_confirmed or not is_late


def day_of(moment: datetime) -> str:
    return moment.astimezone(TOWN_ZONE).date().isoformat()


def settle_all(writer: RowWriter, pairing_ids: Collection[str]) -> None:
    for pairing_id in sorted(pairing_ids):
        pairing = db.session.get(Pairing, (writer.town_id, pairing_id))
        if pairing is not None:
            settle(writer, pairing)


def confirm(writer: RowWriter, contact_id: str) -> None:
    """Let a back-dated contact count. Raises: Problem record_unknown."""
    contact = db.session.get(Contact, (writer.town_id, contact_id))
    if contact is None:
        raise Problem("record_unknown")
    contact.is_confirmed = True
    audit(writer.town_id, writer.user_id, "confirm", "contact", contact_id)
    db.session.flush()
    settle_all(writer, {contact.pairing_id})


def record_event_contacts(writer: RowWriter, event_id: str, on: str, present: Collection[str]) -> int:
    """Make an event the contact of every pairing of which both sides checked in, and of no other.

    Called again whenever the attendance changes. The caller saves the writer.

    Args: present: ids of the list rows, persons and households among them, that checked in.
    Returns: how many pairings it is a contact of.
    """
    known = select(Contact.pairing_id).filter_by(town_id=writer.town_id, event_id=event_id)
    touched = set(db.session.scalars(known))
    db.session.execute(delete(Contact).where(Contact.town_id == writer.town_id, Contact.event_id == event_id))
    met = both_present(writer.town_id, present, on)
    for pairing in met:
        contact = new_contact(writer, f"{event_id}:{pairing.pairing_id}")
        contact.pairing_id, contact.on, contact.way = pairing.pairing_id, on, "group"
        contact.weight, contact.why, contact.event_id = FULL, "", event_id
        touched.add(pairing.pairing_id)
    db.session.flush()
    settle_all(writer, touched)
    return len(met)


def both_present(town_id: str, present: Collection[str], on: str) -> list[Pairing]:
    """Pairings that ran already on that day and both of whose sides were there."""
    query = select(Pairing).where(
        Pairing.town_id == town_id,
        Pairing.state.in_(ACTIVE),
        Pairing.start_on <= on,
        Pairing.mentee_id.in_(present),
        or_(Pairing.mentor_id.in_(present), Pairing.mentor_2.in_(present)),
    )
    return list(db.session.scalars(query.order_by(Pairing.pairing_id)))
