"""What every test may ask for: an app on a SQLite file of its own, a client, a clock that stands still."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from server.app import create_app
from server.clock import SetClock
from server.config import Config
from server.database import db
from server.migrations import upgrade
from tests.serving import run_command

# Neither UTC nor the town's zone, and off the hour: what depends on the machine's zone shows.
os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()

NOON_IN_TOWN = datetime(2016, 10, 15, 4, 0, tzinfo=UTC)


class CompiledPages(BytecodeCache):
    """Templates are compiled once, not again by the app of each test."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED_PAGES = CompiledPages()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON_IN_TOWN)


@pytest.fixture(scope="session")
def empty_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with all tables and no rows, to be copied: migrating is slower than most tests."""
    data = tmp_path_factory.mktemp("empty") / "instance"
    app = create_app(Config(data=data, is_testing=True))
    upgrade(app)
    dispose(app)
    return data


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo town as of the day the tests speak of, to be copied.

    Loading takes half a minute, so processes that share the tests share it.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            done = run_command(unfinished, "demo", "load", "--first", "--as-of", "2016-10-15")
            assert done.returncode == 0, done.stdout + done.stderr
            unfinished.rename(folder)
    return folder


@pytest.fixture
def config(tmp_path: Path, clock: SetClock, empty_instance: Path) -> Config:
    data = tmp_path / "instance"
    shutil.copytree(empty_instance, data)
    return Config(data=data, is_testing=True, clock=clock)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    app.jinja_options = {"bytecode_cache": COMPILED_PAGES}
    yield app
    dispose(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
