"""What publishing a form takes besides its check: drafts, tests, duties, differences, files, who gets it."""

import base64
import hashlib
import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from server.actions import staged, workbooks
from server.actions.forms import define_list
from server.clock import SetClock, now
from server.database import db, write_transaction
from server.models import Entity, Form, FormAssignment, FormDraft
from tests.server.admin import OTHER_TOWN, acts, found_other_town, hire, sign_in_at_desk
from tests.server.conftest import SignIn
from tests.server.desk import Desk
from tests.server.test_admin_pages_forms import GOOD, TREES, bring, check, check_note
from tests.server.town import EAST, TOWN, WEST, Phone, make_item, register_answers

BARE = """
| survey |
|        | type | name | label |
|        | text | note | 记一句话 |
| settings |
|          | form_title | form_id |
|          | 便条       | bare    |
"""
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"picture"


@pytest.fixture
def publisher(town_app: Flask) -> Desk:
    hire(town_app, "publisher", "publisher")
    return sign_in_at_desk(town_app, "publisher")


def kept(publisher: Desk, action: str, version: str = "1") -> str:
    """Keep the note as a draft or test; the address of it."""
    return str(publisher.post(check_note(publisher, version), {"action": action}).location)


def forms_of(phone: Phone) -> set[str]:
    changes = [change for change in phone.sync()["changes"] if change["kind"] == "form"]
    return {change["form_id"] for change in changes if not change.get("removed")}


def add_villages(app: Flask) -> None:
    with app.app_context(), write_transaction() as session:
        for code in (EAST, WEST):
            row = Entity(town_id=TOWN, list_name="village", entity_id=code, label=code, seq=1)
            row.village, row.data, row.updated_at = code, {}, now()
            session.add(row)


def test_a_workbook_from_elsewhere_is_published_with_the_purpose_typed_here(
    publisher: Desk, clock: SetClock
) -> None:
    address = check(publisher, BARE)
    assert publisher.post(address, {"retention_days": "30"}).status_code == 400
    answer = publisher.post(address, {"purpose": "试一试", "retention_days": "30"})
    assert answer.location == "/desk/forms/bare"
    page = publisher.page("/desk/forms/bare")
    assert "试一试" in page and "30 天" in page
    version = re.search(r"版本 (\d{12})", page)
    assert version
    xform = publisher.get(f"/desk/forms/bare/versions/{version[1]}/xform.xml")
    assert f'version="{version[1]}"' in xform.text


def test_a_draft_is_kept_and_no_phone_sees_it(publisher: Desk, sign_in: SignIn, town_app: Flask) -> None:
    address = kept(publisher, "draft")
    assert address == "/desk/forms/note/draft"
    assert "便条" in publisher.page("/desk/forms") and "draft/note" in publisher.page(address)
    assert "note" not in forms_of(sign_in("cadre"))
    module = publisher.get(f"{address}/module.js")
    assert module.mimetype == "text/javascript" and "export const form" in module.text
    assert publisher.post(address).location == "/desk/forms/note"
    assert "note" in forms_of(sign_in("cadre"))
    assert publisher.get(address).status_code == 404
    assert [act for act in ("draft", "publish") if acts(town_app, act)] == ["draft", "publish"]


def test_a_draft_that_is_discarded_is_gone(publisher: Desk, town_app: Flask) -> None:
    address = kept(publisher, "draft")
    assert publisher.post(address, {"action": "drop"}).location == "/desk/forms"
    assert publisher.get(address).status_code == 404
    with town_app.app_context():
        assert db.session.query(FormDraft).count() == 0


def test_a_test_is_open_to_any_phone_until_it_ends(publisher: Desk, town_app: Flask) -> None:
    address = kept(publisher, "test")
    page = publisher.page(address)
    found = re.search(r"/try/#([0-9a-f]{64})", page)
    assert found and "data:image/svg" in page
    stranger = town_app.test_client()
    assert "export const form" in stranger.get(f"/forms/{found[1]}.js").text
    with stranger.get("/try/") as got:
        assert got.status_code == 200
    publisher.post(address, {"action": "draft"})
    assert stranger.get(f"/forms/{found[1]}.js").status_code == 404


