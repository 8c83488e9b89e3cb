"""What the server finds when it runs a form's rules again, and what it refuses to run."""

from __future__ import annotations

from typing import Any

import pytest

from forms import Violation, load_checker
from forms.checker import UnsafeSource
from tests.forms.compiled import Lists, check, found, source_of

HEAD = "| survey |\n| | type | name | label | relevant | required | constraint | calculation |\n"
PHOTO = {"sha256": "0" * 64, "name": "a.jpg", "bytes": 1, "type": "image/jpeg"}


def one(row: str) -> str:
    """A form of one row below HEAD's columns."""
    return f"{HEAD}| | {row} |"


def test_a_faultless_record_has_no_violations() -> None:
    tables = f"{HEAD}| | integer | a | A | | yes | . > 1 | |\n| | calculate | b | | | | | ${{a}} * 2 |"
    checked = check(tables, {"a": 2, "b": "4"})
    assert (checked.violations, checked.calculated) == ([], {})


def test_fills_in_calculations_that_were_not_sent() -> None:
    tables = f"{HEAD}| | integer | a | A | | | | |\n| | calculate | b | | | | | ${{a}} * 2 |"
    checked = check(tables, {"a": 2})
    assert (checked.violations, checked.calculated) == ([], {"b": "4"})


def test_notices_a_calculation_that_was_changed() -> None:
    tables = f"{HEAD}| | integer | a | A | | | | |\n| | calculate | b | | | | | ${{a}} * 2 |"
    checked = check(tables, {"a": 2, "b": "400"})
    assert found(checked) == ["b:calculation"]
    assert (checked.violations[0].level, checked.calculated) == ("Q", {"b": "4"})


def test_a_place_that_was_calculated_may_be_written_otherwise() -> None:
    columns = "type | name | label | calculation | read_only"
    tables = (
        f"| survey |\n| | {columns} |\n| | text | lat | Lat | | |\n"
        "| | geopoint | at | At | concat(${lat}, ' 2.50 0.0 0') | yes |"
    )
    assert found(check(tables, {"lat": "1.50", "at": [1.5, 2.5, 0, 0]})) == []
    assert found(check(tables, {"lat": "1.50", "at": [1.6, 2.5, 0, 0]})) == ["at:calculation"]
    assert found(check(tables, {"lat": "1.50", "at": [1.5, 2.5]})) == ["at:calculation"]


def test_computes_on_with_its_own_value() -> None:
    tables = f"{HEAD}| | calculate | a | | | | | 1 + 1 |\n| | integer | b | B | | | . = ${{a}} | |"
    assert found(check(tables, {"a": "9", "b": 2})) == ["a:calculation"]


def test_a_calculation_that_people_may_change_is_an_answer() -> None:
    assert found(check(one("integer | a | A | | | . < 9 | 1 + 1"), {"a": 3})) == []


def test_an_answer_in_a_closed_group_breaks_the_rule_of_the_group() -> None:
    columns = "type | name | label | relevant | constraint_message | bind::ly:rule | bind::ly:level"
    tables = (
        f"| survey |\n| | {columns} |\n"
        "| | text | a | A | | | | |\n| | begin_group | g | G | ${a} = 'x' | Too late | R44 | E |\n"
        "| | text | b | B | | | | |\n| | end_group | | | | | | |"
    )
    [broken] = check(tables, {"a": "y", "g": {"b": "left over"}}).violations
    assert (broken.path, broken.code, broken.rule, broken.level) == ("g/b", "relevance", "R44", "E")
    assert broken.message == {"default": "Too late"}


def test_tolerates_the_last_digits_of_a_power() -> None:
    tables = one("calculate | a | | | | | pow(1.1, 10)")
    assert found(check(tables, {"a": "2.5937424601000025"})) == []
    assert found(check(tables, {"a": "2.59374"})) == ["a:calculation"]


def test_notices_an_answer_that_did_not_apply_and_drops_it() -> None:
    tables = f"{HEAD}| | text | a | A | | | | |\n| | text | b | B | ${{a}} = 'x' | yes | . = 'q' | |\n"
    tables += "| | calculate | c | | | | | ${b} |"
    checked = check(tables, {"a": "y", "b": "left over"})
    assert found(checked) == ["b:relevance"]
    assert checked.calculated == {"b": None}


