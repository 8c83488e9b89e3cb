"""Reading expressions: the tree an author wrote, or the place where it stops making sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.expression import (
    MAX_DEPTH,
    MAX_LENGTH,
    Binary,
    Call,
    ExpressionError,
    Name,
    Negate,
    Number,
    Path,
    Step,
    String,
    parse,
    walk,
)


def child(*names: str) -> Path:
    return Path(False, tuple(Step("child", name) for name in names))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", Number(1.0)),
        (".5", Number(0.5)),
        ("'a\"b'", String('a"b')),
        ("${ head_name }", Name("head_name")),
        ("a-b", child("a-b")),
        ("a - b", Binary("-", child("a"), child("b"))),
        ("${a}-1", Binary("-", Name("a"), Number(1.0))),
        ("-1", Negate(Number(1.0))),
        ("1 + 2 * 3", Binary("+", Number(1.0), Binary("*", Number(2.0), Number(3.0)))),
        ("1 - 2 - 3", Binary("-", Binary("-", Number(1.0), Number(2.0)), Number(3.0))),
        ("a or b and c", Binary("or", child("a"), Binary("and", child("b"), child("c")))),
        ("div div div", Binary("div", child("div"), child("div"))),
        ("* * *", Binary("*", child("*"), child("*"))),
        ("order or android", Binary("or", child("order"), child("android"))),
        (".", Path(False, (Step("self", "*"),))),
        ("../x", Path(False, (Step("parent", "*"), Step("child", "x")))),
        ("parent::node()/x", Path(False, (Step("parent", "*"), Step("child", "x")))),
        ("/data/x", Path(True, (Step("child", "data"), Step("child", "x")))),
        ("年龄 + 1", Binary("+", child("年龄"), Number(1.0))),
        ("today()- 5", Binary("-", Call("today", ()), Number(5.0))),
        ("jr:choice-name('a', 'b')", Call("jr:choice-name", (String("a"), String("b")))),
    ],
)
def test_reads_the_tree(text: str, tree: object) -> None:
    assert parse(text) == tree


def test_keeps_predicates_at_their_step() -> None:
    tree = parse("instance('h')/root/item[village = ${v}][1]/name")
    base = Call("instance", (String("h"),))
    predicates = (Binary("=", child("village"), Name("v")), Number(1.0))
    steps = (Step("child", "root"), Step("child", "item", predicates), Step("child", "name"))
    assert tree == Path(False, steps, base)


def test_keeps_a_filtered_expression_as_its_own_step() -> None:
    assert parse("(a)[1]") == Path(False, (Step("self", "*", (Number(1.0),)),), child("a"))


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "unexpected_end", 0),
        ("sum(", "unexpected_end", 4),
        ("1 2", "syntax", 2),
        ("a = = b", "syntax", 4),
        ("a orb", "syntax", 2),
        ("'open", "syntax", 0),
        ("${open", "syntax", 0),
        ("$x", "syntax", 0),
        ("//", "unexpected_end", 2),
        ("@", "unexpected_end", 1),
        ("1 + ancestor::a", "unsupported_axis", 4),
        ("1" + " + 1" * MAX_DEPTH, "too_deep", 0),
        ("1" * (MAX_LENGTH + 1), "too_long", MAX_LENGTH),
    ],
)
def test_says_where_reading_stops(text: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert (error.value.code, error.value.position) == (code, position)


@given(st.text(alphabet="ab1./[]()'\"=<>!+-*|,${} \u3000、", max_size=40))
def test_gives_a_tree_or_an_error_and_nothing_else(text: str) -> None:
    try:
        assert list(walk(parse(text)))
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)


def test_walks_every_node_once() -> None:
    names = [node.value for node in walk(parse("${a} + f(${b}, x[${c}])/y[${d}]")) if isinstance(node, Name)]
    assert sorted(names) == ["a", "b", "c", "d"]
