"""Text that looks like HTML, a template or a script is shown as text wherever the desk shows it."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.server.desk import Desk, sign_in_desk
from tests.server.town import Phone, check_answers, make_item, put_row

IMAGE = "<img src=x onerror=alert(1)>"
BREAKS_OUT = "\"'><svg onload=alert(2)>"
TEMPLATE = "{{7*7}}"
LINK = "javascript:alert(3)"
HOSTILE = " ".join((IMAGE, BREAKS_OUT, TEMPLATE, LINK))
TURNED = "abc\u202edef"


def hand_in(phone: Phone, **answers: Any) -> str:
    item = make_item("check", check_answers("h-1", phone=HOSTILE, **answers), cursor=phone.cursor)
    assert phone.outcomes(item) == ["accepted"]
    return str(item["instance_id"])


def assert_harmless(page: str) -> None:
    """Nothing that was typed became a tag, an attribute, a link or a result."""
    assert not re.search(r"<(img|svg)[^>]*\bon\w+\s*=", page, re.IGNORECASE)
    assert not re.search(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", page, re.IGNORECASE)
    assert "<svg onload" not in page
    assert TURNED not in page


@pytest.fixture
def desk(town_app: Flask, cadre: Phone) -> Desk:
    """A desk in a town whose household has a hostile name."""
    put_row(town_app, "household", "h-1", HOSTILE + TURNED)
    cadre.sync()
    return sign_in_desk(town_app, "office")


def test_a_record_shows_hostile_text_as_text(desk: Desk, cadre: Phone) -> None:
    root = hand_in(cadre)
    page = desk.page(f"/desk/records/{root}")
    assert_harmless(page)
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert TEMPLATE in page


def test_the_queue_and_its_search_show_hostile_text_as_text(desk: Desk, cadre: Phone) -> None:
    hand_in(cadre)
    for address in ("/desk/queue", f"/desk/queue?text={IMAGE}&form={BREAKS_OUT}&village={TEMPLATE}"):
        assert_harmless(desk.page(address))


def test_a_comment_is_shown_as_text_again(desk: Desk, cadre: Phone) -> None:
    root = hand_in(cadre)
    answer = desk.press(f"/desk/records/{root}", "return", comment=HOSTILE, **{"comment:phone": HOSTILE})
    assert answer.status_code == 302
    page = desk.page(f"/desk/records/{root}")
    assert_harmless(page)
    assert "&lt;img src=x" in page
    changes = [one for one in cadre.sync()["changes"] if one["kind"] == "submission"]
    assert changes[-1]["comment"] == HOSTILE  # the phone gets it as it was typed


def test_a_refused_decision_shows_what_was_typed_as_text(desk: Desk, cadre: Phone) -> None:
    root = hand_in(cadre)
    answer = desk.press(f"/desk/records/{root}", "reject", comment="", **{"comment:phone": HOSTILE})
    assert answer.status_code >= 400
    assert_harmless(answer.text)


def test_an_address_that_is_not_there_is_not_repeated(desk: Desk) -> None:
    response = desk.client.get(f"/desk/records/{IMAGE}")
    assert response.status_code == 404
    assert_harmless(response.text)


@pytest.mark.parametrize(
    "query",
    ["sort=name;drop", "text=%25_", "page=-1", "page=999999999999", "state=x&state=y", "flag=1)+or+(1=1"],
)
def test_a_filter_that_is_none_is_no_fault(desk: Desk, query: str) -> None:
    assert desk.client.get(f"/desk/queue?{query}").status_code in {200, 400, 404}


def test_a_decision_needs_the_page_it_was_made_on(desk: Desk, cadre: Phone) -> None:
    root = hand_in(cadre)
    form = desk.form(f"/desk/records/{root}", "approve")
    for token in ({}, {"csrf": ""}, {"csrf": "x" * 43}):
        stale = {**{name: value for name, value in form.items() if name != "csrf"}, **token}
        assert desk.client.post(f"/desk/records/{root}/decision", data=stale).status_code == 403
    assert desk.client.get(f"/desk/records/{root}/decision").status_code in {404, 405}
