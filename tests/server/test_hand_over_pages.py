"""Somebody leaves: what the desk shows before, what moves, what stays, and who is refused."""

import pytest
from flask import Flask

from server.database import db, write_transaction
from server.models import Pairing, Task, User
from tests.server.admin import acts, hire
from tests.server.conftest import SignIn
from tests.server.desk import Desk, sign_in_desk
from tests.server.test_pairings import add_pairing, paired_app  # noqa: F401 - a fixture
from tests.server.test_tasks import make
from tests.server.town import EAST, TOWN, WEST, Phone, make_item, put_posts, put_row, register_answers

PLAN = "/desk/hand-over?person=p-mentor&to=p-cadre"
ALL = [f"task|{EAST}", f"hand_in_hand|{EAST}", f"supervised|{EAST}"]


@pytest.fixture
def leaving(paired_app: Flask) -> Flask:  # noqa: F811
    """The mentor has a task, a pairing, and one that he supervises."""
    app = paired_app
    put_row(app, "person", "p-cadre", "周干部", username="cadre", place="草舍")
    put_row(app, "person", "p-western", "西干部", username="western")
    put_row(app, "village", WEST, "开庄")
    put_row(app, "household", "h-2", "王二(演示)", village=EAST)
    make(app, "h-1", person="p-mentor")
    with app.app_context(), write_transaction():
        add_pairing("r-2", mentor_id="p-western", mentee_id="h-2", supervisor="p-mentor")
    return app


@pytest.fixture
def office(leaving: Flask) -> Desk:
    return sign_in_desk(leaving, "office")


def plan(desk: Desk, address: str = PLAN, **values: object) -> dict[str, object]:
    """What the page's form would send, all ticked."""
    form = {name: value for name, value in desk.form(address).items() if name in ("person", "to", "seen")}
    return {**form, "part": ALL, **values}


def standing(app: Flask) -> tuple[str, str, str, str]:
    """Who has the task and the open pairing, who supervises, what became of the old pairing."""
    with app.app_context():
        task = db.session.scalars(db.select(Task)).one()
        kept = db.session.scalars(db.select(Pairing).filter_by(mentee_id="h-1", state="active")).one()
        supervised = db.session.get_one(Pairing, (TOWN, "r-2"))
        return task.person, kept.mentor_id, supervised.supervisor, old_state(app)


def old_state(app: Flask) -> str:
    with app.app_context():
        return db.session.get_one(Pairing, (TOWN, "r-1")).state


BEFORE = ("p-mentor", "p-mentor", "p-mentor", "active")
AFTER = ("p-cadre", "p-cadre", "p-cadre", "replaced")


def test_shows_what_would_move_and_changes_nothing(office: Desk, leaving: Flask) -> None:
    page = office.page(PLAN)
    for value in ALL:
        assert f'value="{value}" checked' in page
    assert "吴小妹(演示)" in page and "王二(演示)" in page and "草舍" in page
    assert standing(leaving) == BEFORE


def test_moves_tasks_pairings_and_supervision_and_keeps_what_was(office: Desk, leaving: Flask) -> None:
    answer = office.post("/desk/hand-over", plan(office))
    assert answer.status_code == 302
    assert standing(leaving) == AFTER
    page = office.page(answer.location)
    assert page.count("<dd>1</dd>") == 3 and "Hand over the rest" not in page
    [(by, person, detail)] = acts(leaving, "hand_over")
    assert (by, person, detail["to"], detail["n_supervised"]) == ("u-office", "p-mentor", "p-cadre", 1)


def test_what_is_not_ticked_stays(office: Desk, leaving: Flask) -> None:
    answer = office.post("/desk/hand-over", plan(office, part=[f"hand_in_hand|{EAST}", f"task|{WEST}"]))
    assert standing(leaving) == ("p-mentor", "p-cadre", "p-mentor", "replaced")
    assert "2 are still theirs" in office.page(answer.location)


def test_a_double_tap_does_it_once(office: Desk, leaving: Flask) -> None:
    form = plan(office)
    first, second = (office.post("/desk/hand-over", form) for _ in "ab")
    assert first.location == second.location
    assert len(acts(leaving, "hand_over")) == 1
    with leaving.app_context():
        assert len(db.session.scalars(db.select(Pairing).filter_by(mentee_id="h-1")).all()) == 2


