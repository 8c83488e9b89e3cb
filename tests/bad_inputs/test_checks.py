"""Records made to keep a checker busy for ever or to fill the memory: given up, kept, told to a person."""

from collections.abc import Callable
from typing import Any

import pytest

from forms import GivenUp, load_checker
from forms.geo import intersects
from forms.runtime import MAX_TEXT, some_pair
from tests.forms.compiled import MORNING, Lists, check, source_of

SUMS = """
| survey |
| | type | name | label | calculation | constraint |
| | begin repeat | r | R | | |
| | integer | n | N | | count(${r}[n > position(current()/..)]) > -1 |
| | calculate | s | | sum(${n}) + count(${r}) | |
| | end repeat | | | | |
"""
LISTED = """
| survey |
| | type | name | label | calculation |
| | csv-external | l | | |
| | begin repeat | r | R | |
| | integer | n | N | |
| | calculate | s | | count(instance('l')/root/item[name > current()/../n]) |
| | end repeat | | | |
"""
NESTED = """
| survey |
| | type | name | label | calculation |
| | begin repeat | a | A | |
| | begin repeat | b | B | |
| | calculate | s | | concat('x', position(..)) |
| | end repeat | | | |
| | end repeat | | | |
"""
DOUBLED = "| survey |\n| | type | name | label | calculation |\n| | text | c0 | A | |\n" + "".join(
    f"| | calculate | c{n + 1} | | concat(${{c{n}}}, ${{c{n}}}) |\n" for n in range(60)
)
ROWS = [{"name": str(n)} for n in range(50_000)]


def after(n_asked: int) -> Callable[[], bool]:
    """Nobody waits any longer once it was asked so often."""
    left = iter(range(n_asked))
    return lambda: next(left, None) is None


def give_up(tables: str, answers: dict[str, Any], n_asked: int) -> None:
    lists = Lists(l=ROWS)
    load_checker(source_of(tables)).check(answers, lists, MORNING, after(n_asked))


ENDLESS: dict[str, tuple[str, dict[str, Any]]] = {
    "a sum in each of 300,000": (SUMS, {"r": [{}] * 300_000}),
    "50,000 rows looked through in each of 1,000": (LISTED, {"r": [{}] * 1_000}),
    "few in few, many times": (NESTED, {"a": [{"b": [{}] * 10}] * 10_000}),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_check_is_given_up_when_nobody_waits_for_it(name: str) -> None:
    with pytest.raises(GivenUp):
        give_up(*ENDLESS[name], n_asked=1_000)


def test_an_ordinary_check_is_never_asked() -> None:
    give_up(SUMS, {"r": [{"n": 1}]}, n_asked=0)


def test_texts_that_double_end_at_the_longest() -> None:
    checked = check(DOUBLED, {"c0": "x" * 1000})
    lengths = [len(text or "") for text in checked.calculated.values()]
    assert lengths == [2000 * 2**n for n in range(9)]
    assert lengths[-1] * 2 > MAX_TEXT


@pytest.mark.parametrize(
    "expression",
    [
        "string-length(uuid(1000000000))",
        "string-length(concat(" + ",".join(["${a}"] * 2_000) + "))",
        "string-length(concat(${r}, " + "concat(${a}, " * 60 + "''" + ")" * 60 + "))",
        "string-length(join(${a}, ${r}))",
    ],
)
def test_no_expression_makes_a_longer_text(expression: str) -> None:
    tables = (
        "| survey |\n| | type | name | label | constraint |\n| | text | a | A | |\n"
        "| | begin repeat | g | G | |\n| | text | r | R | |\n| | end repeat | | | |\n"
        f"| | text | b | B | {expression} <= {MAX_TEXT} |"
    )
    checked = check(tables, {"a": "x" * 900_000, "g": [{"r": "y"}] * 10_000, "b": "b"})
    assert checked.violations == []


def test_texts_made_for_one_record_have_a_bound_together() -> None:
    tables = "| survey |\n| | type | name | label | calculation |\n| | text | a | A | |\n" + "".join(
        f"| | calculate | c{n} | | concat(${{a}}, '{n}') |\n" for n in range(50)
    )
    with pytest.raises(GivenUp):
        load_checker(source_of(tables)).check({"a": "x" * 900_000}, Lists(), MORNING)


def test_a_record_that_would_fill_a_list_writes_nothing() -> None:
    tables = (
        "| survey |\n| | type | name | label | save_to |\n| | begin repeat | r | R | |\n"
        "| | text | a | A | a |\n| | end repeat | | | |\n"
        "| entities |\n| | list_name | label | repeat |\n| | l | ${a} | ${r} |"
    )
    assert len(check(tables, {"r": [{"a": "x"}] * 1_000}).entities) == 1_000
    with pytest.raises(GivenUp):
        give_up(tables, {"r": [{"a": "x"}] * 1_001}, n_asked=1_000_000)


def test_a_line_of_very_many_points_is_not_looked_through() -> None:
    crossing = "0 0; 1 1; 0 1; 1 0"
    assert intersects("; ".join([crossing, *["2 2"] * 1_996]))
    assert not intersects("; ".join([crossing, *["2 2"] * 1_997]))


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("left", [[], ["a"], ["1"], ["1", "2"], ["1", "a"], ["", "3"]])
@pytest.mark.parametrize("right", [[], ["a"], ["1"], ["2", "1"], ["3"], ["x", "0"]])
def test_sets_compare_as_all_their_pairs_do(operator: str, left: list[str], right: list[str]) -> None:
    one_by_one = any(some_pair(operator, [one], [other]) for one in left for other in right)
    assert some_pair(operator, left, right) == one_by_one


def test_violations_without_end_are_not_all_told() -> None:
    checked = check(
        "| survey |\n| | type | name | label |\n| | text | a | A |", {f"x{n}": 1 for n in range(9_000)}
    )
    assert len(checked.violations) == 1_000
