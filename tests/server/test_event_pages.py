"""Events at the desk: made, filled, opened, ticked off, put on the wall, printed and counted."""

import base64
import re
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from server.clock import SetClock
from server.database import db
from server.models import Event, RosterEntry
from tests.server.admin import sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk
from tests.server.gathering import Browser, hold_class, publish_library, scan, states, wall
from tests.server.town import put_row

FORM = {
    "name": "第36期村干部培训班(演示)",
    "kind": "training",
    "series_no": "36",
    "host_unit": "镇组织办",
    "organiser": "p-cadre",
    "place": "镇会议室",
    "start_at": "2016-10-15T12:00",
    "end_at": "2016-10-15T16:00",
    "hours": "4",
    "radius_m": "300",
}
PICTURES = (b"\x89PNG\r\n\x1a\n one", b"\x89PNG\r\n\x1a\n two")


@pytest.fixture
def office(town_app: Flask) -> Desk:
    publish_library(town_app, "check_in")
    put_row(town_app, "person", "p-cadre", "陈守望(演示)", place="草舍", phone="10000000002")
    return sign_in_at_desk(town_app, "office")


def only_event(app: Flask) -> Event:
    with app.app_context():
        return db.session.scalars(select(Event)).one()


def test_makes_an_event_with_sessions(town_app: Flask, office: Desk) -> None:
    halves = {"from_1": "2016-10-15T12:00", "to_1": "2016-10-15T14:00", "out_1": "1", "title_1": "上半场"}
    answer = office.post("/desk/events/new", {**FORM, **halves})
    page = office.page(answer.location)
    assert "第36期村干部培训班(演示)" in page
    assert "陈守望(演示)" in page
    assert FORM["name"] in office.page("/desk/events?kind=training&year=2016&state=planned")
    assert FORM["name"] not in office.page("/desk/events?kind=salon")


def test_a_change_keeps_every_session_of_many(town_app: Flask, office: Desk) -> None:
    sessions = {f"from_{n}": f"2016-10-15T{11 + n}:00" for n in range(1, 5)}
    sessions |= {f"to_{n}": f"2016-10-15T{11 + n}:30" for n in range(1, 5)}
    address = office.post("/desk/events/new", {**FORM, **sessions}).location
    fifth = {"from_5": "2016-10-15T15:45", "to_5": "2016-10-15T16:00"}
    office.post(f"{address}/change", {**FORM, **sessions, **fifth})
    page = office.page(f"{address}/change")
    assert [f'name="from_{n}"' in page for n in (5, 6, 7)] == [True, True, False]
    assert 'value="2016-10-15T15:45"' in page


def test_a_photo_taken_at_check_in_is_shown_to_those_who_run_the_event(town_app: Flask, office: Desk) -> None:
    office.post("/desk/events/new", {**FORM, "photo_reason": "证明本人到场"})
    event_id = only_event(town_app).event_id
    office.post(f"/desk/events/{event_id}/pasted", {"pasted": "学员01\t草舍\t村干部\t10000000001"})
    office.post(f"/desk/events/{event_id}/state", {"state": "open"})
    content = b"\xff\xd8\xff\xe0 face"
    browser = Browser(town_app.test_client())
    photo = base64.b64encode(content).decode()
    assert browser.check_in(wall(town_app, event_id), "学员01", "0001", photo=photo).status_code == 200
    (address,) = set(
        re.findall(r'href="([^"]+/photos/[0-9a-f]{64})"', office.page(f"/desk/events/{event_id}"))
    )
    with office.get(address) as answer:
        assert answer.data == content
    other = hold_class(town_app, 1)
    assert office.get(address.replace(event_id, other)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end_at": "2016-10-15T11:00"}, "end_at"),
        ({"end_at": "2016-10-21T12:01"}, "end_at"),
        ({"name": " "}, "name"),
        ({"kind": "party"}, "kind"),
        ({"kind": "study_tour"}, "destination"),
        ({"position_reason": "证明到场"}, "position_reason"),
        ({"start_at": "soon"}, "start_at"),
        ({"series_no": "-1"}, "series_no"),
    ],
)
def test_says_what_is_wrong_with_a_plan(office: Desk, changes: dict[str, str], field: str) -> None:
    answer = office.post("/desk/events/new", FORM | changes)
    assert answer.status_code == 422
    assert field in answer.text
    assert FORM["place"] in answer.text


