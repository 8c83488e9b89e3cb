"""Workbooks as offices have them: each repair with the sheet that needs it, and what is said of it."""

from __future__ import annotations

import pytest

from forms import FormError, compile_form
from forms.dialect_types import taken_type
from forms.errors import ErrorList
from forms.repair_expressions import mended
from forms.sheets import Workbook
from forms.workbook import read_workbook
from tests.forms.sheets import placed, with_settings

Placed = tuple[str, str, int, str]


def read(*tables: str) -> tuple[Workbook, list[Placed]]:
    errors = ErrorList()
    book = read_workbook(with_settings("\n".join(tables)), "t.md", errors)
    assert not errors.errors
    return book, placed(errors.warnings)


def table(name: str, columns: str, *rows: str) -> str:
    return "\n".join([f"| {name} |", f"| | {columns} |", *(f"| | {row} |" for row in rows)])


def survey(columns: str, *rows: str) -> str:
    return table("survey", columns, *rows)


def choices(*rows: str, columns: str = "list_name | name | label") -> str:
    return table("choices", columns, *rows)


def cells(book: Workbook, column: str, sheet: str = "survey") -> list[str]:
    found = book.sheets[sheet]
    return [found.value(row, column) for row in found.rows]


def compiled(*tables: str) -> dict[str, dict[str, object]]:
    """The nodes of a form that publishes, by path."""
    form = compile_form(with_settings("\n".join(tables)), "t.md")
    return {node["path"]: node for node in form.outline["nodes"]}


# Columns.


def test_merges_columns_that_mean_the_same() -> None:
    book, told = read(
        survey(
            "type | name | label | image | media::image", "text | a | A | | a.png", "text | b | B | b.png |"
        )
    )
    assert cells(book, "image") == ["a.png", "b.png"]
    assert told == [("merged_column", "survey", 1, "media::image")]


def test_leaves_other_sheets_as_they_are() -> None:
    book, told = read(survey("type | name | label", "text | a | A"), table("notes", "x | x", "1 | 2"))
    assert book.lists() == {"notes": [{"x": "1"}]}
    assert told == []


def test_leaves_out_two_headers_run_into_one() -> None:
    tables = survey("type | name | label::fr | hint::frhint::en", "text | a | A | H")
    form = compile_form(with_settings(tables), "t.md")
    assert placed(form.warnings) == [("unknown_column", "survey", 1, "hint::frhint::en")]


def test_keeps_an_attribute_column_named_like_another() -> None:
    nodes = compiled(
        survey("type | name | label | instance::tag | bind::type", "text | a | A | hidden | string")
    )
    assert [*nodes] == ["a"]


def test_takes_headers_in_any_spelling_and_colons_mixed() -> None:
    tables = survey("Type | NAME | label:English | Hint::English | Relevance", "text | a | A | H | 1 = 1")
    [node] = compile_form(with_settings(tables), "t.md").outline["nodes"]
    assert node["label"] == {"English": "A"}


def test_unites_languages_that_differ_by_capitals_and_blanks() -> None:
    tables = survey("type | name | label::English (en) | hint::english(en)", "text | a | A | H")
    form = compile_form(with_settings(tables), "t.md")
    assert form.outline["languages"] == ["en"]
    assert ("repaired_language", "survey", 1, "hint::english(en)") in placed(form.warnings)


def test_takes_the_default_language_that_is_meant() -> None:
    settings = "\n| settings |\n| | form_id | version | default_language | ly:purpose | ly:retention_days |\n"
    tables = survey("type | name | label::English (en)", "text | a | A") + settings
    form = compile_form(f"{tables}| | t | 1 | english | p | 3 |".encode(), "t.md")
    assert form.outline["default_language"] == "en"
    assert form.outline["languages"] == ["en"]
    assert ("repaired_language", "settings", 2, "default_language") in placed(form.warnings)


def test_leaves_unknown_columns_out() -> None:
    nodes = compiled(survey("type | name | label | labelReport", "text | a | A | ${no such question"))
    assert [*nodes] == ["a"]


