"""F02 records through the exchange: a real server, the load on the same cores, bodies built beforehand.

The town is the demo with many more households. Every record is one of the demo's own, told of another
household and computed again, so that all rules run and nothing is a duplicate.
"""

import base64
import gzip
import hashlib
import http.client
import secrets
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Flask

from server.access import scope_of
from server.actions import ingest
from server.actions.sessions import digest_token
from server.app import create_app
from server.clock import now
from server.config import Config
from server.counter import seq_taker
from server.database import db, write_transaction
from server.demo.filling import complete
from server.models import Device, Entity, User
from server.rows import RowWriter, Write
from server.schemas.batch import read_item
from server.store import SqlReader
from sync.ingest import prepare
from sync.store import Sender
from tests.serving import Served, run_command, serve

NAME = "server: F02 records through /api/v1/sync, batches of 50"
FORM_ID = "exit_check"
BATCH = 50
CLIENTS = 4
COPIES = 50  # households made of each one checked in the lite demo: then a village has about a hundred

Item = dict[str, Any]
Batches = list[tuple[str, list[Item]]]  # the sender's user id, and what they send


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data, copy = Path(folder) / "instance", Path(folder) / "copy"
        done = run_command(data, "demo", "load", "--as-of", "2016-10-15")
        if done.returncode:
            raise RuntimeError(done.stderr)
        app = create_app(Config(data=data))
        with app.app_context():
            batches = build(app)
            tokens = {user_id: enrol(user_id) for user_id, _ in batches}
            db.session.remove()
            db.engine.dispose()
        shutil.copytree(data, copy)
        bodies = [(tokens[user_id], pack(user_id, items)) for user_id, items in batches]
        with serve(data) as served:
            seconds = send_all(served, bodies)
        n_records = sum(len(items) for _, items in batches)
        check_stored(data, n_records)
        return {NAME: n_records / seconds, **measure_phases(create_app(Config(data=copy)), batches)}


def build(app: Flask) -> Batches:
    """Households like those that were checked, and a record of each, by sender."""
    rows = sqlite3.connect(Path(app.config["DATA"]) / "lingyan.sqlite").execute(
        "SELECT user_id, payload FROM submission_version WHERE form_id = ?", (FORM_ID,)
    )
    texts = [
        (user_id, copy_household(payload)) for user_id, payload in rows.fetchall() for _ in range(COPIES)
    ]
    by_sender: dict[str, list[Item]] = defaultdict(list)
    for user_id, text in texts:
        by_sender[user_id].append(fill(user_id, text))
    return [
        (user_id, items[at : at + BATCH])
        for user_id, items in by_sender.items()
        for at in range(0, len(items), BATCH)
    ]


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
    with write_transaction():
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
    device = {"device_id": f"bench-{user_id}", "app_version": "bench", "n_unsent": 0}
    # A phone at the end of its cursor: what is measured is taking records in, not sending lists out.
    body = {"device": device, "epoch": "", "cursor": 0, "limit": 1, "items": items}
    return gzip.compress(orjson.dumps(body), compresslevel=6)


def send_all(served: Served, bodies: list[tuple[str, bytes]]) -> float:
    """Send every body over its own client's connection; the seconds from first to last answer."""
    shares = [bodies[at::CLIENTS] for at in range(CLIENTS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda share: send(served.port, share), shares))
    return time.perf_counter() - started


def send(port: int, bodies: list[tuple[str, bytes]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for token, body in bodies:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            "Content-Digest": f"sha-256=:{digest}:",
        }
        connection.request("POST", "/api/v1/sync", body, headers)
        answer = connection.getresponse()
        outcomes = orjson.loads(answer.read())["outcomes"]
        if any(outcome["outcome"] != "accepted" for outcome in outcomes):
            raise RuntimeError(str(outcomes[0]))
    connection.close()


def check_stored(data: Path, n_records: int) -> None:
    count = sqlite3.connect(data / "lingyan.sqlite").execute(
        "SELECT count(*) FROM submission_version WHERE device_id LIKE 'bench-%'"
    )
    if count.fetchone()[0] != n_records:
        raise RuntimeError("not every record was stored")


def measure_phases(app: Flask, batches: Batches) -> dict[str, float]:
    """Microseconds per record, one batch after another in this process."""
    spent = dict.fromkeys(("read", "check", "write", "commit"), 0.0)
    with app.app_context():
        for user_id, items in batches:
            time_batch(user_id, items, spent)
        db.session.remove()
        db.engine.dispose()
    n_records = sum(len(items) for _, items in batches)
    return {
        f"server: F02 record, {name} | µs": seconds / n_records * 1_000_000 for name, seconds in spent.items()
    }


def time_batch(user_id: str, items: list[Item], spent: dict[str, float]) -> None:
    user = db.session.get_one(User, user_id)
    scope, device = scope_of(user), db.session.get_one(Device, (user.town_id, f"bench-{user_id}"))
    sender = ingest.sender_of(device, user, scope, is_revoked=False)
    reader = SqlReader(scope, sender, ingest.read_town(scope.town_id).seq)
    marks = [time.perf_counter()]
    read = [read_item(item) for item in items]
    marks.append(time.perf_counter())
    prepared = prepare(read, sender, reader)
    marks.append(time.perf_counter())
    with write_transaction():
        ingest.write_prepared(scope, sender, reader, prepared)
        marks.append(time.perf_counter())
    marks.append(time.perf_counter())
    for name, start, end in zip(spent, marks[:-1], marks[1:], strict=True):
        spent[name] += end - start
