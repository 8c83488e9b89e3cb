"""The whole compiler: from bytes to everything that is published, or to every reason why not."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forms import FormErrors, child, compile_form, compile_in_child, load_checker
from tests.bad_inputs.workbooks import every_reference
from tests.forms.sheets import placed, with_settings
from tests.forms.test_workbook import excel

LIBRARY = Path(__file__).parents[2] / "forms" / "library"

# A household check cut to twelve questions: one repeat, one photo, one list.
CHECK = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant | required | constraint | constraint_message::中文 (zh) | calculation | bind::ly:rule | bind::ly:level | bind::ly:purpose | bind::ly:class | bind::ly:subject |
| | csv-external | household | |
| | select_one_from_file household.csv | hh | 户 | Household | | yes | | | | | | | | household |
| | date | visit_on | 核查日期 | Day | | yes | . <= today() | 不能晚于今天 |
| | calculate | line | | | | | | | instance('poverty_line')/root/item[name = '2016']/amount |
| | csv-external | poverty_line | |
| | begin_repeat | member | 成员 | Member |
| | text | full_name | 姓名 | Name | | yes | | | | | | | personal |
| | text | id_no | 身份证号 | ID number | | | idok(.) | 号码不对 | | R01 | E | | sensitive |
| | integer | income | 收入(元) | Income | | | . >= 0 | 不能为负 |
| | end_repeat | |
| | calculate | per_capita | | | | | | | sum(${income}) div count(${member}) |
| | note | shown | 人均 ${per_capita} 元 | ${per_capita} per head |
| | select_one yes_no | passes | 是否脱贫 | Passes | ${per_capita} > 0 | yes |
| | text | reason | 低于标准,请说明 | Below the line, why | ${passes} = 'yes' and ${per_capita} < ${line} | yes | | | | R30 | W |
| | image | photo | 照片 | Photo | | | | | | | | 证明入户 |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | yes_no | yes | 是 | Yes |
| | yes_no | no | 否 | No |
| settings |
| | form_id | form_title | version | default_language | instance_name | ly:purpose | ly:purpose_en | ly:retention_days | ly:key |
| | check | 脱贫核查 | 3 | 中文 (zh) | ${visit_on} | 核查脱贫 | To check | 1825 | concat(${hh}, '/', ${visit_on}) |
| entities |
| | list_name | entity_id | update_if | label |
| | household | ${hh} | ${passes} = 'yes' | |
"""  # noqa: E501 — a table is read by its columns


def errors_of(source: bytes, name: str = "f.md") -> list[tuple[str, str, int, str]]:
    with pytest.raises(FormErrors) as refused:
        compile_form(source, name)
    return placed(refused.value.errors)


def test_compiles_a_form_to_everything_that_is_published() -> None:
    form = compile_form(CHECK.encode(), "check.md")
    assert (form.form_id, form.version, form.title) == ("check", "3", {"zh": "脱贫核查"})
    assert form.digest == hashlib.sha256(form.javascript.encode()).hexdigest()
    assert form.javascript.startswith(("export", "//", "/*"))
    assert "/data/member/full_name" in form.xform
    assert load_checker(form.python)
    assert form.warnings == []


def test_outlines_what_desk_and_exports_need() -> None:
    outline = compile_form(CHECK.encode(), "check.md").outline
    assert json.loads(json.dumps(outline)) == outline
    assert (outline["form_id"], outline["retention_days"], outline["subject"]) == ("check", 1825, "hh")
    assert outline["purpose"] == {"zh": "核查脱贫", "en": "To check"}
    assert (outline["languages"], outline["default_language"]) == (["zh", "en"], "zh")
    nodes = {node["path"]: node for node in outline["nodes"]}
    assert [*nodes][:4] == ["hh", "visit_on", "line", "member"]
    assert nodes["member/id_no"] == {
        "path": "member/id_no",
        "name": "id_no",
        "kind": "question",
        "parent": "member",
        "type": "string",
        "control": "input",
        "media_type": "",
        "label": {"zh": "身份证号", "en": "ID number"},
        "list": "",
        "class": "sensitive",
        "purpose": {},
        "subject": "",
        "save_to": "",
        "rule": "R01",
        "level": "E",
        "is_note": False,
        "is_yes_no": False,
        "is_sex": False,
    }
    assert nodes["shown"]["label"] == {"zh": "人均 … 元", "en": "… per head"}
    assert nodes["shown"]["is_note"]
    assert nodes["passes"]["list"] == "yes_no"
    assert nodes["photo"]["purpose"] == {"zh": "证明入户"}
    assert outline["choices"]["yes_no"][1] == {"name": "no", "label": {"zh": "否", "en": "No"}}
    assert outline["entities"] == [
        {"list_name": "household", "container": "", "kind": "update", "properties": {}, "when": "receipt"}
    ]
    assert {"name": "poverty_line", "columns": ["amount", "name"], "keys": ["name"]} in [
        {**each, "columns": sorted(each["columns"])} for each in outline["lists"]
    ]