# Types.


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("Select_One yn", "select_one yn"),
        ("select-multiple yn", "select_multiple yn"),
        ("TEXT", "text"),
        ("Begin Group", "begin_group"),
        ("end repeat x", "end_repeat"),
        ("csv_external", "csv-external"),
        ("db:person", "text"),
        ("hidden string", "hidden"),
        ("hidden geopoint", "hidden"),
        ("text audit", "hidden"),
        ("audio audit", "hidden"),
        ("speed violations count", "hidden"),
        ("sensor_statistic pct_quiet", "hidden"),
        ("sensor_stream light_level", "hidden"),
        ("comments", "hidden"),
        ("caseid", "hidden"),
        ("enumerator", "username"),
        ("calculate_here", "calculate"),
    ],
)
def test_takes_types_of_other_dialects(written: str, taken: str) -> None:
    found = taken_type(written)
    assert found is not None
    assert found.type == taken


@pytest.mark.parametrize(
    "known",
    ["text", "dateTime", "select_one Yn", "begin group", "osm tags", "uri:deviceid", "q string", "nonsense"],
)
def test_leaves_types_it_knows_and_those_nobody_knows(known: str) -> None:
    assert taken_type(known) is None


def test_says_what_a_type_was_taken_for() -> None:
    book, told = read(
        survey("type | name | label | calculation", "hidden string | a | | 1 + 1", "text audit | b | |")
    )
    assert cells(book, "type") == ["calculate", "hidden"]
    assert told == [("repaired_type", "survey", 2, "type"), ("repaired_type", "survey", 3, "type")]


def test_never_shows_what_has_the_appearance_hidden() -> None:
    nodes = compiled(
        survey(
            "type | name | label | appearance | calculation",
            "string | patient_id | Medic ID | hidden | |",
            "string | again | Again | hidden | ${patient_id}",
            "select_one l | s | S | hidden | |",
        ),
        choices("l | x | X"),
    )
    assert [nodes[name]["control"] for name in ("patient_id", "again", "s")] == ["", "", "select_one"]


def test_computes_here_what_is_computed_where_it_stands() -> None:
    book, _ = read(
        survey(
            "type | name | label | calculation",
            "calculate_here | first | | once(now())",
            "text | a | A |",
            "note | n | N |",
            "calculate_here | then | | once(now())",
        )
    )
    assert cells(book, "trigger") == ["", "", "", "${a}"]


def test_a_score_becomes_a_table_of_choices() -> None:
    nodes = compiled(
        survey(
            "type | name | label | kobo--score-choices",
            "begin_score | skills | Rate | scale",
            "score__row | speed | Speed |",
            "score__row | care | Care |",
            "end_score | | |",
        ),
        choices("scale | 1 | Low", "scale | 2 | High"),
    )
    assert [*nodes] == ["skills", "skills/skills_header", "skills/speed", "skills/care"]
    assert nodes["skills/speed"]["control"] == nodes["skills/skills_header"]["control"] == "select_one"
    assert nodes["skills/care"]["list"] == "scale"


def test_a_ranking_by_levels_never_takes_a_choice_twice() -> None:
    book, _ = read(
        survey(
            "type | name | label | kobo--rank-items | kobo--rank-constraint-message",
            "begin_rank | order | Rank | things | No doubles",
            "rank__level | one | First | |",
            "rank__level | two | Second | |",
            "end_rank | | | |",
        ),
        choices("things | a | A", "things | b | B"),
    )
    assert cells(book, "type") == ["begin_group", "select_one things", "select_one things", "end_group"]
    assert cells(book, "constraint") == ["", "", ". != ${one}", ""]
    assert cells(book, "constraint_message")[2] == "No doubles"


def test_a_matrix_asks_its_questions_for_each_row() -> None:
    nodes = compiled(
        survey(
            "type | name | label | kobo--matrix_list",
            "begin_kobomatrix | m | Items | goods",
            "integer | n | How many |",
            "text | why | Why |",
            "end_kobomatrix | | |",
        ),
        choices("goods | bed | Bed", "goods | pot | Pot"),
    )
    assert [path for path in nodes if path.count("/") == 2] == [
        "m/m_bed/m_bed_n",
        "m/m_bed/m_bed_why",
        "m/m_pot/m_pot_n",
        "m/m_pot/m_pot_why",
    ]


