"""Look-ups that several nodes ask for are made once in a run; each node is told when the list is missing."""

from __future__ import annotations

from typing import Any

from forms import load_checker
from tests.forms.compiled import MORNING, Lists, found, source_of

HEAD = "| survey |\n| | type | name | label | relevant | calculation |\n"
PEOPLE = [{"name": "p1", "label": "Wang", "sex": "M"}, {"name": "p2", "label": "Li", "sex": "F"}]


def by(value: str, column: str) -> str:
    return f"instance('person')/root/item[name = {value}]/{column}"


def run(tables: str, answers: dict[str, Any], lists: Lists) -> Any:
    return load_checker(source_of(tables)).check(answers, lists, MORNING)


def test_a_row_that_several_nodes_read_is_looked_up_once() -> None:
    tables = f"{HEAD}| | text | p | P | | |\n| | select_one_from_file person.csv | q | Q | | |\n"
    tables += (
        f"| | calculate | a | | | {by('${p}', 'label')} |\n| | calculate | b | | | {by('${p}', 'sex')} |"
    )
    lists = Lists(person=PEOPLE)
    assert run(tables, {"p": "p2"}, lists).calculated == {"a": "Li", "b": "F"}
    assert lists.asked == [("person", {"name": "p2"})]


def test_a_missing_list_leaves_alone_only_the_nodes_that_would_have_used_it() -> None:
    tables = f"{HEAD}| | text | p | P | | |\n| | select_one_from_file person.csv | q | Q | | |\n"
    tables += f"| | calculate | a | | | {by('${p}', 'label')} |\n"
    tables += f"| | calculate | b | | | if(${{p}} = 'p1', {by('${p}', 'sex')}, 'none') |\n"
    tables += f"| | calculate | c | | | if(${{p}} = 'p2', {by('${p}', 'sex')}, 'none') |"
    lists = Lists()
    checked = run(tables, {"p": "p2"}, lists)
    assert (found(checked), checked.calculated) == (["a:not_checked", "c:not_checked"], {"b": "none"})
    assert len(lists.asked) == 1


def test_each_instance_looks_up_its_own_row() -> None:
    tables = f"{HEAD}| | select_one_from_file person.csv | q | Q | | |\n| | begin_repeat | m | M | | |\n"
    tables += f"| | text | p | P | | |\n| | calculate | a | | | {by('${p}', 'label')} |\n"
    tables += f"| | calculate | b | | | {by('${p}', 'sex')} |\n| | end_repeat | | | | |"
    lists = Lists(person=PEOPLE)
    checked = run(tables, {"m": [{"p": "p1"}, {"p": "p2"}]}, lists)
    assert checked.calculated == {"m[1]/a": "Wang", "m[1]/b": "M", "m[2]/a": "Li", "m[2]/b": "F"}
    assert len(lists.asked) == 2


def test_a_row_is_looked_up_by_what_is_left_of_an_answer_that_does_not_apply() -> None:
    tables = f"{HEAD}| | text | on | On | | |\n| | text | p | P | ${{on}} = 'y' | |\n"
    tables += "| | select_one_from_file person.csv | q | Q | | |\n"
    tables += (
        f"| | calculate | a | | | {by('${p}', 'label')} |\n| | calculate | b | | | {by('${p}', 'sex')} |"
    )
    lists = Lists(person=PEOPLE)
    assert run(tables, {"on": "n", "p": "p1"}, lists).calculated == {"p": None}
    assert run(tables, {"on": "y", "p": "p1"}, lists).calculated == {"a": "Wang", "b": "M"}


def test_what_a_row_is_looked_up_by_may_stand_in_the_calculation_again() -> None:
    key = "round(${n} * 2)"
    tables = f"{HEAD}| | decimal | n | N | | |\n| | select_one_from_file person.csv | q | Q | | |\n"
    for name in ("a", "b"):
        tables += f"| | calculate | {name} | | | concat({key}, {key}, {by(f'string({key})', 'label')}) |\n"
    lists = Lists(person=[{"name": "3", "label": "three"}])
    assert run(tables, {"n": "1.5"}, lists).calculated == {"a": "33three", "b": "33three"}
    assert len(lists.asked) == 1
