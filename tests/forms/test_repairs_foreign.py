"""Workbooks written for other programs, such as Survey123: what is left out, and what has one meaning."""

from __future__ import annotations

import pytest

from forms import FormErrors, compile_form
from tests.forms.compiled import check
from tests.forms.repairing import read, survey, table
from tests.forms.sheets import placed, with_settings


def test_leaves_out_attributes_of_a_namespace_nobody_declares() -> None:
    """Survey123 writes `bind::esri:fieldType`; with the prefix undeclared the XForm is no XML."""
    tables = survey(
        "type | name | label | bind::esri:fieldType | body::esri:style | bind::odk:length",
        "text | a | A | null | x | 5",
    )
    form = compile_form(with_settings(tables), "t.md")
    assert placed(form.warnings) == [
        ("foreign_column", "survey", 1, "bind::esri:fieldType"),
        ("foreign_column", "survey", 1, "body::esri:style"),
    ]
    assert 'odk:length="5"' in form.xform


def test_keeps_attributes_of_a_declared_namespace() -> None:
    settings = table(
        "settings",
        "form_id | version | ly:purpose | ly:retention_days | namespaces",
        't | 1 | 测试 | 365 | esri="http://esri.com/xforms"',
    )
    tables = survey("type | name | label | bind::esri:fieldType", "text | a | A | null")
    form = compile_form(f"{tables}\n{settings}".encode(), "t.md")
    assert 'esri:fieldType="null"' in form.xform
    assert form.warnings == []


@pytest.mark.parametrize(
    ("part", "value"), [("y", "33.5"), ("x", "120.25"), ("z", "8"), ("horizontalAccuracy", "4")]
)
def test_takes_a_part_of_a_position(part: str, value: str) -> None:
    row = f'calculate | p | | pulldata("@geopoint", ${{g}}, "{part}")'
    tables = survey("type | name | label | calculation", "geopoint | g | G |", row)
    _, told = read(tables)
    assert told == [("repaired_expression", "survey", 3, "calculation")]
    assert check(tables, {"g": [33.5, 120.25, 8, 4]}).calculated == {"p": value}


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        ("pulldata('@javascript', 'f.js', 'f', ${a})", "selected-at("),
        ("pulldata('@json', ${a}, 'b')", "selected-at("),
        ("property('username')", "username"),
    ],
)
def test_says_what_to_write_instead_of_functions_of_survey123(call: str, remedy: str) -> None:
    tables = survey("type | name | label | calculation", "text | a | A |", f"calculate | c | | {call}")
    with pytest.raises(FormErrors) as refused:
        compile_form(with_settings(tables), "t.md")
    assert placed(refused.value.errors) == [("unsupported_function", "survey", 3, "calculation")]
    assert remedy in refused.value.errors[0].remedy["en"]


def test_names_both_columns_that_say_the_same_in_different_words() -> None:
    settings = table("settings", "form_id | id_string", "a | b")
    with pytest.raises(FormErrors) as refused:
        compile_form(f"{survey('type | name | label', 'text | a | A')}\n{settings}".encode(), "t.md")
    assert placed(refused.value.errors) == [("duplicate_column", "settings", 2, "id_string")]
    assert "'id_string' and 'form_id'" in refused.value.errors[0].message["en"]


def test_lets_columns_without_effect_say_different_things() -> None:
    tables = survey("type | name | label | who asked | who asked", "text | a | A | x | y")
    assert [*{each.code for each in compile_form(with_settings(tables), "t.md").warnings}] == [
        "unknown_column"
    ]


def test_the_root_gives_way_to_a_question_of_its_name_that_is_meant() -> None:
    """`data` is Portuguese for a date; the converter takes `${data}` for the root as well and refuses it."""
    tables = survey("type | name | label | relevant", "date | data | D |", "text | a | A | ${data} != ''")
    form = compile_form(with_settings(tables), "t.md")
    assert "<data_2 " in form.xform and "relevant=\" /data_2/data  != ''\"" in form.xform
    assert form.warnings == []
    unmeant = survey("type | name | label | relevant", "date | data | D |", "text | a | A | /data/data != ''")
    assert "<data " in compile_form(with_settings(unmeant), "t.md").xform


@pytest.mark.parametrize(
    "call",
    ["pulldata(${a}, 'x', 'k', 'v')", "pulldata('l', 'x', ${a}, 'v')", "pulldata('l', ${a}, 'k', 'v')"],
)
def test_says_that_a_list_is_named_outright(call: str) -> None:
    rows = ("csv-external | l | |", "text | a | A |", f"calculate | c | | {call}")
    with pytest.raises(FormErrors) as refused:
        compile_form(survey("type | name | label | calculation", *rows).encode(), "t.md", is_draft=True)
    assert placed(refused.value.errors) == [("computed_list", "survey", 4, "calculation")]
    assert "/data/a" in refused.value.errors[0].message["zh"]


@pytest.mark.parametrize(
    ("written", "value"),
    [("int(${n} div 2, 0)", "3"), ("coalesce(${n})", "7"), ("coalesce(int(7.5, 0))", "7")],
)
def test_takes_arguments_that_say_nothing(written: str, value: str) -> None:
    tables = survey("type | name | label | calculation", "integer | n | N |", f"calculate | c | | {written}")
    assert check(tables, {"n": 7}).calculated == {"c": value}
    form = compile_form(with_settings(tables), "t.md")
    assert set(placed(form.warnings)) == {("repaired_expression", "survey", 3, "calculation")}


def test_refuses_digits_that_would_say_something() -> None:
    tables = survey("type | name | label | calculation", "calculate | c | | int(7.25, 1)")
    with pytest.raises(FormErrors) as refused:
        compile_form(with_settings(tables), "t.md")
    assert placed(refused.value.errors) == [("wrong_arity", "survey", 2, "calculation")]