# Names and references.


@pytest.mark.parametrize(
    ("written", "taken"), [("meta", "meta_2"), ("two words", "two_words"), ("1st", "_1st"), ("a/b?", "a_b")]
)
def test_renames_what_can_be_no_name(written: str, taken: str) -> None:
    nodes = compiled(
        survey(
            "type | name | label | calculation",
            f"text | {written} | A |",
            f"calculate | c | | string-length(${{{written}}})",
        )
    )
    assert [*nodes] == [taken, "c"]


def test_paths_follow_a_group_named_meta_but_not_the_forms_own() -> None:
    book, told = read(
        survey(
            "type | name | label | calculation",
            "begin_group | meta | M |",
            "text | a | A |",
            "end_group | | |",
            "calculate | c | | concat(/data/meta/a, /data/meta/instanceID)",
        )
    )
    assert cells(book, "calculation")[3] == "concat(/data/meta_2/a, /data/meta/instanceID)"
    assert told == [("repaired_name", "survey", 2, "name")]


def test_a_question_named_as_the_root_compiles() -> None:
    nodes = compiled(
        survey(
            "type | name | label | calculation",
            "begin_group | data | D |",
            "text | a | A |",
            "end_group | | |",
            "calculate | c | | /data/data/a",
        )
    )
    assert [*nodes] == ["data", "data/a", "c"]


def test_renames_the_second_of_two_questions_that_nobody_refers_to() -> None:
    book, told = read(survey("type | name | label", "text | a | A", "text | a | B"))
    assert cells(book, "name") == ["a", "a_2"]
    assert told == [("repaired_duplicate", "survey", 3, "name")]


def test_renames_the_second_of_two_groups_and_keeps_what_is_in_it() -> None:
    rows = ["begin_group | g | G", "text | a | A", "end_group | |"]
    nodes = compiled(survey("type | name | label", *rows, *rows))
    assert [*nodes] == ["g", "g/a", "g_2", "g_2/a"]


def test_leaves_out_a_row_that_is_there_twice() -> None:
    book, told = read(survey("type | name | label", "text | a | A", "text | a | A", "note | n | ${a}"))
    assert cells(book, "name") == ["a", "n"]
    assert told == [("dropped_row", "survey", 3, "name")]


def test_keeps_two_questions_of_a_name_that_is_referred_to() -> None:
    book, told = read(survey("type | name | label", "text | a | A", "text | a | B", "note | n | ${a}"))
    assert cells(book, "name") == ["a", "a", "n"]
    assert told == []


@pytest.mark.parametrize(
    "written",
    ["${age}", "${ Age }", "${Age }", "$ {Age}", "$(Age)", "${last-saved#age}", "${ last-saved#Age}"],
)
def test_reads_references_with_other_capitals_and_stray_blanks(written: str) -> None:
    book, told = read(survey("type | name | label", "integer | Age | A", f"note | n | you: {written}"))
    saved = "last-saved#" if "last" in written else ""
    assert cells(book, "label")[1] == f"you: ${{{saved}Age}}"
    assert told == [("repaired_reference", "survey", 3, "label")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("selected-at(${list}, pos)", "selected-at(${list}, ${pos})"),
        ("pos + 'pos' - ../pos", "${pos} + 'pos' - ../pos"),
        ("position(..) + pos-1", "position(..) + pos-1"),
        ("instance('l')/root/item[pos = 1]/pos", "instance('l')/root/item[pos = 1]/pos"),
    ],
)
def test_gives_a_bare_name_its_sign(written: str, meant: str) -> None:
    book, _ = read(
        survey(
            "type | name | label | calculation",
            "text | pos | P |",
            "text | list | L |",
            f"calculate | c | | {written}",
        ),
        choices("l | x | X"),
    )
    assert cells(book, "calculation")[2] == meant


