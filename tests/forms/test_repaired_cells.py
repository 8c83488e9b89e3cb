"""Cells as offices fill them: ticks, expressions and defaults, each repair with what is said of it."""

from __future__ import annotations

import pytest

from forms import FormError, compile_form
from forms.repair_expressions import mended
from tests.forms.repairing import cells, choices, compiled, read, survey
from tests.forms.sheets import placed, with_settings


@pytest.mark.parametrize("tick", ["T", "TRUE", "Yes", "Y", "x", "oui", "是", "true()", "TRUE()"])
def test_takes_a_tick_for_yes(tick: str) -> None:
    book, _ = read(survey("type | name | label | required", f"text | a | A | {tick}"))
    assert cells(book, "required") == ["yes"]


def test_says_that_a_tick_was_taken_for_no() -> None:
    book, told = read(survey("type | name | label | read only", "text | a | A | non"))
    assert cells(book, "read_only") == ["no"]
    assert told == [("repaired_expression", "survey", 2, "read only")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("${a} == 1 AND ${b} <> 2", "${a} = 1 and ${b} != 2"),
        ("(${a} ≥ 1) OR(${b} =< 2)", "(${a} >= 1) or(${b} <= 2)"),
        ("IF(${a} &gt;= 3, 'a == b', Today())", "if(${a} >= 3, 'a == b', today())"),
        (".>0 and.<130 or.=200", ".>0 and .<130 or .=200"),
        ("'&lt;b&gt; == AND '", "'&lt;b&gt; == AND '"),
        ("BRAND and ORder", "BRAND and ORder"),
        ("Unknown(1)", "Unknown(1)"),
    ],
)
def test_mends_operators_of_other_languages_outside_literals(written: str, meant: str) -> None:
    assert mended(written) == meant


def test_mends_expressions_of_a_sheet_and_says_so() -> None:
    book, told = read(survey("type | name | label | constraint", "integer | a | A | . &gt; 1 AND . &lt; 5"))
    assert cells(book, "constraint") == [". > 1 and . < 5"]
    assert told == [("repaired_expression", "survey", 2, "constraint")]


def test_duration_is_the_time_from_start_to_end() -> None:
    book, _ = read(
        survey(
            "type | name | label | calculation",
            "start | began | |",
            "text | a | A |",
            "calculate | took | | duration() + phone-call-duration()",
            "calculate | who | | username()",
        )
    )
    assert cells(book, "name") == ["began", "a", "took", "who", "end_1", "username_1"]
    assert "${began}" in cells(book, "calculation")[2]
    assert cells(book, "calculation")[2].endswith("+ phone-call-duration()")
    assert cells(book, "calculation")[3] == "${username_1}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+86", "concat('+86')"),
        ("a - b", "concat('a - b')"),
        ("Ag (COVID-19) [Presence] in x", "concat('Ag (COVID-19) [Presence] in x')"),
        ("Other (specify)", "concat('Other (specify)')"),
        ("cocat(1)", "cocat(1)"),
        ("it's + more", 'concat("it\'s + more")'),
        ("3 + 4", "3 + 4"),
        ("2016-10-15", "2016-10-15"),
        ("today() + 1", "today() + 1"),
    ],
)
def test_keeps_a_default_that_is_a_text(written: str, meant: str) -> None:
    book, _ = read(survey("type | name | label | default", f"text | a | A | {written}"))
    assert cells(book, "default") == [meant]


def test_takes_a_records_name_that_is_a_text() -> None:
    settings = "| settings |\n| | form_id | version | instance_name | ly:purpose | ly:retention_days |"
    tables = f"{survey('type | name | label', 'text | a | A')}\n{settings}\n| | t | 1 | Visit-v1 | p | 3 |"
    form = compile_form(tables.encode(), "t.md")
    assert ("repaired_expression", "settings", 2, "instance_name") in placed(form.warnings)


def test_takes_a_filter_away_where_there_are_no_choices() -> None:
    book, told = read(survey("type | name | label | choice_filter", "text | a | A | x = ${nobody}"))
    assert cells(book, "choice_filter") == [""]
    assert told == [("unused_filter", "survey", 2, "choice_filter")]


def test_leaves_out_parameters_that_a_type_has_not() -> None:
    book, told = read(survey("type | name | label | parameters", "range | a | A | start=1 end=5 colour=red"))
    assert cells(book, "parameters") == ["start=1 end=5"]
    assert told == [("unused_parameter", "survey", 2, "parameters")]


def test_says_that_the_phone_has_no_use_for_a_parameter_which_other_clients_read() -> None:
    book, told = read(survey("type | name | label | parameters", "image | a | A | app=org.example.camera"))
    assert cells(book, "parameters") == ["app=org.example.camera"]
    assert told == [("unused_parameter", "survey", 2, "parameters")]


def test_takes_appearances_in_capitals() -> None:
    book, told = read(
        survey(
            "type | name | label | appearance",
            "begin_group | g | G | Field-list w2",
            "text | a | A | Huge",
            "end_group",
        )
    )
    assert cells(book, "appearance") == ["field-list w2", "Huge", ""]
    assert told == [("repaired_expression", "survey", 2, "appearance")]


def test_takes_a_bare_name_as_a_trigger() -> None:
    book, told = read(
        survey(
            "type | name | label | trigger | calculation", "text | a | A | |", "calculate | b | | a | now()"
        )
    )
    assert cells(book, "trigger") == ["", "${a}"]
    assert told == [("repaired_reference", "survey", 3, "trigger")]


