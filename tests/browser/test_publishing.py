"""Bringing forms in a browser: folders dropped, too much at once, a session that ended meanwhile."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Desk

FORM = """
| survey |
| | type | name | label |
| | select_one_from_file tree.csv | tree | 树种 |
| settings |
| | form_title | form_id | version |
| | 便条       | {form_id} | 1     |
"""
TREES = "name,label\nelm,榆\n"


@pytest.fixture
def forms_page(desk: Desk) -> Page:
    desk.page.goto("/desk/sign-in?next=/desk/forms")
    sign_in(desk.page)
    return desk.page


def sign_in(page: Page) -> None:
    page.locator("input[name=username]").fill("admin01")
    page.locator("input[name=password]").fill("lingyan-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/desk/forms") and "sign-in" not in url)


def drop(page: Page, *paths: Path) -> None:
    """Drag files or folders from the system onto the field."""
    place = page.locator("[data-drop]")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    brought = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for step in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": step, **at, "data": brought})


def brought(page: Page) -> list[str]:
    return [line.removesuffix("✕").strip() for line in page.locator("[data-drop] li").all_inner_texts()]


def write_form(folder: Path, form_id: str) -> Path:
    path = folder / f"{form_id}.md"
    path.write_text(FORM.format(form_id=form_id), encoding="utf-8")
    return path


def test_a_workbook_and_the_folder_of_its_lists_are_dropped_one_after_the_other(
    forms_page: Page, tmp_path: Path
) -> None:
    media = tmp_path / "form-media" / "more"
    media.mkdir(parents=True)
    (media / "tree.csv").write_text(TREES, encoding="utf-8")
    (media.parent / ".DS_Store").write_bytes(b"x")
    (media.parent / "other.csv").write_text(TREES, encoding="utf-8")
    drop(forms_page, write_form(tmp_path, "dropped"))
    drop(forms_page, media.parent)
    expect(forms_page.locator("[data-drop] li")).to_have_count(3)
    assert sorted(brought(forms_page)) == ["dropped.md", "other.csv", "tree.csv"]
    forms_page.get_by_role("button", name="去掉 other.csv").click()
    forms_page.get_by_role("button", name="检查").click()
    forms_page.wait_for_url("**/uploads/forms/**")
    expect(forms_page.get_by_text("dropped.md、tree.csv")).to_be_visible()
    expect(forms_page.frame_locator("iframe").get_by_text("树种")).to_be_visible()


def test_more_than_the_server_takes_is_told_before_it_is_sent(forms_page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    forms_page.locator("input[name=workbook]").set_input_files([write_form(tmp_path, "large"), large])
    expect(forms_page.locator("[data-drop] li")).to_have_count(2)
    forms_page.get_by_role("button", name="检查").click()
    said = forms_page.locator("input[name=workbook]").evaluate("field => field.validationMessage")
    assert "超过 16 MB" in said and forms_page.url.endswith("/desk/forms")
    forms_page.get_by_role("button", name="去掉 large.png").click()
    forms_page.get_by_role("button", name="检查").click()
    forms_page.wait_for_url("**/uploads/forms/**")


def test_whose_session_ended_signs_in_and_is_back_where_the_upload_was(
    forms_page: Page, tmp_path: Path
) -> None:
    forms_page.locator("input[name=workbook]").set_input_files(write_form(tmp_path, "late"))
    forms_page.context.clear_cookies()
    forms_page.get_by_role("button", name="检查").click()
    expect(forms_page.get_by_text("刚才提交的没有收到")).to_be_visible()
    sign_in(forms_page)
