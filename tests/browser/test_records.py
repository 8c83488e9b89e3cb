"""Single records: photos that wait, drafts deleted, records withdrawn, forms that change meanwhile."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.fillings import HOUSEHOLD, VISIT
from tests.browser.hands import Answers, Desk, Phone
from tests.serving import ROOT, Served, run_command

FILES = "**/api/v1/files**"
DEMAND: Answers = {"诉求类别": "用工招聘", "诉求内容": "旺季缺焊工五名,请镇里帮助招聘"}
ONSITE: Answers = {
    "走访人员": ["邓长根", "吴宏兵"],
    "走访方式": "实地",
    "走访目的": ["日常走访", "诉求收集"],
    "受访人": "蒋秀兰",
    "总体判断": "平稳",
    "企业有诉求": "是",
    "诉求 第 1 项": DEMAND,
}
CALL: Answers = {
    "走访人员": ["邓长根", "吴宏兵"],
    "走访方式": "电话",
    "走访目的": "日常走访",
    "受访人": "蒋秀兰",
    "总体判断": "平稳",
}


def test_both_sides_say_that_a_visit_waits_for_its_photo(phone: Phone, desk: Desk, photo: Path) -> None:
    phone.sign_in("cadre01")
    firm = start_visit(phone, at=0)
    phone.fill(ONSITE | {"照片": photo})
    phone.page.route(FILES, lambda route: route.abort())
    phone.submit()
    phone.tab("今日")
    expect(phone.state_of(firm)).to_have_text("已送达，附件待传")

    desk.sign_in("office01")
    desk.open_record(firm)
    expect(desk.page.get_by_text("还缺 1 个附件", exact=True)).to_be_visible()
    expect(desk.page.get_by_text("旺季缺焊工五名,请镇里帮助招聘")).to_be_visible()

    phone.page.unroute(FILES)
    phone.sync()
    expect(phone.state_of(firm)).to_have_text("已送达")
    desk.page.reload()
    expect(loaded_pictures(desk)).not_to_have_count(0)


def loaded_pictures(desk: Desk) -> Locator:
    return desk.page.locator("td img")


def test_a_record_is_withdrawn_before_anybody_reviewed_it(phone: Phone, desk: Desk) -> None:
    phone.sign_in("cadre01")
    firm = start_visit(phone, at=1)
    phone.fill(CALL)
    phone.submit()
    expect(phone.state_of(firm)).to_have_text("已送达")
    phone.page.on("dialog", lambda dialog: dialog.accept())
    phone.page.get_by_role("link", name=firm).first.tap()
    phone.page.get_by_role("button", name="撤回").tap()
    expect(phone.page.locator(".finished .tag")).to_have_text("已撤回")
    desk.sign_in("office01")
    desk.page.goto(f"/desk/queue?state=withdrawn&q={firm}")
    expect(desk.page.get_by_role("link", name=firm)).to_have_count(1)


def test_a_returned_record_is_corrected_on_a_new_phone(
    phone: Phone, new_phone: Phone, desk: Desk, photo: Path
) -> None:
    phone.sign_in("cadre01")
    firm = start_visit(phone, at=4)
    phone.fill(ONSITE | {"照片": photo})
    phone.submit()
    expect(phone.state_of(firm)).to_have_text("已送达")
    desk.sign_in("office01")
    desk.open_record(firm)
    desk.comment("受访人", "请写全名")
    desk.page.get_by_role("button", name="退回").click()

    new_phone.sign_in("cadre01")
    new_phone.page.get_by_role("button", name=firm).tap()
    expect(new_phone.question("受访人").get_by_text("请写全名")).to_be_visible()
    expect(new_phone.question("照片").locator("img")).to_be_visible()
    new_phone.fill({"受访人": "蒋秀兰(厂长)"})
    new_phone.submit()
    expect(new_phone.state_of(firm)).to_have_text("已修改待审")


def test_a_draft_deleted_by_mistake_comes_back(phone: Phone) -> None:
    phone.sign_in("cadre01")
    phone.open_row("低收入户", HOUSEHOLD)
    phone.start("脱贫核查")
    phone.answer_pages(VISIT, until="家庭核对")
    phone.page.goto("/app/")
    phone.tab("发件箱")
    phone.page.get_by_role("link", name=HOUSEHOLD).tap()
    phone.page.get_by_role("button", name="删除").tap()
    expect(phone.page.get_by_role("link", name=HOUSEHOLD)).to_have_count(0)
    phone.page.get_by_role("button", name="撤销").tap()
    expect(phone.state_of(HOUSEHOLD)).to_have_text("草稿")


def test_a_draft_stays_on_its_version_when_the_form_changes(
    phone: Phone, server: Served, tmp_path: Path
) -> None:
    phone.sign_in("cadre01")
    firm = start_visit(phone, at=2)
    phone.answer_pages({"走访方式": "电话"}, until="生产经营(本年累计)")
    publish_with_a_question_more(server, tmp_path)
    phone.page.goto("/app/")
    phone.sync()

    phone.page.get_by_role("link", name=firm).first.tap()
    expect(phone.page.get_by_text("新问题")).to_have_count(0)
    phone.page.get_by_role("button", name="上一页").tap()
    phone.fill({name: answer for name, answer in CALL.items() if name != "走访方式"})
    phone.submit()
    expect(phone.state_of(firm)).to_have_text("已送达")

    start_visit(phone, at=3)
    expect(phone.question("新问题")).to_be_visible()


def start_visit(phone: Phone, at: int) -> str:
    """Begin a visit to one of the village's firms; its name."""
    phone.tab("查找")
    phone.page.get_by_role("button", name="经营主体").tap()
    firm = phone.page.locator("main .cells a").nth(at)
    name = firm.locator(".cell-title").inner_text()
    firm.tap()
    phone.start("企业走访")
    return name


def publish_with_a_question_more(server: Served, folder: Path) -> None:
    text = (ROOT / "forms" / "library" / "enterprise_visit.md").read_text(encoding="utf-8")
    more = text.replace(
        "| | select_one mode | mode |", "| | text | news | 新问题 | New |\n| | select_one mode | mode |"
    )
    path = folder / "enterprise_visit.md"
    path.write_text(re.sub(r"enterprise_visit \| \d+ ", "enterprise_visit | 99 ", more), encoding="utf-8")
    for file in (ROOT / "forms" / "library" / "lists").glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    done = run_command(server.data, "forms", "publish", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
