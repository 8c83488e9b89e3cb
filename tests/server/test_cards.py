"""Cards: a row gets one, phones can find it offline, and what was taken back is known everywhere."""

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.cards import Issued, issue_cards, read_card, revoke_cards
from server.actions.signing_keys import list_keys, revoke_key, rotate_key, state_of
from server.clock import SetClock
from server.codes import sign
from server.database import db, write_transaction
from server.models import Card, SigningKey
from server.problems import Problem
from server.sealing import from_text
from tests.bad_inputs.write_codes import STRANGER
from tests.server.admin import OTHER_TOWN, acts, found_other_town
from tests.server.conftest import SignIn
from tests.server.town import TOWN, Phone

OFFICE = "u-office"


def issue(
    app: Flask, purpose: str = "door", row: str = "h-1", town_id: str = TOWN, *, anew: bool = False
) -> Issued:
    with app.app_context():
        return issue_cards(town_id, OFFICE, purpose, [row], list_name="household", anew=anew)[row]


def refusal(app: Flask, token: str, purpose: str = "door", town_id: str = TOWN) -> str:
    with app.app_context(), pytest.raises(Problem) as refused:
        read_card(town_id, token, purpose)
    return refused.value.code


def owner(app: Flask, token: str, purpose: str = "door") -> str:
    with app.app_context():
        return read_card(TOWN, token, purpose).entity_id


def test_a_card_names_its_row(town_app: Flask) -> None:
    assert owner(town_app, issue(town_app).token) == "h-1"


def test_printing_again_gives_the_same_code(town_app: Flask) -> None:
    assert issue(town_app) == issue(town_app)


def test_a_row_that_is_not_there_gets_none(town_app: Flask) -> None:
    with town_app.app_context():
        assert issue_cards(TOWN, OFFICE, "door", ["h-9"]) == {}
        assert db.session.scalars(select(Card)).all() == []


def test_every_print_is_in_the_audit_log(town_app: Flask) -> None:
    issue(town_app)
    issue(town_app)
    detail = {"purpose": "door", "rows": ["h-1"], "anew": False}
    assert acts(town_app, "print_cards") == [(OFFICE, "household", detail)] * 2


def test_a_phone_gets_the_id_and_the_keys(town_app: Flask, cadre: Phone) -> None:
    card = issue(town_app)
    answer = cadre.sync()
    assert cadre.rows(answer, "household")["h-1"]["card"] == card.card_id
    (key,) = cadre.rows(answer, "signing_key").values()
    assert (key["state"], key["town"]) == ("current", "")
    assert len(from_text(key["public"])) == 32
    with town_app.app_context():
        sealed = db.session.scalars(select(SigningKey.private)).one()
    assert sealed not in str(answer)
    assert {"private"}.isdisjoint(key)


def test_a_new_card_ends_the_old_one(town_app: Flask, cadre: Phone) -> None:
    old = issue(town_app)
    new = issue(town_app, anew=True)
    assert refusal(town_app, old.token) == "code_revoked"
    assert owner(town_app, new.token) == "h-1"
    answer = cadre.sync()
    assert cadre.rows(answer, "household")["h-1"]["card"] == new.card_id
    assert list(cadre.rows(answer, "revoked_card")) == [old.card_id]


def test_a_revoked_card_leaves_its_row(town_app: Flask, cadre: Phone) -> None:
    card = issue(town_app)
    with town_app.app_context():
        assert revoke_cards(TOWN, OFFICE, "door", ["h-1"]) == 1
        assert revoke_cards(TOWN, OFFICE, "door", ["h-1"]) == 0
    assert cadre.rows(cadre.sync(), "household")["h-1"]["card"] == ""
    assert refusal(town_app, card.token) == "code_revoked"