def test_notices_instances_of_a_repeat_that_did_not_apply() -> None:
    tables = f"{HEAD}| | text | a | A | | | | |\n| | begin_repeat | m | M | ${{a}} = 'x' | | | |\n"
    tables += "| | text | b | B | | yes | | |\n| | end_repeat | | | | | | |"
    checked = check(tables, {"a": "y", "m": [{}, {}]})
    assert (found(checked), checked.calculated) == (["m:relevance"], {"m": None})


def test_notices_a_repeat_with_too_few_instances() -> None:
    tables = "| survey |\n| | type | name | label | repeat_count |\n| | begin_repeat | m | M | 3 |\n"
    tables += "| | text | b | B | |\n| | end_repeat | | | |"
    checked = check(tables, {"m": [{}, {}]})
    assert (found(checked), checked.calculated) == (["m:calculation"], {"m": "3", "m_count": "3"})


def test_names_the_instance_in_paths() -> None:
    tables = f"{HEAD}| | begin_repeat | h | H | | | | |\n| | begin_group | g | G | | | | |\n"
    tables += "| | begin_repeat | m | M | | | | |\n| | text | b | B | | yes | | |\n"
    tables += "| | end_repeat | | | | | | |\n| | end_group | | | | | | |\n| | end_repeat | | | | | | |"
    answers = {"h": [{}, {"g": {"m": [{"b": "1"}, {}]}}]}
    assert found(check(tables, answers)) == ["h[2]/g/m[2]/b:required"]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", 7, "7.5"),
        ("integer", "-7", True),
        ("decimal", "7.50", "7,50"),
        ("decimal", "-.5", "NaN"),
        ("date", "2016-02-29", "2015-02-29"),
        ("time", "23:59:00.000+08:00", "24:00"),
        ("dateTime", "2016-10-15T09:00:00.000+08:00", "2016-10-15"),
        ("geopoint", [33.5, 120.25, 4, 8.5], [120.25, 133.5]),
        ("geopoint", "33.5 120.25", "here"),
        ("image", PHOTO, {"name": "a.jpg"}),
        ("image", PHOTO, "a.jpg"),
        ("text", "anything", ["a", "b"]),
    ],
)
def test_checks_the_type(kind: str, good: Any, bad: Any) -> None:
    tables = one(f"{kind} | a | A | | | | ")
    assert found(check(tables, {"a": good})) == []
    assert found(check(tables, {"a": bad})) == ["a:type"]


CHOICES = """
| survey |
| | type | name | label | choice_filter |
| | select_one t | a | A | |
| | select_multiple t | b | B | f = ${a} |
| choices |
| | list_name | name | label | f |
| | t | x | X | y |
| | t | y | Y | x |
| | t | z | Z | y |
"""


def test_checks_choices() -> None:
    assert found(check(CHOICES, {"a": "y", "b": ["x", "z"]})) == []
    assert found(check(CHOICES, {"a": "w"})) == ["a:choice"]
    assert found(check(CHOICES, {"a": "y", "b": ["x", "y"]})) == ["b:choice"]


def test_choices_are_words() -> None:
    assert found(check(CHOICES, {"a": "y", "b": ["x z"]})) == ["b:type"]


EXTERNAL = """
| survey |
| | type | name | label | choice_filter | calculation | constraint |
| | select_one_from_file village.csv | v | V | town = 'a' | | |
| | calculate | said | | | instance('village')/root/item[name = ${v}]/label | |
| | integer | n | N | | | . < instance('village')/root/item[name = ${v}]/size |
"""
VILLAGES = [
    {"name": "v1", "label": "东村", "town": "a", "size": "9"},
    {"name": "v2", "label": "西村", "town": "b", "size": "5"},
]


def test_checks_against_lists() -> None:
    lists = Lists(village=VILLAGES)
    assert found(check(EXTERNAL, {"v": "v1", "said": "东村", "n": 8}, lists)) == []
    assert found(check(EXTERNAL, {"v": "v1", "n": 9}, lists)) == ["n:constraint"]
    assert found(check(EXTERNAL, {"v": "v2"}, lists)) == ["v:choice"]


def test_asks_for_rows_by_key() -> None:
    lists = Lists(village=VILLAGES)
    check(EXTERNAL, {"v": "v1", "said": "东村", "n": 8}, lists)
    wanted = [("village", {"name": "v1"}), ("village", {"town": "a", "name": "v1"})]
    assert all(asked in wanted for asked in lists.asked)
    assert all(each in lists.asked for each in wanted)


