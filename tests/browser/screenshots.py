"""`make screenshots`: the pictures of the documents, taken from the demo as `make run` shows it."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import DESK, FLAGS, PHONE, TOWN, find_chromium
from tests.serving import ROOT, run_command, serve

PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "lingyan-demo"


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        run_command(data, "demo", "load")
        with serve(data) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
            home = f"http://localhost:{served.port}"
            take_phone(browser, home)
            take_desk(browser, home)
            browser.close()


def take_phone(browser: Browser, home: str) -> None:
    context = browser.new_context(**{**PHONE, "device_scale_factor": 2}, **TOWN, base_url=home)
    page = context.new_page()
    page.goto("/app/")
    page.locator("input").first.fill("cadre01")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("开始填写").wait_for()
    page.get_by_text("脱贫核查").first.wait_for()
    save(page, "phone-today")
    page.get_by_role("link", name="查找").tap()
    page.get_by_text("草舍").first.tap()
    page.get_by_text("登记情况").wait_for()
    save(page, "phone-household")
    page.get_by_text("脱贫核查").first.tap()
    page.get_by_text("下一页").wait_for()
    save(page, "phone-fill")
    context.close()


def take_desk(browser: Browser, home: str) -> None:
    context = browser.new_context(**DESK, **TOWN, base_url=home)
    page = context.new_page()
    page.goto("/desk/")
    page.locator("input[name=username]").fill("office01")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("a[href*='/desk/records/']").first.wait_for()
    save(page, "desk-queue")
    page.goto(page.url.split("?")[0] + "?form=exit_check")
    page.locator("a[href*='/desk/records/']").first.click()
    page.wait_for_url("**/desk/records/**")
    save(page, "desk-record")
    context.close()


def save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