def test_a_card_near_its_end_is_made_anew(town_app: Flask, clock: SetClock) -> None:
    old = issue(town_app)
    clock.advance(days=3 * 365 - 30)
    new = issue(town_app)
    assert new.card_id != old.card_id
    assert new.expires_at > old.expires_at


def test_the_five_reasons_are_told_apart(town_app: Flask, clock: SetClock) -> None:
    card = issue(town_app)
    assert refusal(town_app, card.token, "badge") == "code_other_purpose"
    clock.advance(days=-2)
    assert refusal(town_app, card.token) == "code_not_yet"
    clock.advance(days=3 * 365 + 3)
    assert refusal(town_app, card.token) == "code_expired"
    found_other_town(town_app)
    assert refusal(town_app, card.token, town_id=OTHER_TOWN) == "code_other_town"
    with town_app.app_context():
        revoke_cards(TOWN, OFFICE, "door", ["h-1"])
    assert refusal(town_app, card.token) == "code_revoked"


def test_a_forged_card_is_refused(town_app: Flask) -> None:
    card = issue(town_app)
    with town_app.app_context():
        row = db.session.get_one(Card, (TOWN, card.card_id))
        forged = sign(STRANGER, "door", row.card_id, row.issued_at, row.expires_at)
    assert refusal(town_app, forged) == "code_invalid"
    assert refusal(town_app, card.token[::-1]) == "code_invalid"


def test_a_retired_key_signs_no_more_and_still_counts(town_app: Flask) -> None:
    old = issue(town_app)
    with town_app.app_context():
        key_id = rotate_key(TOWN)
    new = issue(town_app)
    assert new.card_id == old.card_id
    assert new.token != old.token
    assert owner(town_app, old.token) == owner(town_app, new.token) == "h-1"
    with town_app.app_context():
        assert {key.key_id: state_of(key) for key in list_keys(TOWN)}[key_id] == "current"
        assert db.session.get_one(Card, (TOWN, new.card_id)).key_id == key_id


def test_a_key_signs_for_a_year(town_app: Flask, clock: SetClock) -> None:
    issue(town_app)
    clock.advance(days=366)
    issue(town_app)
    with town_app.app_context():
        assert [state_of(key) for key in list_keys(TOWN)] == ["current", "retired"]


def test_what_a_revoked_key_signed_is_refused(town_app: Flask, cadre: Phone) -> None:
    card = issue(town_app)
    with town_app.app_context():
        key_id = list_keys(TOWN)[0].key_id
        revoke_key(TOWN, key_id)
    assert refusal(town_app, card.token) == "code_revoked"
    assert cadre.rows(cadre.sync(), "signing_key")[key_id]["state"] == "revoked"
    assert owner(town_app, issue(town_app).token) == "h-1"


def test_the_private_half_is_sealed_with_the_servers_secret(town_app: Flask) -> None:
    issue(town_app)
    town_app.config["SECRET_KEY"] = "another"
    issue(town_app)
    with town_app.app_context():
        assert [state_of(key) for key in list_keys(TOWN)] == ["current", "retired"]


def test_a_key_can_not_be_moved_to_another_town(town_app: Flask) -> None:
    found_other_town(town_app)
    issue(town_app)
    with town_app.app_context(), write_transaction() as session:
        row = session.scalars(select(SigningKey)).one()
        row.town_id = OTHER_TOWN
    issue(town_app)
    with town_app.app_context():
        assert len(list_keys(TOWN)) == 1
        issue_cards(OTHER_TOWN, OFFICE, "door", [])
        assert len(list_keys(OTHER_TOWN)) == 2


def test_a_neighbours_key_is_known_as_the_neighbours(town_app: Flask, sign_in: SignIn) -> None:
    found_other_town(town_app)
    with town_app.app_context():
        issue_cards(OTHER_TOWN, OFFICE, "door", [])
    answer = sign_in("cadre").sync()
    (key,) = sign_in("cadre").rows(answer, "signing_key").values()
    assert key["town"] == "邻镇(演示)"
