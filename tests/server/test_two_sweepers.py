"""Two processes on one SQLite file: one of them reminds, and nobody is told anything twice."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.actions.reminding import LEASE
from server.actions.sweep import BATCH
from server.clock import SetClock
from server.config import Config
from server.database import db, write_transaction
from server.models import Lease, Message, Reminder
from tests.server.reminders import in_town, put_pairing, staff_town

ROOT = Path(__file__).parents[2]
N_PAIRINGS = BATCH + 10  # more than a sweep takes in one transaction
TOLD, NEXT = "2016-09-27T08:30", "2016-09-27T08:31"


@dataclass
class Sweeper:
    """A process of its own."""

    folder: Path
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "tests.server.sweeper", str(self.folder)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def say(self, moment: str, order: str = "") -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{order} {in_town(moment).isoformat()}\n")
        self.process.stdin.flush()

    def round(self) -> dict[str, Any]:
        return dict(json.loads(self.hear()))

    def wait_until_stopped(self) -> None:
        _, status = os.waitpid(self.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)


@pytest.fixture
def sweepers(config: Config) -> Iterator[list[Sweeper]]:
    started = [Sweeper(config.data), Sweeper(config.data)]
    yield started
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def paired(town_app: Flask, clock: SetClock) -> Flask:
    clock.at = in_town("2016-09-20T09:00")
    staff_town(town_app)
    with town_app.app_context(), write_transaction():
        for number in range(N_PAIRINGS):
            put_pairing(f"pair-{number}")
    return town_app


def let_the_lease_run_out() -> None:
    with write_transaction() as session:
        session.get_one(Lease, LEASE).expires_at -= timedelta(days=1)


def test_nothing_is_told_twice_and_who_slept_beyond_the_lease_writes_no_more(
    paired: Flask, sweepers: list[Sweeper]
) -> None:
    assert [one.hear() for one in sweepers] == ["ready", "ready"]
    for one in sweepers:
        one.say("2016-09-20T10:00")
    owners = {one.round()["is_ours"]: one for one in sweepers}
    assert owners.keys() == {True, False}
    sleeper, other = owners[True], owners[False]
    sleeper.say(TOLD, order="stop")
    sleeper.wait_until_stopped()
    other.say(TOLD)
    assert not other.round()["is_ours"]
    with paired.app_context():
        assert 0 < db.session.scalar(select(func.count()).select_from(Reminder)) < N_PAIRINGS
        let_the_lease_run_out()
    other.say(NEXT)
    assert other.round()["is_ours"]
    os.kill(sleeper.process.pid, signal.SIGCONT)
    assert not sleeper.round()["is_ours"]
    with paired.app_context():
        subjects = list(db.session.scalars(select(Reminder.subject_id)))
        assert len(subjects) == len(set(subjects)) == N_PAIRINGS
        assert [row.n_reminders for row in db.session.scalars(select(Message))] == [N_PAIRINGS]
        lease = db.session.get_one(Lease, LEASE)
        assert (lease.fence, lease.done_until) == (2, in_town(NEXT))
