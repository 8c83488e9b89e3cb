"""What a person does on the phone and at the desk, by the words they read there."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from server.clock import TOWN_ZONE

PASSWORD = "lingyan-demo"
Answer = str | list[str] | Path
Answers = dict[
    str, "Answer | Answers"
]  # by the question's words; items of a repeat by how they begin, new ones by their kind


class Phone:
    """A cadre's phone. Questions, choices and buttons are named by their Chinese words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in with a network, and wait until the phone could do without one."""
        self.page.goto("/app/")
        self.page.locator("input").first.fill(username)
        self.page.locator("input[type=password]").fill(password)
        self.page.get_by_role("button", name="登录").tap()
        expect(self.page.get_by_text(re.compile("^已同步"))).to_be_visible()
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")

    def lose_signal(self) -> None:
        self.page.context.set_offline(True)

    def find_signal(self) -> None:
        self.page.context.set_offline(False)

    def tab(self, name: str) -> None:
        link = self.page.get_by_role("link", name=name)
        link.tap()
        expect(link).to_have_attribute("aria-current", "page")

    def sync(self) -> None:
        """Go to Today and send what waits."""
        self.tab("今日")
        self.page.get_by_role("button", name="立即同步").tap()
        expect(self.page.get_by_text(re.compile("^已同步"))).to_be_visible()

    def open_row(self, list_label: str, name: str) -> None:
        """Find a household or a business."""
        self.tab("查找")
        self.page.get_by_role("button", name=list_label).tap()
        self.page.get_by_role("link", name=name).first.tap()

    def start(self, form: str) -> None:
        self.page.get_by_role("link", name=form).first.tap()
        expect(self.page.locator(".fill-bar")).to_be_visible()

    def question(self, label: str) -> Locator:
        words = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
        return self.page.locator(".q").filter(has=self.page.locator(".q-label", has_text=words))

    def answer(self, label: str, answer: Answer) -> None:
        box = self.question(label)
        # Rare widgets are loaded when they are first wanted.
        box.locator("canvas, .choice, button.pick, input, textarea").first.wait_for(state="attached")
        if isinstance(answer, Path):
            box.locator("input[type=file]").set_input_files(answer)
            expect(box.locator("img")).to_be_visible()
        elif box.locator("canvas").count():
            self.sign(box)
        elif box.locator("button.pick").count():
            self.pick(box, [answer] if isinstance(answer, str) else answer)
        elif box.locator(".choice").count():
            for words in [answer] if isinstance(answer, str) else answer:
                box.locator(".choice", has_text=exactly(words)).tap()
        else:
            assert isinstance(answer, str)
            box.locator("input, textarea").first.fill(answer)
            box.locator("input, textarea").first.blur()

    def pick(self, box: Locator, answers: Iterable[str]) -> None:
        """Choose in the panel that the field opens."""
        box.locator("button.pick").tap()
        panel = self.page.get_by_role("dialog")
        panel.locator(".choice").first.wait_for()
        for words in answers:
            if panel.get_by_role("searchbox").count():
                panel.get_by_role("searchbox").fill(words)
            panel.locator(".choice", has_text=exactly(words)).first.tap()
        if panel.count():
            panel.get_by_role("button", name="完成").tap()

    def sign(self, box: Locator) -> None:
        """Draw on the signature pad."""
        self.stroke(box)
        box.get_by_role("button", name="确认签名").tap()
        expect(box.locator("img")).to_be_visible()

    def stroke(self, box: Locator) -> None:
        """Draw a line on a pad, and leave it at that."""
        box.scroll_into_view_if_needed()
        area = box.locator("canvas").bounding_box()
        assert area is not None
        mouse, left, middle = self.page.mouse, area["x"] + 40, area["y"] + area["height"] / 2
        mouse.move(left, middle)
        mouse.down()
        for step in range(1, 9):
            mouse.move(left + 20 * step, middle + (15 if step % 2 else -15))
        mouse.up()

    def turn(self) -> None:
        """Turn the page, also past what still has to be filled."""
        forward = self.page.locator(".fill-bar .look-main")
        forward.tap()
        if forward.filter(has_text="仍要继续").count():
            forward.tap()

    def fill(self, answers: Answers) -> None:
        """Answer what is asked, page by page, to the last page; every answer must have been asked for."""
        waiting = dict(answers)
        is_last = False
        while not is_last:
            self.answer_page(waiting)
            is_last = self.page.locator(".fill-bar .look-main").inner_text() == "完成"
            self.turn()
        assert waiting == {}, f"nobody asked for {list(waiting)}"

    def answer_pages(self, answers: Answers, until: str) -> None:
        """Answer what is asked on the pages before the one with this title."""
        waiting = dict(answers)
        expect(self.page.locator(".fill-bar")).to_be_visible()
        title = self.page.locator(".page-title")
        while exactly(until).match(title.inner_text() if title.count() else "") is None:
            self.answer_page(waiting)
            self.turn()
        assert waiting == {}, f"nobody asked for {list(waiting)}"

    def answer_page(self, waiting: Answers) -> None:
        """Answer what this page asks; answers may bring up further questions on it."""
        while asked := next((words for words in waiting if self.place_of(words).count()), None):
            answer = waiting.pop(asked)
            if isinstance(answer, dict):
                self.place_of(asked).tap()
                self.fill(answer)
            else:
                self.answer(asked, answer)

    def place_of(self, words: str) -> Locator:
        """The question with this label, the item of a repeat that begins so, or the button that adds such."""
        items = self.page.locator("main .cells button.cell").filter(
            has=self.page.locator(".cell-title", has_text=exactly(words))
        )
        adding = self.page.locator("main button", has_text=re.compile(rf"^\+ 添加 {re.escape(words)}$"))
        return self.question(words).or_(items).or_(adding)

    def submit(self) -> None:
        """Submit, and see the proof that it is on the phone's disk."""
        expect(self.page.get_by_role("heading", name="填写完成")).to_be_visible()
        self.page.get_by_role("button", name="提交", exact=True).tap()
        expect(self.page.get_by_role("heading", name="已保存").first).to_be_visible()
        self.page.get_by_role("button", name="完成").tap()

    def state_of(self, name: str) -> Locator:
        """The tag of a record in the outbox."""
        self.tab("发件箱")
        return self.page.get_by_role("link", name=name).first.locator(".tag")


