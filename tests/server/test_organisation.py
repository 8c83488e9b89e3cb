"""The organisation page: who is where and missing, villages added and renamed, the county in its towns."""

import pytest
from flask import Flask

from server.database import write_transaction
from server.models import DeskSession, Form, Town
from tests.server.access_world import AWAY, COUNTY, FAR, NEAR, add_record, settle
from tests.server.admin import acts, hire
from tests.server.desk import Desk, sign_in_desk
from tests.server.town import EAST, TOWN, WEST, put_row

PAGE = "/desk/organisation"
NEW = "320981100913"


@pytest.fixture
def placed(town_app: Flask) -> Flask:
    put_row(town_app, "village", EAST, "草舍")
    put_row(town_app, "village", WEST, "开庄")
    hire(town_app, "admin", "admin")
    hire(town_app, "head", "village_head", village=EAST)
    return town_app


@pytest.fixture
def admin(placed: Flask) -> Desk:
    return sign_in_desk(placed, "admin")


def test_names_who_is_where_and_who_is_missing(admin: Desk) -> None:
    _, _, rest = admin.page(PAGE).partition(EAST)
    east, _, west = rest.partition(WEST)
    assert "head(演示)" in east and "No Village Party secretary" not in east
    assert "No Village Party secretary" in west and "western" in west


def test_villages_see_their_own_place(placed: Flask) -> None:
    page = sign_in_desk(placed, "head").page(PAGE)
    assert EAST in page and WEST not in page and f"{PAGE}/places" not in page


def test_an_administrator_adds_and_renames_a_village(placed: Flask, admin: Desk) -> None:
    assert admin.post(f"{PAGE}/places", {"code": NEW, "name": "禾丰", "is_new": "1"}).status_code == 302
    assert admin.post(f"{PAGE}/places", {"code": NEW, "name": "禾丰新村"}).status_code == 302
    assert "禾丰新村" in admin.page(PAGE)
    assert [one[1:] for one in acts(placed, "add_place")] == [(NEW, {"name": "禾丰"})]
    assert [one[1:] for one in acts(placed, "rename_place")] == [(NEW, {"name": "禾丰新村"})]


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"code": EAST, "name": "又一村", "is_new": "1"}, 409),
        ({"code": NEW, "name": "没有的村"}, 404),
        ({"code": "12", "name": "短码", "is_new": "1"}, 400),
        ({"code": NEW, "name": " ", "is_new": "1"}, 400),
    ],
)
def test_refuses_what_is_no_village(placed: Flask, admin: Desk, values: dict[str, str], status: int) -> None:
    assert admin.post(f"{PAGE}/places", values).status_code == status
    assert acts(placed, "add_place") == acts(placed, "rename_place") == []


def test_the_town_gets_another_name(admin: Desk) -> None:
    assert admin.post(f"{PAGE}/places", {"is_town": "1", "name": "新溱东镇(演示)"}).status_code == 302
    assert "新溱东镇(演示)" in admin.page(PAGE)


@pytest.fixture
def county(placed: Flask) -> Flask:
    """Two towns of one county and one of another: in each a record that reaches the county, and one not."""
    hire(placed, "reviewer", "county")
    with placed.app_context(), write_transaction() as session:
        settle()
        session.get_one(Form, "register").review = "village town county"
        for town_id in (TOWN, NEAR, FAR):
            add_record((town_id, AWAY), "county").title = f"reaches {town_id}"
            add_record((town_id, AWAY), "town").form_id = "check"
    return placed


def test_the_county_looks_at_one_town_after_the_other(county: Flask) -> None:
    desk = sign_in_desk(county, "reviewer")
    assert seen(desk) == {TOWN}
    page = desk.page(PAGE)
    assert NEAR in page and FAR not in page
    assert desk.post(f"{PAGE}/town", {"town_id": NEAR}).status_code == 302
    assert seen(desk) == {NEAR}
    assert acts(county, "choose_town")[0][:2] == ("u-reviewer", NEAR)
    assert desk.post(f"{PAGE}/town", {"town_id": TOWN}).status_code == 302
    assert seen(desk) == {TOWN}


def seen(desk: Desk) -> set[str]:
    """The towns whose records the queue shows; what does not reach the county never does."""
    page = desk.page("/desk/queue?state=all")
    assert "record " not in page
    return {town_id for town_id in (TOWN, NEAR, FAR) if f"reaches {town_id}" in page}


def test_another_county_s_town_is_as_one_that_is_not_there(county: Flask) -> None:
    desk = sign_in_desk(county, "reviewer")
    for town_id in (FAR, "town-nowhere"):
        assert desk.post(f"{PAGE}/town", {"town_id": town_id}).status_code == 404
    assert seen(desk) == {TOWN}


def test_the_county_decides_in_the_town_it_looks_at(county: Flask) -> None:
    with county.app_context(), write_transaction():
        root_id = add_record((NEAR, AWAY), "county").root_id
    desk = sign_in_desk(county, "reviewer")
    address, values = f"/desk/records/{root_id}/decision", {"instance_id": root_id, "action": "approve"}
    assert desk.post(address, values).status_code == 404
    desk.post(f"{PAGE}/town", {"town_id": NEAR})
    assert desk.post(address, values).status_code == 302
    assert [one[:2] for one in acts(county, "approve")] == [("u-reviewer", root_id)]


@pytest.mark.parametrize("change", ["another county", "no longer the county's"])
def test_goes_home_when_the_county_is_no_longer_theirs(county: Flask, change: str) -> None:
    desk = sign_in_desk(county, "reviewer")
    desk.post(f"{PAGE}/town", {"town_id": NEAR})
    with county.app_context(), write_transaction() as session:
        if change == "another county":
            session.get_one(Town, NEAR).county = "别县(演示)"
        else:
            session.execute(
                Town.__table__.update().where(Town.__table__.c.county == COUNTY).values(county="")
            )
        assert session.query(DeskSession).filter_by(town_id=NEAR).count() == 1
    assert seen(desk) == {TOWN}


def test_nobody_else_has_a_choice(county: Flask) -> None:
    desk = sign_in_desk(county, "office")
    assert "town-near" not in desk.page(PAGE)
    assert desk.post(f"{PAGE}/town", {"town_id": NEAR}).status_code == 403
