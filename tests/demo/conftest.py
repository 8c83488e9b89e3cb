"""The demo town loaded once for all tests of this folder; they only read it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from server.actions import demo
from server.app import create_app
from server.config import Config
from server.migrations import upgrade
from tests.conftest import dispose


@pytest.fixture(scope="session")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The lite town at 2016-10-15."""
    yield from load(tmp_path_factory.mktemp("lite"), False, date(2016, 10, 15))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole town at 2016-12-09, when every household was checked."""
    yield from load(tmp_path_factory.mktemp("full"), True, date(2016, 12, 9))


def load(folder: Path, full: bool, as_of: date) -> Iterator[Flask]:
    app = create_app(Config(data=folder / "instance", is_testing=True))
    upgrade(app)
    with app.app_context():
        demo.load(full, as_of)
        yield app
    dispose(app)
