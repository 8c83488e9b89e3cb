"""Exports read back: what is in them, what spreadsheets make of it, who may take them, what is logged."""

import csv
import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms import compile_form
from server.actions.forms import publish
from server.database import db
from server.models import Audit
from tests.server.conftest import SignIn
from tests.server.desk import TOKEN, Desk, sign_in_desk
from tests.server.test_export_cells import LONG_NUMBERS
from tests.server.town import (
    EAST,
    FORMS,
    WEST,
    Phone,
    check_answers,
    make_item,
    publish_form,
    put_posts,
    put_row,
)

PHOTO = {"sha256": "a" * 64, "bytes": 9, "type": "image/png", "name": "门口.png"}
VISIT = {
    "place": "草舍",
    "visit_on": "2016-10-15",
    "visit_at": "2016-10-15T09:30:00.000+08:00",
    "mode": "phone",
    "modes": ["phone", "onsite"],
    "visitors": ["p-2", "p-1"],
    "staff": 12,
    "amount": "-1234.50",
    "account": "6228480000000000018",
    "health": "onsite",
    "phone": "10000000001",
    "gps": [32.7, 120.2, 0, 5],
}
STEPS = [{"text": "问"}, {"text": "办"}]


@pytest.fixture
def visits(town_app: Flask) -> Flask:
    publish_form(town_app, "visit")
    put_row(town_app, "village", EAST, "东村(演示)")
    put_row(town_app, "person", "p-1", "甲(演示)")
    put_row(town_app, "person", "p-2", "乙(演示)")
    return town_app


@pytest.fixture
def visitor(visits: Flask, sign_in: SignIn) -> Phone:
    phone = sign_in("cadre")
    phone.sync()
    return phone


def hand_in(phone: Phone, visit: dict[str, Any] | None = None, **answers: Any) -> dict[str, Any]:
    filled = {"visit": {**VISIT, **(visit or {})}, "village": EAST, **answers}
    item = make_item("visit", filled, files=[PHOTO] if PHOTO["sha256"] in str(filled) else [])
    assert phone.outcomes(item) == ["accepted"]
    return item


def office(app: Flask, language: str = "zh") -> Desk:
    return sign_in_desk(app, "office", language)


def ask(desk: Desk, form_id: str = "visit", *, is_read: bool = True, **values: str) -> TestResponse:
    """Send the export page's form; `is_read`: take the whole answer, as browsers do."""
    token = TOKEN.search(desk.page("/desk/queue"))
    assert token
    wish = {"form": form_id, "state": "all", "file_type": "csv", "words": "zh", **values}
    return desk.client.post("/desk/exports", data={"csrf": token[1], **wish}, buffered=is_read)


def tables(answer: TestResponse) -> dict[str, list[dict[str, str]]]:
    """File name -> rows by heading, of a CSV or of a zip of them."""
    assert answer.status_code == 200, answer.text
    if answer.mimetype == "text/csv":
        return {"": read_csv(answer.data)}
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: read_csv(archive.read(name)) for name in archive.namelist()}


def read_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(set(rows[0])) == len(rows[0])
    assert {len(row) for row in rows} == {len(rows[0])}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def root_row(answer: TestResponse) -> dict[str, str]:
    return next(iter(tables(answer).values()))[0]


def sheets(answer: TestResponse) -> dict[str, list[dict[str, Any]]]:
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.data))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet for cell in row)
    found = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    return {
        title: [dict(zip(rows[0], row, strict=False)) for row in rows[1:]] for title, rows in found.items()
    }


def last_export(app: Flask) -> Audit | None:
    with app.app_context():
        return db.session.scalars(select(Audit).where(Audit.action == "export")).one_or_none()


def test_exports_answers_in_words(visits: Flask, visitor: Phone) -> None:
    item = hand_in(visitor, {"photo": PHOTO}, double="-2469", is_high="0", flag="0", working="9")
    row = root_row(ask(office(visits)))
    told = {
        "记录编号": item["instance_id"],
        "审核状态": "新收到",
        "记录所属村": "东村(演示)",
        "填报人": "cadre",
        "收到时间": "2016-10-15 12:00:00",
        "开始填写": "2016-10-15 09:00:00",
        "填写完成": "2016-10-15 09:30:00",
        "走访日期": "2016-10-15",
        "走访时间": "2016-10-15 09:30:00",
        "目的": "'=电话、实地",
        "目的 (编码)": "phone onsite",
        "走访人员": "乙(演示)、甲(演示)",
        "人数": "12",
        "金额": "-1234.50",
        "两倍": "-2469",
        "超过一百": "否",
        "定位 纬度": "32.7",
        "定位 精度(米)": "5",
        "电话": "10000000001\t",
        "照片": "门口.png",
    }
    assert {heading: row[heading] for heading in told} == told
    assert not {"谢谢", "working", "金额过高,请复核"} & set(row)


