"""What only a real browser shows of questions: sounds, pictures, codes, long lists, how much is drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.demo.pictures import draw
from server.qr import draw_picture
from tests.browser.cameras import film, flags
from tests.browser.conftest import FLAGS, PHONE, TOWN, find_chromium, watched_page
from tests.browser.hands import Phone
from tests.serving import Served, run_command

HERE = {"latitude": 32.6, "longitude": 120.3, "accuracy": 6}
N_PLACES = 2000
SMALL = 64  # pixels on the longer side
CODE = "QXLJ-0042"
MOST_ELEMENTS = 1500

QUESTIONS = "\n".join(f"| | select_one grade | g{n} | 第{n}题 | | |" for n in range(60))
GRADES = "\n".join(f"| | grade | {n} | {n}分 |" for n in range(10))
PLACES = "\n".join(f"| | place | p{n} | 地名{n} |" for n in range(N_PLACES))
FORM = f"""
| survey |
| | type | name | label | appearance | media::image | required | parameters |
| | begin_group | seen | 看和听 | field-list | | | |
| | image | house | 照这样拍 | draw | house.png | yes | |
| | image | small | 小照片 | | | | max-pixels={SMALL} |
| | barcode | code | 设备编号 | | | | |
| | audio | said | 录一段话 | | |
| | geotrace | road | 走一段路 | | |
| | select_one opinion | opinion | 选意见 | | |
| | select_one place | place | 选地名 | autocomplete | |
| | end_group | | | | |
| | begin_group | grades | 打分 | field-list | |
{QUESTIONS}
| | end_group | | | | |
| choices |
| | list_name | name | label |
| | opinion | good | 1. 很好 |
{GRADES}
{PLACES}
| settings |
| | form_title | form_id | version | ly:purpose | ly:retention_days |
| | 题型 | widgets | 1 | 试用 | 30 |
"""


@pytest.fixture
def page(browser: Browser, server: Served, tmp_path: Path) -> Iterator[Page]:
    """A phone whose microphone hears a beep and whose camera sees a code, on which the form is."""
    (tmp_path / "widgets-media").mkdir()
    (tmp_path / "widgets-media" / "house.png").write_bytes(draw("house", "a house"))
    path = tmp_path / "widgets.md"
    path.write_text(FORM, encoding="utf-8")
    done = run_command(server.data, "forms", "publish", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    seen = flags(code_film(browser, tmp_path / "code.y4m"))
    launched = browser.browser_type.launch(executable_path=find_chromium(), args=[*FLAGS, *seen])
    context = launched.new_context(**PHONE, **TOWN, base_url=f"http://localhost:{server.port}")
    context.grant_permissions(["geolocation", "microphone", "camera"])
    context.set_geolocation(HERE)
    yield from watched_page(context)
    launched.close()


def code_film(browser: Browser, path: Path) -> Path:
    sheet = browser.new_page()
    sheet.set_content(f'<img src="{draw_picture(CODE)}" width="380" height="380">')
    film(sheet.locator("img"), path)
    sheet.close()
    return path


def n_elements(page: Page) -> int:
    count: int = page.evaluate("document.getElementsByTagName('*').length")
    return count


def test_pictures_sounds_and_long_lists_without_a_network(page: Page, photo: Path) -> None:
    phone = Phone(page)
    phone.sign_in("cadre01")
    phone.lose_signal()
    phone.start("题型")

    picture = phone.question("照这样拍").locator(".q-picture img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0

    small = phone.question("小照片")
    small.locator("input[type=file]").set_input_files(photo)
    size = small.locator("img").evaluate("async image => (await image.decode(), image.naturalWidth)")
    assert 0 < size <= SMALL

    code = phone.question("设备编号")
    code.get_by_role("button", name="扫码").tap()
    expect(code.locator("input[type=text]")).to_have_value(CODE)

    said = phone.question("录一段话")
    said.get_by_role("button", name="开始录音").tap()
    expect(said.locator(".recording-time")).to_have_text("00:02")
    said.get_by_role("button", name="停止并保存").tap()
    expect(said.locator("audio")).to_be_visible()
    said.locator("audio").evaluate("sound => sound.play()")

    road = phone.question("走一段路")
    road.get_by_role("button", name="开始记录").tap()
    road.get_by_role("button", name="记下这一点").tap()
    road.get_by_role("button", name="结束记录").tap()

    mark = phone.question("选意见").locator(".line-mark")
    assert mark.evaluate("mark => mark.offsetWidth") < 40, "a choice's words stand behind its number"

    phone.question("选地名").locator("button.pick").tap()
    panel = page.get_by_role("dialog")
    expect(panel.locator(".choice").first).to_be_visible()
    assert panel.locator(".choice").count() < 100
    page.locator("dialog").evaluate("sheet => sheet.scrollTo(0, sheet.scrollHeight)")
    expect(panel.get_by_text(f"地名{N_PLACES - 1}", exact=True)).to_be_visible()
    panel.get_by_role("searchbox").fill("dm777")
    panel.get_by_text("地名777", exact=True).tap()
    expect(phone.question("选地名").locator("button.pick")).to_have_text("地名777")

    phone.stroke(phone.question("照这样拍"))
    page.locator(".fill-bar .look-main").tap()
    expect(page.locator(".page-title")).to_have_text("打分")
    while page.locator(".fill-bar .look-main").inner_text() != "完成":
        for group in page.locator("fieldset .choices").all():
            group.locator("input").nth(3).tap()
        assert n_elements(page) <= MOST_ELEMENTS
        phone.turn()
    phone.turn()
    phone.submit()
    phone.find_signal()
    phone.sync()
    phone.tab("发件箱")
    expect(page.get_by_text("已送达").first).to_be_visible()
