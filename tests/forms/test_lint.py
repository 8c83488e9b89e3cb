"""Every mistake an author can make in the sheets, with its code, sheet, row and column."""

import pytest

from forms import compile_form
from forms.errors import ErrorList
from forms.lint import lint
from forms.survey import read_survey
from tests.forms.mistakes import (
    CALCULATIONS,
    CASES,
    ONE_QUESTION,
    calculation,
    choices,
    settings,
    survey,
)
from tests.forms.sheets import lint_of, placed, workbook_of


@pytest.mark.parametrize("name", CASES)
def test_finds(name: str) -> None:
    tables, expected = CASES[name]
    assert placed(lint_of(tables)) == [expected]


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong_and_what_to_do_in_both_languages(name: str) -> None:
    [error] = lint_of(CASES[name][0])
    for words in (error.message, error.remedy):
        assert words["zh"] and words["en"]
        assert "{" not in words["en"].replace("${", "")


def test_finds_nothing_in_a_good_form() -> None:
    assert lint_of(ONE_QUESTION) == []


def test_finds_a_circle_through_relevance_and_names_it() -> None:
    [error] = lint_of(
        survey(
            "text | a | A | ${c} = 1 | |",
            "calculate | b | | | ${a}",
            "calculate | c | | | ${b}",
            columns="type | name | label | relevant | calculation",
        )
    )
    assert placed([error]) == [("cycle", "survey", 2, "relevant")]
    assert "a → c → b → a" in error.message["en"]


def test_a_triggered_calculation_may_keep_what_was_there() -> None:
    assert (
        lint_of(
            survey(
                "text | a | A | |",
                "text | b | B | if(${a} = 'x', 'y', ${b}) | ${a}",
                columns="type | name | label | calculation | trigger",
            )
        )
        == []
    )


def test_finds_all_errors_at_once() -> None:
    found = placed(
        lint_of(
            survey(
                "txt | a | A | |",
                "calculate | b | | ${nobody} |",
                "calculate | c | | nothing(1) |",
                "calculate | d | | ${d} + 1 |",
                "select_one nolist | e | E | |",
                columns=CALCULATIONS,
            )
        )
    )
    assert found == [
        ("unknown_type", "survey", 2, "type"),
        ("unknown_name", "survey", 3, "calculation"),
        ("unknown_function", "survey", 4, "calculation"),
        ("cycle", "survey", 5, "calculation"),
        ("missing_list", "survey", 6, "type"),
    ]


@pytest.mark.parametrize(
    ("tables", "suggestion"),
    [
        (survey("intger | a | A"), "integer"),
        (survey("text | name_of | A ${nameof}"), "name_of"),
        (calculation("contcat(${a})"), "concat"),
        (survey("select_one yesno | a | A") + choices("yes_no | y | Y"), "yes_no"),
    ],
)
def test_suggests_the_closest_spelling(tables: str, suggestion: str) -> None:
    assert f"'{suggestion}'" in lint_of(tables)[0].message["en"]


def test_accepts_lists_declared_as_external() -> None:
    tables = survey(
        "csv-external | household | | |",
        "select_one_from_file person.csv | p | P | |",
        "calculate | a | | instance('household')/root/item[name = ${p}]/label |",
        "calculate | b | | instance('person')/root/item[name = ${p}]/phone |",
        columns=CALCULATIONS,
    )
    assert lint_of(tables) == []


def test_accepts_the_question_that_or_other_adds() -> None:
    tables = survey(
        "select_one yn or_other | a | A | |", "calculate | b | | ${a_other} |", columns=CALCULATIONS
    ) + choices("yn | y | Y")
    assert lint_of(tables) == []


def test_accepts_aggregates_over_its_own_repeat() -> None:
    tables = survey(
        "begin_repeat | r | R | |",
        "integer | n | N | |",
        "calculate | before | | indexed-repeat(${before}, ${r}, 1) + ${n} |",
        "end_repeat",
        columns=CALCULATIONS,
    )
    assert lint_of(tables) == []


def test_a_draft_is_tried_out_without_a_sheet_that_is_misspelt() -> None:
    tables = ONE_QUESTION + settings("t | 1 | p | 9").replace("settings", "setings")
    form = compile_form(tables.encode(), "f.md", is_draft=True)
    assert [(each.code, each.sheet) for each in form.blockers] == [("unknown_sheet", "setings")]


def test_a_draft_needs_no_purpose() -> None:
    errors = ErrorList(is_draft=True)
    book = workbook_of(ONE_QUESTION + settings("t | 1 | | "))
    lint(book, read_survey(book), {}, errors)
    assert list(errors) == []