def test_exports_in_english_and_in_codes(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor, is_high="1", working="9")
    desk = office(visits)
    english = root_row(ask(desk, words="en"))
    assert (english["Purposes"], english["Above a hundred"], english["State"]) == (
        "By phone, On site",
        "Yes",
        "Received",
    )
    codes = root_row(ask(desk, words="codes"))
    assert (codes["visit/modes"], codes["is_high"], codes["record:state"]) == (
        "phone onsite",
        "1",
        "received",
    )
    assert (codes["working"], codes["visit/gps/lon"]) == ("9", "120.2")


def test_masks_sensitive_columns_until_a_reason_is_given(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor)
    desk = office(visits)
    for words, account, health in (("zh", "账号", "健康"), ("codes", "visit/account", "visit/health")):
        row = root_row(ask(desk, words=words))
        assert (row[account], row[health]) == ("622************0018", "***")
    refused = ask(desk, open="1")
    assert (refused.status_code, refused.mimetype) == (400, "text/html")
    row = root_row(ask(desk, open="1", reason="核对补贴账号"))
    assert (row["账号"], row["健康"]) == ("6228480000000000018\t", "实地")


def test_logs_each_export_with_its_number(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor)
    ask(office(visits), open="1")
    assert last_export(visits) is None
    ask(office(visits), open="1", reason="核对补贴账号", village=EAST)
    logged = last_export(visits)
    assert logged is not None
    assert (logged.user_id, logged.subject_kind, logged.subject_id) == ("u-office", "form", "visit")
    assert logged.detail == {
        "n_records": 1,
        "file_type": "csv",
        "is_open": True,
        "reason": "核对补贴账号",
        "filters": {"state": "all", "village": EAST},
    }


def test_exports_what_the_queue_shows(visits: Flask, visitor: Phone, sign_in: SignIn) -> None:
    hand_in(visitor, {"place": "一"})
    western = sign_in("western")
    western.sync()
    hand_in(western, {"place": "二"}, village=WEST)
    desk = office(visits)
    assert {row["地点"] for row in tables(ask(desk))["1 走访.csv"]} == {"一", "二"}
    assert root_row(ask(desk, village=WEST))["地点"] == "二"
    assert tables(ask(desk, state="approved"))["1 走访.csv"] == []
    assert root_row(ask(desk, q="western"))["地点"] == "二"


def test_keeps_to_the_scope_of_who_exports(visits: Flask, visitor: Phone, sign_in: SignIn) -> None:
    hand_in(visitor)
    put_posts(visits, "western", ("village_head", WEST))
    assert tables(ask(sign_in_desk(visits, "western"), village=EAST))["1 走访.csv"] == []


def test_refuses_those_who_may_not_export(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor)
    cadre = sign_in_desk(visits, "cadre")
    assert ask(cadre).status_code == 403
    assert "/desk/exports" not in cadre.page("/desk/queue?state=all")
    assert last_export(visits) is None


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"file_type": "exe"}, 400),
        ({"words": "fr"}, 400),
        ({"form": "nothing"}, 404),
    ],
)
def test_refuses_what_it_cannot_export(visits: Flask, values: dict[str, str], status: int) -> None:
    assert ask(office(visits), **values).status_code == status


def test_exports_one_csv_where_nothing_repeats(town_app: Flask, cadre: Phone) -> None:
    cadre.sync(make_item("check", check_answers("h-1"), cursor=cadre.cursor))
    answer = ask(office(town_app), "check", words="en")
    assert answer.mimetype == "text/csv"
    assert "check.csv" in answer.headers["Content-Disposition"]
    assert root_row(answer)["Amount"] == "10850"


def test_joins_repeats_by_keys(visits: Flask, visitor: Phone) -> None:
    item = hand_in(
        visitor, demand=[{"text": "路灯", "step": STEPS}, {"text": "水", "photo": PHOTO, "step": STEPS[:1]}]
    )
    found = tables(ask(office(visits)))
    assert [*found] == ["1 走访.csv", "2 诉求.csv", "3 步骤.csv"]
    demands, steps = found["2 诉求.csv"], found["3 步骤.csv"]
    assert {row["记录编号"] for row in demands + steps} == {item["instance_id"]}
    assert [(row["行编号"], row["内容"], row["照片"]) for row in demands] == [
        ("demand[1]", "路灯", ""),
        ("demand[2]", "水", "门口.png"),
    ]
    assert [(row["上级行编号"], row["序号"], row["做法"]) for row in steps] == [
        ("demand[1]", "1", "问"),
        ("demand[1]", "2", "办"),
        ("demand[2]", "1", "问"),
    ]


