"""Several roles at places: each counts where the person has it, and nowhere else."""

import pytest
from flask import Flask

from server.access import Post, scope_of
from server.actions.levels import may_review
from server.database import db, write_transaction
from server.models import Submission, User
from tests.server.admin import acts, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk
from tests.server.town import EAST, TOWN, WEST, Phone, make_item, put_posts, put_row, register_answers

SOUTH = "320981100903"


@pytest.fixture
def both(town_app: Flask, sign_in: SignIn) -> Phone:
    """Secretary of the east and field cadre of the west, with a phone that knows both."""
    put_posts(town_app, "mentor", ("village_head", EAST), ("field", WEST))
    put_row(town_app, "household", "h-west", "西户(演示)", village=WEST)
    put_row(town_app, "household", "h-south", "南户(演示)", village=SOUTH)
    return sign_in("mentor")


def scope(app: Flask, username: str) -> tuple[str, ...]:
    with app.app_context():
        return scope_of(db.session.get_one(User, f"u-{username}")).villages


def test_a_phone_hears_of_all_villages_and_of_no_other(town_app: Flask, both: Phone) -> None:
    assert scope(town_app, "mentor") == (EAST, WEST)
    assert set(both.rows(both.sync(), "household")) == {"h-1", "h-west"}


def test_a_row_that_moves_between_the_own_villages_stays(town_app: Flask, both: Phone) -> None:
    both.sync()
    put_row(town_app, "household", "h-1", village=WEST)
    changes = [one for one in both.sync()["changes"] if one.get("list") == "household"]
    assert [(one.get("removed"), one["row"]["village"]) for one in changes] == [(None, WEST)]
    put_row(town_app, "household", "h-1", village=SOUTH)
    changes = [one for one in both.sync()["changes"] if one.get("list") == "household"]
    assert [(one.get("removed"), one["name"]) for one in changes] == [(True, "h-1")]


def test_records_of_either_village_are_accepted_and_of_another_held(both: Phone) -> None:
    items = [make_item("register", register_answers(village=village)) for village in (EAST, WEST, SOUTH)]
    assert both.outcomes(*items) == ["accepted", "accepted", "held"]


def test_a_new_post_makes_the_phone_start_anew(town_app: Flask, both: Phone) -> None:
    before = both.sync()["scope"]
    put_posts(town_app, "mentor", ("village_head", EAST), ("field", WEST), ("field", SOUTH))
    answer = both.sync(have={"forms": {}, "scope": before})
    assert answer["reset"] is True
    assert set(both.rows(answer, "household")) == {"h-1", "h-west", "h-south"}


def test_decides_opens_and_exports_only_where_the_role_is_held(
    town_app: Flask, both: Phone, sign_in: SignIn
) -> None:
    own = make_item("register", register_answers())
    western = make_item("register", register_answers("吴建国(演示)", WEST))
    sign_in("cadre").sync(own)
    sign_in("western").sync(western)
    with town_app.app_context(), write_transaction() as session:
        for row in session.query(Submission):
            row.review_level = "village"
    desk = sign_in_at_desk(town_app, "mentor")
    for item, status in ((own, 302), (western, 403)):
        address = f"/desk/records/{item['instance_id']}"
        values = {"instance_id": item["instance_id"], "action": "approve"}
        assert desk.page(address)
        assert desk.post(f"{address}/decision", values).status_code == status
        opened = desk.post(f"{address}/reveal", {"reason": "核对身份证号"})
        assert opened.status_code == (200 if status == 302 else 403)
    assert [one[1] for one in acts(town_app, "approve")] == [own["instance_id"]]
    assert [one[1] for one in acts(town_app, "reveal")] == [own["instance_id"]]
    answer = desk.post(
        "/desk/exports", {"form": "register", "state": "all", "file_type": "csv", "words": "codes"}
    )
    assert answer.status_code == 200 and acts(town_app, "export")[0][2]["n_records"] == 1


def test_a_role_of_the_whole_town_decides_everywhere(town_app: Flask) -> None:
    put_posts(town_app, "mentor", ("town_office", ""), ("field", WEST))
    with town_app.app_context():
        found = scope_of(db.session.get_one(User, "u-mentor"))
    assert found.is_whole_town and found.covers(SOUTH)
    assert may_review(found, "town", SOUTH) and not may_review(found, "village", WEST)
    assert found.places({"field"}) == {WEST} and found.has_at({"town_office"}, EAST)


def test_an_administrator_gives_several_roles_and_takes_one_away(town_app: Flask) -> None:
    hire(town_app, "admin", "admin")
    admin: Desk = sign_in_at_desk(town_app, "admin")
    values = {"name": "mentor", "person": "p-mentor"}
    roles = {"role": ["village_head", "field", "publisher", ""], "village": [EAST, WEST, EAST, ""]}
    assert admin.post("/desk/people/u-mentor", {**values, **roles}).status_code == 302
    assert posts(town_app) == {Post("village_head", EAST), Post("field", WEST), Post("publisher")}
    assert admin.page("/desk/people/u-mentor").count('name="role"') == 4
    fewer = {"role": ["field", ""], "village": [WEST, ""]}
    assert admin.post("/desk/people/u-mentor", {**values, **fewer}).status_code == 302
    assert posts(town_app) == {Post("field", WEST)}
    assert [one[2]["posts"] for one in acts(town_app, "change_user")][-1] == f"field@{WEST}"
    assert admin.post("/desk/people/u-mentor", {**values, "role": ""}).status_code == 400


def posts(app: Flask) -> frozenset[Post]:
    with app.app_context():
        return scope_of(db.session.get_one(User, "u-mentor")).posts


def test_the_town_of_an_account_is_part_of_its_posts(town_app: Flask) -> None:
    with town_app.app_context():
        assert {row.town_id for row in db.session.get_one(User, "u-cadre").posts} == {TOWN}