def test_a_number_of_a_series_is_given_once(office: Desk) -> None:
    assert office.post("/desk/events/new", FORM).status_code == 302
    assert office.post("/desk/events/new", FORM).status_code == 409


def test_changes_an_event(town_app: Flask, office: Desk) -> None:
    office.post("/desk/events/new", FORM)
    event_id = only_event(town_app).event_id
    assert "镇会议室" in office.page(f"/desk/events/{event_id}/change")
    office.post(f"/desk/events/{event_id}/change", {**FORM, "place": "村部"})
    assert only_event(town_app).place == "村部"


def test_fills_the_roster_from_lists_and_from_excel(town_app: Flask, office: Desk) -> None:
    event_id = hold_class(town_app, 0)
    act = f"/desk/events/{event_id}"
    office.post(f"{act}/list", {"list": "person", "role": "trainee"})
    office.post(f"{act}/list", {"list": "person", "role": "trainee"})
    pasted = "姓名\t单位\t职务\t联系电话\n周来(演示)\t开庄\t村会计\t10000000009\n吴明(演示)\t草舍\t\t\n"
    office.post(f"{act}/pasted", {"pasted": pasted, "role": "teacher"})
    with town_app.app_context():
        rows = db.session.execute(select(RosterEntry.name, RosterEntry.role).order_by(RosterEntry.name)).all()
    assert sorted(tuple(row) for row in rows) == [
        ("吴明(演示)", "teacher"),
        ("周来(演示)", "teacher"),
        ("陈守望(演示)", "trainee"),
    ]
    assert office.post(f"{act}/pasted", {"pasted": "\t开庄"}).status_code == 422


def test_ticks_off_by_hand_with_a_reason(town_app: Flask, office: Desk) -> None:
    event_id = hold_class(town_app)
    hand = {"attendee": "person:g-1", "key": "1 in"}
    assert office.post(f"/desk/events/{event_id}/hand", hand).status_code == 400
    assert office.post(f"/desk/events/{event_id}/hand", {**hand, "reason": "无智能手机"}).status_code == 302
    page = office.page(f"/desk/events/{event_id}?show=present")
    assert "无智能手机" in page
    assert "学员02" not in page
    assert "学员02" in office.page(f"/desk/events/{event_id}?show=absent")


def test_shows_doubles_and_doubts_until_somebody_decides(town_app: Flask, office: Desk) -> None:
    event_id, browser = hold_class(town_app), Browser(town_app.test_client())
    for name, tail in (("学员01", "0001"), ("学员02", "0002"), ("学员02", "0002")):
        browser.check_in(wall(town_app, event_id), name, tail)
    page = office.page(f"/desk/events/{event_id}?show=doubtful")
    assert "学员02" in page
    assert "学员01" not in page
    assert "学员02" in office.page(f"/desk/events/{event_id}?show=doubles")
    check_in = page.split('name="check_in" value="')[1].split('"')[0]
    office.post(f"/desk/events/{event_id}/confirm", {"check_in": check_in})
    assert "学员02" not in office.page(f"/desk/events/{event_id}?show=doubtful")
    office.post(f"/desk/events/{event_id}/dismiss", {"check_in": check_in})
    assert states(town_app) == ["valid", "dismissed", "valid"]


def test_the_wall_shows_a_new_code_and_no_names(town_app: Flask, office: Desk, clock: SetClock) -> None:
    event_id = hold_class(town_app)
    page = office.page(f"/desk/events/{event_id}/wall")
    assert "学员" not in page.replace("学员01", "学员")
    first = office.get(f"/desk/events/{event_id}/wall/code").get_json()
    again = office.get(f"/desk/events/{event_id}/wall/code").get_json()
    clock.advance(seconds=5)
    later = office.get(f"/desk/events/{event_id}/wall/code").get_json()
    assert first["picture"] == again["picture"] != later["picture"]
    assert (later["n_present"], later["n_due"]) == (0, 3)


def test_the_wall_is_dark_unless_the_event_is_open(town_app: Flask, office: Desk) -> None:
    event_id = hold_class(town_app, state="planned")
    assert office.get(f"/desk/events/{event_id}/wall/code").status_code == 409


