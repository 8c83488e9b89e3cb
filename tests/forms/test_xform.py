"""Reading XForms, from workbooks and from others' hands, into definitions."""

import pytest

from forms import compile_form
from forms.attachments import Attached
from forms.definition import Action, Definition, ListUse, Node, Place, Text
from forms.errors import ErrorList
from forms.expression import Binary, Call, Path, Step, String, parse
from forms.itext import itext_id
from forms.survey import read_survey
from forms.workbook import to_xform
from forms.xform import read_xform
from tests.forms.sheets import workbook_of

ALWAYS = Call("true", ())


def definition_of(tables: str) -> Definition:
    errors = ErrorList()
    book = workbook_of(tables)
    xform = to_xform(book, errors)
    form = read_xform(xform.encode(), errors, read_survey(book).places(), Attached(book.lists()))
    assert errors.errors == []
    assert form is not None
    return form


def survey(columns: str, *rows: str) -> str:
    return "\n".join(["| survey |", f"| | {columns} |", *(f"| | {row} |" for row in rows), ""])


def node(form: Definition, name: str) -> Node:
    return next(each for each in form.nodes if each.name == name)


def words(text: Text | None) -> dict[str, tuple[object, ...]]:
    assert text is not None
    return dict(text.by_language)


def path(*names: str) -> Path:
    return Path(True, tuple(Step("child", name) for name in ("data", *names)))


def child(*names: str) -> Path:
    return Path(False, tuple(Step("child", name) for name in names))


def test_reads_the_tree_in_document_order() -> None:
    form = definition_of(
        survey(
            "type | name | label",
            "text | a | A",
            "begin_group | g | G",
            "begin_repeat | r | R",
            "integer | b | B",
            "end_repeat",
            "end_group",
            "geopoint | c | C",
        )
    )
    assert [(each.id, each.name, each.kind, each.parent) for each in form.nodes] == [
        (0, "data", "group", -1),
        (1, "a", "question", 0),
        (2, "g", "group", 0),
        (3, "r", "repeat", 2),
        (4, "b", "question", 3),
        (5, "c", "question", 0),
    ]


@pytest.mark.parametrize(
    ("written", "type_", "control", "media_type"),
    [
        ("text", "string", "input", ""),
        ("integer", "int", "input", ""),
        ("decimal", "decimal", "input", ""),
        ("date", "date", "input", ""),
        ("datetime", "dateTime", "input", ""),
        ("time", "time", "input", ""),
        ("geopoint", "geopoint", "input", ""),
        ("geoshape", "geoshape", "input", ""),
        ("barcode", "barcode", "input", ""),
        ("image", "file", "upload", "image/*"),
        ("audio", "file", "upload", "audio/*"),
        ("file", "file", "upload", "application/*"),
        ("note", "string", "input", ""),
        ("acknowledge", "trigger", "trigger", ""),
        ("range", "int", "range", ""),
        ("select_one yn", "select_one", "select_one", ""),
        ("select_multiple yn", "select_multiple", "select_multiple", ""),
        ("rank yn", "rank", "rank", ""),
        ("hidden", "string", "", ""),
    ],
)
def test_reads_types_and_controls(written: str, type_: str, control: str, media_type: str) -> None:
    tables = survey("type | name | label", f"{written} | a | A")
    form = definition_of(tables + "| choices |\n| | list_name | name | label |\n| | yn | y | Y |")
    found = node(form, "a")
    assert (found.type, found.control, found.media_type) == (type_, control, media_type)


@pytest.mark.parametrize(
    ("written", "preload"),
    [
        ("start", "start"),
        ("end", "end"),
        ("today", "today"),
        ("deviceid", "deviceid"),
        ("username", "username"),
    ],
)
def test_reads_preloads(written: str, preload: str) -> None:
    form = definition_of(survey("type | name | label", f"{written} | a |", "text | b | B"))
    assert node(form, "a").preload == preload


def test_reads_texts_in_every_language_with_outputs_hints_guidance_and_media() -> None:
    columns = (
        "type | name | label::中文 (zh) | label::English (en) | hint::中文 (zh) | guidance_hint::English (en)"
        " | image::English (en)"
    )
    form = definition_of(
        survey(
            columns, "text | a | 姓名 | Name | | |", "text | b | ${a}好 | Hello ${a}! | 提示 | More | b.png"
        )
    )
    found = node(form, "b")
    assert (form.languages, form.default_language) == (("zh", "en"), "zh")
    assert words(found.label) == {"zh": (path("a"), "好"), "en": ("Hello ", path("a"), "!")}
    assert words(found.hint) == {"zh": ("提示",)}
    assert words(found.guidance) == {"en": ("More",)}
    assert found.label is not None
    assert found.label.media == {"en": {"image": "b.png"}}


