"""XForms that came as such, by hand or from other programs -> definition, or every place that is wrong."""

import pytest

from forms import compile_form
from forms.definition import Action, Definition
from forms.errors import ErrorList
from forms.expression import String, parse
from forms.xform import read_xform
from tests.forms.sheets import placed

HTML = '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'


def xform(model: str, body: str, itext: str = "") -> bytes:
    return (
        f"{HTML} xmlns:jr='http://openrosa.org/javarosa'><h:head><h:title>T</h:title><model>{itext}"
        f"{model}</model></h:head><h:body>{body}</h:body></h:html>"
    ).encode()


def read(source: bytes) -> tuple[Definition | None, list[tuple[str, str, int, str]]]:
    errors = ErrorList()
    return read_xform(source, errors), placed(list(errors))


INSTANCE = '<instance><data id="t" version="1"><a/><b/></data></instance>'


def test_reads_choices_written_inside_a_select() -> None:
    body = '<select1 ref="/data/a"><label>A</label><item><label>Yes</label><value>y</value></item></select1>'
    form, errors = read(xform(INSTANCE + '<bind nodeset="/data/a" type="select1"/>', body))
    assert (errors, form is not None) == ([], True)
    assert form is not None
    itemset = form.nodes[1].itemset
    assert itemset is not None
    assert form.choice_lists[itemset.list_name][0]["name"] == "y"
    assert itemset.rows == parse(f"instance('{itemset.list_name}')/root/item")


def test_reads_controls_bound_by_id_and_by_relative_paths() -> None:
    body = '<input bind="i"><label>A</label></input><group ref="/data"><input ref="b"/></group>'
    form, errors = read(xform(INSTANCE + '<bind id="i" nodeset="/data/a" type="int"/>', body))
    assert errors == []
    assert form is not None
    assert [(each.type, each.control) for each in form.nodes[1:]] == [("int", "input"), ("string", "input")]


def test_reads_controls_by_paths_from_where_they_stand() -> None:
    body = '<group ref="/data"><input ref="current()/b"/></group>'
    form, errors = read(xform(INSTANCE, body))
    assert errors == []
    assert form is not None
    assert [each.control for each in form.nodes[1:]] == ["", "input"]


def test_reads_events_written_together() -> None:
    setvalue = '<setvalue event="odk-instance-first-load odk-new-repeat" ref="/data/r/c">x</setvalue>'
    form, errors = read(
        xform(
            '<instance><data id="t"><r jr:template=""><c/></r></data></instance>',
            f'<group><repeat nodeset="/data/r"><input ref="/data/r/c"/>{setvalue}</repeat></group>',
        )
    )
    assert errors == []
    assert form is not None
    assert form.actions == (
        Action("first-load", 2, String("x")),
        Action("new-repeat", 2, String("x"), 1),
    )


def test_an_entity_in_a_group_exists_only_while_the_group_is_relevant() -> None:
    form, errors = read(
        xform(
            '<instance><data id="t"><a/><r jr:template=""><g><b/><meta><entity dataset="m" create="1" id="">'
            "<label/></entity></meta></g></r></data></instance>"
            '<bind nodeset="/data/r/g" relevant="../../a = 1 and b != 2"/>'
            '<bind nodeset="/data/r/g/meta/entity/label" calculate="../../../b"/>',
            '<group><repeat nodeset="/data/r"><input ref="/data/r/g/b"/></repeat></group>',
        )
    )
    assert errors == []
    assert form is not None
    [entity] = form.entities
    assert form.nodes[entity.container].name == "r"
    assert entity.create_if == parse("../a = 1 and g/b != 2")
    assert entity.label == parse("g/b")


BOMB = b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a>&z;</a>'


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "xform_not_xml"),
        (b"<a>", "xform_not_xml"),
        (b"a,b\n1,2", "xform_not_xml"),
        (BOMB, "xform_doctype"),
        (BOMB.decode().encode("utf-16"), "xform_doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xform_doctype"),
        (b"<a>" * 300 + b"</a>" * 300, "xform_not_xml"),
        (b"<html/>", "xform_incomplete"),
        (xform("", ""), "xform_incomplete"),
        (xform("<instance><data/></instance>", ""), "xform_incomplete"),
    ],
)
def test_refuses_what_is_no_xform(source: bytes, code: str) -> None:
    assert [each[0] for each in read(source)[1]] == [code]