def test_leaves_bare_names_where_they_mean_something_else() -> None:
    book, told = read(
        survey(
            "type | name | label | relevant | choice_filter | default",
            "begin_group | g | G | source = 'user' | |",
            "text | source | S | | | source",
            "select_one l | a | A | | source = 'x' |",
            "end_group | | | | |",
        ),
        choices("l | x | X | y", columns="list_name | name | label | source"),
    )
    assert (cells(book, "relevant")[0], cells(book, "choice_filter")[2]) == (
        "source = 'user'",
        "source = 'x'",
    )
    assert cells(book, "default")[1] == "source"
    assert told == []


def test_leaves_a_reference_that_could_be_two() -> None:
    book, told = read(survey("type | name | label", "text | Age | A", "text | AGE | B", "note | n | ${age}"))
    assert cells(book, "label")[2] == "${age}"
    assert told == []


# Lists.


def test_takes_a_list_in_other_capitals() -> None:
    book, told = read(
        survey("type | name | label", "select_one YESNO or_other | a | A"),
        choices("YesNo | y | Y", "YesNo | n | N"),
    )
    assert cells(book, "type") == ["select_one YesNo or_other"]
    assert told == [("repaired_list_name", "survey", 2, "type")]


def test_joins_a_list_name_of_two_words() -> None:
    nodes = compiled(
        survey("type | name | label", "select_one yes no | a | A", "select_multiple yes no or_other | b | B"),
        choices("yes no | y | Y", "yes no | n | N"),
    )
    assert nodes["a"]["list"] == nodes["b"]["list"] == "yes_no"


def test_offers_both_of_two_choices_with_one_name() -> None:
    tables = (
        survey("type | name | label", "select_one l | a | A"),
        choices("l | x | X", "l | x | Y", "l | x | X"),
    )
    form = compile_form(with_settings("\n".join(tables)), "t.md")
    assert [row["label"] for row in form.outline["choices"]["l"]] == [{"default": "X"}, {"default": "Y"}]
    assert placed(form.warnings) == [
        ("allowed_choice", "choices", 3, "name"),
        ("dropped_row", "choices", 4, "name"),
    ]


# Cells.


@pytest.mark.parametrize("tick", ["T", "TRUE", "Yes", "Y", "x", "oui", "是", "true()", "TRUE()"])
def test_takes_a_tick_for_yes(tick: str) -> None:
    book, _ = read(survey("type | name | label | required", f"text | a | A | {tick}"))
    assert cells(book, "required") == ["yes"]


def test_says_that_a_tick_was_taken_for_no() -> None:
    book, told = read(survey("type | name | label | read only", "text | a | A | non"))
    assert cells(book, "read_only") == ["no"]
    assert told == [("repaired_expression", "survey", 2, "read only")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("${a} == 1 AND ${b} <> 2", "${a} = 1 and ${b} != 2"),
        ("(${a} ≥ 1) OR(${b} =< 2)", "(${a} >= 1) or(${b} <= 2)"),
        ("IF(${a} &gt;= 3, 'a == b', Today())", "if(${a} >= 3, 'a == b', today())"),
        (".>0 and.<130 or.=200", ".>0 and .<130 or .=200"),
        ("'&lt;b&gt; == AND '", "'&lt;b&gt; == AND '"),
        ("BRAND and ORder", "BRAND and ORder"),
        ("Unknown(1)", "Unknown(1)"),
    ],
)
def test_mends_operators_of_other_languages_outside_literals(written: str, meant: str) -> None:
    assert mended(written) == meant


def test_mends_expressions_of_a_sheet_and_says_so() -> None:
    book, told = read(survey("type | name | label | constraint", "integer | a | A | . &gt; 1 AND . &lt; 5"))
    assert cells(book, "constraint") == [". > 1 and . < 5"]
    assert told == [("repaired_expression", "survey", 2, "constraint")]


