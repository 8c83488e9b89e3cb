"""A card read by whoever holds it, without signing in: for any town of this server, and not too often."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from server.actions.cards import read_card
from server.actions.throttles import Limit, count_try, seconds_closed
from server.codes import CodeRefused, key_id_of
from server.database import db, write_transaction
from server.models import Card, SigningKey, Town
from server.problems import Problem

# A village shares one address of its mobile network; a whole evening of scans must pass, a scraper must not.
LOOKS = Limit(n_tries=60, window=timedelta(minutes=10), closed_for=timedelta(minutes=10))


def read_public_card(text: str, purpose: str, address: str) -> tuple[Card, str]:
    """The card of a code and its town's name.

    Raises: Problem code_…; too_many_looks.
    """
    key = f"card:{address}"
    wait_s = seconds_closed(key)
    if wait_s:
        raise Problem("too_many_looks", minutes=wait_s // 60 + 1, retry_after_s=wait_s)
    with write_transaction() as session:
        count_try(session, key, LOOKS)
    town = find_town(text)
    return read_card(town.town_id, text, purpose), town.name


def find_town(text: str) -> Town:
    """The town whose key a code names; whether it signed the code is another question."""
    try:
        key_id = key_id_of(text)
    except CodeRefused as refused:
        raise Problem(refused.why) from refused
    query = select(Town).join(SigningKey, SigningKey.town_id == Town.town_id)
    town = db.session.scalar(query.where(SigningKey.key_id == key_id))
    if town is None:
        raise Problem("code_invalid")
    return town