def test_writes_types_into_xlsx(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor, double="-2469", demand=[{"text": "路灯", "step": STEPS}])
    found = sheets(ask(office(visits), file_type="xlsx"))
    assert [*found] == ["走访", "诉求", "步骤", "导出说明"]
    row = found["走访"][0]
    told = {
        "走访日期": datetime(2016, 10, 15),  # noqa: DTZ001 - a spreadsheet has no zones
        "走访时间": datetime(2016, 10, 15, 9, 30),  # noqa: DTZ001
        "收到时间": datetime(2016, 10, 15, 12),  # noqa: DTZ001
        "方式": "=电话",
        "人数": 12,
        "金额": -1234.5,
        "两倍": -2469,
        "电话": "10000000001",
        "账号": "622************0018",
        "定位 经度": 120.2,
    }
    assert {heading: row[heading] for heading in told} == told
    assert [step["做法"] for step in found["步骤"]] == ["问", "办"]


HARD_TEXTS = [
    "<script>alert(1)</script>&amp;",
    "𠮷野家 𠀀",  # CJK extension B
    "👨‍👩‍👧 ok",
    "abc\u202egnp.exe",  # bidi override
    "e\u0301 \u200b",  # decomposed, zero width
    "一行\n两行",
    '引号"和,逗号;分号',
    "http://example.org/",
]
FORMULAS = ["=cmd|'/C calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", ";=1", " =1", "－1", "==1"]


def test_keeps_every_text_as_it_was_in_xlsx(visits: Flask, visitor: Phone) -> None:
    texts = [*HARD_TEXTS, *FORMULAS, *LONG_NUMBERS]
    hand_in(visitor, demand=[{"text": text} for text in texts])
    found = sheets(ask(office(visits), file_type="xlsx"))
    assert [row["内容"] for row in found["诉求"]] == texts


def test_keeps_text_as_it_was_in_csv(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor, demand=[{"text": text} for text in HARD_TEXTS])
    found = tables(ask(office(visits)))["2 诉求.csv"]
    assert [row["内容"] for row in found] == HARD_TEXTS


def test_disarms_formulas_in_csv(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor, demand=[{"text": text} for text in FORMULAS])
    found = tables(ask(office(visits)))["2 诉求.csv"]
    assert [row["内容"] for row in found] == [f"'{text}" for text in FORMULAS]


def test_exports_answers_of_any_shape(visits: Flask, visitor: Phone) -> None:
    """Violations never block receipt, so an export meets what no form asks for."""
    odd = {"place": ["a", "b"], "mode": "gone", "staff": "many", "visit_on": "never", "modes": "phone"}
    hand_in(visitor, odd, demand="none", double=True)
    row = root_row(ask(office(visits)))
    assert (row["地点"], row["方式"], row["人数"], row["走访日期"]) == ("a b", "gone", "many", "never")
    assert row["目的"] == "'=电话"
    assert sheets(ask(office(visits), file_type="xlsx"))["走访"][0]["走访日期"] == "never"


def test_joins_the_columns_of_all_versions(visits: Flask, visitor: Phone) -> None:
    hand_in(visitor, {"place": "旧"})
    source = (FORMS / "visit.md").read_text(encoding="utf-8")
    source = source.replace("| visit | 1 |", "| visit | 2 |").replace("| place | 地点 |", "| spot | 位置 |")
    with visits.app_context():
        publish(compile_form(source.encode(), "visit.md"))
    new = make_item("visit", {"visit": {"spot": "新"}, "village": EAST}, version="2")
    assert visitor.outcomes(new) == ["accepted"]
    rows = tables(ask(office(visits)))["1 走访.csv"]
    assert {(row["地点"], row["位置"], row["表单版本"]) for row in rows} == {("旧", "", "1"), ("", "新", "2")}


def test_tells_findings_and_the_decision(town_app: Flask, cadre: Phone) -> None:
    item = make_item("check", check_answers("h-1", amount=1), cursor=cadre.cursor)
    cadre.sync(item)
    desk = office(town_app, "en")
    page = f"/desk/records/{item['instance_id']}"
    assert desk.press(page, "return", comment="Please check the amount").status_code == 302
    row = root_row(ask(desk, "check", words="en"))
    assert "Below the line" in row["Findings"]
    assert int(row["Number of findings"]) == len(row["Findings"].split("\n"))
    assert (row["State"], row["Decision"], row["Decided by"]) == ("Returned", "Returned", "office")
    assert (row["Decided at"], row["Comment"]) == ("2016-10-15 12:00:00", "Please check the amount")


def test_lets_go_of_an_export_that_nobody_reads(visits: Flask, visitor: Phone) -> None:
    """More exports begun and left than there are places for: the next one still works."""
    hand_in(visitor)
    desk = office(visits)
    for _ in range(3):
        answer = ask(desk, is_read=False)
        next(answer.response)
        answer.close()
    assert root_row(ask(desk))["地点"] == "草舍"


def test_asks_for_a_reason_where_there_are_many(
    visits: Flask, visitor: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(visitor)
    hand_in(visitor, {"place": "二"})
    monkeypatch.setattr("server.actions.exports.BULK", 1)
    assert ask(office(visits)).status_code == 400
    assert ask(office(visits), reason="年度汇总").status_code == 200
