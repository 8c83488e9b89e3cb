"""What stands on a household's door card, and the part of it that anybody may read: whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from server.access import Scope, holds, read_lists
from server.actions.vocabulary import Words, column_words
from server.audit import audit
from server.database import db, write_transaction
from server.lists import EFFECTIVE
from server.models import Card, Entity, EntityChange, MessageText, Pairing, User
from server.outline import pick

HOUSEHOLD, MEMBER, PERSON = "household", "member", "person"
LEFT = "m_removed"  # '1' on a member who is no longer there
MENTORS = ("mentor_1", "mentor_2")
INCOME, INCOME_YEAR = "last_per_capita", "last_year"
MEASURES = ("help_next", "measures")  # whichever the town's forms keep
INCOMES_SHOWN = 2  # last year's and this year's
CONTACT_ROLES = ("village_clerk", "village_head")  # whom a village asks first

# What the office may write anew; '' stands for our own text, or for none.
TEXT_KINDS = ("card_hotline", "card_footer", "card_hides_phones")
ANY_LANGUAGE = ""


@dataclass(frozen=True)
class Contact:
    """Somebody to ask."""

    name: str
    unit: str
    phone: str


@dataclass(frozen=True)
class DoorCard:
    """One household's card; texts are as they are printed, '' where nothing is known."""

    row_id: str
    householder: str
    number: str
    village: str
    group: str
    n_members: str
    attribute: str
    cause: str
    measures: str
    incomes: Sequence[tuple[str, str]]  # year and yuan a head, the latest last
    mentors: Sequence[Contact]
    village_contact: Contact | None


@dataclass(frozen=True)
class Known:
    """What the cards of one print have in common, read once."""

    words: Mapping[str, Words]
    villages: Mapping[str, str]
    language: str

    def word(self, data: Mapping[str, str], column: str) -> str:
        return in_words(self.words.get(f"{HOUSEHOLD}#{column}", {}), data.get(column, ""), self.language)


def make_door_cards(scope: Scope, row_ids: Sequence[str], language: str) -> list[DoorCard]:
    """The cards of these households, in the order asked, masked as this person sees them."""
    town_id = scope.town_id
    rows = find_rows(town_id, HOUSEHOLD, row_ids)
    rule = read_lists(town_id)[HOUSEHOLD]
    known = Known(column_words(), labels_of(town_id, "village"), language)
    incomes, sizes, mentors = (
        read_incomes(town_id, row_ids),
        count_members(town_id, row_ids),
        mentors_of(town_id, rows),
    )
    contacts = {row.village: find_village_contact(town_id, row.village) for row in rows.values()}
    return [
        fill_card(
            known,
            rows[row_id],
            rule.masked(scope, dict(rows[row_id].data)),
            n_members=sizes.get(row_id, 0),
            incomes=incomes.get(row_id, [])[-INCOMES_SHOWN:],
            mentors=mentors[row_id],
            village_contact=contacts[rows[row_id].village],
        )
        for row_id in row_ids
        if row_id in rows
    ]


def fill_card(
    known: Known,
    row: Entity,
    data: Mapping[str, str],
    *,
    n_members: int,
    incomes: Sequence[tuple[str, str]],
    mentors: Sequence[Contact],
    village_contact: Contact | None,
) -> DoorCard:
    return DoorCard(
        row_id=row.entity_id,
        householder=row.label,
        number=data.get("hh_no", ""),
        village=known.villages.get(row.village, row.village),
        group=data.get("group", ""),
        n_members=str(n_members or data.get("members_n", "")),
        attribute=known.word(data, "attr"),
        cause=known.word(data, "main_cause"),
        measures=next((text for column in MEASURES if (text := known.word(data, column))), ""),
        incomes=incomes,
        mentors=mentors,
        village_contact=village_contact,
    )


def find_rows(town_id: str, list_name: str, row_ids: Sequence[str]) -> dict[str, Entity]:
    query = select(Entity).where(
        Entity.town_id == town_id,
        Entity.list_name == list_name,
        Entity.entity_id.in_(row_ids),
        Entity.is_deleted.is_(False),
    )
    return {row.entity_id: row for row in db.session.scalars(query)}


def labels_of(town_id: str, list_name: str) -> dict[str, str]:
    query = select(Entity.entity_id, Entity.label).where(
        Entity.town_id == town_id, Entity.list_name == list_name, Entity.is_deleted.is_(False)
    )
    return dict(db.session.execute(query).all())


def in_words(words: Words, codes: str, language: str) -> str:
    """A value's words; several codes stand apart by spaces."""
    if not words:
        return codes
    joined = "、" if language == "zh" else ", "
    return joined.join(pick(words.get(code, code), language) for code in codes.split())


