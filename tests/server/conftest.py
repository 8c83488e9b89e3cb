"""What door tests may ask for besides the app: the small town, with its forms, and phones signed in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.clock import SetClock
from server.config import Config
from tests.conftest import NOON_IN_TOWN, dispose
from tests.server import town
from tests.server.gathering import Browser, publish_library
from tests.server.town import Phone, make_town, publish_form

SignIn = Callable[..., Phone]


@pytest.fixture(scope="session")
def town_instance(tmp_path_factory: pytest.TempPathFactory, empty_instance: Path) -> Path:
    """An instance folder with the town, both forms published and one household in the east, to be copied."""
    data = tmp_path_factory.mktemp("town") / "instance"
    shutil.copytree(empty_instance, data)
    app = create_app(Config(data=data, is_testing=True, clock=SetClock(NOON_IN_TOWN)))
    make_town(app)
    publish_form(app, "register")
    publish_form(app, "check")
    town.put_row(app, "line", "2016", "2016", amount="6000")
    town.put_row(
        app,
        "household",
        "h-1",
        "吴小妹(演示)",
        village=town.EAST,
        phone="10000000001",
        mentor_1="p-mentor",
        head_id="320999196803151017",
        lat="32.7",
        lon="120.2",
    )
    dispose(app)
    return data


@pytest.fixture
def town_app(app: Flask, town_instance: Path) -> Flask:
    """The app on a copy of the town; nothing was opened yet."""
    shutil.copytree(town_instance, app.config["DATA"], dirs_exist_ok=True)
    return app


@pytest.fixture
def sign_in(town_app: Flask) -> SignIn:
    """Sign somebody in on a phone of their own."""
    return lambda username, device_id="": town.sign_in(town_app.test_client(), username, device_id)


@pytest.fixture
def cadre(sign_in: SignIn) -> Phone:
    """A field cadre of the eastern village who has synced once."""
    phone = sign_in("cadre")
    phone.sync()
    return phone


@pytest.fixture
def hall(town_app: Flask) -> Flask:
    """The town with the forms of events and check-ins."""
    publish_library(town_app, "check_in", "event")
    return town_app


@pytest.fixture
def browser(hall: Flask) -> Browser:
    """Any browser that opens the page of a wall code."""
    return Browser(hall.test_client())
