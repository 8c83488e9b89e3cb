"""What authors are told of paths that lead nowhere, to groups or to themselves; instances of every shape."""

import json
from typing import Any

import pytest

from forms import FormErrors, compile_form, load_checker
from forms.attachments import Attached
from forms.errors import ErrorList, FormError
from forms.resolve import resolve
from forms.xform import read_xform
from tests.forms.compiled import MORNING, Lists, check, found

HEAD = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>
<instance><data id="t" version="1"><inputs><meta><location><lat/></location></meta></inputs>
<g><a/><b/></g><out/></data></instance>"""


def warned(calculation: str, more: str = "") -> list[FormError]:
    """What is said of a calculation of /data/out in an XForm."""
    bind = f'<bind nodeset="/data/out" calculate="{calculation}"/>{more}'
    errors = ErrorList()
    form = read_xform(f"{HEAD}{bind}</model></h:head><h:body/></h:html>".encode(), errors, None, Attached())
    assert form is not None
    resolve(form, errors)
    return list(errors)


def codes(calculation: str, more: str = "") -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in warned(calculation, more)]


@pytest.mark.parametrize(
    "calculation",
    [
        "../inputs/contact/_id",
        "../../inputs/x",
        "/data/g/nothing",
        "count(/data/g/nothing) + 1",
        "/data/@other",
        "nowhere",
        "/elsewhere/x",
    ],
)
def test_a_path_to_nothing_is_told(calculation: str) -> None:
    assert codes(calculation) == [("path_to_nothing", "warning")]


def test_a_meta_group_of_the_form_is_a_group() -> None:
    assert codes("concat(../inputs/meta/location/lat, /data/g/a)") == []


def test_a_group_as_a_value_is_told() -> None:
    assert codes("/data/g") == [("group_text", "warning")]


def test_what_keeps_its_own_value_is_told() -> None:
    assert codes("coalesce(., uuid())") == [("own_value", "warning")]
    assert codes("if(/data/g/a != '', /data/g/a, .)") == [("own_value", "warning")]
    assert codes(".") == []


def test_a_name_alone_at_a_question_is_a_slip() -> None:
    [error] = warned("a")
    assert (error.code, error.severity) == ("unknown_path", "error")
    assert "${a}" in error.message["en"]


def test_an_element_that_an_instance_lacks_is_told() -> None:
    instance = '<instance id="summary"/>'
    assert codes("instance('summary')/context/lmp", instance) == [("path_to_nothing", "warning")]


OWN = """
| survey | | | | |
| | type | name | label | calculation | relevant |
| | begin_group | g | G | | ${source} = 'user' |
| | text | source | Source | | |
| | text | name | Name | | |
| | end_group | | | | |
| | calculate | id | | if(${name} != '', ${name}, ${id}) | |
"""


def test_a_group_may_show_by_an_answer_in_it() -> None:
    form = compile_form(OWN.encode(), "f.md", is_draft=True)
    assert [each.code for each in form.warnings] == ["own_relevance", "own_value"]
    assert "relevant:c=>(held(c,2)===" in form.javascript


def test_server_believes_what_keeps_itself_and_checks_what_shows_by_itself() -> None:
    assert found(check(OWN, {"g": {"source": "user", "name": "Li"}, "id": "Wang"})) == ["id:not_checked"]
    assert found(check(OWN, {"g": {"source": "office", "name": "Li"}})) == [
        "g/source:relevance",
        "g/name:relevance",
    ]


# The question that decides is not always relevant itself: then no record has its answer.
UNTOLD = """
| survey | | | | |
| | type | name | label | relevant | default |
| | text | kind | Kind | | |
| | begin_group | g | G | ${source} = 'user' | |
| | begin_group | inner | Inner | ${kind} = 'a' | |
| | text | source | Source | | user |
| | end_group | | | | |
| | text | name | Name | | |
| | end_group | | | | |
"""


def test_server_believes_what_was_sent_where_the_answer_that_decides_is_not_relevant_itself() -> None:
    assert found(check(UNTOLD, {"kind": "b", "g": {"name": "Li"}})) == []
    assert found(check(UNTOLD, {"kind": "a", "g": {"inner": {"source": "office"}, "name": "Li"}})) == [
        "g/inner/source:relevance",
        "g/name:relevance",
    ]


THROUGH = """
| survey | | | | |
| | type | name | label | calculation | relevant |
| | calculate | flag | | if(starts-with(${parent}, 'a'), 1, 0) | |
| | begin_group | g | G | | ${flag} = 0 |
| | text | parent | Parent | | |
| | end_group | | | | |
"""
IN_CIRCLE = THROUGH.replace("if(starts-with(${parent}, 'a'), 1, 0) |", "1 | ${parent} != ''")


def test_a_group_may_show_by_what_is_computed_of_an_answer_in_it() -> None:
    form = compile_form(THROUGH.encode(), "f.md", is_draft=True)
    assert [(each.code, each.row) for each in form.warnings] == [("own_relevance", 3)]
    assert "calculate:c=>(starts_with(held(c,3)" in form.javascript
    # The answer that hides the group isn't sent with it: what came of it is believed.
    assert found(check(THROUGH, {"flag": "1"})) == ["flag:not_checked"]
    assert found(check(THROUGH, {"flag": "1", "g": {"parent": "b"}})) == [
        "flag:not_checked",
        "g/parent:relevance",
    ]


def test_a_circle_of_conditions_is_none_that_an_answer_breaks() -> None:
    with pytest.raises(FormErrors) as refused:
        compile_form(IN_CIRCLE.encode(), "f.md", is_draft=True)
    assert [each.code for each in refused.value.errors] == ["cycle"]


COMPUTED = """
| survey | | | | |
| | type | name | label | calculation | relevant |
| | text | x | X | | |
| | text | y | Y | if(${x} = 'q', 'true', 'false') | selected(., 'true') or ${x} = 'z' |
"""


def test_a_question_may_show_by_what_its_own_formula_gives() -> None:
    form = compile_form(COMPUTED.encode(), "f.md", is_draft=True)
    assert [(each.code, each.row) for each in form.warnings] == [("own_relevance", 3)]
    assert found(check(COMPUTED, {"x": "q", "y": "true"})) == []
    assert found(check(COMPUTED, {"x": "p", "y": "false"})) == ["y:relevance"]


INSTANCES = """
| survey | | | | | |
| | type | name | label | relevant | repeat_count |
| | integer | n | N | | |
| | begin_repeat | r | R | index() <= ${n} | 3 |
| | text | a | A | | |
| | text | b | B | ${a} != 'x' | |
| | end_repeat | | | | |
"""


def test_a_repeat_may_show_some_of_its_instances() -> None:
    both = {"a": "u", "b": "v"}
    assert found(check(INSTANCES, {"n": 2, "r": [both, both, {}]})) == []
    assert found(check(INSTANCES, {"n": 2, "r": [both, {"a": "x", "b": "v"}, {"a": "u"}]})) == [
        "r[2]/b:relevance",
        "r[3]/a:relevance",
    ]


LISTS = """
| survey | | | | |
| | type | name | label | calculation |
| | text | t | T | |
| | xml-external | towns | | |
| | select_one_from_file sites.geojson | site | Site | |
| | calculate | where | | instance('sites')/root/item[id = ${site}]/geometry |
| | calculate | n | | count(instance('towns')/towns/town[@code = ${t}]/village) |
"""
XML = b"""<towns><town code="a"><village/><village/></town><town code="b"><village/></town></towns>"""
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "s1",
            "properties": {"title": "East", "size": 3, "open": True},
            "geometry": {"type": "Point", "coordinates": [119.82, 33.45]},
        },
        {
            "type": "Feature",
            "properties": {"id": "s2", "title": "West"},
            "geometry": {"type": "LineString", "coordinates": [[1.5, 2], [3, 4]]},
        },
    ],
}


def test_takes_xml_and_geojson_into_the_form() -> None:
    files = {"towns.xml": XML, "sites.geojson": json.dumps(GEOJSON).encode()}
    form = compile_form(LISTS.encode(), "f.md", files, is_draft=True)
    east = '{"title":"East","size":"3","open":"true","id":"s1","geometry":"33.45 119.82 0 0"'
    assert east in form.javascript
    assert '"geometry":"2 1.5 0 0; 4 3 0 0"' in form.javascript
    assert '"towns/towns/town/village":[{".":"","../@code":"a"},' in form.javascript
    assert [*form.outline["choices"]] == ["sites"]
    assert form.outline["lists"] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("sites.geojson", b"[1]"),
        ("sites.geojson", b"{"),
        ("sites.geojson", b'{"features": [{"geometry": {"type": "Point", "coordinates": ["x"]}}]}'),
        ("towns.csv", b'a,b\n"open'),
    ],
)
def test_refuses_an_attachment_that_can_not_be_read(name: str, source: bytes) -> None:
    with pytest.raises(FormErrors) as raised:
        compile_form(LISTS.encode(), "f.md", {name: source}, is_draft=True)
    assert "bad_attachment" in [error.code for error in raised.value.errors]


EXTERNAL = """
| survey | | | | |
| | type | name | label | choice_filter |
| | text | country | Country | |
| | select_one_external region | region | Region | country = ${country} |
| | select_one region | other | Other | |
| choices | | | |
| | list_name | name | label |
| | region | near | Near |
"""


ITEMSETS = """
| external_choices | | | | |
| | list_name | name | label | country |
| | region | east | E | cn |
"""


def test_external_choices_may_have_the_name_of_another_list() -> None:
    form = compile_form((EXTERNAL + ITEMSETS).encode(), "f.md", is_draft=True)
    assert 'rows(c,"external/region",[["country",v(c,1)]])' in form.javascript
    assert 'name:"other",parent:0,type:"select_one",control:"select_one"' in form.javascript


def test_itemsets_csv_holds_the_rows_of_every_external_select() -> None:
    book = EXTERNAL.replace("| | select_one region | other | Other | |\n", "")
    files = {"itemsets.csv": b"list_name,name,label,country\nregion,east,E,cn\nregion,west,W,cn\n"}
    xform = compile_form((book + ITEMSETS).encode(), "f.md", is_draft=True).xform
    form = compile_form(xform.encode(), "f.xml", files, is_draft=True)
    assert '"west"' in form.javascript
    assert '"label":{"default":"W"}' in form.javascript


def test_a_repeat_may_be_counted_by_what_is_in_it() -> None:
    tables = """
