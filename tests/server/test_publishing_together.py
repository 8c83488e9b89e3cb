"""Several people at one form, pages out of date: nobody publishes or discards what they didn't see."""

import re

import pytest
from flask import Flask

from server.database import db
from server.models import Form, FormDraft, FormVersion
from tests.server.admin import hire, sign_in_at_desk
from tests.server.desk import HIDDEN, Desk
from tests.server.test_admin_pages_forms import WARNED, check, check_note


@pytest.fixture
def publisher(town_app: Flask) -> Desk:
    hire(town_app, "publisher", "publisher")
    return sign_in_at_desk(town_app, "publisher")


@pytest.fixture
def colleague(town_app: Flask) -> Desk:
    hire(town_app, "colleague", "publisher")
    return sign_in_at_desk(town_app, "colleague")


def shown(desk: Desk, address: str) -> dict[str, str]:
    """What the page's form would send."""
    return dict(HIDDEN.findall(desk.page(address)))


def current(app: Flask) -> str:
    with app.app_context():
        return db.session.get_one(Form, "note").current_version


def drafts(app: Flask) -> list[str]:
    with app.app_context():
        return [draft.version for draft in db.session.query(FormDraft)]


def test_a_version_published_meanwhile_is_compared_before_the_next_one_goes_out(
    publisher: Desk, colleague: Desk, town_app: Flask
) -> None:
    publisher.post(check_note(publisher))
    mine = check_note(publisher, version="3", title="便笺")
    stale = shown(publisher, mine)
    colleague.post(check_note(colleague, version="2"))
    refused = publisher.post(mine, stale)
    assert refused.status_code == 409 and "打开此页后有人发布了版本 2" in refused.text
    assert current(town_app) == "2"
    assert publisher.post(mine, dict(HIDDEN.findall(refused.text))).status_code == 302
    assert current(town_app) == "3"


def test_a_draft_that_a_colleague_replaced_is_neither_published_nor_discarded(
    publisher: Desk, colleague: Desk, town_app: Flask
) -> None:
    draft = str(publisher.post(check_note(publisher), {"action": "draft"}).location)
    stale = shown(publisher, draft)
    colleague.post(check_note(colleague, version="2"), {"action": "draft"})
    for action in ("publish", "test", "drop"):
        refused = publisher.post(draft, {**stale, "action": action})
        assert refused.status_code == 409 and "已换成新的内容" in refused.text
    assert drafts(town_app) == ["2"]
    with town_app.app_context():
        assert db.session.get(Form, "note") is None


def test_one_draft_published_from_two_pages_is_one_version(
    publisher: Desk, colleague: Desk, town_app: Flask
) -> None:
    draft = str(publisher.post(check_note(publisher), {"action": "draft"}).location)
    first, second = shown(publisher, draft), shown(colleague, draft)
    assert publisher.post(draft, first).location == "/desk/forms/note"
    late = colleague.post(draft, second)
    assert late.status_code == 404 and "草稿已发布或已删除" in late.text
    with town_app.app_context():
        assert db.session.query(FormVersion).filter_by(form_id="note").count() == 1


def test_an_upload_tells_of_the_draft_it_would_replace(publisher: Desk, colleague: Desk) -> None:
    colleague.post(check_note(colleague, version="2"), {"action": "draft"})
    page = publisher.page(check_note(publisher))
    assert "已有草稿：版本 2，colleague(演示)存于" in page
    assert "已有草稿" not in publisher.page(check_note(publisher, version="2"))


def test_publishing_an_upload_leaves_the_draft_of_a_colleague(
    publisher: Desk, colleague: Desk, town_app: Flask
) -> None:
    colleague.post(check_note(colleague, version="3"), {"action": "draft"})
    publisher.post(check_note(publisher))
    assert drafts(town_app) == ["3"]
    colleague.post(check_note(colleague, version="2"))
    assert drafts(town_app) == []


def test_what_was_typed_stays_when_publishing_is_refused(publisher: Desk) -> None:
    address = check(publisher, WARNED.replace("| 试用       | 30                |", "| | |"))
    page = publisher.post(address, {"purpose": "摸清底数", "retention_days": "90"}).text
    assert 'value="摸清底数"' in page and 'value="90"' in page


def test_purpose_and_retention_are_proposed_as_in_the_version_in_use(publisher: Desk) -> None:
    bare = WARNED.replace("| 试用       | 30                |", "| | |")
    values = {"purpose": "摸清底数", "retention_days": "90", "acknowledged": "yes"}
    publisher.post(check(publisher, bare), values)
    page = publisher.page(check(publisher, bare.replace("| 1       |", "| 2       |")))
    assert 'value="摸清底数"' in page and 'value="90"' in page


def test_a_purpose_left_as_it_was_keeps_its_other_languages(publisher: Desk, town_app: Flask) -> None:
    address = str(publisher.post("/desk/forms", {"library": "leave"}).location)
    found = re.search(r'name="purpose" value="([^"]+)"', publisher.page(address))
    assert found
    publisher.post(address, {"purpose": found[1], "acknowledged": "yes"})
    with town_app.app_context():
        version = db.session.query(FormVersion).filter_by(form_id="leave").one()
        assert {"zh", "en"} <= version.outline["purpose"].keys()


def test_publishing_over_a_closed_form_is_said_to_open_it(publisher: Desk) -> None:
    publisher.post(check_note(publisher))
    publisher.post("/desk/forms/note/closing", {"closed": "yes"})
    assert "发布后恢复使用" in publisher.page(check_note(publisher, version="2"))


def test_warnings_of_one_kind_stand_together_and_unfold(publisher: Desk) -> None:
    rows = "".join(f"| | note | n{n} | 说明 | shape-{n} |\n" for n in range(9))
    workbook = f"""
| survey |
| | type | name | label | appearance |
{rows}
| settings |
| | form_id | version |
| | many    | 1       |
"""
    page = publisher.page(check(publisher, workbook))
    before, _, inside = page.partition("同类还有 7 处")
    assert "shape-1" in before and "shape-2" not in before and "shape-8" in inside