def test_takes_as_sent_what_an_unavailable_list_decides() -> None:
    checked = check(EXTERNAL, {"v": "v9", "said": "南村", "n": 80}, Lists())
    assert found(checked) == ["said:not_checked", "v:not_checked", "n:not_checked"]
    assert {each.level for each in checked.violations} == {"N"}
    assert checked.calculated == {}


def test_relevance_by_an_unavailable_list_is_as_sent() -> None:
    tables = "| survey |\n| | type | name | label | relevant | required |\n| | csv-external | l | | | |\n"
    tables += "| | text | a | A | count(instance('l')/root/item) > 0 | yes |\n"
    assert found(check(tables, {"a": "x"})) == ["a:not_checked"]
    assert found(check(tables, {})) == ["a:not_checked"]


@pytest.mark.parametrize("expression", ["uuid()", "once(random())", "now()", "if(true(), uuid(), 'a')"])
def test_takes_as_sent_what_is_another_each_time(expression: str) -> None:
    tables = one(f"calculate | a | | | | | {expression}")
    assert found(check(tables, {"a": "whatever"})) == ["a:not_checked"]
    assert found(check(tables, {})) == []


def test_today_is_by_the_phones_zone() -> None:
    tables = one("calculate | a | | | | | today()")
    late = {"ended_at": "2016-10-14T16:30:00Z"}
    assert check(tables, {}, utc_offset_min=480, **late).calculated == {"a": "2016-10-15"}
    assert check(tables, {}, utc_offset_min=0, **late).calculated == {"a": "2016-10-14"}


def test_messages_show_answers_in_every_language() -> None:
    said = "constraint_message::中文 (zh) | constraint_message::English (en)"
    tables = f"""
| survey |
| | type | name | label::中文 (zh) | label::English (en) | constraint | {said} |
| | text | who | 谁 | Who | | | |
| | integer | a | 岁 | Age | . < 120 | ${{who}}太老 | ${{who}} is too old |
| settings |
| | form_id | version | default_language |
| | t | 1 | 中文 (zh) |
"""
    checked = check(tables, {"who": "李四", "a": 130})
    assert checked.violations[0].message == {"zh": "李四太老", "en": "李四 is too old"}


def test_says_something_where_the_author_says_nothing() -> None:
    checked = check(one("integer | a | A | | yes | | "), {})
    assert checked.violations == [Violation("a", "required", "", "E", {"default": "请填写此项"})]


RULES = """
| survey |
| | type | name | label | relevant | required | constraint | calculation | bind::ly:rule | bind::ly:level |
| | integer | a | A | | | . < 100 | | R38 | E |
| | text | why | Why so many? | ${a} > 10 | yes | | | R35 | W |
| | calculate | flag | Look again | | | | if(${a} = 7, 1, 0) | R37 | Q |
| | acknowledge | stop | Not 13 | ${a} = 13 | yes | false() | | R05 | E |
"""


def rules(answers: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.code, each.rule, each.level) for each in check(RULES, answers).violations]


def test_rules_have_their_number_and_level() -> None:
    assert rules({"a": 5}) == []
    assert rules({"a": 100, "why": "so"}) == [("constraint", "R38", "E"), ("rule", "R35", "W")]
    assert rules({"a": 50}) == [("required", "", "E"), ("rule", "R35", "W")]
    assert rules({"a": 7}) == [("rule", "R37", "Q")]
    assert rules({"a": 13, "why": "so"}) == [("rule", "R35", "W"), ("required", "R05", "E")]


def test_what_the_form_does_not_have_is_reported() -> None:
    checked = check(one("text | a | A | | | | "), {"a": "1", "b": "2", "c": {}})
    assert found(checked) == ["b:relevance", "c:relevance"]


@pytest.mark.parametrize("answers", [{"m": {}}, {"m": [1]}, {"m": "x"}, {"g": []}, {"g": "x"}, {"g": 1}])
def test_answers_of_the_wrong_shape_are_reported(answers: dict[str, Any]) -> None:
    tables = f"{HEAD}| | begin_repeat | m | M | | | | |\n| | text | b | B | | | | |\n"
    tables += "| | end_repeat | | | | | | |\n| | begin_group | g | G | | | | |\n"
    tables += "| | text | c | C | | | | |\n| | end_group | | | | | | |"
    assert {each.code for each in check(tables, answers).violations} == {"type"}