| survey | | | | | |
| | type | name | label | repeat_count | calculation |
| | begin_repeat | m | M | ${wanted} | |
| | integer | more | More | | |
| | end_repeat | | | | |
| | calculate | wanted | | | 1 + count(${m}[more = 1]) |
"""
    form = compile_form(tables.encode(), "f.md", is_draft=True)
    assert [each.code for each in form.warnings] == ["own_count"]


def test_columns_of_pulldata_may_be_computed() -> None:
    tables = """
| survey | | | |
| | type | name | label | calculation |
| | text | n | N | |
| | csv-external | cases | | |
| | calculate | a | | pulldata('cases', concat('phone_', ${n}, '_name'), 'id', ${n}) |
| | calculate | b | | pulldata('cases', 'phone_9_name', 'id', ${n}) |
"""
    files = {"cases.csv": b"id,phone_1_name,phone_2_name,phone_2\n1,An,Bo,3\n"}
    form = compile_form(tables.encode(), "f.md", files, is_draft=True)
    assert form.javascript.count('rows(c,"cases"') == 2
    assert [(each.code, each.row) for each in form.warnings] == [("unknown_list_column", 5)]
    assert [check_of(form.python, {"n": n}) for n in ("1", "2")] == [{"a": "An"}, {}]


def check_of(source: str, answers: dict[str, Any]) -> dict[str, str | None]:
    return load_checker(source).check(answers, Lists(), MORNING).calculated


def test_refuses_what_the_converter_can_not_offer() -> None:
    tables = """
