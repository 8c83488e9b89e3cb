"""Badges and door cards: an opaque id for a row of a list, its signed code, and both of them taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import uuid4

from sqlalchemy import select

from server.actions.forms import define_list
from server.actions.signing_keys import current_key, make_ring
from server.audit import audit
from server.clock import TOWN_ZONE, now
from server.codes import CodeRefused, Signer, Token, read, sign
from server.counter import seq_taker
from server.database import db, write_transaction
from server.models import Card, Entity
from server.problems import Problem
from server.rows import RowWriter, Write
from server.table_lists import REVOKED_CARDS, show_row

LISTS = {"badge": "person", "door": "household"}  # what a card is usually for
LIVES = {"badge": timedelta(days=2 * 365), "door": timedelta(days=3 * 365)}
LEAST_LEFT = timedelta(days=60)  # a card that ends sooner isn't worth printing again
CARD_COLUMN = "card"  # on the row: how a phone finds it, offline
CARD_ABOUT = {CARD_COLUMN: {"class": "public", "label": {"zh": "卡号", "en": "Card number"}}}


@dataclass(frozen=True)
class Issued:
    """A card as it is printed."""

    row_id: str
    card_id: str
    token: str
    expires_at: datetime


def issue_cards(
    town_id: str, by: str, purpose: str, row_ids: Sequence[str], *, list_name: str = "", anew: bool = False
) -> dict[str, Issued]:
    """Give each row its card: the one it has, or a new one; `anew` makes the old ones count no more.

    Returns: by row, in the order asked; rows that aren't there are left out.
    """
    list_name = list_name or LISTS[purpose]
    with write_transaction():
        key = current_key(town_id, by)
        define_list(town_id, list_name, CARD_ABOUT)
        writer = RowWriter(town_id, by, now(), seq_taker(town_id))
        writer.fetch([(list_name, row_id) for row_id in row_ids])
        living = [row_id for row_id in row_ids if writer.living((list_name, row_id))]
        cards = cards_of(town_id, list_name, purpose, living)
        spent = [card for card in cards.values() if anew or card.expires_at - now() < LEAST_LEFT]
        take_back(writer, spent)
        for row_id in {card.entity_id for card in spent} | (set(living) - cards.keys()):
            cards[row_id] = make_card(writer, purpose, list_name, row_id, key)
        writer.save()
        issued = {row_id: print_card(cards[row_id], key) for row_id in living}
        audit(town_id, by, "print_cards", "list", list_name, purpose=purpose, rows=living, anew=anew)
    return issued


def cards_of(town_id: str, list_name: str, purpose: str, row_ids: Collection[str]) -> dict[str, Card]:
    """Row -> its card that counts."""
    query = select(Card).where(
        Card.town_id == town_id,
        Card.list_name == list_name,
        Card.purpose == purpose,
        Card.entity_id.in_(row_ids),
        Card.revoked_at.is_(None),
    )
    return {card.entity_id: card for card in db.session.scalars(query)}


def make_card(writer: RowWriter, purpose: str, list_name: str, row_id: str, key: Signer) -> Card:
    card = Card(
        town_id=writer.town_id,
        card_id=uuid4().hex,  # of random bits: nothing of the person is in it
        purpose=purpose,
        list_name=list_name,
        entity_id=row_id,
        key_id=key.key_id,
        issued_at=now(),
        expires_at=now() + LIVES[purpose],
    )
    db.session.add(card)
    writer.apply(Write((list_name, row_id), "update", {CARD_COLUMN: card.card_id}))
    return card


def print_card(card: Card, key: Signer) -> Issued:
    """Sign it with today's key: a card that is printed again must not hang on a key that is going."""
    card.key_id = key.key_id
    token = sign(key, card.purpose, card.card_id, day_of(card.issued_at), card.expires_at)
    return Issued(card.entity_id, card.card_id, token, card.expires_at)


def day_of(moment: datetime) -> datetime:
    """When the town's day began: a phone whose clock is some minutes late must not find the card too new."""
    return datetime.combine(moment.astimezone(TOWN_ZONE), time(), TOWN_ZONE)


def revoke_cards(town_id: str, by: str, purpose: str, row_ids: Sequence[str], *, list_name: str = "") -> int:
    """Let the cards of these rows count no more, here and on every phone. Returns: how many there were."""
    list_name = list_name or LISTS[purpose]
    with write_transaction():
        writer = RowWriter(town_id, by, now(), seq_taker(town_id))
        cards = list(cards_of(town_id, list_name, purpose, row_ids).values())
        take_back(writer, cards)
        writer.save()
        rows = [card.entity_id for card in cards]
        audit(town_id, by, "revoke_cards", "list", list_name, purpose=purpose, rows=rows)
    return len(cards)


def take_back(writer: RowWriter, cards: Iterable[Card]) -> None:
    for card in cards:
        card.revoked_at = now()
        show_row(writer, REVOKED_CARDS, card.card_id, "", {"purpose": card.purpose})
        key = (card.list_name, card.entity_id)
        row = writer.living(key)
        if row is not None and row.data.get(CARD_COLUMN) == card.card_id:
            writer.apply(Write(key, "update", {CARD_COLUMN: ""}))


def read_card(town_id: str, text: str, purpose: str) -> Card:
    """The card of a code that counts here and now.

    Raises: Problem code_…, the same code_invalid for all that isn't ours.
    """
    token = read_token(town_id, text, purpose)
    card = db.session.get(Card, (town_id, token.card_id))
    if card is None or card.purpose != purpose:
        raise Problem("code_revoked")  # signed by us, and since taken out of the books
    return card


def read_token(town_id: str, text: str, purpose: str) -> Token:
    try:
        return read(text, purpose, make_ring(town_id), now())
    except CodeRefused as refused:
        raise Problem(refused.why) from refused


def row_of(card: Card) -> Entity | None:
    """The row a card is for, unless it was deleted since."""
    row = db.session.get(Entity, (card.town_id, card.list_name, card.entity_id))
    return None if row is None or row.is_deleted else row