def test_a_question_that_may_get_an_answer_is_no_note() -> None:
    tables = """
| survey |
| | type | name | label | read_only | default | trigger | calculation |
| | note | told | Told | | | | |
| | integer | n | N | | | | |
| | text | closed | Closed later | ${n} > 3 | | | |
| | text | kept | Kept | yes | abc | | |
| | text | made | Made | yes | ${n} + 1 | | |
| | text | put | Put | yes | | ${n} | ${n} + 1 |
| | begin_group | g | G | yes | | | |
| | note | inside | Inside | | | | |
| | end_group | | | | | | |
"""
    nodes = compile_form(with_settings(tables), "f.md").outline["nodes"]
    assert [node["name"] for node in nodes if node["is_note"]] == ["told", "inside"]


def test_compiles_the_same_from_markdown_excel_and_xform() -> None:
    form = compile_form(CHECK.encode(), "check.md")
    rows: dict[str, list[list[object]]] = {}
    sheet = ""
    for line in filter(str.strip, CHECK.splitlines()):
        first, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        sheet = first or sheet
        if any(cells):
            rows.setdefault(sheet, []).append([*cells])
    from_excel = compile_form(excel(*rows.items()), "check.xlsx")
    assert from_excel.javascript == form.javascript
    from_xform = compile_form(form.xform.encode(), "check.xml")
    assert from_xform.outline == form.outline


def test_gives_the_same_bytes_in_every_process() -> None:
    program = "import sys, forms; print(forms.compile_form(sys.stdin.buffer.read(), 'check.md').as_json())"
    results = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, input=CHECK.encode(), capture_output=True, check=True, env=environment)
        results.add(done.stdout)
    assert len(results) == 1


def test_refuses_a_bad_workbook_with_all_its_errors_at_once() -> None:
    bad = (
        CHECK.replace("| date | visit_on", "| dat | visit_on")
        .replace("${per_capita} > 0", "${percapita} > 0")
        .replace("sum(${income})", "summ(${income})")
        .replace("select_one yes_no", "select_one yesno")
        .replace("[name = '2016']/amount |", "[name = '2016']/amount + ${line} |")
    )
    assert errors_of(bad.encode()) == [
        ("unknown_type", "survey", 4, "type"),
        ("cycle", "survey", 5, "calculation"),
        ("unknown_function", "survey", 12, "calculation"),
        ("unknown_name", "survey", 14, "relevant"),
        ("missing_list", "survey", 14, "type"),
    ]


def test_refuses_a_form_without_purpose_and_retention() -> None:
    tables = b"| survey |\n| | type | name | label |\n| | text | a | A |"
    expected = [
        ("missing_setting", "settings", 2, "form_id"),
        ("missing_purpose", "settings", 2, "ly:purpose"),
        ("missing_retention", "settings", 2, "ly:retention_days"),
        ("missing_setting", "settings", 2, "version"),
    ]
    assert errors_of(tables) == expected
    assert compile_form(tables, "f.md", is_draft=True).form_id == "f"


def test_refuses_an_xform_without_purpose() -> None:
    xform = compile_form(CHECK.encode(), "check.md").xform.replace('ly:purpose="核查脱贫"', "")
    assert [code for code, *_ in errors_of(xform.encode(), "check.xml")] == ["missing_purpose"]


def test_places_what_only_shows_with_paths_resolved() -> None:
    tables = """
| survey |
| | type | name | label | calculation |
| | text | a | A | |
| | calculate | b | | ../nothing |
"""
    assert errors_of(with_settings(tables.replace("nothing", "A"))) == [
        ("unknown_path", "survey", 3, "calculation")
    ]
    [warning] = compile_form(with_settings(tables), "f.md").warnings
    assert (warning.code, warning.row, warning.column) == ("path_to_nothing", 3, "calculation")


