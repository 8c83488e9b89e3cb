"""A phone becomes somebody's by a code from the desk, and is cleared without losing what nobody has."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, TOWN, watched_page
from tests.browser.hands import PASSWORD, Phone
from tests.serving import Served

WECHAT = (
    "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/111 Mobile Safari/537.36 MicroMessenger/8.0"
)
DINGTALK = "Mozilla/5.0 (Linux; U; Android 11) AppleWebKit/537.36 Mobile Safari/537.36 AliApp(DingTalk/7.0)"
COUNTS = """async () => {
  const result = asked => new Promise(done => (asked.onsuccess = () => done(asked.result)));
  const db = await result(indexedDB.open('lingyan'));
  const names = [...db.objectStoreNames];
  const tx = db.transaction(names);
  const count = async name => [name, await result(tx.objectStore(name).count())];
  const counts = await Promise.all(names.map(count));
  db.close();
  return Object.fromEntries(counts.filter(([, n]) => n > 0));
}"""


@pytest.fixture
def admin(desk_page: Page) -> Page:
    desk_page.goto("/desk/")
    desk_page.locator("input[name=username]").fill("admin01")
    desk_page.locator("input[type=password]").fill(PASSWORD)
    desk_page.keyboard.press("Enter")
    desk_page.wait_for_url("**/desk/start*")
    return desk_page


@pytest.fixture
def visit(browser: Browser, server: Served) -> Iterator[Callable[[str], Page]]:
    """Another browser, by what it calls itself."""
    opened: list[Iterator[Page]] = []

    def open_as(agent: str) -> Page:
        options = {**PHONE, **TOWN, "user_agent": agent}
        context = browser.new_context(**options, base_url=f"http://localhost:{server.port}")
        opened.append(watched_page(context))
        return next(opened[-1])

    yield open_as
    for pages in opened:
        next(pages, None)


def make_code(admin: Page, username: str) -> str:
    """Make a code for somebody at the desk; as it is printed below the picture."""
    admin.goto(f"/desk/people?q={username}")
    admin.locator("a.strong").first.click()
    admin.get_by_role("button", name="生成注册码").click()
    expect(admin.locator(".slip img")).to_be_visible()
    return admin.locator("figcaption").inner_text().replace(" ", "").replace("\n", "")


def enrol(phone: Phone, code: str) -> None:
    """What a person does whose camera has just read a slip."""
    phone.page.goto(f"/n#{code}")
    phone.page.get_by_role("link", name="继续").tap()
    expect(phone.page.get_by_text("开始填写")).to_be_visible()
    phone.page.wait_for_function("navigator.serviceWorker.controller !== null")


def ask_wipe(admin: Page, username: str) -> None:
    admin.once("dialog", lambda dialog: dialog.accept())
    admin.goto(f"/desk/devices?q={username}&state=active")
    admin.get_by_role("button", name="清除内容").first.click()
    expect(admin.get_by_text("手机下次联网时清除。")).to_be_visible()


def test_a_phone_enrolled_by_a_code_has_forms_and_lists_without_a_signal(
    admin: Page, new_phone: Phone, server: Served
) -> None:
    asked: list[str] = []
    new_phone.page.on("request", lambda request: asked.append(request.url))
    code = make_code(admin, "cadre03")
    enrol(new_phone, code)
    new_phone.lose_signal()
    new_phone.page.goto("/app/")
    new_phone.tab("查找")
    new_phone.page.get_by_role("button", name="低收入户").tap()
    expect(new_phone.page.locator("main a.cell").first).to_be_visible()
    new_phone.page.locator("main a.cell").first.tap()
    new_phone.start("脱贫核查")
    assert [url for url in asked if code in url.split("#")[0]] == []
    assert code not in server.output.read_text(encoding="utf-8")


def test_a_code_that_another_phone_used_is_refused_in_words(
    admin: Page, new_phone: Phone, phone: Phone
) -> None:
    code = make_code(admin, "cadre04")
    enrol(new_phone, code)
    phone.page.goto("/app/")
    phone.page.locator("input[name=code]").fill(f"{phone.page.url.split('/app')[0]}/n#{code}")
    phone.page.get_by_role("button", name="注册", exact=True).tap()
    expect(phone.page.get_by_text("这个注册码已在另一部手机上用过")).to_be_visible()
    assert phone.page.evaluate(COUNTS) == {"meta": 1}


def test_a_slip_is_scanned_inside_the_app(admin: Page, new_phone: Phone, tmp_path: Path) -> None:
    """The code as it was printed, in a picture, through the app's own decoder."""
    make_code(admin, "cadre07")
    admin.locator(".slip").screenshot(path=tmp_path / "slip.png")
    new_phone.page.goto("/app/")
    new_phone.page.get_by_role("link", name="扫描注册单").tap()
    new_phone.page.locator("input[type=file]").set_input_files(tmp_path / "slip.png")
    expect(new_phone.page.get_by_text("开始填写")).to_be_visible()


