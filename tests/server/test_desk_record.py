"""A record at the desk: what a supervisor reads, what is folded away, what changed; the queue's columns."""

import re
from typing import Any

import pytest
from flask import Flask

from server.clock import SetClock
from tests.server.conftest import SignIn
from tests.server.desk import Desk, sign_in_desk
from tests.server.town import EAST, Phone, check_answers, make_item, publish_form, put_row

VISIT = {"place": "草舍", "mode": "phone", "amount": "2000"}
COMPUTED = {"village": EAST, "double": "4000", "working": "6000", "is_high": "1", "flag": "1"}


@pytest.fixture
def visitor(town_app: Flask, sign_in: SignIn) -> Phone:
    publish_form(town_app, "visit")
    put_row(town_app, "village", EAST, "东村(演示)")
    phone = sign_in("cadre")
    phone.sync()
    return phone


def hand_in(phone: Phone, visit: dict[str, Any] | None = None, **changes: Any) -> str:
    """Send a visit; the address of its record."""
    replaces = changes.pop("replaces", "")
    answers = {"visit": {**VISIT, **(visit or {})}, **COMPUTED, **changes}
    item = make_item("visit", answers, replaces=replaces)
    assert phone.outcomes(item) in (["accepted"], ["new_version"])
    return f"/desk/records/{item['instance_id']}"


def check(phone: Phone, **answers: Any) -> str:
    item = make_item("check", check_answers("h-1", **answers), cursor=phone.cursor)
    assert phone.outcomes(item) == ["accepted"]
    return f"/desk/records/{item['instance_id']}"


def rows(page: str) -> dict[str, str]:
    """Question -> answer, of what is not folded away."""
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    found = re.findall(r'<th scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>', shown, re.DOTALL)
    return {plain(question): plain(answer) for question, answer in found}


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def workings(page: str) -> str:
    found = re.search(r'<details class="card workings">.*?</details>', page, re.DOTALL)
    return plain(found[0]) if found else ""


def desk_of(app: Flask) -> Desk:
    return sign_in_desk(app, "office", "zh")


def test_shows_answers_and_results_in_words(town_app: Flask, visitor: Phone) -> None:
    shown = rows(desk_of(town_app).page(hand_in(visitor)))
    assert shown["方式"] == "=电话"
    assert (shown["两倍"], shown["超过一百"]) == ("4000", "是")
    assert "金额过高,请复核" not in shown
    assert not {"working", "flag"} & set(shown)


@pytest.mark.parametrize(
    ("id_number", "sex", "told"),
    [("320999196803151017", "M", "男"), ("320999196803151025", "F", "女"), ("1001", "", None)],
)
def test_tells_a_computed_sex_in_words(
    town_app: Flask, visitor: Phone, id_number: str, sex: str, told: str | None
) -> None:
    shown = rows(desk_of(town_app).page(hand_in(visitor, {"phone": id_number}, sex=sex)))
    assert shown.get("性别") == told


@pytest.mark.parametrize(
    ("staff", "cost", "told"), [(1_422_100, "7110.5", "7110.50"), (1, "0.005", "0.01"), (200, "1", "1.00")]
)
def test_shows_computed_yuan_with_two_decimals(
    town_app: Flask, visitor: Phone, staff: int, cost: str, told: str
) -> None:
    address = hand_in(visitor, {"staff": staff}, cost=cost, cost_all=cost)
    shown = rows(desk_of(town_app).page(address))
    assert shown["花费(元)"] == told
    assert (shown["总花费(万元)"], shown["人数"], shown["两倍"]) == (cost, str(staff), "4000")


@pytest.mark.parametrize(("paid", "told"), [("600", "600.00"), ("0.005", "0.005"), ("many", "many")])
def test_never_rounds_yuan_that_were_typed(town_app: Flask, visitor: Phone, paid: str, told: str) -> None:
    shown = rows(desk_of(town_app).page(hand_in(visitor, paid=paid)))
    assert shown["已付（元）"].split()[0] == told


def test_folds_workings_away(town_app: Flask, visitor: Phone) -> None:
    folded = workings(desk_of(town_app).page(hand_in(visitor)))
    assert "working 6000" in folded
    assert "flag 金额过高,请复核 是" in folded


def test_names_the_village(town_app: Flask, visitor: Phone) -> None:
    page = desk_of(town_app).page(hand_in(visitor, village=EAST))
    assert "东村(演示)" in page


def test_shortens_long_computed_numbers(town_app: Flask, visitor: Phone) -> None:
    shown = rows(desk_of(town_app).page(hand_in(visitor, {"amount": "0.1"}, double="0.24497350374064839")))
    assert shown["两倍"].startswith("0.245")


def test_tells_findings_first_and_leads_to_their_questions(town_app: Flask, cadre: Phone) -> None:
    page = desk_of(town_app).page(check(cadre, amount=1))
    assert page.index("校验提示") < page.index('<table class="answers')
    found = re.findall(r'<a href="#(q:[^"]+)">', page)
    assert "q:amount" in found
    assert all(f'id="{anchor}"' in page for anchor in found)