@pytest.mark.parametrize(
    ("calculation", "code"),
    [("${r}", "group_as_value"), ("position()", "misplaced_function")],
)
def test_refuses_what_has_no_value(calculation: str, code: str) -> None:
    tables = f"""
| survey |
| | type | name | label | calculation |
| | begin_repeat | r | R | |
| | text | a | A | |
| | end_repeat | |
| | calculate | b | | {calculation} |
"""
    assert errors_of(with_settings(tables)) == [(code, "survey", 5, "calculation")]


def test_warns_of_a_condition_that_always_holds() -> None:
    tables = """
| survey |
| | type | name | label | relevant |
| | text | a | A | |
| | text | b | B | ${a} |
"""
    warnings = compile_form(with_settings(tables), "f.md").warnings
    assert placed(warnings) == [("always_true", "survey", 3, "relevant")]


def test_finds_a_circle_through_paths() -> None:
    tables = """
| survey |
| | type | name | label | calculation |
| | calculate | a | | ../b + 1 |
| | calculate | b | | ../a + 1 |
"""
    assert errors_of(with_settings(tables)) == [("cycle", "survey", 2, "calculation")]


def test_takes_attached_lists_into_the_form() -> None:
    tables = """
| survey |
| | type | name | label |
| | select_one_from_file village.csv | v | 村 |
"""
    attachments = {"village.csv": "name,label\nv1,一村\nv2,二村\n".encode("utf-8-sig")}
    outline = compile_form(with_settings(tables), "f.md", attachments).outline
    assert [each["name"] for each in outline["choices"]["village"]] == ["v1", "v2"]
    assert outline["lists"] == []


def test_refuses_an_attachment_that_is_no_csv() -> None:
    with pytest.raises(FormErrors) as refused:
        compile_form(CHECK.encode(), "check.md", {"village.csv": b"\xff\xff\xff"})
    assert [error.code for error in refused.value.errors] == ["bad_attachment"]


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.md")), ids=lambda path: path.stem)
def test_compiles_the_forms_of_the_library(path: Path) -> None:
    form = compile_form(path.read_bytes(), path.name)
    assert form.form_id == path.stem
    assert [str(warning) for warning in form.warnings] == []


def test_a_child_compiles_the_same() -> None:
    assert compile_in_child(CHECK.encode(), "check.md") == compile_form(CHECK.encode(), "check.md")


def test_a_child_gives_the_same_errors() -> None:
    with pytest.raises(FormErrors) as refused:
        compile_in_child(b"| survey |\n| | type | name |\n| | txt | a |", "f.md", is_draft=True)
    assert placed(refused.value.errors) == [("unknown_type", "survey", 2, "type")]
    assert refused.value.errors[0].message["zh"]


def test_a_child_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(FormErrors) as refused:
        compile_in_child(CHECK.encode(), "check.md", timeout_s=0.01)
    assert [error.code for error in refused.value.errors] == ["conversion_timeout"]


def test_a_child_that_computes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PROCESSOR_S", 1)
    with pytest.raises(FormErrors) as refused:
        compile_in_child(every_reference(), "f.md", is_draft=True)
    assert [error.code for error in refused.value.errors] == ["conversion_timeout"]
    assert "1 seconds" in refused.value.errors[0].message["en"]


def test_a_child_that_ends_without_an_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.sys, "executable", "false")
    with pytest.raises(FormErrors) as refused:
        compile_in_child(CHECK.encode(), "check.md")
    assert [error.code for error in refused.value.errors] == ["conversion_died"]


def test_a_child_that_takes_too_much_memory_is_stopped() -> None:
    survey = "| survey |\n| | type | name | label |\n| | select_one c | a | A |"
    choices = "\n".join(f"| | c | n{number} | {number} |" for number in range(40_000))
    tables = f"{survey}\n| choices |\n| | list_name | name | label |\n{choices}"
    with pytest.raises(FormErrors) as refused:
        compile_in_child(tables.encode(), "f.md", is_draft=True, memory_bytes=100 * 1024 * 1024)
    assert [error.code for error in refused.value.errors] == ["conversion_memory"]


UNDECLARED = with_settings(
    "| survey |\n| | type | name | label | calculation | relevant |\n"
    "| | text | a | A | | |\n"
    "| | calculate | risk | | instance('contact-summary')/context/risk | |\n"
    "| | note | n | N | | ${risk} = '' |\n"
)


