"""Who sees which rows, masked or in full, and what phones hear when rows or people move."""

from typing import Any

import pytest
from flask import Flask

from server.access import mask
from tests.server.conftest import SignIn
from tests.server.town import EAST, WEST, Phone, make_item, put_posts, put_row, register_answers


def households(phone: Phone) -> dict[str, dict[str, str]]:
    return phone.rows(phone.sync(), "household")


def test_sends_rows_of_the_own_village_only(town_app: Flask, sign_in: SignIn) -> None:
    put_row(town_app, "household", "h-2", "西村户(演示)", village=WEST)
    put_row(town_app, "household", "h-3", "无村户(演示)")
    assert set(households(sign_in("cadre"))) == {"h-1"}
    assert set(households(sign_in("western"))) == {"h-2"}
    assert set(households(sign_in("office"))) == {"h-1", "h-2", "h-3"}


def test_sends_lists_without_a_village_to_everybody(sign_in: SignIn) -> None:
    phone = sign_in("western")
    assert phone.rows(phone.sync(), "line")["2016"]["amount"] == "6000"


def test_masks_sensitive_columns_unless_the_person_is_the_mentor(sign_in: SignIn) -> None:
    assert households(sign_in("cadre"))["h-1"]["head_id"] == "320***********1017"
    assert households(sign_in("office"))["h-1"]["head_id"] == "320***********1017"
    assert households(sign_in("mentor"))["h-1"]["head_id"] == "320999196803151017"


def test_leaves_masked_choices_empty(town_app: Flask, sign_in: SignIn) -> None:
    put_row(town_app, "member", "m-1", "吴小妹(演示)", village=EAST, household="h-1", m_health="ill")
    phone = sign_in("cadre")
    assert phone.rows(phone.sync(), "member")["m-1"]["m_health"] == ""


@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        ("320999196803151017", "id_number", "320***********1017"),
        ("6228480000000000018", "account", "622************0018"),
        ("123", "id_number", "***"),
        ("ill", "", ""),
        ("", "id_number", ""),
    ],
)
def test_masks(text: str, kind: str, masked: str) -> None:
    assert mask(text, kind) == masked


def test_tells_both_villages_when_a_row_moves(town_app: Flask, cadre: Phone, sign_in: SignIn) -> None:
    western, office = sign_in("western"), sign_in("office")
    western.sync()
    office.sync()
    put_row(town_app, "household", "h-1", village=WEST)
    assert next(c for c in cadre.sync()["changes"] if c.get("removed"))["name"] == "h-1"
    assert set(households(western)) == {"h-1"}
    heard = office.sync()["changes"]
    assert [(change["row"]["name"], change["row"]["village"]) for change in heard] == [("h-1", WEST)]


def test_sends_only_what_is_new(town_app: Flask, cadre: Phone) -> None:
    assert cadre.sync()["changes"] == []
    put_row(town_app, "household", "h-1", phone="10000000044")
    assert set(households(cadre)) == {"h-1"}


def test_pages_through_many_rows(town_app: Flask, sign_in: SignIn) -> None:
    for number in range(20):
        put_row(town_app, "household", f"p-{number:02}", f"户{number}", village=EAST)
    phone, seen, pages = sign_in("cadre"), [], 0
    while True:
        answer = phone.sync(limit=3)
        seen += list(phone.rows(answer, "household"))
        pages += 1
        assert [change["seq"] for change in answer["changes"]] == sorted(c["seq"] for c in answer["changes"])
        if not answer["has_more"]:
            break
    assert sorted(seen) == ["h-1", *(f"p-{number:02}" for number in range(20))]
    assert pages > 6


def test_starts_anew_after_the_server_was_restored(cadre: Phone) -> None:
    cadre.epoch = "an epoch before"
    answer = cadre.sync()
    assert answer["reset"] is True
    assert answer["epoch"] == "epoch-1"
    assert set(cadre.rows(answer, "household")) == {"h-1"}
    assert cadre.sync()["reset"] is False


def test_starts_anew_when_the_person_moved(town_app: Flask, cadre: Phone) -> None:
    scope = cadre.sync()["scope"]
    put_posts(town_app, "cadre", ("field", WEST))
    answer = cadre.sync(have={"forms": {}, "scope": scope})
    assert answer["reset"] is True and answer["scope"] != scope
    assert cadre.rows(answer, "household") == {}


def test_hears_of_own_submissions_only(cadre: Phone, sign_in: SignIn) -> None:
    mentor = sign_in("mentor")
    mentor.sync()
    cadre.sync(make_item("register", register_answers()))
    assert [c for c in mentor.sync()["changes"] if c["kind"] == "submission"] == []


def test_hears_of_forms_with_their_address(sign_in: SignIn) -> None:
    phone = sign_in("cadre")
    forms = {change["form_id"]: change for change in phone.sync()["changes"] if change["kind"] == "form"}
    assert set(forms) == {"register", "check"}
    about = forms["check"]
    assert (about["starts_from"], about["subject_list"]) == ("household", "household")
    assert about["find"] == ["hh_no", "address", "phone"]
    module = phone.client.get(about["url"])
    assert module.status_code == 200 and module.mimetype == "text/javascript"
    assert "immutable" in module.headers["Cache-Control"]
    assert module.get_data(as_text=True).count("export const form") == 1
    assert phone.client.get("/forms/0000.js").status_code == 404


def test_cannot_change_rows_of_another_village(town_app: Flask, cadre: Phone) -> None:
    put_row(town_app, "household", "h-2", "西村户(演示)", village=WEST)
    answers: dict[str, Any] = {"hh": "h-2", "year": "2016", "check_key": "h-2 2016", "amount": 7000}
    outcome = cadre.sync(make_item("check", answers, cursor=cadre.cursor))["outcomes"][0]
    assert (outcome["outcome"], outcome["problem"]["code"]) == ("held", "out_of_scope")