def test_duration_is_the_time_from_start_to_end() -> None:
    book, _ = read(
        survey(
            "type | name | label | calculation",
            "start | began | |",
            "text | a | A |",
            "calculate | took | | duration() + phone-call-duration()",
            "calculate | who | | username()",
        )
    )
    assert cells(book, "name") == ["began", "a", "took", "who", "end_1", "username_1"]
    assert "${began}" in cells(book, "calculation")[2]
    assert cells(book, "calculation")[2].endswith("+ phone-call-duration()")
    assert cells(book, "calculation")[3] == "${username_1}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+86", "concat('+86')"),
        ("a - b", "concat('a - b')"),
        ("Ag (COVID-19) [Presence] in x", "concat('Ag (COVID-19) [Presence] in x')"),
        ("Other (specify)", "concat('Other (specify)')"),
        ("cocat(1)", "cocat(1)"),
        ("it's + more", 'concat("it\'s + more")'),
        ("3 + 4", "3 + 4"),
        ("2016-10-15", "2016-10-15"),
        ("today() + 1", "today() + 1"),
    ],
)
def test_keeps_a_default_that_is_a_text(written: str, meant: str) -> None:
    book, _ = read(survey("type | name | label | default", f"text | a | A | {written}"))
    assert cells(book, "default") == [meant]


def test_takes_a_records_name_that_is_a_text() -> None:
    settings = "| settings |\n| | form_id | version | instance_name | ly:purpose | ly:retention_days |"
    tables = f"{survey('type | name | label', 'text | a | A')}\n{settings}\n| | t | 1 | Visit-v1 | p | 3 |"
    form = compile_form(tables.encode(), "t.md")
    assert ("repaired_expression", "settings", 2, "instance_name") in placed(form.warnings)


def test_takes_a_filter_away_where_there_are_no_choices() -> None:
    book, told = read(survey("type | name | label | choice_filter", "text | a | A | x = ${nobody}"))
    assert cells(book, "choice_filter") == [""]
    assert told == [("unused_filter", "survey", 2, "choice_filter")]


def test_leaves_out_parameters_that_a_type_has_not() -> None:
    book, told = read(survey("type | name | label | parameters", "range | a | A | start=1 end=5 colour=red"))
    assert cells(book, "parameters") == ["start=1 end=5"]
    assert told == [("unused_parameter", "survey", 2, "parameters")]


def test_says_that_the_phone_has_no_use_for_a_parameter_which_other_clients_read() -> None:
    book, told = read(survey("type | name | label | parameters", "image | a | A | app=org.example.camera"))
    assert cells(book, "parameters") == ["app=org.example.camera"]
    assert told == [("unused_parameter", "survey", 2, "parameters")]


def test_takes_appearances_in_capitals() -> None:
    book, told = read(
        survey(
            "type | name | label | appearance",
            "begin_group | g | G | Field-list w2",
            "text | a | A | Huge",
            "end_group",
        )
    )
    assert cells(book, "appearance") == ["field-list w2", "Huge", ""]
    assert told == [("repaired_expression", "survey", 2, "appearance")]


def test_takes_a_bare_name_as_a_trigger() -> None:
    book, told = read(
        survey(
            "type | name | label | trigger | calculation", "text | a | A | |", "calculate | b | | a | now()"
        )
    )
    assert cells(book, "trigger") == ["", "${a}"]
    assert told == [("repaired_reference", "survey", 3, "trigger")]


def test_leaves_out_choices_of_no_list() -> None:
    book, told = read(survey("type | name | label", "select_one l | a | A"), choices("l | x | X", " | | No"))
    assert cells(book, "name", "choices") == ["x"]
    assert told == [("stray_choice", "choices", 3, "list_name")]


def test_a_second_repeat_of_a_name_gets_another_wherever_it_stands() -> None:
    rows = ["begin_repeat | r | R", "text | a | A", "end_repeat | |"]
    nodes = compiled(
        survey(
            "type | name | label", "begin_group | g | G", *rows, "end_group | |", "begin_group | h | H", *rows
        )
        + "\n| | end_group | | |"
    )
    assert [*nodes] == ["g", "g/r", "g/r/a", "h", "h/r_2", "h/r_2/a"]


def test_groups_named_meta_are_renamed_alike() -> None:
    meta = ["begin_group | meta | M |", "text | a | A |", "end_group | | |"]
    book, _ = read(
        survey(
            "type | name | label | calculation",
            *("begin_group | g | G |", *meta, "end_group | | |", "begin_group | h | H |", *meta),
            *("calculate | c | | ../meta/a", "end_group | | |"),
        )
    )
    assert cells(book, "name").count("meta_2") == 2
    assert "../meta_2/a" in cells(book, "calculation")