| survey | | | |
| | type | name | label |
| | begin_repeat | m | M |
| | text | who | Who |
| | end_repeat | | |
| | select_multiple ${who} | some | Some |
"""
    with pytest.raises(FormErrors) as raised:
        compile_form(tables.encode(), "f.md", is_draft=True)
    assert [(error.code, error.row) for error in raised.value.errors] == [("choices_path", 5)]


def questions(count: int) -> str:
    nodes = "".join(f"<q{n}/>" for n in range(count))
    return HEAD.replace("<g><a/><b/></g>", f"<g>{nodes}</g>")


@pytest.mark.parametrize("calculation", ["count(/data/g/*)", "sum(/data/g/*[. != ''])", "/data/g"])
def test_a_set_of_a_thousand_nodes_is_computed(calculation: str) -> None:
    bind = f'<bind nodeset="/data/out" calculate="{calculation}"/>'
    xform = f"{questions(1_000)}{bind}</model></h:head><h:body/></h:html>"
    form = compile_form(xform.encode(), "f.xml", is_draft=True)
    found = check_of(form.python, {"g": {"q7": "5"}})
    assert found == {"out": "1000" if calculation.startswith("count") else "5"}


def test_a_set_of_more_nodes_is_refused() -> None:
    bind = '<bind nodeset="/data/out" calculate="count(/data/g/*)"/>'
    xform = f"{questions(1_001)}{bind}</model></h:head><h:body/></h:html>"
    with pytest.raises(FormErrors) as raised:
        compile_form(xform.encode(), "f.xml", is_draft=True)
    assert [error.code for error in raised.value.errors] == ["unsupported_path"]


def test_text_of_an_instance_does_not_leave_its_literal() -> None:
    hostile = "&quot;]});alert(1)//&lt;/script&gt;\u2028'''"
    instance = f'<instance id="i"><a><b no="{hostile}"><c>{hostile}</c></b><d/></a></instance>'
    bind = """<bind nodeset="/data/out" calculate="instance('i')/a/b[c != '']/@no"/>"""
    form = compile_form(
        f"{HEAD}{instance}{bind}</model></h:head><h:body/></h:html>".encode(), "f.xml", is_draft=True
    )
    assert check_of(form.python, {}) == {"out": "\"]});alert(1)//</script>\u2028'''"}
    assert "</script>" not in form.javascript
    assert "\u2028" not in form.javascript


KEPT = """
| survey | | | | |
| | type | name | label | calculation |
| | text | proposed | Proposed | |
| | calculate | is_proposed | | if(${name} = ${proposed}, 'yes', 'no') |
| | text | name | Name | if(${is_proposed} = 'yes', ${proposed}, .) |
"""


def test_what_keeps_its_value_may_depend_on_what_is_made_of_it() -> None:
    form = compile_form(KEPT.encode(), "f.md", is_draft=True)
    assert [(each.code, each.row) for each in form.warnings] == [("own_value", 3), ("own_value", 4)]
    assert "held(c,3)===v(c,1)" in form.javascript
    answers = {"proposed": "Li", "is_proposed": "no", "name": "Wang"}
    assert found(check(KEPT, answers)) == ["is_proposed:not_checked"]  # a name can be typed over
