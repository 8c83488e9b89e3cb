"""A real server process under many senders at once, and killed in the middle: what it acknowledged stays."""

import http.client
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import orjson
import pytest
from flask import Flask

from server.config import Config
from server.database import db
from sync.ledger import Entry, find_break
from tests.server.town import Phone, content_digest, make_item, register_answers
from tests.serving import Served, serve

SENDERS = 4
ITEMS = 5  # a batch
ENOUGH = 8  # batches acknowledged before the server is killed

Item = dict[str, Any]
Outcome = dict[str, Any]


@dataclass
class Town:
    """A town on disk, to be served, and a phone that is signed in there."""

    data: Path
    phone: Phone

    def exchange(self, served: Served, items: list[Item]) -> list[Outcome]:
        """Hand in a batch.

        Raises: OSError or HTTPException when the server is gone.
        """
        raw = orjson.dumps(self.phone.body(*items))
        headers = {
            "Content-Type": "application/json",
            "Content-Digest": content_digest(raw),
            **self.phone.auth,
        }
        with closing(http.client.HTTPConnection("127.0.0.1", served.port)) as connection:
            connection.request("POST", "/api/v1/sync", raw, headers)
            response = connection.getresponse()
            assert response.status == 200
            outcomes: list[Outcome] = orjson.loads(response.read())["outcomes"]
            return outcomes

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.data / "lingyan.sqlite")) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture
def town(town_app: Flask, cadre: Phone, config: Config) -> Town:
    with town_app.app_context():
        db.engine.dispose()
    return Town(config.data, cadre)


def test_one_batch_64_times_at_once_is_stored_once(town: Town) -> None:
    items = make_items(town, ITEMS)
    with serve(town.data) as served, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: town.exchange(served, items), range(64)))
    receipts = {orjson.dumps([outcome["receipt"] for outcome in answer]) for answer in answers}
    kinds = sorted(outcome["outcome"] for outcome in chain(*answers))
    assert len(receipts) == 1
    assert kinds == ["accepted"] * ITEMS + ["resent"] * 63 * ITEMS
    assert town.query("SELECT count(*) FROM submission") == [(ITEMS,)]
    assert town.query("SELECT count(*) FROM submission_version") == [(ITEMS,)]
    made = "SELECT count(*) FROM entity WHERE list_name = 'household' AND entity_id != 'h-1'"
    assert town.query(made) == [(ITEMS,)]


def test_a_server_killed_in_the_middle_loses_nothing_it_acknowledged(town: Town) -> None:
    senders = [Sender(town) for _ in range(SENDERS)]
    done: SimpleQueue[int] = SimpleQueue()
    with serve(town.data) as served, ThreadPoolExecutor(SENDERS) as pool:
        running = [pool.submit(sender.run, served, done) for sender in senders]
        for _ in range(ENOUGH):
            done.get(timeout=60)
        served.process.kill()
        served.process.wait()
        for each in running:
            each.result()
    acknowledged = {key: one for sender in senders for key, one in sender.receipts.items()}
    assert len(acknowledged) >= ENOUGH * ITEMS
    assert town.query("PRAGMA integrity_check") == [("ok",)]
    with serve(town.data) as served:
        for sender in senders:
            for batch in sender.sent:
                check_again(town.exchange(served, batch), acknowledged)
    check_ledger(town, sum(len(sender.sent) for sender in senders) * ITEMS)


@dataclass
class Sender:
    """Hands in one batch after the other until the server is gone."""

    town: Town
    sent: list[list[Item]] = field(default_factory=list)
    receipts: dict[str, Outcome] = field(default_factory=dict)
    is_answered: bool = True

    def run(self, served: Served, done: SimpleQueue[int]) -> None:
        while self.is_answered:
            self.sent.append(make_items(self.town, ITEMS))
            try:
                outcomes = self.town.exchange(served, self.sent[-1])
            except (OSError, http.client.HTTPException):
                self.is_answered = False
                return
            self.receipts |= {one["instance_id"]: one["receipt"] for one in outcomes}
            done.put(len(outcomes))


def make_items(town: Town, number: int) -> list[Item]:
    return [make_item("register", register_answers(), cursor=town.phone.cursor) for _ in range(number)]


def check_again(outcomes: list[Outcome], acknowledged: Mapping[str, Outcome]) -> None:
    """A batch is there whole or not at all; a receipt is the same as before."""
    assert len({outcome["outcome"] for outcome in outcomes}) == 1
    for outcome in outcomes:
        before = acknowledged.get(outcome["instance_id"])
        assert before is None or (outcome["outcome"], outcome["receipt"]) == ("resent", before)


def check_ledger(town: Town, number: int) -> None:
    assert town.query("SELECT count(*) FROM submission") == [(number,)]
    assert find_break(list(read_ledger(town))) is None


def read_ledger(town: Town) -> Iterator[Entry]:
    rows = town.query(
        "SELECT seq, instance_id, digest, received_at, chain FROM submission_version ORDER BY seq"
    )
    for seq, instance_id, digest, received_at, link in rows:
        yield Entry(seq, instance_id, digest, datetime.fromisoformat(received_at).replace(tzinfo=UTC), link)