def test_reads_plain_labels_as_the_default_language() -> None:
    form = definition_of(survey("type | name | label", "text | a | A"))
    assert form.languages == ("default",)
    assert words(node(form, "a").label) == {"default": ("A",)}


def test_reads_conditions_and_messages() -> None:
    columns = (
        "type | name | label | relevant | required | read_only | constraint | constraint_message"
        " | required_message | calculation"
    )
    form = definition_of(
        survey(
            columns,
            "integer | a | A | | yes | | . > 1 | Too small | Needed |",
            "integer | b | B | ${a} > 2 | | yes | | | | ${a} * 2",
        )
    )
    a, b = node(form, "a"), node(form, "b")
    assert (a.required, a.constraint, a.relevant, a.read_only) == (ALWAYS, parse(". > 1"), None, None)
    assert words(a.constraint_message) == {"default": ("Too small",)}
    assert words(a.required_message) == {"default": ("Needed",)}
    assert b.relevant == Binary(">", path("a"), parse("2"))
    assert (b.read_only, b.calculation) == (ALWAYS, parse("/data/a * 2"))


def test_reads_parameters() -> None:
    form = definition_of(
        survey(
            "type | name | label | parameters | appearance",
            "range | a | A | start=1 end=9 step=2 | vertical",
            "image | b | B | max-pixels=800 | annotate",
        )
    )
    assert node(form, "a").parameters == {"start": "1", "end": "9", "step": "2"}
    assert node(form, "a").appearance == ("vertical",)
    assert node(form, "b").parameters == {"max-pixels": "800"}


CHOICES = """
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) | kind |
| | yn | y | 是 | Yes | a |
| | yn | n | 否 | No ${a} | b |
"""


def test_reads_choices_with_translations_and_columns() -> None:
    columns = "type | name | label::中文 (zh) | label::English (en) | choice_filter"
    form = definition_of(
        survey(columns, "text | a | 甲 | A | |", "select_one yn | b | 乙 | B | kind = ${a}") + CHOICES
    )
    yes, no = form.choice_lists["yn"]
    assert (yes["name"], yes["kind"]) == ("y", "a")
    assert isinstance(yes["label"], Text)
    assert isinstance(no["label"], Text)
    assert words(yes["label"]) == {"zh": ("是",), "en": ("Yes",)}
    assert words(no["label"])["en"] == ("No ", path("a"))
    itemset = node(form, "b").itemset
    assert itemset is not None
    assert (itemset.list_name, itemset.value, itemset.label) == ("yn", "name", "label")
    assert itemset.rows == parse("instance('yn')/root/item[kind = /data/a ]")


def test_reads_plain_choices() -> None:
    form = definition_of(
        survey("type | name | label", "select_one yn | b | B")
        + "| choices |\n| | list_name | name | label |\n| | yn | y | Yes |"
    )
    assert form.choice_lists == {"yn": ({"name": "y", "label": Text({"default": ("Yes",)})},)}


def test_names_lists_whose_rows_are_elsewhere() -> None:
    form = definition_of(
        survey(
            "type | name | label | parameters",
            "csv-external | household | | |",
            "select_one_from_file person.csv | p | P | value=code label=full",
        )
    )
    assert form.lists == (ListUse("household", (), ()), ListUse("person", (), ()))
    itemset = node(form, "p").itemset
    assert itemset is not None
    assert (itemset.list_name, itemset.value, itemset.label) == ("person", "code", "full")


def test_takes_the_rows_of_a_list_that_came_along() -> None:
    form = definition_of(
        survey("type | name | label", "select_one_from_file village.csv | v | V")
        + "| village |\n| | name | label | town |\n| | v1 | 一村 | t |"
    )
    assert form.lists == ()
    assert form.choice_lists["village"] == (
        {"name": "v1", "label": Text({"default": ("一村",)}), "town": "t"},
    )


def test_reads_choices_of_select_one_external() -> None:
    form = definition_of(
        survey(
            "type | name | label | choice_filter",
            "text | a | A | |",
            "select_one_external c | b | B | town=${a}",
        )
        + "| external_choices |\n| | list_name | name | label | town |\n| | c | x | X | t |"
    )
    itemset = node(form, "b").itemset
    assert (node(form, "b").type, itemset and itemset.list_name) == ("select_one", "c")
    assert [row["name"] for row in form.choice_lists["c"]] == ["x"]