def test_a_record_of_a_test_is_held_and_not_taken_for_a_real_one(publisher: Desk, cadre: Phone) -> None:
    kept(publisher, "test")
    assert cadre.outcomes(make_item("note", {"note": "x"})) == ["held"]


def test_a_form_whose_id_and_version_hold_slashes_has_pages_as_any_other(publisher: Desk) -> None:
    workbook = BARE.replace("| bare    |", "| health/bare |").replace("form_id |", "form_id | version |")
    workbook = workbook.replace("health/bare |", "health/bare | 2024/05 |")
    duties = {"purpose": "试用", "retention_days": "30"}
    draft = str(publisher.post(check(publisher, workbook), {"action": "test"}).location)
    assert "2024/05" in publisher.page(draft)
    page = publisher.page(str(publisher.post(draft, duties).location))
    (xform,) = re.findall(r'href="(/desk/[^"]+xform.xml)"', page)
    (file,) = re.findall(r'href="(/desk/[^"]+form.md)"', page)
    assert "<h:html" in publisher.page(xform)
    with publisher.get(file) as got:
        assert got.text == workbook


def test_the_next_version_says_what_changed(publisher: Desk) -> None:
    publisher.post(check_note(publisher))
    newer = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | required | relevant |
| | text | note | 记两句话 | A note | yes | |
| | text | other | 另外 | Other | | ${note} != '' |
| settings |
|          | form_title | form_id | version | default_language | ly:purpose | ly:retention_days |
|          | 便条       | note    | 2 | 中文 (zh)        | 试用       | 30                |
"""
    page = publisher.page(check(publisher, newer))
    for words in ("<del>记一句话</del>", "<ins>记两句话</ins>", "required", "新增", "另外", "删除", "树种"):
        assert words in page


def test_any_version_is_compared_with_the_one_before_it(publisher: Desk, clock: SetClock) -> None:
    for version in "123":
        workbook = GOOD.replace("{version}", version).replace("记一句话", f"记{version}句话")
        publisher.post(check(publisher, workbook, tree_csv=TREES))
        clock.advance(minutes=5)
    page = publisher.page("/desk/forms/note")
    assert page.count("compared=yes") == 2 and "以前的版本" not in page
    page = publisher.page("/desk/forms/note?version=2&compared=yes")
    assert "与版本 1 相比" in page and "新增 0 · 删除 0 · 修改 1" in page
    assert "<del>记1句话</del> <ins>记2句话</ins>" in page
    assert "新填用的是版本 3" in page and "versions/2/xform.xml" in page


KINDS = """
| survey |
| | type | name | label |
{rows}
| choices |
| | list_name | name | label |
| | k | a | 甲 |
| settings |
| | form_id |
| | kinds |
"""


def test_types_are_told_in_words(publisher: Desk) -> None:
    told = (
        "text=文本 integer=整数 decimal=小数 date=日期 time=时间 dateTime=日期和时间 geopoint=位置 "
        "geotrace=路线 geoshape=地块 select_one·k=单选·k select_multiple·k=多选·k rank·k=排序·k "
        "image=图片 audio=录音 video=视频 file=文件 barcode=条码 acknowledge=确认 range=整数"
    )
    kinds = [each.replace("·", " ").split("=") for each in told.split()]
    rows = "\n".join(f"| | {type_} | q{n} | 题{n} |" for n, (type_, _) in enumerate(kinds))
    duties = {"purpose": "试用", "retention_days": "30", "acknowledged": "yes"}
    publisher.post(check(publisher, KINDS.replace("{rows}", rows)), duties)
    shown = re.findall(r'data-name="类型">([^<]+)<', publisher.page("/desk/forms/kinds"))
    assert [words.replace(" · ", " ") for words in shown] == [words for _, words in kinds]


def test_a_new_version_without_any_difference_says_so(publisher: Desk) -> None:
    publisher.post(check_note(publisher))
    assert "都没有变化" in publisher.page(check_note(publisher, version="2"))


def test_the_workbook_its_lists_and_the_xform_can_be_fetched_again(publisher: Desk) -> None:
    publisher.post(check_note(publisher))
    page = publisher.page("/desk/forms/note")
    assert "versions/1/files/form.md" in page
    with publisher.get("/desk/forms/note/versions/1/files/tree.csv") as got:
        assert got.data == TREES and "attachment" in got.headers["Content-Disposition"]
    assert b"<h:html" in publisher.get("/desk/forms/note/versions/1/xform.xml").data
    assert publisher.get("/desk/forms/note/versions/1/files/other.csv").status_code == 404


def test_pictures_that_came_along_are_given_out_by_digest_once_published(
    publisher: Desk, cadre: Phone, town_app: Flask
) -> None:
    address = check(publisher, BARE, tree_png=PNG)
    shown = publisher.get(f"{address}/module.media.json").get_json()
    assert shown == {"tree.png": "data:image/png;base64," + base64.b64encode(PNG).decode()}
    sha256 = hashlib.sha256(PNG).hexdigest()
    stranger = town_app.test_client()
    assert stranger.get(f"/forms/media/{sha256}").status_code == 404
    publisher.post(address, {"purpose": "试用", "retention_days": "30"})
    (digest,) = re.findall(r"/try/[^#]*#([0-9a-f]{64})", publisher.page("/desk/forms/bare"))
    assert stranger.get(f"/forms/{digest}.media.json").get_json() == {"tree.png": f"/forms/media/{sha256}"}
    with stranger.get(f"/forms/media/{sha256}") as got:
        assert (got.data, got.mimetype) == (PNG, "image/png") and "immutable" in got.headers["Cache-Control"]
    told = [change["media"] for change in cadre.sync()["changes"] if "media" in change]
    assert told == [{"tree.png": sha256}]


def test_what_is_no_file_of_a_form_is_refused_with_its_name(publisher: Desk) -> None:
    address = check(publisher, BARE, tree_exe=b"MZ")
    answer = publisher.post(address, {"purpose": "试用", "retention_days": "30"})
    assert answer.status_code == 400 and "tree.exe" in answer.text


def test_two_workbooks_at_once_are_refused(publisher: Desk) -> None:
    answer = bring(publisher, {"a.md": BARE.encode(), "b.md": BARE.encode()})
    assert answer.status_code == 400 and "a.md、b.md" in answer.text


def test_a_form_goes_to_whom_it_is_assigned_and_leaves_the_others(
    publisher: Desk, sign_in: SignIn, town_app: Flask
) -> None:
    add_villages(town_app)
    phone = sign_in("cadre")
    assert "register" in forms_of(phone)
    publisher.post("/desk/forms/register/assignments", {"role": "field", "village": WEST})
    (change,) = (change for change in phone.sync()["changes"] if change.get("form_id") == "register")
    assert change["removed"] is True
    publisher.post("/desk/forms/register/assignments", {"role": "field", "village": EAST})
    assert "register" in forms_of(phone)
    publisher.post("/desk/forms/register/assignments", {})
    with town_app.app_context():
        assert db.session.query(FormAssignment).filter_by(town_id=TOWN).count() == 0
    assert len(acts(town_app, "assign")) == 3


def test_a_record_from_somebody_who_no_longer_gets_the_form_is_accepted(
    publisher: Desk, cadre: Phone
) -> None:
    publisher.post("/desk/forms/register/assignments", {"role": "village_clerk"})
    assert cadre.outcomes(make_item("register", register_answers())) == ["accepted"]


def test_two_files_of_one_name_are_refused(publisher: Desk) -> None:
    pair = [(BytesIO(PNG), "a.png"), (BytesIO(PNG), "more/a.png")]
    answer = publisher.post("/desk/forms", {"workbook": [(BytesIO(BARE.encode()), "bare.md"), *pair]})
    assert answer.status_code == 400 and "a.png" in answer.text


def test_others_wait_while_two_forms_are_checked(publisher: Desk) -> None:
    with workbooks.children, workbooks.children:
        answer = publisher.upload("/desk/forms", "workbook", "bare.md", BARE.encode())
        assert answer.status_code == 503 and "正在检查" in answer.text
    assert check_note(publisher)


def test_a_persons_oldest_uploads_make_room_for_new_ones(town_app: Flask, tmp_path: Path) -> None:
    with town_app.app_context():
        fill_up(tmp_path / "staged")


def fill_up(folder: Path) -> None:
    other = staged.stage(folder, "u2", "workbook", {})
    tokens = [staged.stage(folder, "u1", "workbook", {"n": n}) for n in range(staged.MOST_WAITING + 2)]
    assert len(list(folder.iterdir())) == staged.MOST_WAITING + 1
    assert staged.read_staged(folder, "u1", "workbook", tokens[-1])["n"] == staged.MOST_WAITING + 1
    assert staged.read_staged(folder, "u2", "workbook", other)
    half = "x" * (staged.MOST_BYTES // 2)
    for _ in range(3):
        staged.stage(folder, "u1", "workbook", {"content": half})
    sizes = [path.stat().st_size for path in folder.iterdir()]
    assert sum(sizes) < staged.MOST_BYTES * 1.1


def test_an_upload_that_another_one_just_forgot_is_no_trouble(town_app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "staged"
    with town_app.app_context():
        token = staged.stage(folder, "u1", "workbook", {})
        (folder / f"{token}.json").unlink()
        (folder / f"{token}.json").symlink_to(tmp_path / "gone")  # still listed, no longer there
        assert staged.read_staged(folder, "u1", "workbook", staged.stage(folder, "u1", "workbook", {}))


UNREADY = """
| survey |
| | type | name | label | appearance | relevant |
| | select_one_from_file tree.csv | tree | 树种 | | |
| | select_one kind | kind | 种类 | search('kinds') | |
| | text | note | 记一句话 | | instance('contact-summary')/context/risk = '1' |
| choices |
| | list_name | name | label |
| | kind | k | 种 |
| settings |
| | form_title | form_id | version | ly:purpose | ly:retention_days |
| | 便条 | unready | 1 | 试用 | 30 |
"""
SETTLED = UNREADY.replace("search('kinds')", "").replace("instance('contact-summary')/context/risk", "1")


def is_published(app: Flask, form_id: str) -> bool:
    with app.app_context():
        return db.session.get(Form, form_id) is not None


def test_a_form_whose_lists_nobody_has_can_be_tested_and_is_not_published(
    publisher: Desk, town_app: Flask
) -> None:
    address = check(publisher, UNREADY)
    page = publisher.page(address)
    assert "还不能发布：先解决 3 处" in page and ">发布</button>" not in page
    rows = [row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "发布前须改" in row]
    for row, place, told in zip(rows, "234", ("名册“tree”", "search()", "contact-summary"), strict=True):
        assert f'class="number">{place}</td>' in row and told in row
    answer = publisher.post(address, {"acknowledged": "yes"})
    assert answer.status_code == 409 and "有 3 处没有解决" in answer.text
    tested = str(publisher.post(address, {"action": "test"}).location)
    assert tested == "/desk/forms/unready/draft"
    assert publisher.post(tested, {"acknowledged": "yes"}).status_code == 409
    assert not is_published(town_app, "unready")


def test_a_draft_is_published_once_the_town_has_its_list(publisher: Desk, town_app: Flask) -> None:
    address = str(publisher.post(check(publisher, SETTLED), {"action": "draft"}).location)
    assert publisher.post(address, {"acknowledged": "yes"}).status_code == 409
    with town_app.app_context(), write_transaction():
        define_list(TOWN, "tree", {})
    assert "名册“tree”" not in publisher.page(address)
    assert publisher.post(address, {"acknowledged": "yes"}).location == "/desk/forms/unready"
    assert is_published(town_app, "unready")


def test_a_list_of_another_town_is_none_of_ours(publisher: Desk, town_app: Flask) -> None:
    found_other_town(town_app)
    with town_app.app_context(), write_transaction():
        define_list(OTHER_TOWN, "tree", {})
    assert publisher.post(check(publisher, SETTLED), {"acknowledged": "yes"}).status_code == 409