def test_tells_the_reason_given_with_the_warning(town_app: Flask, visitor: Phone) -> None:
    page = desk_of(town_app).page(hand_in(visitor, {"amount": "-1", "v08_why": "退货冲抵"}))
    summary = plain(page[page.index("校验提示") : page.index("<table")])
    assert "金额为负,请说明原因 V08 理由： 退货冲抵" in summary


def test_says_when_nothing_was_found(town_app: Flask, visitor: Phone) -> None:
    low = {"double": "20", "working": "30", "is_high": "0", "flag": "0"}
    page = desk_of(town_app).page(hand_in(visitor, {"amount": "10"}, **low))
    assert "校验未发现问题" in page


def test_shows_only_what_changed(town_app: Flask, visitor: Phone) -> None:
    desk = desk_of(town_app)
    address = hand_in(visitor)
    root = address.rpartition("/")[2]
    assert desk.press(address, "return", comment="请核对地点").status_code == 302
    hand_in(visitor, {"place": "新址"}, replaces=root)
    both, changed = rows(desk.page(address)), rows(desk.page(f"{address}?only=changed"))
    assert {"地点", "方式", "两倍"} <= set(both)
    assert set(changed) == {"地点"}
    assert changed["地点"].startswith("新址")


def test_shows_only_what_changed_within_repeats(town_app: Flask, visitor: Phone) -> None:
    desk = desk_of(town_app)
    demand = {"text": "路灯", "step": [{"text": "问"}]}
    address = hand_in(visitor, demand=[demand])
    desk.press(address, "return", comment="请补充步骤")
    hand_in(visitor, demand=[{**demand, "step": [{"text": "问清"}]}], replaces=address.rpartition("/")[2])
    assert set(rows(desk.page(f"{address}?only=changed"))) == {"做法"}


def test_keeps_the_history_of_decisions(town_app: Flask, visitor: Phone) -> None:
    desk = desk_of(town_app)
    address = hand_in(visitor)
    typed = {"comment": "请核对", "comment:visit/place": "写到组"}
    assert desk.press(address, "return", **typed).status_code == 302
    page = desk.page(address)
    history = plain(page[page.index('class="history"') :])
    assert "退回修改" in history
    assert "请核对" in history
    assert "地点 : 写到组" in history


def test_says_that_files_are_missing(town_app: Flask, cadre: Phone) -> None:
    photo = {"sha256": "b" * 64, "bytes": 9, "type": "image/png", "name": "house.png"}
    item = make_item("check", check_answers("h-1", photo=photo), cursor=cadre.cursor, files=[photo])
    cadre.sync(item)
    page = desk_of(town_app).page(f"/desk/records/{item['instance_id']}")
    assert "还缺 1 个附件" in page
    assert "等待上传" in page
    assert "/api/v1/files/" not in page


def test_the_queue_says_what_was_found_and_how_long_it_waits(
    town_app: Flask, cadre: Phone, clock: SetClock
) -> None:
    check(cadre, amount=1)
    clock.advance(days=8)
    page = desk_of(town_app).page("/desk/queue")
    assert "Below the line" in page
    assert "已等8天" in page


def test_the_queue_can_begin_with_the_oldest(town_app: Flask, visitor: Phone, clock: SetClock) -> None:
    first = hand_in(visitor)
    clock.advance(hours=1)
    second = hand_in(visitor, {"place": "二"})
    desk = desk_of(town_app)
    for order, addresses in (("", [second, first]), ("oldest", [first, second])):
        page = desk.page(f"/desk/queue?order={order}")
        assert re.findall(r'class="strong" href="(/desk/records/[^"]+)"', page) == addresses


def following(page: str) -> str:
    found = re.search(r'<p class="following"><a href="([^"]+)"', page)
    return found[1] if found else ""


def test_a_record_leads_to_the_next_that_waits(town_app: Flask, visitor: Phone) -> None:
    # All three came at the same moment, so that the queue is by id.
    first, second, third = sorted(hand_in(visitor, {"place": place}) for place in ("甲", "乙", "丙"))
    office = desk_of(town_app)
    assert following(office.page(second)) == first  # down the queue, the newest on top
    assert following(office.page(first)) == third  # and from the top again
    assert office.press(second, "approve").status_code == 302
    assert following(office.page(third)) == first
    assert office.press(first, "approve").status_code == 302
    assert following(office.page(third)) == ""


def test_a_correction_is_due_on_a_day_in_words(town_app: Flask, visitor: Phone) -> None:
    record = hand_in(visitor)
    office = desk_of(town_app)
    assert office.press(record, "return", comment="请核对").status_code == 302
    assert re.search(r"修改期限 \d{4}年\d{1,2}月\d{1,2}日", office.page(record))