def test_reads_repeats_once_with_label_appearance_and_count() -> None:
    form = definition_of(
        survey(
            "type | name | label | repeat_count | appearance | relevant",
            "integer | n | N | | |",
            "begin_repeat | r | R | ${n} | field-list | ${n} > 0",
            "text | a | A | | |",
            "end_repeat",
        )
    )
    found = node(form, "r")
    assert [each.name for each in form.nodes] == ["data", "n", "r", "a"]
    assert (found.count, found.appearance) == (path("n"), ("field-list",))
    assert words(found.label) == {"default": ("R",)}
    assert found.relevant is not None


def test_turns_dynamic_defaults_into_actions() -> None:
    form = definition_of(
        survey(
            "type | name | label | default",
            "text | a | A | plain",
            "date | b | B | today()",
            "begin_repeat | r | R | |",
            "text | c | C | concat('x', ${a})",
            "end_repeat",
        )
    )
    a, b, r, c = (node(form, name) for name in "abrc")
    value = Call("concat", (String("x"), path("a")))
    assert (a.default, b.default) == ("plain", "")
    assert set(form.actions) == {
        Action("first-load", b.id, Call("today", ())),
        Action("first-load", c.id, value),
        Action("new-repeat", c.id, value, r.id),
    }


def test_reads_triggers_as_actions_on_change() -> None:
    form = definition_of(
        survey(
            "type | name | label | trigger | calculation",
            "text | a | A | | |",
            "calculate | b | | ${a} | now()",
        )
    )
    b, a = node(form, "b"), node(form, "a")
    assert b.calculation is None
    assert form.actions == (Action("changed", b.id, Call("now", ()), a.id),)


def test_reads_instance_name_from_the_root() -> None:
    form = definition_of(
        survey("type | name | label", "text | a | A")
        + "| settings |\n| | form_id | version | form_title | instance_name | style |\n"
        + "| | t | 7 | 标题 | concat(${a}, '!') | pages |"
    )
    assert (form.form_id, form.version, form.style) == ("t", "7", "pages")
    assert words(form.title) == {"default": ("标题",)}
    assert form.instance_name == parse("concat(/data/a , '!')")


def test_keeps_meta_out_unless_a_formula_reads_the_instance_id() -> None:
    plain = definition_of(survey("type | name | label", "text | a | A"))
    reading = definition_of(
        survey("type | name | label | calculation", "text | a | A | |", "calculate | b | | ${instanceID}")
    )
    assert [each.name for each in plain.nodes] == ["data", "a"]
    assert [(each.name, each.preload) for each in reading.nodes[-2:]] == [("meta", ""), ("instanceID", "uid")]


def test_keeps_what_the_form_says_in_our_namespace() -> None:
    form = definition_of(
        survey("type | name | label | bind::ly:rule | bind::ly:level", "text | a | A | R35 | W")
        + "| settings |\n| | form_id | version | ly:purpose | ly:title_en |\n| | t | 1 | 测试 | Test |"
    )
    assert node(form, "a").extra == {"ly:rule": "R35", "ly:level": "W"}
    assert form.extra["ly:purpose"] == "测试"
    assert words(form.title)["en"] == ("Test",)


def test_keeps_the_place_of_every_cell() -> None:
    form = definition_of(
        survey(
            "type | name | label::中文 (zh) | bind::relevant", "text | a | 甲 | |", "text | b | 乙 | ${a} = 1"
        )
    )
    places = node(form, "b").places
    assert places["relevant"] == Place("survey", 3, "bind::relevant")
    assert places["label"] == Place("survey", 3, "label::中文 (zh)")


POSITIONS = """
| survey | | | | | |
| | type | name | label | trigger | bind::ly:purpose |
| | start-geopoint | where | | | 核实到场 |
| | text | a | A | | |
| | background-geopoint | then | | ${a} | |
"""


def test_a_position_is_asked_for_where_the_form_says_why() -> None:
    form = compile_form(POSITIONS.encode(), "f.md", is_draft=True)
    where, then = (line for line in form.javascript.splitlines() if '"geopoint"' in line)
    assert 'control:"input"' in where
    assert '"位置"' in where
    assert '"核实到场"' in where
    assert "control" not in then
    assert [each.row for each in form.warnings if each.code == "position_without_purpose"] == [4]


def test_the_id_of_a_text_may_hold_an_apostrophe() -> None:
    assert itext_id("jr:itext('/data/q/don't know:label')") == "/data/q/don't know:label"
    assert itext_id("jr:itext(concat('a', 'b'))") is None
