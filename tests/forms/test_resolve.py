"""What paths become: references, node-sets, rows of lists, positions; and what an author is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import Binary, Call, Expression, Number, String
from forms.resolve import resolve
from tests.forms.compiled import mistakes, read, resolved

FAMILY = """
| survey |
| | type | name | label | calculation |
| | csv-external | household | | |
| | text | hh | H | |
| | begin_repeat | member | M | |
| | text | m_name | N | |
| | begin_group | more | G | |
| | text | note | T | |
| | calculate | made | | {inside} |
| | end_group | | | |
| | begin_repeat | pet | P | |
| | text | kind | K | |
| | end_repeat | | | |
| | end_repeat | | | |
| | calculate | out | | {outside} |
"""
HH, MEMBER, M_NAME, NOTE, PET, KIND = 1, 2, 3, 5, 7, 8


def inside(expression: str) -> Expression:
    """What an expression becomes in a group of a repeat."""
    return calculation(FAMILY.format(inside=expression, outside="1"), "made")


def outside(expression: str) -> Expression:
    """What an expression becomes outside of any repeat."""
    return calculation(FAMILY.format(inside="1", outside=expression), "out")


def calculation(tables: str, name: str) -> Expression:
    return next(node.calculation for node in resolved(tables).nodes if node.name == name)


def test_question_of_the_same_instance() -> None:
    assert inside("${m_name}") == d.Ref(M_NAME)
    assert inside("../../m_name") == d.Ref(M_NAME)
    assert inside("current()/../note") == d.Ref(NOTE)


def test_absolute_path_from_inside_means_the_instance_around() -> None:
    assert inside("/data/member/m_name") == d.Ref(M_NAME)


def test_question_outside_of_the_repeat() -> None:
    assert inside("${hh}") == d.Ref(HH)


def test_from_outside_a_repeat_gives_all_its_instances() -> None:
    assert outside("sum(${m_name})") == Call("sum", (d.Nodes(M_NAME, 0),))


def test_nested_repeat_is_taken_within_the_instance_around() -> None:
    assert inside("count(${pet})") == Call("count", (d.Nodes(PET, MEMBER),))
    assert outside("count(${pet})") == Call("count", (d.Nodes(PET, 0),))


def test_repeat_itself_counts_all_its_instances_from_inside_too() -> None:
    assert inside("count(${member})") == Call("count", (d.Nodes(MEMBER, 0),))


def test_predicate_reads_the_instance_tried_and_current_the_own_one() -> None:
    same = Binary("=", d.Ref(M_NAME, 1), d.Ref(M_NAME, 0))
    assert inside("count(${member}[m_name = current()/../../m_name])") == Call(
        "count", (d.Nodes(MEMBER, 0, ((MEMBER, same),)),)
    )


def test_predicate_within_a_predicate() -> None:
    expression = outside("count(${member}[count(pet[kind = ../m_name]) > 0])")
    inner = d.Nodes(PET, MEMBER, ((PET, Binary("=", d.Ref(KIND, 2), d.Ref(M_NAME, 2))),), 1)
    tested = Binary(">", Call("count", (inner,)), Number(0.0))
    assert expression == Call("count", (d.Nodes(MEMBER, 0, ((MEMBER, tested),)),))


def test_predicate_on_a_question_tries_its_instances() -> None:
    filled = Binary("!=", d.Ref(M_NAME, 1), String(""))
    assert outside("count(/data/member/m_name[. != ''])") == Call(
        "count", (d.Nodes(M_NAME, 0, ((MEMBER, filled),)),)
    )


def test_position_of_the_instance_around() -> None:
    assert inside("position(../..)") == d.Position(MEMBER)
    assert inside("position(..)") == Number(1.0)  # a group stands once


def test_indexed_repeat_is_a_position() -> None:
    index = Binary("=", Call("position", ()), Call("number", (d.Ref(HH),)))
    assert outside("indexed-repeat(${m_name}, ${member}, ${hh})") == d.Nodes(M_NAME, 0, ((MEMBER, index),))


def test_equality_with_what_the_row_does_not_decide_becomes_a_lookup() -> None:
    rows = outside("instance('household')/root/item[village = ${hh} and size > 3]/label")
    assert rows == d.Rows(
        "household", "label", (("village", d.Ref(HH)),), (Binary(">", d.Column("size"), Number(3.0)),)
    )


@pytest.mark.parametrize(
    "predicates",
    [
        "[village = size]",  # decided by the row
        "[size = 3]",  # compares as a number
        "[position() = 1][village = ${hh}]",  # the position counts before the lookup
        "[village = ${hh} and position() = 1]",
        "[village = ${hh} or size = '']",
    ],
)
def test_other_predicates_are_tried_row_by_row(predicates: str) -> None:
    rows = outside(f"instance('household')/root/item{predicates}/label")
    assert isinstance(rows, d.Rows)
    assert rows.equals == ()


def test_lookup_before_a_position_stays_a_lookup() -> None:
    rows = outside("instance('household')/root/item[village = ${hh}][position() = 2]/label")
    assert isinstance(rows, d.Rows)
    assert rows.equals == (("village", d.Ref(HH)),)
    assert rows.predicates == (Binary("=", Call("position", ()), Number(2.0)),)


def test_pulldata_is_a_lookup() -> None:
    assert outside("pulldata('household', 'label', 'name', ${hh})") == d.Rows(
        "household", "label", (("name", Call("string", (d.Ref(HH),))),)
    )


def test_lists_say_which_columns_are_read_and_compared() -> None:
    expression = "instance('household')/root/item[village = ${hh} and size > 3]/label"
    form = resolved(FAMILY.format(inside="1", outside=expression))
    place = d.Place("xform", 1, "calculate")
    assert form.lists == (d.ListUse("household", ("label", "size", "village"), ("village",), place),)


def test_own_value_in_a_constraint() -> None:
    form = resolved("| survey |\n| | type | name | label | constraint |\n| | integer | a | A | . > 5 |")
    assert form.nodes[1].constraint == Binary(">", d.Ref(1), Number(5.0))


def test_name_of_a_choice_is_a_lookup_in_its_list() -> None:
    form = resolved(
        "| survey |\n| | type | name | label | calculation |\n| | select_one t | a | A | |\n"
        "| | calculate | b | | jr:choice-name(${a}, '${a}') |\n"
        "| choices |\n| | list_name | name | label |\n| | t | x | X |"
    )
    assert form.nodes[2].calculation == d.Rows("t", "label", (("name", Call("string", (d.Ref(1),))),))


def test_settings_may_hold_expressions() -> None:
    form = read("| survey |\n| | type | name | label |\n| | text | a | A |")
    extra = {"ly:key": "concat(${a}, '/', ${a})", "ly:village": "${a}"}
    errors = ErrorList()
    made = resolve(replace(form, extra=extra), errors)
    assert not errors.errors
    assert made.derived["ly:village"] == d.Ref(1)


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("m_nam", "unknown_path"),
        ("frobnicate(1)", "unknown_function"),
        ("substr('a')", "wrong_arity"),
        ("/data/member + 1", "group_as_value"),
        ("instance('nothing')/root/item/name", "unknown_instance"),
        ("position()", "misplaced_function"),
        ("/data/*", "group_as_value"),
        ("instance('household')/root", "unsupported_path"),
        ("instance('household')/root/item + 1", "rows_as_value"),
        ("pulldata(${hh}, 'a', 'b', 'c')", "computed_list"),
        ("indexed-repeat(${m_name}, ${hh}, 1)", "misplaced_function"),
        ("jr:choice-name(${hh}, '${hh}')", "misplaced_function"),
        ("jr:choice-name(${hh}, ${hh})", "literal_argument"),
        ("instance(${hh})/root/item/a", "literal_argument"),
    ],
)
def test_tells_the_author(expression: str, code: str) -> None:
    assert mistakes(FAMILY.format(inside="1", outside=expression)) == [code]


def test_all_mistakes_at_once() -> None:
    codes = mistakes(FAMILY.format(inside="nope(1) + m_nam", outside="position()"))
    assert sorted(codes) == ["misplaced_function", "unknown_function", "unknown_path"]


def test_column_that_a_known_list_lacks() -> None:
    tables = FAMILY.format(inside="1", outside="instance('household')/root/item[name = 'a']/sise")
    errors = ErrorList()
    resolve(read(tables), errors, {"household": ["name", "size"]})
    assert [(each.code, each.severity) for each in errors] == [("unknown_list_column", "warning")]


def test_warns_of_a_condition_that_always_holds() -> None:
    errors = ErrorList()
    resolve(read(FAMILY.format(inside="1", outside="if(${hh}, 1, 2)")), errors)
    assert [warning.code for warning in errors.warnings] == ["always_true"]


def test_null_is_an_empty_set_and_a_warning() -> None:
    errors = ErrorList()
    form = resolve(read(FAMILY.format(inside="1", outside="if(${hh} = 1, 2, null)")), errors)
    assert [error.severity for error in errors] == ["warning"]
    assert form.nodes[-1].calculation.arguments[2] == d.Union(())


def test_repeats_nested_too_deeply_are_refused() -> None:
    begin = "".join(f"| | begin_repeat | r{level} | R |\n" for level in range(9))
    end = "| | end_repeat | | |\n" * 9
    tables = f"| survey |\n| | type | name | label |\n{begin}| | text | a | A |\n{end}"
    assert set(mistakes(tables)) == {"too_deep"}
