"""F02 records through the exchange: a real server, the load on the same cores, bodies built beforehand."""

import base64
import hashlib
import http.client
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
from flask import Flask

from server.access import scope_of
from server.actions import ingest
from server.app import create_app
from server.clock import now
from server.config import Config
from server.database import db, set_pragmas, write_transaction
from server.models import Device, User
from server.schemas.batch import read_item
from server.store import SqlReader, SqlWriter
from sync.ingest import prepare
from tests.bench.load import Batch, Item, build
from tests.bench.memory import find_family, read_cpu, read_pss
from tests.serving import Served, run_command, serve

NAME = "server: F02 records through /api/v1/sync, batches of 50"
MEMORY = "server: memory of all processes after ingest, PSS"
CLIENTS = 4


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data, copy = Path(folder) / "instance", Path(folder) / "copy"
        done = run_command(data, "demo", "load", "--as-of", "2016-10-15")
        if done.returncode:
            raise RuntimeError(done.stderr)
        batches = build(create_app(Config(data=data)))
        shutil.copytree(data, copy)
        raw = time_raw(Path(folder) / "raw.sqlite", batches)
        values = time_served(data, batches)
        return {
            **values,
            "server: as a share of the raw limit | %": values[NAME] / raw * 100,
            "server: raw limit, the same texts into SQLite, batches of 50 | records/s": raw,
            **time_phases(create_app(Config(data=copy)), batches),
        }


def time_raw(path: Path, batches: Sequence[Batch]) -> float:
    """Records per second where nothing is done but to make their texts durable, a transaction a batch."""
    connection = sqlite3.connect(path)
    set_pragmas(connection, None)
    connection.execute("CREATE TABLE record (instance_id TEXT PRIMARY KEY, payload TEXT)")
    started = time.perf_counter()
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO record VALUES (:instance_id, :payload)", batch.items)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return count_records(batches) / seconds


def count_records(batches: Sequence[Batch]) -> int:
    return sum(len(batch.items) for batch in batches)


def time_served(data: Path, batches: Sequence[Batch]) -> dict[str, float]:
    """Send everything, then everything again; the first few batches let the server load what it keeps."""
    first, rest = batches[:CLIENTS], batches[CLIENTS:]
    with serve(data) as served:
        send_all(served, first, "accepted")
        spent = read_cpu(served.process.pid)
        seconds = send_all(served, rest, "accepted")
        spent = read_cpu(served.process.pid) - spent
        again = send_all(served, rest, "resent")
        memory = sum(read_pss(pid) for pid in find_family(served.process.pid))
    check_stored(data, batches)
    n_records = count_records(rest)
    return {
        NAME: n_records / seconds,
        MEMORY: memory / 1024,
        "server: processor time per record | µs": spent / n_records * 1_000_000,
        "server: the same batches again, all resent | records/s": n_records / again,
    }


def send_all(served: Served, batches: Sequence[Batch], outcome: str) -> float:
    """Send every body over its own client's connection; the seconds from first to last answer."""
    shares = [batches[at::CLIENTS] for at in range(CLIENTS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda share: send(served.port, share, outcome), shares))
    return time.perf_counter() - started


def send(port: int, batches: Sequence[Batch], outcome: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for batch in batches:
        digest = base64.b64encode(hashlib.sha256(batch.body).digest()).decode()
        headers = {
            "Authorization": f"Bearer {batch.token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            "Content-Digest": f"sha-256=:{digest}:",
        }
        connection.request("POST", "/api/v1/sync", batch.body, headers)
        answers = orjson.loads(connection.getresponse().read())["outcomes"]
        if any(answer["outcome"] != outcome for answer in answers):
            raise RuntimeError(str(answers[0]))
    connection.close()


def check_stored(data: Path, batches: Sequence[Batch]) -> None:
    """Every record is there, and was compared with its household's row in the list."""
    connection = sqlite3.connect(data / "lingyan.sqlite")
    ours = "SELECT instance_id FROM submission_version WHERE device_id LIKE 'bench-%'"
    stored = len(connection.execute(ours).fetchall())
    skipped = f"SELECT count(*) FROM violation WHERE path IN ('', 'village') AND instance_id IN ({ours})"  # noqa: S608
    if (stored, connection.execute(skipped).fetchone()[0]) != (count_records(batches), 0):
        raise RuntimeError("not every record was stored and checked")


def time_phases(app: Flask, batches: Sequence[Batch]) -> dict[str, float]:
    """Microseconds per record, one batch after another in this process; the first loads what is kept."""
    first, rest = batches[:1], batches[1:]
    spent = dict.fromkeys(("read", "check", "write", "commit"), 0.0)
    with app.app_context():
        for batch in first:
            time_batch(batch.user_id, batch.items, dict(spent))
        for batch in rest:
            time_batch(batch.user_id, batch.items, spent)
        db.session.remove()
        db.engine.dispose()
    n_records = count_records(rest)
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
        ingest.write_prepared(reader, SqlWriter(sender), prepared, now())
        marks.append(time.perf_counter())
    marks.append(time.perf_counter())
    for name, start, end in zip(spent, marks[:-1], marks[1:], strict=True):
        spent[name] += end - start
