"""The town's keys for signed codes: made on first use, renewed yearly, and shown to every phone."""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app
from sqlalchemy import select

from server.actions.forms import define_list
from server.audit import audit
from server.clock import now
from server.codes import KnownKey, Ring, Signer, name_key
from server.counter import seq_taker
from server.database import db, write_transaction
from server.models import Card, SigningKey, Town
from server.problems import Problem
from server.rows import RowWriter
from server.sealing import from_text, seal, to_text, unseal
from server.table_lists import REVOKED_CARDS, SIGNING_KEYS, show_row

KEY_LIFE = timedelta(days=365)  # then a new key signs; what the old one signed still counts
SEALED_FOR = "signing key"
PUBLIC = {"class": "public"}
KEY_COLUMNS = {"public": PUBLIC, "state": PUBLIC, "town": PUBLIC}


def current_key(town_id: str, by: str) -> Signer:
    """The key that signs today, made if there is none or it is a year old; in a write transaction."""
    query = select(SigningKey).filter_by(town_id=town_id, retired_at=None, revoked_at=None)
    for row in db.session.scalars(query.order_by(SigningKey.made_at.desc())):
        private = None if now() - row.made_at > KEY_LIFE else open_key(row)
        if private is not None:
            return Signer(row.key_id, private)
        row.retired_at = now()  # too old, or sealed by a secret that this server no longer has
    return make_key(town_id, by)


def make_key(town_id: str, by: str) -> Signer:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key_id = name_key(public)
    sealed = seal(secret(), SEALED_FOR, private.private_bytes_raw(), f"{town_id} {key_id}")
    row = SigningKey(town_id=town_id, key_id=key_id, public=to_text(public), private=sealed, made_at=now())
    db.session.add(row)
    audit(town_id, by, "make_key", "signing_key", key_id)
    show_keys(by)
    return Signer(key_id, private)


def open_key(row: SigningKey) -> Ed25519PrivateKey | None:
    raw = unseal(secret(), SEALED_FOR, row.private, f"{row.town_id} {row.key_id}")
    return None if raw is None else Ed25519PrivateKey.from_private_bytes(raw)


def secret() -> str:
    found: str = current_app.config["SECRET_KEY"]
    return found


def rotate_key(town_id: str, by: str = "") -> str:
    """Let a new key sign from now on. Returns: its id."""
    with write_transaction() as session:
        for row in session.scalars(select(SigningKey).filter_by(town_id=town_id, retired_at=None)):
            row.retired_at = now()
        return make_key(town_id, by).key_id


def revoke_key(town_id: str, key_id: str, by: str = "") -> None:
    """Refuse whatever a key has signed: its cards have to be printed again.

    Raises: Problem key_unknown.
    """
    with write_transaction() as session:
        row = session.get(SigningKey, (town_id, key_id))
        if row is None:
            raise Problem("key_unknown")
        if row.revoked_at is None:
            row.revoked_at = now()
            row.retired_at = row.retired_at or now()
            audit(town_id, by, "revoke_key", "signing_key", key_id)
            show_keys(by)


def show_keys(by: str) -> None:
    """Tell the phones of every town all keys of this server, so that a neighbour's card is known for one."""
    db.session.flush()
    names = dict(db.session.execute(select(Town.town_id, Town.name).order_by(Town.town_id)).all())
    keys = db.session.scalars(select(SigningKey)).all()
    for town_id in names:
        define_list(town_id, SIGNING_KEYS, KEY_COLUMNS)
        define_list(town_id, REVOKED_CARDS, {"purpose": PUBLIC})
        writer = RowWriter(town_id, by, now(), seq_taker(town_id))
        for key in keys:
            data = {
                "public": key.public,
                "state": state_of(key),
                "town": "" if key.town_id == town_id else names[key.town_id],
            }
            show_row(writer, SIGNING_KEYS, key.key_id, key.key_id, data)
        writer.save()


def state_of(key: SigningKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "current" if key.retired_at is None else "retired"


def list_keys(town_id: str) -> list[SigningKey]:
    """The town's keys, the one that signs first, then the newest."""
    order = (SigningKey.retired_at.is_not(None), SigningKey.made_at.desc())
    query = select(SigningKey).filter_by(town_id=town_id).order_by(*order)
    return list(db.session.scalars(query))


def make_ring(town_id: str) -> Ring:
    """What this server knows of codes, seen from one town."""
    keys = {
        row.key_id: KnownKey(
            Ed25519PublicKey.from_public_bytes(from_text(row.public)), row.town_id, row.revoked_at is not None
        )
        for row in db.session.scalars(select(SigningKey))
    }
    return Ring(town_id, keys, RevokedCards())


class RevokedCards:
    """Cards by their id, looked up when asked."""

    def __contains__(self, card_id: object) -> bool:
        query = select(Card.card_id).where(Card.card_id == card_id, Card.revoked_at.is_not(None))
        return db.session.scalar(query.limit(1)) is not None
