"""What door tests may ask for besides the app: the small town, with its forms, and phones signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.server import town
from tests.server.town import Phone, make_town, publish_form

SignIn = Callable[..., Phone]


@pytest.fixture
def town_app(app: Flask) -> Flask:
    """The town with both forms published and one household in the east."""
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