CONCLUDED = """
| survey |
| | type | name | label | calculation | relevant | bind::ly:subject | save_to |
| | csv-external | household | | | | | |
| | text | hh | H | | | household | |
| | text | phone | P | | | | household#phone |
| | text | note | N | | ${phone} != '' | | household#note |
| | begin_repeat | m | M | | | | |
| | text | id | I | | | | |
| | text | name | N | | | | member#label_text |
| | calculate | home | | ${hh} | | | member#household |
| | end_repeat | | | | | | |
| entities |
| | list_name | entity_id | create_if | update_if | label |
| | household | ${hh} | | | |
| | member | ${id} | ${name} != 'old' | ${name} = 'old' | ${name} |
| settings |
| | form_id | version | instance_name | ly:key | ly:village |
| | t | 1 | concat('House ', ${hh}) | if(${hh} != '', concat(${hh}, '/2016'), '') | substr(${hh}, 0, 2) |
"""


def test_says_what_the_record_is_called_and_is_about() -> None:
    checked = check(CONCLUDED, {"hh": "h17"})
    assert checked.instance_name == "House h17"
    assert checked.subject == ("household", "h17")
    assert checked.keys == ["h17/2016"]
    assert checked.village == "h1"


def test_an_empty_record_has_no_key_and_no_subject() -> None:
    checked = check(CONCLUDED, {})
    assert (checked.keys, checked.subject, checked.entities) == ([], None, [])


def test_says_which_rows_are_written() -> None:
    people = [{"id": "m1", "name": "Li"}, {"id": "m2", "name": "old"}]
    written = check(CONCLUDED, {"hh": "h1", "m": people}).entities
    assert [(each.list_name, each.entity_id, each.kind, each.label, each.path) for each in written] == [
        ("household", "h1", "update", "", ""),
        ("member", "m1", "create", "Li", "m[1]"),
        ("member", "m2", "update", "old", "m[2]"),
    ]
    assert written[1].data == {"label_text": "Li", "household": "h1"}


def test_an_update_clears_what_was_emptied_but_not_what_was_not_asked() -> None:
    assert check(CONCLUDED, {"hh": "h1"}).entities[0].data == {"phone": ""}
    assert check(CONCLUDED, {"hh": "h1", "phone": "1"}).entities[0].data == {"phone": "1", "note": ""}


def test_checks_do_not_share_anything() -> None:
    source = source_of(CONCLUDED)
    checker = load_checker(source)
    first = checker.check({"hh": "h1", "m": [{"id": "a"}]}, Lists(), {})
    second = checker.check({"hh": "h2"}, Lists(), {})
    assert [each.entity_id for each in first.entities] == ["h1", "a"]
    assert [each.entity_id for each in second.entities] == ["h2"]


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "answers.clear()",
        "().__class__",
        "h_open.__globals__",
        "__builtins__",
        "eval('1')",
        "t = (lambda t: t)(1)",
        "h_kind(x, y=1)",
        "while True: pass",
        "global v1",
        "t = f'{x}'",
        "t = [t := 1]",
        "del x",
        "raise x",
        "with x: pass",
        "assert x",
        "t = {**x}.y",
        "t = yield",
        "t = 1 / v1",
        "t = 1 / 0.0",
        "def v1(v2=1): return v2",
        "class v1: pass",
    ],
)
def test_refuses_source_that_no_emitter_writes(line: str) -> None:
    source = source_of(one("text | a | A | | | | ")) + f"    {line}\n"
    with pytest.raises(UnsafeSource):
        load_checker(source)


@pytest.mark.parametrize("source", ["", "RUNTIME = 2\n", "def check(", "\x00", "(" * 10_000])
def test_refuses_what_is_no_checker(source: str) -> None:
    with pytest.raises(UnsafeSource):
        load_checker(source)


def test_a_list_may_be_unavailable_at_the_very_end() -> None:
    looked_up = "instance('household')/root/item[name = ${hh}]/label"
    tables = CONCLUDED.replace("concat('House ', ${hh})", looked_up)
    assert check(tables, {"hh": "h1"}, Lists()).instance_name == ""
