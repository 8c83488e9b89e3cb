"""Random expressions: printed and read again they are the same, and phone and server give the same value."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.expression import (
    MAX_DEPTH,
    Binary,
    Call,
    Expression,
    ExpressionError,
    Name,
    Negate,
    Number,
    String,
    parse,
)
from tests.forms.modules import of_expression
from tests.forms.running import ROOT, run_script
from tests.forms.test_conformance import evaluate

EVALUATE = (ROOT / "tests" / "forms" / "evaluate.mjs").as_uri()
OPERATORS = ("or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod")
# Texts that look like numbers, dates and lists, and texts that try to leave their literal.
TEXTS = (
    "", " ", "0", "1", "-1.5", "1e3", ".5", "007", "2016-10-15", "2016-02-30", "2016-10-15T08:30:00.000Z",
    "a b c", "b", "王建军", "＋１２", "\U0001f986x", "e\u0301", "\u2028", "\ufeff", "\\", "\\u0041", "${a}",
    "`${1}`", "</script>", "*/", "//", "{}", "%s", "{0}", "constructor", "__proto__", "true", "false", "NaN",
)  # fmt: skip
QUOTED = ("'); process.exit(1); ('", "') or __import__('os') or ('", "it's", "\n'", "\\'")
NUMBERS = (0.0, 1.0, 2.0, 2.5, 0.1, 3.0, 7.0, 100.0, 1234.56, 1000000.0, 9007199254740993.0)

texts = st.sampled_from(TEXTS + QUOTED) | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
strings = texts.filter(lambda text: not ("'" in text and '"' in text)).map(String)
leaves: st.SearchStrategy[Expression] = st.sampled_from(NUMBERS).map(Number) | strings


def calls(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Functions that any argument may be given to, by how many they take."""
    one = (
        "string-length",
        "normalize-space",
        "number",
        "string",
        "boolean",
        "not",
        "int",
        "floor",
        "ceiling",
    )
    one += ("abs", "round", "count-selected", "boolean-from-string", "date", "decimal-date-time", "concat")
    two = (
        "contains",
        "starts-with",
        "ends-with",
        "substring-before",
        "substring-after",
        "coalesce",
        "selected",
    )
    two += ("selected-at", "substr", "max", "min", "concat", "round", "format-date", "join")
    three = ("if", "translate", "substr", "join", "max", "substring")
    return st.one_of(
        *(
            st.builds(
                lambda name, given: Call(name, tuple(given)), st.sampled_from(names), arguments(inner, many)
            )
            for names, many in ((one, 1), (two, 2), (three, 3))
        )
    )


def arguments(inner: st.SearchStrategy[Expression], many: int) -> st.SearchStrategy[list[Expression]]:
    return st.lists(inner, min_size=many, max_size=many)


trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Binary, st.sampled_from(OPERATORS), inner, inner) | calls(inner) | inner.map(Negate)
    ),
    max_leaves=12,
)


def printed(tree: Expression) -> str:
    """Write a tree with every bracket it may have."""
    match tree:
        case Number():
            return f"{tree.value:f}"
        case String():
            quote = '"' if "'" in tree.value else "'"
            return f"{quote}{tree.value}{quote}"
        case Name():
            return f"${{{tree.value}}}"
        case Negate():
            return f"(-{printed(tree.operand)})"
        case Binary():
            return f"({printed(tree.left)} {tree.operator} {printed(tree.right)})"
        case Call():
            return f"{tree.name}({', '.join(map(printed, tree.arguments))})"
    raise TypeError(tree)


@given(trees | st.builds(Binary, st.sampled_from(OPERATORS), st.just(Name("a b")), trees))
def test_what_is_printed_reads_as_the_same_tree(tree: Expression) -> None:
    assert parse(printed(tree)) == tree


@pytest.fixture(autouse=True, scope="module")
def _deep_enough() -> None:
    """The compiler asks for more frames once; Hypothesis minds when that happens in a test."""
    of_expression({"expression": "1"})


@settings(max_examples=6, deadline=None)
@given(st.lists(trees, min_size=40, max_size=80))
def test_phone_and_server_give_the_same_value(some: list[Expression]) -> None:
    sources = [printed(tree) for tree in some]
    modules = [of_expression({"expression": source}) for source in sources]
    for source, on_phone in zip(sources, run_script(EVALUATE, modules), strict=True):
        assert evaluate(source, "text") == on_phone, source


@pytest.mark.parametrize(
    "open_, close", [("(", ")"), ("-", ""), ("not(", ")"), ("1 + (", ")"), ("'a' = (", ")")]
)
def test_nests_as_deep_as_is_allowed_and_no_deeper(open_: str, close: str) -> None:
    depth = MAX_DEPTH - 2
    fits = open_ * depth + "1" + close * depth
    (on_phone,) = run_script(EVALUATE, [of_expression({"expression": fits})])
    assert evaluate(fits, "text") == on_phone
    for many in (10_000, 20_000):
        _expect_refused(open_ * many + "1" + close * many)


def _expect_refused(text: str) -> None:
    """Brackets alone add nothing to a tree, so that they may be as many as the text may be long."""
    try:
        tree: Any = parse(text)
    except ExpressionError as error:
        assert error.code in ("too_deep", "too_long")
    else:
        assert tree == Number(1.0)
        assert math.isfinite(tree.value)
