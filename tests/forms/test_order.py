"""The dependency graph of a form: who must be looked at again when an answer changes."""

from __future__ import annotations

from forms import definition as d
from forms.expression import Binary, Number, String
from forms.order import read_by
from forms.tree import Tree

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
