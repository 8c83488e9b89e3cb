"""The load for ingest: the demo with many more households, and a record of each, as bodies ready to be sent.

Every record is one of the demo's own, told of another household and computed again, so that all rules run
and nothing is a duplicate.
"""

import gzip
import secrets
import sqlite3
import uuid
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Flask

from server.access import scope_of
from server.actions import ingest
from server.actions.sessions import digest_token
from server.clock import now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.demo.filling import complete
from server.models import Device, Entity, Town, User
from server.rows import RowWriter, Write
from server.store import SqlReader
from sync.store import Sender

FORM_ID = "exit_check"
BATCH = 50
COPIES = 150  # households made of each one checked in the lite demo: then a village has about 150

Item = dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """What one phone sends at once."""

    user_id: str
    token: str
    items: list[Item]
    body: bytes


def build(app: Flask) -> list[Batch]:
    """Batches by sender, from a town made larger."""
    with app.app_context():
        by_sender: dict[str, list[Item]] = defaultdict(list)
        for user_id, text in enlarge(Path(app.config["DATA"])):
            by_sender[user_id].append(fill(user_id, text))
        batches = [
            Batch(user_id, token, part := items[at : at + BATCH], pack(user_id, part))
            for user_id, items in by_sender.items()
            for token in [enrol(user_id)]
            for at in range(0, len(items), BATCH)
        ]
        db.session.remove()
        db.engine.dispose()
        return batches


def enlarge(data: Path) -> list[tuple[str, str]]:
    """Copy each checked household; who sends each copy's record, and its text, which is to be filled in."""
    found = sqlite3.connect(data / "lingyan.sqlite").execute(
        "SELECT user_id, payload FROM submission_version WHERE form_id = ? AND deprecated_id = ''", (FORM_ID,)
    )
    with write_transaction():
        return [(user_id, copy_household(payload)) for user_id, payload in found for _ in range(COPIES)]


def copy_household(payload: str) -> str:
    """Put the household and its members into the lists under new names; the payload that speaks of them."""
    answers = orjson.loads(payload)["answers"]
    household = answers["visit"]["hh"]
    members = [member["m_ent"] for member in answers["member"]]
    # Names that sort as the originals do: a member is found by its place in the household.
    tail = secrets.token_hex(4)
    names = {name: name[:-8] + tail for name in (household, *members)}
    found = db.session.scalars(db.select(Entity).where(Entity.entity_id.in_(names))).all()
    wanted = [(row.list_name, row.entity_id, row.town_id, {"label": row.label, **row.data}) for row in found]
    writer = RowWriter(wanted[0][2], "", now(), seq_taker(wanted[0][2]))
    for list_name, entity_id, _, row in wanted:
        data = {column: names.get(text, text) for column, text in row.items()}
        writer.apply(Write((list_name, names[entity_id]), "create", data))
    writer.save()
    for name, other in names.items():
        payload = payload.replace(name, other)
    return payload


def fill(user_id: str, text: str) -> Item:
    """The record computed again as the phone would, with signatures of its own."""
    reader = make_reader(user_id)
    content = orjson.loads(text)
    content["instance_id"] = str(uuid.uuid4())
    content["meta"]["lists_cursor"] = reader.last_seq
    answers = content["answers"]
    form = reader.find_form(FORM_ID, content["version"])
    outline = reader.outlines[FORM_ID, content["version"]]
    complete(form.checker, outline, answers, reader.lists_at(reader.last_seq), content["meta"])
    files = find_claims(answers)
    for claim in files:
        claim["sha256"] = secrets.token_hex(32)
    return {
        "instance_id": content["instance_id"],
        "form_id": FORM_ID,
        "version": content["version"],
        "payload": orjson.dumps(content).decode(),
        "files": files,
    }


@cache
def make_reader(user_id: str) -> SqlReader:
    user = db.session.get_one(User, user_id)
    scope = scope_of(user)
    sender = Sender(scope.town_id, user_id, user.username, f"bench-{user_id}", scope.village)
    return SqlReader(scope, sender, ingest.read_town(scope.town_id).seq)


def find_claims(value: Any) -> list[Item]:
    if isinstance(value, dict):
        return (
            [value] if "sha256" in value else [one for child in value.values() for one in find_claims(child)]
        )
    return [one for child in value for one in find_claims(child)] if isinstance(value, list) else []


def enrol(user_id: str) -> str:
    """A phone's token for a user."""
    token, town_id = uuid.uuid4().hex, db.session.get_one(User, user_id).town_id
    with write_transaction() as session:
        device = Device(town_id=town_id, device_id=f"bench-{user_id}", user_id=user_id, name="bench")
        device.token_digest, device.enrolled_at, device.last_seen_at = digest_token(token), now(), now()
        session.merge(device)
    return token


def pack(user_id: str, items: list[Item]) -> bytes:
    """The body of a phone that has heard everything: taking records in is measured, not sending lists out."""
    town = db.session.get_one(Town, db.session.get_one(User, user_id).town_id)
    device = {"device_id": f"bench-{user_id}", "app_version": "bench", "n_unsent": 0}
    body = {"device": device, "epoch": town.epoch, "cursor": town.seq, "limit": 1, "items": items}
    return gzip.compress(orjson.dumps(body), compresslevel=6)