def test_what_changed_since_the_page_is_looked_at_again(office: Desk, leaving: Flask) -> None:
    form = plan(office)
    make(leaving, "h-2", person="p-mentor")
    answer = office.post("/desk/hand-over", form)
    assert answer.status_code == 409 and "has changed meanwhile" in answer.text
    assert old_state(leaving) == "active" and acts(leaving, "hand_over") == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"to": "p-mentor"}, 400),
        ({"to": ""}, 400),
        ({"part": []}, 400),
        ({"disable": "yes"}, 403),  # the office disables nobody
    ],
)
def test_refuses(office: Desk, leaving: Flask, changes: dict[str, object], status: int) -> None:
    assert office.post("/desk/hand-over", plan(office, **changes)).status_code == status
    assert standing(leaving) == BEFORE


def test_refuses_somebody_who_is_not_in_the_list(office: Desk, leaving: Flask) -> None:
    answer = office.post("/desk/hand-over", plan(office, "/desk/hand-over?person=p-mentor&to=p-nobody"))
    assert answer.status_code == 400
    assert standing(leaving) == BEFORE


def test_warns_of_a_successor_who_does_not_see_the_village(office: Desk, leaving: Flask) -> None:
    assert "no role in these villages" not in office.page(PLAN)
    address = "/desk/hand-over?person=p-mentor&to=p-western"
    page = office.page(address)
    assert "no role in these villages" in page
    assert office.post("/desk/hand-over", plan(office, address)).status_code == 302
    put_row(leaving, "person", "p-new", "新人")
    assert "no account that can sign in" in office.page("/desk/hand-over?person=p-cadre&to=p-new")


def test_whoever_is_helped_does_not_become_their_own_mentor(office: Desk, leaving: Flask) -> None:
    with leaving.app_context(), write_transaction():
        add_pairing("r-3", kind="cadre_member", mentee_list="person", mentee_id="p-cadre")
    assert "cadre_member|" not in office.page(PLAN)
    answer = office.post("/desk/hand-over", plan(office, part=[*ALL, f"cadre_member|{EAST}"]))
    assert "1 are still theirs" in office.page(answer.location)
    with leaving.app_context():
        assert db.session.get_one(Pairing, (TOWN, "r-3")).mentor_id == "p-mentor"


def test_an_administrator_sees_counts_alone_and_disables_the_account(leaving: Flask, sign_in: SignIn) -> None:
    phone: Phone = sign_in("mentor")
    phone.sync()
    hire(leaving, "admin", "admin")
    admin = sign_in_desk(leaving, "admin")
    assert "/desk/hand-over?person=p-mentor" in admin.page("/desk/people/u-mentor")
    page = admin.page(PLAN)
    assert f'value="task|{EAST}" checked' in page and "吴小妹" not in page
    answer = admin.post("/desk/hand-over", plan(admin, disable="yes"))
    assert "is disabled" in admin.page(answer.location)
    assert standing(leaving) == AFTER
    with leaving.app_context():
        assert db.session.get_one(User, "u-mentor").is_disabled
    assert phone.outcomes(make_item("register", register_answers(), cursor=phone.cursor)) == ["held"]


def test_all_or_nothing_when_the_account_must_stay(leaving: Flask) -> None:
    hire(leaving, "admin", "admin")
    with leaving.app_context(), write_transaction() as session:
        session.get_one(User, "u-admin").person = "p-mentor"
        session.get_one(User, "u-mentor").person = ""
    admin = sign_in_desk(leaving, "admin")
    assert admin.post("/desk/hand-over", plan(admin, disable="yes")).status_code == 409
    assert standing(leaving) == BEFORE


def test_the_way_there_is_shown_to_those_who_may(office: Desk, leaving: Flask) -> None:
    assert "/desk/hand-over" in office.page("/desk/pairings")
    put_posts(leaving, "cadre", ("village_head", EAST))
    head = sign_in_desk(leaving, "cadre")
    assert "/desk/hand-over" not in head.page("/desk/pairings")
    head.page(PLAN, 403)
