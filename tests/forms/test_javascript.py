import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import definition as d
from forms import typed as t
from forms.errors import ErrorList
from forms.expression import Binary, Call, Number, String
from forms.functions import CONVERSIONS, FUNCTIONS
from forms.javascript import emit
from forms.js_expression import Writer, literal
from forms.order import arrange
from tests.forms.running import RUNTIME, run_code

ATTACKS = [
    "</script><script>alert(1)</script>",
    "<!-- --><script>",
    "${alert(1)}",
    "`;alert(1);`",
    '";alert(1);"',
    "';alert(1);'",
    "\\",
    '\\";alert(1)//',
    "\\u0022;alert(1)//",
    "*/alert(1)/*",
    "line\nbreak\r\n",
    "\u2028alert(1)\u2029",
    "\x00\x1f\x7f\x85",
    "\ufeffmark",
    "constructor",
    "__proto__",
    "领雁𠮷",
    "//# sourceMappingURL=x",
]


def form(*nodes: d.Node, **more: Any) -> d.Definition:
    root = d.Node(0, "data", "group", -1)
    base = d.Definition("f", "1", d.Text({"zh": ("表",)}), ("zh",), "zh", (root, *nodes), {})
    return replace(base, **more)


def module_of(definition: d.Definition) -> str:
    return emit(definition, arrange(definition, ErrorList()))


def loaded(definition: d.Definition, folder: Path, look: str) -> Any:
    code = module_of(definition) + f"import * as rt from '{RUNTIME}';\nexport default () => ({look});\n"
    return run_code(folder, code.replace("export const form=", "const form=", 1))


