"""An upload checked again: files added or replaced, those of the version in use, another version."""

import re
from io import BytesIO

import pytest
from flask import Flask

from tests.server.admin import hire, sign_in_at_desk
from tests.server.desk import Desk
from tests.server.test_admin_pages_forms import BAD, GOOD, TREES, check, check_note

DUTIES = {"purpose": "试用", "retention_days": "30"}


@pytest.fixture
def publisher(town_app: Flask) -> Desk:
    hire(town_app, "publisher", "publisher")
    return sign_in_at_desk(town_app, "publisher")


def again(desk: Desk, address: str, *files: tuple[str, bytes], **values: str) -> str:
    """Press the button that checks again; the address of what was found."""
    parts = [(BytesIO(content), name) for name, content in files]
    answer = desk.post(address, {"action": "again", "workbook": parts, **values})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def versions(desk: Desk) -> list[str]:
    return re.findall(r'href="\?version=([^"&]+)"', desk.page("/desk/forms/note"))


def test_a_version_that_is_taken_is_given_another_number_here(publisher: Desk) -> None:
    publisher.post(check_note(publisher))
    taken = check_note(publisher, title="便笺")
    assert re.search(r'name="version" value="\d{12}"', publisher.page(taken))
    renamed = again(publisher, taken, version="2")
    page = publisher.page(renamed)
    assert "新版本" in page and 'name="version" value="2"' in page
    publisher.post(renamed)
    assert sorted(versions(publisher)) == ["1", "2"]
    assert 'version="2"' in publisher.page("/desk/forms/note/versions/2/xform.xml")


def test_a_number_given_here_stays_until_the_workbook_is_replaced(publisher: Desk) -> None:
    first = again(publisher, check_note(publisher), version="7")
    second = again(publisher, first, ("leaf.csv", TREES), version="7")
    assert 'name="version" value="7"' in publisher.page(second)
    newer = GOOD.replace("{version}", "8").encode()
    assert 'name="version" value="8"' in publisher.page(
        again(publisher, second, ("new.md", newer), version="7")
    )


def test_a_version_that_no_address_can_hold_is_refused(publisher: Desk) -> None:
    answer = publisher.post(check_note(publisher), {"action": "again", "version": "2 / 3"})
    assert answer.status_code == 400 and "换一个版本号" in answer.text


def test_a_list_that_was_forgotten_is_added_without_the_rest(publisher: Desk) -> None:
    address = check(publisher, GOOD.replace("{version}", "1"))
    assert "名册“tree”" in publisher.page(address)
    page = publisher.page(again(publisher, address, ("tree.csv", TREES)))
    assert "form.md、tree.csv" in page and "没有错误" in page and "名册“tree”" not in page


def test_a_mended_workbook_takes_the_place_of_the_bad_one_and_its_lists_stay(publisher: Desk) -> None:
    bad = check(publisher, BAD, tree_csv=TREES)
    assert "改好后再检查" in publisher.page(bad)
    mended = again(publisher, bad, ("mended.md", GOOD.replace("{version}", "1").encode()))
    assert "mended.md、tree.csv" in publisher.page(mended)
    assert publisher.post(mended).location == "/desk/forms/note"


def test_files_of_the_version_in_use_come_along_where_wanted(publisher: Desk) -> None:
    publisher.post(check_note(publisher))
    address = check(publisher, GOOD.replace("{version}", "2"))
    assert "沿用现用版本的文件：tree.csv" in publisher.page(address)
    assert "名册“tree”" in publisher.page(again(publisher, address))
    page = publisher.page(reused := again(publisher, address, reuse="yes"))
    assert "form.md、tree.csv" in page and "沿用现用版本" not in page
    publisher.post(reused)
    with publisher.get("/desk/forms/note/versions/2/files/tree.csv") as got:
        assert got.data == TREES


def test_a_draft_is_checked_again_from_its_kept_files(publisher: Desk) -> None:
    draft = str(publisher.post(check_note(publisher), {"action": "draft"}).location)
    address = again(publisher, draft, ("tree.csv", b"name,label\noak,\xe6\xa9\xa1\n"), version="3")
    publisher.post(address)
    with publisher.get("/desk/forms/note/versions/3/files/tree.csv") as got:
        assert b"oak" in got.data
