"""Cards at the desk and in public: printed within one's scope, and a finder reads contacts only."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.actions.cards import issue_cards, revoke_cards
from server.actions.public_cards import LOOKS
from server.clock import SetClock
from server.database import write_transaction
from server.models import User
from tests.server.admin import acts, found_other_town, hire, sign_in_at_desk
from tests.server.desk import Desk
from tests.server.town import EAST, TOWN, WEST, put_row

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def town(town_app: Flask) -> Flask:
    """The town with a mentor, a clerk and a second village's household."""
    put_row(town_app, "village", EAST, "东村(演示)")
    put_row(town_app, "village", WEST, "西村(演示)")
    put_row(
        town_app,
        "person",
        "p-mentor",
        "孙守信(演示)",
        place="东村(演示)",
        position="帮扶责任人",
        phone="10000000011",
    )
    put_row(
        town_app,
        "person",
        "p-clerk",
        "钱会计(演示)",
        place="东村(演示)",
        position="村会计",
        phone="10000000012",
    )
    put_row(town_app, "household", "h-2", "西村户(演示)", village=WEST)
    for number, removed in (("m-1", ""), ("m-2", ""), ("m-3", "1")):
        put_row(town_app, "member", number, household="h-1", m_removed=removed, village=EAST)
    return town_app


@pytest.fixture
def office(town: Flask) -> Desk:
    return sign_in_at_desk(town, "office")


def press(desk: Desk, *rows: str, action: str = "print", purpose: str = "door", **more: str) -> TestResponse:
    return desk.post("/desk/cards", {"row": list(rows), "action": action, "purpose": purpose, **more})


