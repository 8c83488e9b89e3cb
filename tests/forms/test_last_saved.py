"""`last-saved`: the record saved before is a list of one row on the phone, and not checked on the server."""

from forms import compile_form
from forms.errors import ErrorList
from forms.resolve import resolve
from forms.xform import read_xform
from tests.forms.compiled import Lists, check, found, read

FORM = """
| survey | | | | | |
| | type | name | label | default | calculation |
| | begin_group | place | Place | | |
| | text | street | Street | ${last-saved#street} | |
| | end_group | | | | |
| | integer | number | Number | | |
| | calculate | next | | | ${last-saved#number} + 1 |
"""
XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>T</h:title><model>
<instance><data id="t" version="1"><a/><b/></data></instance>
<instance id="before" src="jr://instance/last-saved"/>
<bind nodeset="/data/a" type="string"/>
<bind nodeset="/data/b" type="string" calculate="instance('before')/data/a"/>
</model></h:head><h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>"""


def test_is_a_list_of_one_row_with_the_paths_as_columns() -> None:
    form = compile_form(FORM.encode(), "f.md", is_draft=True)
    assert '{name:"__last-saved",columns:["number","place/street"],keys:[]}' in form.javascript
    assert form.warnings == []


def test_is_no_list_of_the_town() -> None:
    assert compile_form(FORM.encode(), "f.md", is_draft=True).outline["lists"] == []


def test_keeps_the_instance_name_of_an_xform() -> None:
    errors = ErrorList()
    form = read_xform(XFORM.encode(), errors)
    assert form is not None
    assert [each.columns for each in resolve(form, errors).lists] == [("a",)]
    assert [*errors] == []


def test_server_takes_what_was_sent() -> None:
    checked = check(FORM, {"place": {"street": "东街"}, "number": 2, "next": "9"}, Lists())
    assert found(checked) == ["next:not_checked"]
    assert checked.calculated == {}


def test_warns_that_of_a_repeat_only_the_first_instance_is_read() -> None:
    errors = ErrorList()
    resolve(
        read(
            """
| survey | | | |
| | type | name | label | calculation |
| | begin_repeat | m | M | |
| | text | who | Who | |
| | end_repeat | | | |
| | calculate | first | | ${last-saved#who} |
"""
        ),
        errors,
    )
    assert [(each.code, each.severity) for each in errors] == [("last_saved_repeat", "warning")]


def test_is_empty_for_a_question_that_the_form_does_not_have() -> None:
    errors = ErrorList()
    form = read_xform(XFORM.replace('/data/a"/>', '/data/zz"/>', 1).encode(), errors)
    assert form is not None
    resolve(form, errors)
    assert [each.code for each in errors] == ["path_to_nothing"]