def test_literal_reads_back_for_every_attack(tmp_path: Path) -> None:
    code = f"export default () => [{','.join(map(literal, ATTACKS))}];"
    assert run_code(tmp_path, code) == ATTACKS


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=40, max_size=200))
def test_literal_reads_back_for_any_text(texts: list[str]) -> None:
    # Lone surrogates can't be printed as JSON text by everyone: compare UTF-16 units.
    units = [[*memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")] for text in texts]
    code = f"export default () => [{','.join(map(literal, texts))}]"
    code += ".map(text => text.split('').map(each => each.charCodeAt(0)));"
    with TemporaryDirectory() as folder:
        assert run_code(Path(folder), code) == units


@pytest.mark.parametrize("text", ATTACKS)
def test_literal_holds_nothing_that_ends_a_script_or_a_line(text: str) -> None:
    written = literal(text)
    assert not re.search("[\n\r\u2028\u2029<]", written)
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', written)


@pytest.mark.parametrize("attack", ATTACKS)
def test_author_text_stays_text_wherever_it_stands(attack: str, tmp_path: Path) -> None:
    text = d.Text({"zh": (attack,), attack: (attack, d.Ref(1))}, {attack: {"image": attack}})
    place = d.Place(attack, 3, attack)
    rows = d.Rows(attack, "", ((attack, String(attack)),), (Binary("=", d.Column(attack), String(attack)),))
    question = d.Node(
        1,
        attack,
        "question",
        0,
        "select_one",
        "select_one",
        attack,
        (attack,),
        text,
        text,
        text,
        default=attack,
        calculation=String(attack),
        required_message=text,
        itemset=d.Itemset(attack, rows, attack, attack),
        parameters={attack: attack},
        preload=attack,
        save_to=attack,
        extra={"ly:rule": attack, "ly:purpose": attack, "ly:class": attack},
        places={"name": place},
    )
    definition = form(
        question,
        form_id=attack,
        version=attack,
        title=text,
        style=attack,
        languages=("zh", attack),
        choice_lists={attack: ({"name": attack, attack: attack, "label": text},)},
        lists=(d.ListUse(attack, (attack,), (attack,)),),
        actions=(d.Action("first-load", 1, String(attack)),),
        entities=(d.EntityDeclaration(attack, 0, String(attack), None, None, String(attack), {attack: 1}),),
        extra={"ly:purpose": attack, f"ly:{attack}": attack},
    )
    look = "((f, n) => [f.form_id, f.style, n.name, n.calculate(), n.default, n.label.zh, n.rule,"
    look += (
        "f.lists[0].keys[0], f.actions[0].value(), Object.keys(f.choices)[0], Object.keys(n.parameters)[0],"
    )
    look += "n.choice_columns[0], f.entities[0].label(), Object.keys(f.entities[0].save_to)[0]])"
    look += "(form(rt), form(rt).nodes[1])"
    assert loaded(definition, tmp_path, look) == [attack] * 14


def test_same_definition_gives_same_bytes() -> None:
    node = d.Node(1, "a", "question", 0, relevant=Binary("=", d.Ref(1), String("x")))
    assert module_of(form(node)) == module_of(form(node))


def test_each_node_names_the_sheet_and_row_of_its_author() -> None:
    node = d.Node(1, "a", "question", 0, places={"relevant": d.Place("survey", 17, "relevant")})
    assert "// 1: survey 17" in module_of(form(node))


def test_module_imports_nothing_and_has_no_eval() -> None:
    source = module_of(form(d.Node(1, "a", "question", 0, calculation=Call("today", ()))))
    assert not re.search(r"\b(import|eval|Function|require)\b", source)
    assert "const {today}=rt;" in source


def test_every_helper_of_the_table_is_in_the_phones_runtime(tmp_path: Path) -> None:
    own = ["v", "set", "instances", "rows", "pos", "cell"]
    helpers = [*own, *CONVERSIONS, *(each.helper for each in FUNCTIONS.values() if each.helper)]
    code = f"import * as rt from '{RUNTIME}';\n"
    code += "export default names => names.filter(name => typeof rt[name] !== 'function');"
    assert run_code(tmp_path, code, helpers) == []


@pytest.mark.parametrize(
    ("tree", "written"),
    [
        (t.Value(3), "v(c,3)"),
        (t.Value(3, 1), "v(c1,3)"),
        (t.Index(2), "pos(c,2)"),
        (t.Texts(4, 2), "set(c,4,2)"),
        (
            t.Count(2, 0, 0, ((2, t.Compare(">", t.Place(), t.Constant(1.0))),)),
            "instances(c,2,0,[[2,(c1,p,s)=>(p>1)]])",
        ),
        (
            t.Rows("l", (("a", t.Value(1)),), (t.Compare("=", t.Cell("b"), t.Constant("x")),)),
            'rows(c,"l",[["a",v(c,1)]],[(r,p,s)=>(cell(r,"b")==="x")])',
        ),
        (t.Arithmetic(t.Constant(1.0), (("-", t.Negative(t.Constant(2.5))),)), "(1-(-2.5))"),
        (t.Choose(t.Not(t.Constant(True)), t.Constant("a"), t.Constant("b")), '(!true?"a":"b")'),
        (t.Every((t.Constant(True), t.Constant(False))), "(true&&false)"),
        (t.Helper("today", (), needs_scope=True), "today(c)"),
        (t.Gather(((False, t.Constant(1.0)), (True, t.Texts(4, 0)))), "[1,...set(c,4,0)]"),
        (t.Constant(float("inf")), "Infinity"),
        (t.Constant(1e22), "1e+22"),
    ],
)
def test_writes_each_kind_of_tree(tree: t.Typed, written: str) -> None:
    assert Writer().expression(tree) == written


def test_long_chains_do_not_nest(tmp_path: Path) -> None:
    chain: Any = Number(1.0)
    for _ in range(2000):
        chain = Binary("+", chain, Number(1.0))
    look = "form(rt).nodes[1].calculate()"
    assert loaded(form(d.Node(1, "a", "question", 0, calculation=chain)), tmp_path, look) == "2001"
