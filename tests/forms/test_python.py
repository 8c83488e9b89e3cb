"""The emitted checker: always the same text, nothing of the author's in it but literals, deep forms too."""

from __future__ import annotations

import ast

import pytest

from forms import load_checker
from forms.py_expression import literal
from tests.forms.compiled import MORNING, Lists, check, found, source_of

SIMPLE = """
| survey |
| | type | name | label | constraint | constraint_message |
| | integer | age | Age | . < 120 | Too old |
"""
ATTACKS = [
    "'); import os  # ",
    '"""\nimport os\n"""',
    "\\'; x = 1",
    "{x} {0} %s {{}}",
    "__import__('os').system('true')",
    "\N{LINE SEPARATOR}import os",
    "\u0000\u0007",
    "h_broken(x, 0)",
    "v1 f2 s3",
    "𠮷\N{RIGHT-TO-LEFT OVERRIDE}abc",
]


def with_message(text: str) -> str:
    """The checker of a form whose message is this text, put in after reading so that no sheet changes it."""
    return source_of(SIMPLE).replace(literal("Too old"), literal(text))


def test_the_same_form_gives_the_same_text() -> None:
    assert source_of(SIMPLE) == source_of(SIMPLE)


def test_says_where_each_rule_was_written() -> None:
    assert "    # 1: xform" in source_of(SIMPLE)


@pytest.mark.parametrize("text", ATTACKS)
def test_literals_read_back_as_they_were(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert literal(text).isascii()


@pytest.mark.parametrize("text", ATTACKS)
def test_a_message_that_looks_like_code_is_shown_as_it_is(text: str) -> None:
    checked = load_checker(with_message(text)).check({"age": 130}, Lists(), MORNING)
    assert [each.message["default"] for each in checked.violations] == [text]


@pytest.mark.parametrize("name", ["__proto__", "__class__", "check", "x", "v1", "h_broken", "None", "import"])
def test_questions_may_have_any_name(name: str) -> None:
    tables = f"| survey |\n| | type | name | label | constraint |\n| | text | {name} | A | . = 'a' |"
    assert found(check(tables, {name: "b"})) == [f"{name}:constraint"]


@pytest.mark.parametrize("text", ["a');h_skip(x, 0)#", "{x}", "%s", "\\", "x\\n", "'''", "__import__('os')"])
def test_text_in_expressions_stays_text(text: str) -> None:
    tables = f'| survey |\n| | type | name | label | constraint |\n| | text | a | A | . = "{text}" |'
    assert found(check(tables, {"a": text})) == []
    assert found(check(tables, {"a": "other"})) == ["a:constraint"]


def test_choices_and_lists_that_look_like_code() -> None:
    name = "a');x#"
    tables = (
        "| survey |\n| | type | name | label | choice_filter |\n| | select_one t | a | A | |\n"
        "| | select_one t | b | B | f = 'q' |\n"
        f"| choices |\n| | list_name | name | label | f |\n| | t | {name} | X | q |\n| | t | y | Y | r |"
    )
    assert found(check(tables, {"a": name, "b": name})) == []
    assert found(check(tables, {"a": "z", "b": "y"})) == ["a:choice", "b:choice"]


def test_the_form_id_stays_in_its_comment() -> None:
    tables = (
        "| survey |\n| | type | name | label |\n| | text | a | A |\n"
        "| settings |\n| | form_id | version |\n| | x__import__ | 1' + str(x) + ' |"
    )
    first = source_of(tables).splitlines()[0]
    assert first == "# x__import__ 1_ _ str_x_ _ _"


@pytest.mark.parametrize("depth", [1, 30, 60, 140])
def test_deeply_nested_expressions_run(depth: int) -> None:
    expression = "concat(" * depth + "'a'" + ", 'b')" * depth
    tables = f"| survey |\n| | type | name | label | calculation |\n| | calculate | c | | {expression} |"
    assert check(tables, {}).calculated == {"c": "a" + "b" * depth}


def test_deeply_nested_conditions_are_only_evaluated_where_they_stand() -> None:
    expression = "'end'"
    for step in range(70):
        expression = f"if(${{n}} = {step}, 'found {step}', {expression})"
    tables = "| survey |\n| | type | name | label | calculation |\n| | integer | n | N | |\n"
    tables += f"| | calculate | c | | {expression} |"
    assert check(tables, {"n": 42}).calculated == {"c": "found 42"}
    assert check(tables, {"n": 99}).calculated == {"c": "end"}


def test_deep_expressions_inside_predicates_see_their_instance() -> None:
    deep = "concat(" * 60 + "n" + ", 'b')" * 60
    tables = f"""
| survey |
| | type | name | label | calculation |
| | begin_repeat | m | M | |
| | text | n | N | |
| | end_repeat | | | |
| | calculate | c | | count(${{m}}[string-length({deep}) = 62]) |
"""
    assert check(tables, {"m": [{"n": "aa"}, {"n": "a"}, {"n": "cc"}]}).calculated == {"c": "2"}


def test_long_chains_are_not_deep() -> None:
    expression = " + ".join(["1"] * 140)
    tables = f"| survey |\n| | type | name | label | calculation |\n| | calculate | c | | {expression} |"
    assert check(tables, {}).calculated == {"c": "140"}


def test_groups_nested_deeply_run() -> None:
    begin = "".join(f"| | begin_group | g{level} | G | ${{on}} = 'y' |\n" for level in range(60))
    end = "| | end_group | | | |\n" * 60
    tables = "| survey |\n| | type | name | label | relevant |\n| | text | on | O | |\n"
    tables += f"{begin}| | text | a | A | |\n{end}"
    path = "/".join(f"g{level}" for level in range(60)) + "/a"
    answers: dict[str, object] = {"a": "1"}
    for level in reversed(range(60)):
        answers = {f"g{level}": answers}
    assert check(tables, {"on": "n", **answers}).calculated == {path: None}
    assert check(tables, {"on": "y", **answers}).calculated == {}


def test_what_stands_twice_in_a_calculation_is_computed_once() -> None:
    tables = (
        "| survey |\n| | type | name | label | calculation |\n| | decimal | n | N | |\n"
        "| | calculate | c | | if(round(${n} * 100) > 5, round(${n} * 100), -1) |"
    )
    assert source_of(tables).count("h_round_half_up") == 1
    assert check(tables, {"n": "0.12"}).calculated == {"c": "12"}
    assert check(tables, {}).calculated == {"c": "-1"}


def test_what_tries_another_instance_each_time_is_not_shared() -> None:
    tables = """
| survey |
| | type | name | label | calculation |
| | begin_repeat | m | M | |
| | text | n | N | |
| | end_repeat | | | |
| | calculate | c | | count(${m}[string-length(n) > 1 or string-length(n) = 0]) |
"""
    assert check(tables, {"m": [{"n": "aa"}, {"n": "a"}, {}]}).calculated == {"c": "2"}


def test_a_list_is_read_only_where_it_is_needed() -> None:
    row = "instance('t')/root/item[name = ${n}]/v"
    tables = (
        "| survey |\n| | type | name | label | calculation |\n| | select_one_from_file t.csv | n | N | |\n"
        f"| | calculate | c | | if(${{n}} = '', 'none', concat(string-length({row}), string-length({row}))) |"
    )
    assert found(check(tables, {"c": "none"})) == []