class Desk:
    """A supervisor's screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, username: str) -> None:
        """Also in the place of somebody else."""
        self.page.context.clear_cookies()
        self.page.goto("/desk/")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/desk/queue*")

    def open_event(self, name: str, organiser: str = "") -> str:
        """Make an event that began five minutes ago, expecting everybody of the list of persons; its id."""
        self.page.goto("/desk/events/new")
        now = datetime.now(TOWN_ZONE)
        values = {"name": name, "host_unit": "镇组织办", "place": "镇会议室"}
        values |= {"start_at": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M}"}
        values |= {"end_at": f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}"}
        for field, value in values.items():
            self.page.locator(f"[name={field}]").fill(value)
        self.page.locator("[name=organiser]").select_option(organiser or None, index=None if organiser else 1)
        self.page.get_by_role("button", name="保存").click()
        self.page.wait_for_url(re.compile(r"/events/[0-9a-f-]{36}$"))
        self.page.locator("form[action$='/list'] button").click()
        self.page.get_by_role("button", name="开放签到").click()
        expect(self.page.get_by_role("link", name="现场签到码")).to_be_visible()
        return self.page.url.rsplit("/", 1)[1].partition("?")[0]

    def open_record(self, title: str, state: str = "open") -> None:
        self.page.goto(f"/desk/queue?state={state}")
        self.page.get_by_role("link", name=title).first.click()
        self.page.wait_for_url("**/desk/records/*")

    def row(self, label: str) -> Locator:
        """The line of a question."""
        return self.page.locator("tr").filter(has=self.page.locator("th", has_text=exactly(label)))

    def answer(self, label: str) -> Locator:
        return self.row(label)

    def comment(self, label: str, text: str) -> None:
        row = self.row(label)
        row.get_by_text("批注").click()
        row.locator("textarea, input[type=text]").fill(text)


def exactly(words: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(words)}\s*$")