def read_incomes(town_id: str, row_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Household -> year and income a head, by year, from the history of the row: it holds the latest only."""
    query = (
        select(EntityChange.entity_id, EntityChange.data)
        .where(
            EntityChange.town_id == town_id,
            EntityChange.list_name == HOUSEHOLD,
            EntityChange.entity_id.in_(row_ids),
            EntityChange.state.in_(EFFECTIVE),
        )
        .order_by(EntityChange.seq)
    )
    current: dict[str, dict[str, str]] = {}
    found: dict[str, dict[str, str]] = {}
    for row_id, data in db.session.execute(query):
        known = current.setdefault(row_id, {})
        known.update({column: data[column] for column in (INCOME, INCOME_YEAR) if column in data})
        if known.get(INCOME) and known.get(INCOME_YEAR):
            found.setdefault(row_id, {})[known[INCOME_YEAR]] = known[INCOME]
    return {row_id: sorted(by_year.items()) for row_id, by_year in found.items()}


def count_members(town_id: str, row_ids: Sequence[str]) -> dict[str, int]:
    """Household -> how many live there."""
    wanted, found = set(row_ids), dict[str, int]()
    query = select(Entity.data).where(
        Entity.town_id == town_id, Entity.list_name == MEMBER, Entity.is_deleted.is_(False)
    )
    for data in db.session.scalars(query):
        household = data.get(HOUSEHOLD, "")
        if household in wanted and data.get(LEFT) != "1":
            found[household] = found.get(household, 0) + 1
    return found


def mentors_of(town_id: str, rows: Mapping[str, Entity]) -> dict[str, list[Contact]]:
    """Household -> its mentors: those of its living pairing, else those its row names."""
    query = select(Pairing).where(
        Pairing.town_id == town_id,
        Pairing.mentee_list == HOUSEHOLD,
        Pairing.mentee_id.in_(rows),
        Pairing.mentor_list == PERSON,
        Pairing.state == "active",
        Pairing.kind == "hand_in_hand",
    )
    named = {row_id: [row.data.get(column, "") for column in MENTORS] for row_id, row in rows.items()}
    named |= {each.mentee_id: [each.mentor_id, each.mentor_2] for each in db.session.scalars(query)}
    ids = {person for people in named.values() for person in people if person}
    people = find_rows(town_id, PERSON, sorted(ids))
    return {
        row_id: [contact_of(people[person]) for person in dict.fromkeys(mentors) if person in people]
        for row_id, mentors in named.items()
    }


def contact_of(person: Entity) -> Contact:
    unit = " ".join(filter(None, (person.data.get("place", ""), person.data.get("position", ""))))
    return Contact(person.label, unit, person.data.get("phone", ""))


def find_village_contact(town_id: str, village: str) -> Contact | None:
    """The village's clerk, else its secretary, as the list of persons has them."""
    for role in CONTACT_ROLES if village else ():
        query = select(User.person).where(
            User.town_id == town_id, User.is_disabled.is_(False), User.person != "", holds(role, village)
        )
        person = db.session.scalar(query.order_by(User.user_id).limit(1))
        row = db.session.get(Entity, (town_id, PERSON, person)) if person else None
        if row is not None and not row.is_deleted:
            return contact_of(row)
    return None


@dataclass(frozen=True)
class PublicContacts:
    """All that a card says to whoever finds it: nothing of the household."""

    mentors: Sequence[Contact]
    village_contact: Contact | None
    hotline: str


def public_contacts(card: Card) -> PublicContacts:
    """Whom to ask about the household of a card; phones as the office released them."""
    rows = find_rows(card.town_id, card.list_name, [card.entity_id])
    texts = read_texts(card.town_id)
    hides = bool(texts["card_hides_phones"])
    mentors = [released(each, hides) for people in mentors_of(card.town_id, rows).values() for each in people]
    village = next((row.village for row in rows.values()), "")
    contact = find_village_contact(card.town_id, village)
    return PublicContacts(mentors, released(contact, hides) if contact else None, texts["card_hotline"])


def released(contact: Contact, hides: bool) -> Contact:
    return Contact(contact.name, contact.unit, "" if hides else contact.phone)


def read_texts(town_id: str) -> dict[str, str]:
    """What the office wrote for its cards, by kind."""
    query = select(MessageText.kind, MessageText.text).where(
        MessageText.town_id == town_id, MessageText.kind.in_(TEXT_KINDS)
    )
    return {**dict.fromkeys(TEXT_KINDS, ""), **dict(db.session.execute(query).all())}


def write_texts(town_id: str, by: str, texts: Mapping[str, str]) -> None:
    """Keep the office's texts; '' goes back to our own."""
    with write_transaction() as session:
        for kind in TEXT_KINDS:
            key = (town_id, kind, ANY_LANGUAGE)
            row = session.get(MessageText, key)
            if row is None:
                row = MessageText(town_id=town_id, kind=kind, language=ANY_LANGUAGE)
                session.add(row)
            row.text = texts[kind]
        audit(town_id, by, "change_texts", "card")
