"""Badges and door cards at the desk: chosen by village, printed with their codes, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, false, select, true
from werkzeug.wrappers import Response

from server.access import Scope, scope_of
from server.actions.cards import CARD_COLUMN, LISTS, Issued, issue_cards, revoke_cards
from server.actions.door_cards import TEXT_KINDS, make_door_cards, read_texts, write_texts
from server.codes import PATHS
from server.database import db
from server.lan import public_url
from server.models import Entity
from server.pages.door import desk_blueprint, language, say, visitor
from server.pages.queue import village_names
from server.problems import Problem
from server.qr import draw_picture

card_pages = desk_blueprint("cards", "cards")

PRINTERS = frozenset({"town_office", "town_leader", "village_clerk", "village_head"})
OFFICE = frozenset({"town_office", "town_leader"})
MOST_AT_ONCE = 500
LONGEST_TEXT = 300
SHORT_NUMBER = 8  # digits of the card's id, printed under its code for phones without a camera


@dataclass(frozen=True)
class Chosen:
    """What the page shows."""

    purpose: str
    village: str


def read_chosen() -> Chosen:
    purpose = request.values.get("purpose", "door")
    return Chosen(purpose if purpose in LISTS else "door", request.values.get("village", ""))


@card_pages.get("/cards")
def show() -> str:
    """Whose cards to print."""
    user, chosen = visitor().user, read_chosen()
    scope, names = scope_of(user), village_names(user)
    return render_template(
        "desk/cards.html",
        chosen=chosen,
        rows=list_rows(scope, chosen, names),
        villages={code: name for code, name in names.items() if scope.has_at(PRINTERS, code)},
        names=names,
        column=CARD_COLUMN,
        texts=read_texts(user.town_id),
        is_office=scope.has_at(OFFICE, ""),
        limit=MOST_AT_ONCE,
    )


def list_rows(scope: Scope, chosen: Chosen, names: dict[str, str]) -> Sequence[Entity]:
    """The rows whose cards this person may print, by village and name."""
    query = select(Entity).where(
        Entity.town_id == scope.town_id,
        Entity.list_name == LISTS[chosen.purpose],
        Entity.is_deleted.is_(False),
        printable(scope, chosen.purpose),
    )
    if chosen.village and chosen.purpose == "door":
        query = query.where(Entity.village == chosen.village)
    rows = sorted(db.session.scalars(query), key=place_of)
    if chosen.village and chosen.purpose == "badge":
        return [row for row in rows if row.data.get("place") == names.get(chosen.village)]
    return rows


def place_of(row: Entity) -> tuple[str, str, str]:
    """In which order rows are shown and printed: by village and number, persons by their place."""
    return row.village or row.data.get("place", ""), row.data.get("hh_no", ""), row.entity_id


def printable(scope: Scope, purpose: str) -> ColumnElement[bool]:
    """Households of the own villages; badges, which open doors all over the town, by the town's office."""
    if purpose == "door":
        return scope.where_village(Entity.village, PRINTERS)
    return true() if scope.has_at(OFFICE, "") else false()


@card_pages.post("/cards")
def take_cards() -> str | Response:
    """Print the cards chosen, make them anew, or take them back."""
    user, chosen, action = visitor().user, read_chosen(), request.form.get("action", "print")
    town_id, by = user.town_id, user.user_id
    row_ids = find_allowed(scope_of(user), chosen.purpose, request.form.getlist("row")[:MOST_AT_ONCE])
    if not row_ids:
        raise Problem("no_card_chosen")
    if action == "revoke":
        flash(say("cards_revoked", n=revoke_cards(town_id, by, chosen.purpose, row_ids)))
        return redirect(url_for("desk_cards.show", purpose=chosen.purpose, village=chosen.village))
    issued = issue_cards(town_id, by, chosen.purpose, row_ids, anew=action == "renew")
    return print_doors(issued) if chosen.purpose == "door" else print_badges(issued)


def find_allowed(scope: Scope, purpose: str, row_ids: Sequence[str]) -> list[str]:
    """Those of these rows whose cards this person may print, in order of village and name."""
    query = select(Entity).where(
        Entity.town_id == scope.town_id,
        Entity.list_name == LISTS[purpose],
        Entity.is_deleted.is_(False),
        Entity.entity_id.in_(row_ids),
        printable(scope, purpose),
    )
    return [row.entity_id for row in sorted(db.session.scalars(query), key=place_of)]


def print_doors(issued: dict[str, Issued]) -> str:
    user = visitor().user
    cards = make_door_cards(scope_of(user), list(issued), language())
    return render_template(
        "desk/door_cards.html",
        here="cards",
        cards=[(card, issued[card.row_id], draw_code("door", issued[card.row_id])) for card in cards],
        n_copies=2 if request.form.get("copies") == "2" else 1,
        texts=read_texts(user.town_id),
        **about_address("door"),
    )


def print_badges(issued: dict[str, Issued]) -> str:
    town_id = visitor().user.town_id
    query = select(Entity).where(
        Entity.town_id == town_id, Entity.list_name == LISTS["badge"], Entity.entity_id.in_(issued)
    )
    rows = {row.entity_id: row for row in db.session.scalars(query)}
    return render_template(
        "desk/badges.html",
        here="cards",
        cards=[(rows[row_id], card, draw_code("badge", card)) for row_id, card in issued.items()],
        **about_address("badge"),
    )


def about_address(purpose: str) -> dict[str, object]:
    address = address_of(purpose)
    return {"address": address, "is_secure": address.startswith("https:"), "short": SHORT_NUMBER}


def address_of(purpose: str) -> str:
    return public_url(current_app.config["SETTINGS"], PATHS[purpose])


def draw_code(purpose: str, card: Issued) -> str:
    return draw_picture(f"{address_of(purpose)}#{card.token}")


@card_pages.post("/cards/texts")
def take_texts() -> Response:
    """Keep what the office wants on its cards."""
    user = visitor().user
    if not scope_of(user).has_at(OFFICE, ""):
        raise Problem("not_allowed")
    texts = {kind: request.form.get(kind, "").strip()[:LONGEST_TEXT] for kind in TEXT_KINDS}
    write_texts(user.town_id, user.user_id, texts)
    flash(say("saved"))
    return redirect(url_for("desk_cards.show"))
