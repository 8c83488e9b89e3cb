"""The demo town loaded once for all tests of this folder; they only read it."""

import shutil
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
def lite(tmp_path_factory: pytest.TempPathFactory, demo_instance: Path) -> Iterator[Flask]:
    """The lite town at 2016-10-15."""
    data = tmp_path_factory.mktemp("lite") / "instance"
    shutil.copytree(demo_instance, data)
    app = create_app(Config(data=data, is_testing=True))
    with app.app_context():
        yield app
    dispose(app)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole town at 2016-12-09, when every household was checked."""
    app = create_app(Config(data=tmp_path_factory.mktemp("full") / "instance", is_testing=True))
    upgrade(app)
    with app.app_context():
        demo.load(True, date(2016, 12, 9))
        yield app
    dispose(app)
