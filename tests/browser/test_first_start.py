"""A new server made usable without the command line: administrator, lists, a form, a cadre, their phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE, TOWN, watched_page
from tests.browser.hands import Phone
from tests.serving import Served, serve

VILLAGE = "320981100901"
VILLAGES = f"name,label\n{VILLAGE},东村(演示)\n"
BAD = """
| survey |
| | type | name | label | relevant |
| | integrr | age | 年龄 | ${nobody} > 1 |
| settings |
| | form_id | version |
| | note | 1 |
"""
GOOD = """
| survey |
| | type | name | label |
| | text | note | 记一句话 |
| settings |
| | form_title | form_id | version | default_language | ly:purpose | ly:retention_days |
| | 便条 | note | 1 | 中文 (zh) | 试用 | 30 |
"""


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "instance") as served:
        yield served


@pytest.fixture
def admin(browser: Browser, new_server: Served) -> Iterator[Page]:
    context = browser.new_context(**DESK, **TOWN, base_url=f"http://localhost:{new_server.port}")
    yield from watched_page(context)


@pytest.fixture
def new_phone(browser: Browser, new_server: Served) -> Iterator[Page]:
    context = browser.new_context(**PHONE, **TOWN, base_url=f"http://localhost:{new_server.port}")
    yield from watched_page(context)


def test_a_new_server_needs_no_command_line(
    admin: Page, new_phone: Page, new_server: Served, tmp_path: Path
) -> None:
    set_up(admin, new_server)
    import_villages(admin, tmp_path)
    publish(admin, tmp_path)
    password = add_cadre(admin)

    phone = Phone(new_phone)
    phone.sign_in("cadre01", password)
    phone.start("便条")
    phone.fill({"记一句话": "第一条记录"})
    phone.submit()
    phone.sync()
    expect(phone.state_of("便条")).to_have_text("已送达")

    admin.reload()
    admin.get_by_role("link", name="管理手机").click()
    expect(admin.get_by_role("button", name="停用手机")).to_be_visible()


def set_up(page: Page, server: Served) -> None:
    """With the code that the terminal printed."""
    code = re.search(r"one use: (\S+)", server.output.read_text())
    assert code
    page.goto("/desk/")
    for label, text in (
        ("启用码", code[1]),
        ("乡镇名称", "新镇(演示)"),
        ("您的姓名", "管理员(演示)"),
        ("用户名", "admin"),
        ("密码", "correct horse"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="建立").click()
    expect(page.get_by_role("heading", name="启用步骤")).to_be_visible()


def import_villages(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="导入名册").click()
    page.get_by_label("文件").set_input_files(write(folder, "villages.csv", VILLAGES))
    page.get_by_role("button", name="预览").click()
    expect(page.locator("dl.counts")).to_have_text(re.compile(r"新增\s*1\s*更新\s*0\s*不变\s*0"))
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_role("status")).to_contain_text("新增 1 行")


def publish(page: Page, folder: Path) -> None:
    """First a workbook with errors, all of which are told; then the corrected one."""
    upload(page, write(folder, "bad.md", BAD))
    expect(page.get_by_role("alert")).to_contain_text("有 2 处错误")
    for words in ("integrr", "${nobody}"):
        expect(page.locator("tbody tr", has_text=words)).not_to_have_count(0)
    expect(page.get_by_role("button", name="发布")).to_have_count(0)
    upload(page, write(folder, "good.md", GOOD))
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status")).to_contain_text("已发布：便条")
    expect(page.locator("td", has_text="记一句话")).to_be_visible()


def upload(page: Page, path: Path) -> None:
    page.get_by_role("link", name="表单", exact=True).first.click()
    page.get_by_label("工作簿").set_input_files(path)
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("heading", name="检查结果")).to_be_visible()


def add_cadre(page: Page) -> str:
    """Make the account; its password, as it is shown once."""
    page.get_by_role("link", name="人员", exact=True).click()
    form = page.locator("form#add")
    form.get_by_label("用户名").fill("cadre01")
    form.get_by_label("姓名").fill("周建国(演示)")
    form.locator("[name=role]").select_option("field")
    form.locator("[name=village]").select_option(VILLAGE)
    form.get_by_role("button", name="添加").click()
    password = page.locator(".password").inner_text()
    page.get_by_role("link", name="人员", exact=True).first.click()
    page.get_by_role("link", name="周建国(演示)").click()
    expect(page.locator(".password")).to_have_count(0)
    return password


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