@pytest.mark.parametrize(("agent", "picture"), [(WECHAT, "wechat"), (DINGTALK, "dingtalk")])
def test_browsers_inside_other_apps_are_led_out_before_anything_is_stored(
    visit: Callable[[str], Page], agent: str, picture: str
) -> None:
    page = visit(agent)
    for address in ("/n#k7vq2mz9tdx4h3srwnpc5bjy8efgau", "/app/#/enrol/k7vq2mz9tdx4h3srwnpc5bjy8efgau"):
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator(f"img[src$='{picture}.svg']")).to_be_visible()
        expect(page.locator("img:visible")).to_have_count(1)
        assert page.url.endswith("/n#k7vq2mz9tdx4h3srwnpc5bjy8efgau")
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0


def test_a_wipe_waits_for_a_draft_until_its_person_saved_it(
    admin: Page, new_phone: Phone, tmp_path: Path
) -> None:
    page = new_phone.page
    enrol(new_phone, make_code(admin, "cadre05"))
    begin_draft(new_phone)
    ask_wipe(admin, "cadre05")
    page.get_by_role("button", name="立即同步").tap()
    expect(page.get_by_role("heading", name="管理员要求清除本机")).to_be_visible()
    page.goto("/app/")
    expect(page.get_by_text("草稿", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="清除本机")).to_have_count(0)
    with page.expect_download() as saving:
        page.get_by_role("button", name=re.compile("^导出备份")).tap()
    saving.value.save_as(tmp_path / "rescue.json")
    page.get_by_text("我已确认备份文件保存好了").tap()
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_event("load"):  # it begins anew, so that nothing stays in memory
        page.get_by_role("button", name="清除本机").tap()
    expect(page.get_by_text("本机已按管理员要求清除")).to_be_visible()
    kept = json.loads((tmp_path / "rescue.json").read_text(encoding="utf-8"))["records"]
    assert [record["state"] for record in kept] == ["draft"]
    assert "钱多多" in json.dumps(kept, ensure_ascii=False)
    assert page.evaluate(COUNTS) == {"meta": 2}
    assert page.evaluate("caches.has('lingyan-forms')") is False
    admin.goto("/desk/devices?q=cadre05")
    expect(admin.get_by_text("已清除", exact=True)).to_be_visible()


def test_a_phone_with_nothing_unsent_is_cleared_at_once(admin: Page, new_phone: Phone) -> None:
    enrol(new_phone, make_code(admin, "cadre06"))
    ask_wipe(admin, "cadre06")
    with new_phone.page.expect_event("load"):
        new_phone.page.get_by_role("button", name="立即同步").tap()
    expect(new_phone.page.get_by_text("本机已按管理员要求清除")).to_be_visible()
    assert new_phone.page.evaluate(COUNTS) == {"meta": 2}
    enrol(new_phone, make_code(admin, "cadre06"))


def begin_draft(phone: Phone) -> None:
    """A household registered by half."""
    phone.start("建档立卡户登记")
    phone.answer("户主姓名", "钱多多(演示)")
    phone.page.go_back()
    expect(phone.page.get_by_role("link", name="钱多多(演示)")).to_be_visible()