def sheets(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return re.findall(r'<section class="sheet">.*?</section>', answer.text, re.DOTALL)


def texts(sheet: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", sheet)


def look(app: Flask, token: Any) -> TestResponse:
    return app.test_client().post("/api/v1/cards/door", json={"token": token})


def issue(app: Flask, row: str = "h-1", purpose: str = "door") -> str:
    with app.app_context():
        return issue_cards(TOWN, "u-office", purpose, [row])[row].token


def test_a_door_card_says_what_the_lists_hold(town: Flask, office: Desk) -> None:
    put_row(town, "household", "h-1", last_year="2015", last_per_capita="5600")
    put_row(town, "household", "h-1", last_year="2016", last_per_capita="10850")
    (sheet,) = sheets(press(office, "h-1"))
    told = texts(sheet)
    for words in (
        "吴小妹(演示)",
        "东村(演示)",
        "2 人",
        "2015",
        "5600",
        "2016",
        "10850",
        "孙守信(演示)",
        "10000000011",
    ):
        assert words in told
    assert "演示" in re.findall(r'class="watermark"[^>]*>([^<]+)', sheet)
    assert "320999196803151017" not in sheet


def test_the_village_contact_is_its_clerk(town: Flask, office: Desk) -> None:
    user_id = hire(town, "clerk", "village_clerk", village=EAST)
    assert "钱会计" not in texts(sheets(press(office, "h-1"))[0])
    with town.app_context():
        from_person(user_id, "p-clerk")
    assert "钱会计(演示)" in texts(sheets(press(office, "h-1"))[0])


def from_person(user_id: str, person: str) -> None:
    with write_transaction() as session:
        session.get_one(User, user_id).person = person


def test_two_copies_are_two_sheets(office: Desk) -> None:
    assert len(sheets(press(office, "h-1", "h-2", copies="2"))) == 4


def test_badges_stand_eight_on_a_sheet(town: Flask, office: Desk) -> None:
    people = [f"p-{number}" for number in range(9)]
    for person in people:
        put_row(town, "person", person, f"{person}(演示)", place="东村(演示)", position="委员")
    printed = sheets(press(office, *people, purpose="badge"))
    assert [sheet.count("<article>") for sheet in printed] == [8, 1]


def test_hostile_names_are_printed_as_text(town: Flask, office: Desk) -> None:
    put_row(town, "household", "h-1", HOSTILE)
    put_row(town, "person", "p-mentor", HOSTILE)
    for answer in (
        press(office, "h-1"),
        press(office, "p-mentor", purpose="badge"),
        office.get("/desk/cards"),
    ):
        assert "<img src=x" not in answer.text
        assert "&lt;img src=x" in answer.text


def test_a_village_prints_its_own_doors_only(town: Flask) -> None:
    hire(town, "head", "village_head", village=EAST)
    desk = sign_in_at_desk(town, "head")
    page = desk.page("/desk/cards")
    assert "吴小妹" in page
    assert "西村户" not in page
    assert len(sheets(press(desk, "h-1", "h-2"))) == 1
    assert press(desk, "h-2").status_code == 400
    assert press(desk, "p-mentor", purpose="badge").status_code == 400
    assert desk.post("/desk/cards/texts", {"card_hotline": "1"}).status_code == 403


def test_a_field_cadre_prints_nothing(town: Flask) -> None:
    desk = sign_in_at_desk(town, "cadre")
    assert desk.get("/desk/cards").status_code == 403
    assert press(desk, "h-1").status_code == 403
    assert acts(town, "print_cards") == []


def test_making_anew_and_taking_back(town: Flask, office: Desk) -> None:
    old = issue(town)
    assert look(town, old).status_code == 200
    sheets(press(office, "h-1", action="renew"))
    assert look(town, old).get_json()["problem"]["code"] == "code_revoked"
    new = issue(town)
    assert press(office, "h-1", action="revoke").status_code == 302
    assert look(town, new).get_json()["problem"]["code"] == "code_revoked"
    assert [detail["rows"] for _, _, detail in acts(town, "revoke_cards")] == [["h-1"]]


def test_the_finder_of_a_card_reads_contacts_and_nothing_of_the_house(town: Flask, office: Desk) -> None:
    office.post("/desk/cards/texts", {"card_hotline": "0515-00000000", "card_footer": "有事请讲"})
    told = look(town, issue(town)).get_json()
    assert told == {
        "town": "溱东镇(演示)",
        "mentors": [{"name": "孙守信(演示)", "unit": "东村(演示) 帮扶责任人", "phone": "10000000011"}],
        "village_contact": None,
        "hotline": "0515-00000000",
    }
    assert "有事请讲" in sheets(press(office, "h-1"))[0]


def test_phones_that_the_office_does_not_release_stay_away(town: Flask, office: Desk) -> None:
    office.post("/desk/cards/texts", {"card_hides_phones": "1"})
    assert look(town, issue(town)).get_json()["mentors"][0]["phone"] == ""
    assert "10000000011" in sheets(press(office, "h-1"))[0]


@pytest.mark.parametrize("token", ["", "A" * 126, "x", "A" * 900, None, 1, ["a"], {"a": 1}])
def test_what_is_no_code_is_refused(town: Flask, token: Any) -> None:
    answer = look(town, token)
    assert answer.status_code == 400
    assert answer.get_json()["problem"]["code"] == (
        "code_invalid" if isinstance(token, str) else "request_invalid"
    )


def test_ten_kilobytes_are_not_read(town: Flask) -> None:
    assert look(town, "A" * 10_000).status_code == 413


def test_a_badge_is_no_door_card(town: Flask) -> None:
    assert look(town, issue(town, "p-mentor", "badge")).get_json()["problem"]["code"] == "code_other_purpose"


def test_another_town_of_the_server_answers_for_its_own(town: Flask) -> None:
    found_other_town(town)
    assert look(town, issue(town)).get_json()["town"] == "溱东镇(演示)"


def test_looking_too_often_has_to_wait(town: Flask, clock: SetClock) -> None:
    token = issue(town)
    answers = {look(town, token).status_code for _ in range(LOOKS.n_tries)}
    assert answers == {200}
    refused = look(town, token)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    clock.advance(minutes=11)
    assert look(town, token).status_code == 200


@pytest.mark.parametrize("path", ["/d", "/b"])
def test_the_pages_of_cameras_are_light_and_need_nobody(town: Flask, path: str) -> None:
    client = town.test_client()
    page = client.get(path)
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    n_bytes = len(page.data)
    for address in addresses:
        with client.get(address) as file:
            assert file.status_code == 200
            n_bytes += len(file.data)
    assert n_bytes < 30_000
    assert not re.search(r"<script>|<style|\bon\w+=", page.text)  # what the content policy would refuse


def test_a_revoked_card_is_not_shown_at_its_row(town: Flask, office: Desk) -> None:
    issue(town)
    assert 'class="strong">吴小妹' in office.page("/desk/cards")
    before = office.page("/desk/cards").count("<code>")
    with town.app_context():
        revoke_cards(TOWN, "u-office", "door", ["h-1"])
    assert office.page("/desk/cards").count("<code>") == before - 1
