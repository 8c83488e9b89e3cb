"""The doors of a served demo: welcome, phone app and desk open under the content policy."""

from playwright.sync_api import Page, expect


def test_the_welcome_page_leads_to_the_phone_app(phone_page: Page) -> None:
    phone_page.goto("/")
    phone_page.get_by_role("link", name="手机填报").tap()
    expect(phone_page).to_have_url("/app/")
    expect(phone_page.locator("input").first).to_be_visible()


def test_the_welcome_page_leads_to_the_desk(desk_page: Page) -> None:
    desk_page.goto("/")
    desk_page.get_by_role("link", name="管理台").click()
    expect(desk_page.locator("input[type=password]")).to_be_visible()


def test_the_welcome_page_fits_a_phone(phone_page: Page) -> None:
    phone_page.goto("/")
    expect(phone_page.get_by_text("lingyan-demo")).to_be_visible()
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("手机填报", "管理台"):
        box = phone_page.get_by_role("link", name=name).bounding_box()
        assert box is not None
        assert box["height"] >= 80


def test_the_phone_app_opens_again_without_a_network(phone_page: Page) -> None:
    phone_page.goto("/app/")
    phone_page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone_page.wait_for_function("navigator.serviceWorker.controller !== null")
    phone_page.context.set_offline(True)
    phone_page.reload()
    expect(phone_page.locator("input").first).to_be_visible()
