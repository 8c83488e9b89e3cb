"""What an author is warned of: once for one thing, saying what to do, and not where nothing is lost."""

from __future__ import annotations

from forms import FormError, compile_form
from tests.forms.compiled import check, found
from tests.forms.repairing import choices, survey
from tests.forms.sheets import placed


def told(*tables: str) -> list[FormError]:
    return compile_form("\n".join(tables).encode(), "t.md", is_draft=True).warnings


def test_an_appearance_nobody_knows_is_told_once_with_how_many_rows_have_it() -> None:
    columns = "type | name | label | appearance"
    (warning,) = told(survey(columns, "note | a | A | h1 blue(", "note | b | B | h1", "note | c | C | h1 w1"))
    assert placed([warning]) == [("unknown_appearance", "survey", 3, "appearance")]
    assert "2 行" in warning.message["zh"] and "in 2 rows" in warning.message["en"]


def test_an_appearance_of_what_nobody_sees_is_not_told() -> None:
    columns = "type | name | label | appearance | calculation"
    rows = (
        "begin group | g | | hidden |",
        "calculate | a | | hidden | 1",
        "hidden | b | | hidden |",
        "end group | | | |",
    )
    assert told(survey(columns, *rows, "text | c | C | |")) == []
    (warning,) = told(survey(columns, *rows[:3], "text | c | C | |", rows[3]))
    assert placed([warning]) == [("unknown_appearance", "survey", 2, "appearance")]


def test_lists_without_use_are_told_together() -> None:
    (warning,) = told(
        survey("type | name | label", "text | a | A"), choices("l | 1 | A", "m | 1 | B", "m | 2 | C")
    )
    assert placed([warning]) == [("unused_list", "choices", 2, "list_name")]
    assert "l, m" in warning.message["zh"] and "(2)" in warning.message["en"]


def test_leaves_out_a_list_without_use_that_refers_to_what_is_not_there() -> None:
    tables = survey("type | name | label", "text | a | A"), choices("l | 1 | ${a} ${gone}", "l | 2 | B")
    (warning,) = told(*tables)
    assert placed([warning]) == [("idle_list", "choices", 2, "list_name")]
    assert "${gone}" in warning.message["en"]


def test_a_position_without_a_purpose_says_what_it_lacks() -> None:
    (warning,) = told(survey("type | name | label", "start-geopoint | p |", "text | a | A"))
    assert placed([warning]) == [("position_without_purpose", "survey", 2, "type")]
    assert "ly:purpose" in warning.remedy["zh"]


OWN = "type | name | label | relevant | default"


def test_a_group_that_shows_by_what_nobody_is_asked_is_not_told() -> None:
    group = "begin group | g | G | ./source = 'user' |"
    rows = ("text | a | A | |", "end group | | | |")
    assert told(survey(OWN, group, "hidden | source | | | user", *rows)) == []
    warnings = told(survey(OWN, group, "text | source | S | | user", *rows))
    assert placed(warnings) == [("own_relevance", "survey", 2, "relevant")]


def test_a_question_that_shows_by_its_own_answer_says_so() -> None:
    warnings = told(survey(OWN, "text | a | A | . != 'x' |"))
    assert placed(warnings) == [("own_answer", "survey", 2, "relevant")]


def test_a_default_taken_as_text_says_that_nothing_is_computed() -> None:
    warnings = told(survey(OWN, "text | a | A | | +977"))
    assert placed(warnings) == [("default_as_text", "survey", 2, "default")]


def test_a_count_of_what_is_no_repeat_has_no_effect() -> None:
    columns = "type | name | label | repeat_count"
    warnings = told(survey(columns, "text | a | A | (select one)", "integer | n | N |"))
    assert placed(warnings) == [("unused_count", "survey", 2, "repeat_count")]


def test_says_in_its_own_words_what_the_converter_remarks() -> None:
    columns = "type | name | label::en | label::zh | hint::en"
    rows = ("select_one l or_other | a | A | 甲 |", "| | | | left over")
    warnings = told(
        survey(columns, *rows), choices("l | 1 | X | 子", columns="list_name | name | label::en | label::zh")
    )
    assert sorted(each.code for each in warnings) == ["plain_other", "skipped_row"]


def test_remarks_about_other_clients_are_not_passed_on() -> None:
    columns = "type | name | label::English | label::Français"
    assert told(survey(columns, "text | a | A | A")) == []


def test_a_constraint_without_its_dot_compares_the_answer() -> None:
    columns = "type | name | label | constraint"
    rows = ("integer | a | A | > 0 and (< 9 or = 20)", "integer | b | B | ${a} > 1")
    assert placed(told(survey(columns, *rows))) == [("repaired_expression", "survey", 2, "constraint")]
    tables = survey(columns, *rows)
    assert found(check(tables, {"a": 9, "b": 1})) == ["a:constraint"]
    assert found(check(tables, {"a": 20, "b": 1})) == []
