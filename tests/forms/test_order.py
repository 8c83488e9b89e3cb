"""The dependency graph of a form: who must be looked at again when an answer changes."""

from __future__ import annotations

from forms import definition as d
from forms.errors import ErrorList
from forms.expression import Binary, Number, String
from forms.order import arrange, read_by
from forms.tree import Tree
from tests.forms.compiled import ordered, resolved

NODES = (
    d.Node(0, "data", "group", -1),
    d.Node(1, "year", "question", 0),
    d.Node(2, "member", "repeat", 0),
    d.Node(3, "relation", "question", 2),
)


def test_reads_what_a_lookup_compares_with() -> None:
    rows = d.Rows("poverty_line", "amount", (("name", d.Ref(1)),))
    assert read_by([rows], Tree(NODES)).near == {1}


def test_reads_what_a_predicate_over_instances_looks_at() -> None:
    heads = d.Nodes(2, 0, ((2, Binary("=", d.Ref(3, 1), String("head"))),))
    assert {2, 3} <= read_by([Binary("=", heads, Number(1))], Tree(NODES)).wide


def names(tables: str, ids: tuple[int, ...]) -> list[str]:
    nodes = resolved(tables).nodes
    return [nodes[each].name for each in ids]


CHAIN = """
| survey |
| | type | name | label | calculation | relevant |
| | calculate | third | | ${second} * 2 | |
| | calculate | second | | ${first} + 1 | |
| | integer | first | F | | ${start} = 'y' |
| | text | start | S | | |
"""


def test_orders_by_dependence_then_as_written() -> None:
    order = ordered(CHAIN)
    assert names(CHAIN, order.order) == ["first", "second", "third"]
    assert names(CHAIN, order.sequence) == ["data", "start", "first", "second", "third"]


def test_says_who_reads_whom() -> None:
    order = ordered(CHAIN)
    first = next(node.id for node in resolved(CHAIN).nodes if node.name == "first")
    assert names(CHAIN, order.dependents[first]) == ["second"]


def test_what_reads_any_instance_is_apart() -> None:
    tables = """
| survey |
| | type | name | label | calculation | constraint |
| | begin_repeat | m | M | | |
| | integer | n | N | | . > 0 |
| | calculate | twice | | ${n} * 2 | |
| | end_repeat | | | | |
| | calculate | s | | sum(${n}) | |
"""
    order = ordered(tables)
    n = next(node.id for node in resolved(tables).nodes if node.name == "n")
    assert names(tables, order.dependents[n]) == ["twice"]
    assert names(tables, order.wide[n]) == ["s"]


def test_labels_and_choices_depend_on_what_they_show() -> None:
    tables = """
| survey |
| | type | name | label | choice_filter |
| | text | a | A | |
| | note | b | Hello ${a} | |
| | select_one t | c | C | f = ${a} |
| choices |
| | list_name | name | label | f |
| | t | x | X | 1 |
"""
    assert names(tables, ordered(tables).dependents[1]) == ["b", "c"]


def cycles(tables: str) -> list[str]:
    errors = ErrorList()
    arrange(resolved(tables), errors)
    return [error.message["en"] for error in errors.errors]


def test_names_a_cycle() -> None:
    tables = "| survey |\n| | type | name | label | calculation |\n"
    tables += "| | calculate | a | | ${b} + 1 |\n| | calculate | b | | ${c} |\n| | calculate | c | | ${a} |"
    assert cycles(tables) == ["These depend on each other in a circle: a → c → b → a."]


def test_names_every_cycle_once() -> None:
    tables = "| survey |\n| | type | name | label | calculation | relevant |\n"
    tables += "| | calculate | a | | ${a} + 1 | |\n"
    tables += "| | text | x | X | | ${y} = '' |\n| | text | y | Y | | ${x} = '' |"
    assert len(cycles(tables)) == 2


def test_a_group_cannot_depend_on_what_is_computed_in_it() -> None:
    tables = "| survey |\n| | type | name | label | relevant | calculation |\n"
    tables += "| | begin_group | g | G | ${a} = 'x' | |\n| | calculate | a | | | ${b} |\n"
    tables += "| | end_group | | | | |\n| | text | b | B | | |"
    assert len(cycles(tables)) == 1


def test_a_constraint_is_no_cycle() -> None:
    tables = "| survey |\n| | type | name | label | constraint |\n"
    tables += "| | integer | a | A | . < ${b} |\n| | integer | b | B | . > ${a} |"
    assert cycles(tables) == []