def test_an_attribute_named_tag_has_no_effect() -> None:
    form = compile_form(
        with_settings(
            survey(
                "type | name | label | instance::tag",
                "begin_group | g | G | t",
                "text | a | A |",
                "end_group",
            )
        ),
        "t.md",
    )
    assert placed(form.warnings) == [("unknown_column", "survey", 1, "instance::tag")]


def test_the_root_keeps_its_name_where_a_setting_gives_it_none() -> None:
    settings = "| settings |\n| | form_id | version | name | ly:purpose | ly:retention_days |"
    tables = f"{survey('type | name | label', 'text | a | A')}\n{settings}\n| | t | 1 | my form | p | 3 |"
    form = compile_form(tables.encode(), "t.md")
    assert ("repaired_name", "settings", 2, "name") in placed(form.warnings)


def test_shows_the_name_where_there_is_no_label() -> None:
    nodes = compiled(survey("type | name | label::en | label::fr", "text | a | |", "uri:deviceid | c | |"))
    assert nodes["a"]["label"] == {"en": "a", "fr": "a"}
    assert nodes["c"]["label"] == {}


def test_a_calculation_without_an_expression_stays_empty() -> None:
    book, told = read(survey("type | name | label | calculation", "calculate | a | |"))
    assert cells(book, "type") == ["hidden"]
    assert told == [("missing_calculation", "survey", 2, "calculation")]


def test_every_repair_says_what_it_did_in_both_languages() -> None:
    form = compile_form(
        with_settings(survey("Type | name | label | media::image | image", "Text Audit | 1st | | | a.png")),
        "t.md",
    )
    said: list[FormError] = form.warnings
    assert said
    for warning in said:
        assert all(words["zh"] and words["en"] for words in (warning.message, warning.remedy))


def test_the_root_gives_way_to_a_repeat_of_its_name() -> None:
    rows = ("begin repeat | data | D", "text | a | A", "end repeat | |")
    form = compile_form(survey("type | name | label", *rows).encode(), "f.md", is_draft=True)
    assert "<data_2 " in form.xform and form.warnings == []
    assert [node["path"] for node in form.outline["nodes"]] == ["data", "data/a"]


def test_takes_a_picture_of_a_label_for_one_and_tells_that_a_hint_shows_none() -> None:
    columns = "type | name | label | label::image | hint | hint::audio"
    form = compile_form(survey(columns, "text | a | A | a.png | H | a.mp3").encode(), "f.md", is_draft=True)
    told = [warning for warning in placed(form.warnings) if warning[2]]
    assert sorted(told) == [
        ("repaired_expression", "survey", 1, "label::image"),
        ("unshown_media", "survey", 1, "hint::audio"),
    ]
    assert form.outline["languages"] == ["default"] and form.outline["media"] == ["a.png"]
    assert 'media:{"default":{"image":"a.png"}}' in form.javascript and "a.mp3" not in form.javascript


def test_a_picture_that_only_fills_a_gap_is_none() -> None:
    columns = "type | name | label::en | label::fr | media::image::en"
    form = compile_form(survey(columns, "text | a | A | B | a.png").encode(), "f.md", is_draft=True)
    assert form.outline["media"] == ["a.png"]


@pytest.mark.parametrize("moment", ["14:30:00", "2024-06-11T14:30:00", "2024-06-11 14:30", "1990-01-01"])
def test_a_date_or_time_alone_is_no_calculation(moment: str) -> None:
    book, told = read(survey("type | name | calculation", f"calculate | a | {moment}"))
    assert cells(book, "calculation") == [f"'{moment}'"]
    assert told == [("repaired_expression", "survey", 2, "calculation")]


def test_dates_are_still_computed_with() -> None:
    book, told = read(survey("type | name | calculation", "calculate | a | 2024 - 10 - 3"))
    assert (cells(book, "calculation"), told) == (["2024 - 10 - 3"], [])