def test_leaves_out_choices_of_no_list() -> None:
    book, told = read(survey("type | name | label", "select_one l | a | A"), choices("l | x | X", " | | No"))
    assert cells(book, "name", "choices") == ["x"]
    assert told == [("stray_choice", "choices", 3, "list_name")]


def test_a_second_repeat_of_a_name_gets_another_wherever_it_stands() -> None:
    rows = ["begin_repeat | r | R", "text | a | A", "end_repeat | |"]
    nodes = compiled(
        survey(
            "type | name | label", "begin_group | g | G", *rows, "end_group | |", "begin_group | h | H", *rows
        )
        + "\n| | end_group | | |"
    )
    assert [*nodes] == ["g", "g/r", "g/r/a", "h", "h/r_2", "h/r_2/a"]


def test_groups_named_meta_are_renamed_alike() -> None:
    meta = ["begin_group | meta | M |", "text | a | A |", "end_group | | |"]
    book, _ = read(
        survey(
            "type | name | label | calculation",
            *("begin_group | g | G |", *meta, "end_group | | |", "begin_group | h | H |", *meta),
            *("calculate | c | | ../meta/a", "end_group | | |"),
        )
    )
    assert cells(book, "name").count("meta_2") == 2
    assert "../meta_2/a" in cells(book, "calculation")


def test_an_attribute_named_tag_has_no_effect() -> None:
    form = compile_form(
        with_settings(
            survey(
                "type | name | label | instance::tag",
                "begin_group | g | G | t",
                "text | a | A |",
                "end_group",
            )
        ),
        "t.md",
    )
    assert placed(form.warnings) == [("unknown_column", "survey", 1, "instance::tag")]


def test_the_root_keeps_its_name_where_a_setting_gives_it_none() -> None:
    settings = "| settings |\n| | form_id | version | name | ly:purpose | ly:retention_days |"
    tables = f"{survey('type | name | label', 'text | a | A')}\n{settings}\n| | t | 1 | my form | p | 3 |"
    form = compile_form(tables.encode(), "t.md")
    assert ("repaired_name", "settings", 2, "name") in placed(form.warnings)


def test_shows_the_name_where_there_is_no_label() -> None:
    nodes = compiled(survey("type | name | label::en | label::fr", "text | a | |", "uri:deviceid | c | |"))
    assert nodes["a"]["label"] == {"en": "a", "fr": "a"}
    assert nodes["c"]["label"] == {}


def test_a_calculation_without_an_expression_stays_empty() -> None:
    book, told = read(survey("type | name | label | calculation", "calculate | a | |"))
    assert cells(book, "type") == ["hidden"]
    assert told == [("missing_calculation", "survey", 2, "calculation")]


def test_every_repair_says_what_it_did_in_both_languages() -> None:
    form = compile_form(
        with_settings(survey("Type | name | label | media::image | image", "Text Audit | 1st | | | a.png")),
        "t.md",
    )
    said: list[FormError] = form.warnings
    assert said
    for warning in said:
        assert all(words["zh"] and words["en"] for words in (warning.message, warning.remedy))


def test_the_root_gives_way_to_a_repeat_of_its_name() -> None:
    rows = ("begin repeat | data | D", "text | a | A", "end repeat | |")
    form = compile_form(survey("type | name | label", *rows).encode(), "f.md", is_draft=True)
    assert "<data_2 " in form.xform and form.warnings == []
    assert [node["path"] for node in form.outline["nodes"]] == ["data", "data/a"]


def test_takes_a_picture_of_a_label_for_one_and_tells_that_a_hint_shows_none() -> None:
    columns = "type | name | label | label::image | hint | hint::audio"
    form = compile_form(survey(columns, "text | a | A | a.png | H | a.mp3").encode(), "f.md", is_draft=True)
    told = [warning for warning in placed(form.warnings) if warning[2]]
    assert sorted(told) == [
        ("repaired_expression", "survey", 1, "label::image"),
        ("unshown_media", "survey", 1, "hint::audio"),
    ]
    assert form.outline["languages"] == ["default"] and form.outline["media"] == ["a.png"]
    assert 'media:{"default":{"image":"a.png"}}' in form.javascript and "a.mp3" not in form.javascript


def test_a_picture_that_only_fills_a_gap_is_none() -> None:
    columns = "type | name | label::en | label::fr | media::image::en"
    form = compile_form(survey(columns, "text | a | A | B | a.png").encode(), "f.md", is_draft=True)
    assert form.outline["media"] == ["a.png"]


@pytest.mark.parametrize("moment", ["14:30:00", "2024-06-11T14:30:00", "2024-06-11 14:30", "1990-01-01"])
def test_a_date_or_time_alone_is_no_calculation(moment: str) -> None:
    book, told = read(survey("type | name | calculation", f"calculate | a | {moment}"))
    assert cells(book, "calculation") == [f"'{moment}'"]
    assert told == [("repaired_expression", "survey", 2, "calculation")]


def test_dates_are_still_computed_with() -> None:
    book, told = read(survey("type | name | calculation", "calculate | a | 2024 - 10 - 3"))
    assert (cells(book, "calculation"), told) == (["2024 - 10 - 3"], [])