def test_a_printed_code_shows_once_a_pin_is_set(town_app: Flask, office: Desk) -> None:
    event_id = hold_class(town_app)
    assert office.get(f"/desk/events/{event_id}/printed").status_code == 409
    office.post(f"/desk/events/{event_id}/pin", {"is_wanted": "1"})
    page = office.page(f"/desk/events/{event_id}/printed")
    pin = only_event(town_app).details["pin"]
    assert "data:image/svg+xml" in page
    assert pin in office.page(f"/desk/events/{event_id}")
    assert f">{pin}<" not in page


def test_prints_the_sheet_with_hidden_numbers(town_app: Flask, office: Desk, sign_in: SignIn) -> None:
    event_id = hold_class(town_app)
    sign_in("cadre").outcomes(scan(event_id, 1))
    office.post(f"/desk/events/{event_id}/leave", {"attendee": "person:g-2", "is_leave": "1"})
    page = office.page(f"/desk/events/{event_id}/sheet")
    assert "应到 3 人　实到 1 人　请假 1 人　缺席 1 人" in page
    assert "100****0001" in page
    assert "10000000001" in office.page(f"/desk/events/{event_id}/sheet?phones=whole")


def test_exports_the_sheet(town_app: Flask, office: Desk) -> None:
    event_id = hold_class(town_app)
    office.post(f"/desk/events/{event_id}/pasted", {"pasted": "=1+1\t开庄"})
    with office.get(f"/desk/events/{event_id}/sheet.xlsx") as answer:
        book = load_workbook(BytesIO(answer.data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=4)]
    assert rows[0][:3] == ["序号", "姓名", "单位（村）"]
    assert ["1", "=1+1"] in [row[:2] for row in rows] or ["=1+1"] in [row[1:2] for row in rows]
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "n"}


def test_closes_with_two_photos_and_a_check_in(town_app: Flask, office: Desk, sign_in: SignIn) -> None:
    event_id = hold_class(town_app)
    sign_in("cadre").outcomes(scan(event_id, 1))
    office.post(f"/desk/events/{event_id}/state", {"state": "held"})
    assert office.post(f"/desk/events/{event_id}/state", {"state": "closed"}).status_code == 409
    for number, content in enumerate(PICTURES):
        account = {"photo": (BytesIO(content), f"{number}.png"), "minutes": "讲解政策"}
        assert office.post(f"/desk/events/{event_id}/account", account).status_code == 302
    office.post(f"/desk/events/{event_id}/state", {"state": "closed"})
    event = only_event(town_app)
    assert (event.state, len(event.photos), event.minutes) == ("closed", 2, "讲解政策")
    with office.get(f"/desk/events/{event_id}/photos/{event.photos[0]}") as answer:
        assert answer.data == PICTURES[0]


def test_hours_are_of_those_who_came(town_app: Flask, office: Desk, sign_in: SignIn) -> None:
    event_id = hold_class(town_app)
    sign_in("cadre").outcomes(scan(event_id, 1))
    page = office.page("/desk/events/hours?year=2016")
    assert "学员01" in page
    assert "学员02" not in page
    with office.get("/desk/events/hours.xlsx?year=2016") as answer:
        assert answer.status_code == 200
    assert "学员01" not in office.page("/desk/events/hours?year=2015")


def test_a_stranger_sees_the_event_but_not_its_roster(town_app: Flask, office: Desk) -> None:
    event_id = hold_class(town_app)
    stranger = sign_in_at_desk(town_app, "western")
    assert "培训班" in stranger.page("/desk/events")
    for address in ("", "/live", "/wall", "/wall/code", "/printed", "/sheet", "/sheet.xlsx", "/change"):
        assert stranger.get(f"/desk/events/{event_id}{address}").status_code == 404
    assert (
        stranger.post(f"/desk/events/{event_id}/hand", {"attendee": "person:g-1", "reason": "x"}).status_code
        == 404
    )


def test_the_page_behind_the_code_needs_nothing(town_app: Flask) -> None:
    page = town_app.test_client().get("/e")
    assert page.status_code == 200
    assert len(page.data) < 8000