def test_a_draft_reads_a_list_that_is_not_at_hand_and_publishing_asks_for_it() -> None:
    assert errors_of(UNDECLARED) == [("unknown_instance", "survey", 3, "calculation")]
    draft = compile_form(UNDECLARED, "f.md", is_draft=True)
    assert ("unknown_instance", "survey", 3, "calculation") in placed(draft.warnings)
    assert "contact-summary.csv" in draft.blockers[0].remedy["en"]
    assert placed(draft.blockers) == [("unknown_instance", "survey", 3, "calculation")]
    assert [each["name"] for each in draft.outline["lists"]] == ["contact-summary"]


def test_a_draft_of_an_xform_reads_a_list_that_is_not_at_hand() -> None:
    xform = compile_form(UNDECLARED, "f.md", is_draft=True).xform
    assert errors_of(xform.encode(), "f.xml") == [("unknown_instance", "xform", 1, "calculate")]
    draft = compile_form(xform.encode(), "f.xml", is_draft=True)
    assert [each["name"] for each in draft.outline["lists"]] == ["contact-summary"]


def test_a_repeat_may_be_counted_by_what_is_answered_in_it() -> None:
    rows = (
        "| | begin_repeat | r | R | | ${n} |",
        "| | integer | more | More | | |",
        "| | calculate | nr | | position(..) | |",
        "| | end_repeat | | | | |",
        "| | calculate | n | | 1 + sum(${more}) | |",
    )
    tables = "\n".join(["| survey |", "| | type | name | label | calculation | repeat_count |", *rows])
    form = compile_form(with_settings(tables), "f.md")
    assert [each.code for each in form.warnings] == ["own_count"]


def test_warns_of_pictures_that_did_not_come_along() -> None:
    tables = with_settings("| survey |\n| | type | name | label | image |\n| | text | a | A | a.png |\n")
    assert [each.code for each in compile_form(tables, "f.md").warnings] == ["missing_media"]
    assert compile_form(tables, "f.md", {"a.png": b"\x89PNG"}).warnings == []


def test_warns_once_of_each_language_that_is_written_from_right_to_left() -> None:
    tables = """
| survey |
| | type | name | label::English (en) | label::Arabic (ar) |
| | text | a | Name | الاسم |
| | text | b | Village | القرية |
"""
    found = compile_form(with_settings(tables), "f.md").warnings
    assert placed(found) == [("right_to_left", "survey", 2, "")]
    assert "'ar'" in found[0].message["en"]


def test_a_draft_is_warned_of_choices_by_search_and_publishing_refuses_them() -> None:
    tables = with_settings(
        "| survey |\n| | type | name | label | appearance |\n"
        "| | select_one l | a | A | minimal search('cases', 'matches', 'v', 'x') |\n"
        "| choices |\n| | list_name | name | label |\n| | l | id | title |\n"
    )
    assert errors_of(tables) == [("unsupported_search", "survey", 2, "appearance")]
    draft = compile_form(tables, "f.md", is_draft=True)
    assert placed(draft.blockers) == [("unsupported_search", "survey", 2, "appearance")]


def test_a_form_that_asks_for_encryption_can_be_tried_out_and_is_not_published() -> None:
    tables = with_settings(
        "| survey |\n| | type | name | label |\n| | text | a | A |\n"
        "| settings |\n| | form_id | version | ly:purpose | ly:retention_days | public_key |\n"
        "| | t | 1 | p | 9 | MIIB |\n"
    )
    assert errors_of(tables) == [("public_key", "settings", 2, "public_key")]
    draft = compile_form(tables, "f.md", is_draft=True)
    assert placed(draft.blockers) == [("public_key", "settings", 2, "public_key")]


def test_says_of_a_declared_list_that_did_not_come_along_where_it_is_read() -> None:
    tables = with_settings(
        "| survey |\n| | type | name | label | relevant |\n"
        "| | csv-external | shop | | |\n"
        "| | select_one_from_file tree.csv | a | A | |\n"
        "| | text | b | B | instance('shop')/root/item[name = ${a}]/kind = 'x' |\n"
    )
    form = compile_form(tables, "f.md", {"other.csv": b"name,label\nx,X"})
    assert form.blockers == []
    found = {name: placed([error])[0] for name, error in form.unmet.items()}
    assert found == {
        "shop": ("list_nowhere", "survey", 4, "relevant"),
        "tree": ("list_nowhere", "survey", 3, "type"),
    }
    assert form.unmet["tree"].cells["name"] == "a" and form.unmet["tree"].severity == "blocker"
    assert list(compile_form(tables, "f.md", {"shop.csv": b"name,kind\nx,X"}).unmet) == ["tree"]
