"""What every test may ask for: an app on a SQLite file of its own, a client, a clock that stands still."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.clock import SetClock
from server.config import Config
from server.database import db
from server.migrations import upgrade

# Neither UTC nor the town's zone, and off the hour: what depends on the machine's zone shows.
os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()

NOON_IN_TOWN = datetime(2016, 10, 15, 4, 0, tzinfo=UTC)


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


@pytest.fixture
def config(tmp_path: Path, clock: SetClock, empty_instance: Path) -> Config:
    data = tmp_path / "instance"
    shutil.copytree(empty_instance, data)
    return Config(data=data, is_testing=True, clock=clock)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    dispose(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