def test_reads_nothing_from_outside() -> None:
    source = xform(INSTANCE, '<?xml-stylesheet href="file:///etc/passwd"?><!-- x --><input ref="/data/a"/>')
    assert read(source)[1] == []


@pytest.mark.parametrize(
    ("model", "body", "expected"),
    [
        ('\n<bind nodeset="/data/a" calculate="1 +"/>', "", ("unexpected_end", "xform", 2, "calculation")),
        ('\n\n<bind nodeset="/data/a" relevant="1 2"/>', "", ("syntax", "xform", 3, "relevant")),
        ('<bind nodeset="/data/a" type="nope"/>', "", ("type_as_text", "xform", 1, "type")),
        ('\n<submission base64RsaPublicKey="MIIB"/>', "", ("public_key", "xform", 2, "submission")),
        ("", "\n<group><label>G</label></group>", ("ignored_xform", "xform", 2, "")),
        ('\n<bind nodeset="/data/a" jr:preload="patient"/>', "", ("ignored_xform", "xform", 2, "type")),
        ("", '\n<select1 ref="/data/a"/>', ("missing_list_name", "xform", 2, "type")),
        ("", '\n<input ref="/data/a"><mystery/></input>', ("ignored_xform", "xform", 2, "")),
        ("", '\n<input ref="/data/nowhere"/>', ("ignored_xform", "xform", 2, "")),
        ("", '\n<input ref="/data/a"/><input ref="/data/a"/>', ("ignored_xform", "xform", 2, "")),
    ],
)
def test_places_what_it_can_not_read(model: str, body: str, expected: tuple[str, str, int, str]) -> None:
    _, errors = read(xform(INSTANCE + model, body))
    assert errors == [expected]


def test_instances_that_a_form_brings_along() -> None:
    rows = '<r jr:template=""><n>1</n></r><r><n>1</n></r><r><n>2</n></r>'
    instance = INSTANCE.replace("<b/>", f"<b/>{rows}")
    form, _ = read(xform(instance, '<group ref="/data/r"><repeat nodeset="/data/r"/></group>'))
    assert form is not None
    assert [node.instances for node in form.nodes if node.kind == "repeat"] == [({}, {"n": "2"})]


def test_a_repeat_inside_a_repeat_begins_as_in_the_first_instance() -> None:
    rows = '<r jr:template=""><s jr:template=""><n/></s></r><r><s><n/></s></r>'
    instance = INSTANCE.replace("<b/>", f"<b/>{rows}")
    body = '<repeat nodeset="/data/r"><repeat nodeset="/data/r/s"/></repeat>'
    form, _ = read(xform(instance, body))
    assert form is not None
    assert [node.instances for node in form.nodes if node.kind == "repeat"] == [None, None]


HINTED = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>
<instance><data id="t" version="1"><a/></data></instance><itext><translation lang="en">
<text id="l"><value>L</value></text>
<text id="h"><value>H</value><value form="image">jr://images/h.png</value></text></translation></itext>
<bind nodeset="/data/a" type="string"/></model></h:head><h:body>
<input ref="/data/a"><label ref="jr:itext('l')"/><hint ref="jr:itext('h')"/></input></h:body></h:html>"""


def test_tells_that_a_picture_of_a_hint_is_not_shown() -> None:
    form = compile_form(HINTED.encode(), "f.xml", is_draft=True)
    assert [each.code for each in form.warnings] == ["unshown_media"]


def test_a_draft_without_an_id_is_called_as_its_root() -> None:
    form = compile_form(HINTED.replace(' id="t"', "").encode(), "f.xml", is_draft=True)
    assert form.form_id == "data"
    assert placed(form.blockers) == [("xform_incomplete", "xform", 3, "id")]
