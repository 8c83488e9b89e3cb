"""What a check-in must not do: count for a dead badge, by another's word, for a pairing yet to begin."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.cards import issue_cards, revoke_cards
from server.actions.events import move_event, set_pin
from server.actions.rosters import add_guests, guests_from_pairings
from server.clock import SetClock, now
from server.database import db, write_transaction
from server.models import Contact, Event, Task
from server.wall_codes import WallCode, write_code
from tests.server.conftest import SignIn
from tests.server.gathering import (
    TAIL,
    Browser,
    flags,
    hold_class,
    publish_library,
    scan,
    scope_named,
    states,
    wall,
)
from tests.server.test_check_in import pairing, put_person
from tests.server.town import TOWN


@pytest.fixture
def hall(town_app: Flask) -> Flask:
    publish_library(town_app, "check_in")
    return town_app


@pytest.mark.parametrize(
    ("purpose", "is_revoked", "expected"),
    [("badge", False, ["valid"]), ("badge", True, []), ("door", False, [])],
)
def test_only_a_living_badge_is_taken(
    hall: Flask, sign_in: SignIn, purpose: str, is_revoked: bool, expected: list[str]
) -> None:
    event_id = hold_class(hall)
    with hall.app_context():
        card = issue_cards(TOWN, "u-office", purpose, ["h-1"], list_name="household")["h-1"]
        if is_revoked:
            revoke_cards(TOWN, "u-office", purpose, ["h-1"], list_name="household")
    sign_in("cadre").outcomes(scan(event_id, 1, attendee="", card=card.card_id))
    assert states(hall) == expected


def test_nobody_but_an_organiser_undoes_or_confirms(hall: Flask, sign_in: SignIn) -> None:
    event_id, stranger = hold_class(hall), sign_in("mentor")
    first, waiting = scan(event_id, 1), scan(event_id, 2)
    sign_in("cadre").outcomes(first)
    stranger.outcomes(waiting)
    stranger.outcomes(
        scan(event_id, 1, undoes=first["instance_id"]), scan(event_id, 2, confirms=waiting["instance_id"])
    )
    assert states(hall) == ["valid", "unconfirmed"]


def test_a_printed_code_ends_with_its_pin(hall: Flask) -> None:
    event_id = hold_class(hall)
    with hall.app_context():
        event = db.session.scalars(select(Event)).one()
        code = write_code(event.wall_key, WallCode(event_id, 1, "in", 0))
        set_pin(scope_named("office"), event_id, is_wanted=True)
        set_pin(scope_named("office"), event_id, is_wanted=False)
    answer = Browser(hall.test_client()).open(code)
    assert answer.get_json()["problem"]["code"] == "code_old"


def test_guessing_from_one_address_is_slowed_down_whatever_the_browser(hall: Flask) -> None:
    code, answers = wall(hall, hold_class(hall)), []
    for _ in range(11):
        browser = Browser(hall.test_client())
        ticket = browser.open(code).get_json()["ticket"]
        answers += [
            browser.send(ticket, "学员01", f"9{n:03}").get_json()["problem"]["code"] for n in range(10)
        ]
    assert answers == ["attendee_not_found"] * 100 + ["too_many_tries"] * 10


def test_a_time_that_is_still_to_come_is_not_believed(hall: Flask, sign_in: SignIn) -> None:
    event_id = hold_class(hall)  # goes on for hours
    with hall.app_context():
        later = (now() + timedelta(hours=1)).isoformat()
    sign_in("cadre").outcomes(scan(event_id, 1, at=later))
    assert flags(hall) == [["wrong_clock"]]


@pytest.mark.parametrize(("minutes", "is_late"), [(5, False), (6, True)])  # it began five minutes ago
def test_ten_minutes_after_the_start_one_is_late(
    hall: Flask, clock: SetClock, minutes: int, is_late: bool
) -> None:
    event_id = hold_class(hall)
    clock.advance(minutes=minutes)
    answer = Browser(hall.test_client()).check_in(wall(hall, event_id), "学员01", TAIL)
    assert answer.get_json()["is_late"] is is_late


@pytest.mark.parametrize("is_there", [True, False])
def test_a_pairing_day_says_nothing_of_a_pairing_that_began_later(
    hall: Flask, sign_in: SignIn, is_there: bool
) -> None:
    put_person(hall, "p-mentor")
    with hall.app_context(), write_transaction() as session:
        later = pairing("h-1")
        later.start_on = "2099-01-01"
        session.add(later)
    event_id = hold_class(hall, 0, kind="pairing_day")
    with hall.app_context():
        add_guests(scope_named("office"), event_id, guests_from_pairings(TOWN, ()))
    came = [scan(event_id, 0, attendee="household:h-1")]
    came += [scan(event_id, 0, attendee="person:p-mentor")] if is_there else []
    sign_in("cadre").outcomes(*came)
    with hall.app_context():
        move_event(scope_named("office"), event_id, "held")
        assert db.session.scalars(select(Contact)).all() == []
        assert db.session.scalars(select(Task)).all() == []
