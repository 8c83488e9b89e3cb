"""Workbooks as offices have them: columns, types, names and lists, each repair with what is said of it."""

from __future__ import annotations

import pytest

from forms import compile_form
from forms.dialect_types import taken_type
from tests.forms.repairing import cells, choices, compiled, read, survey, table
from tests.forms.sheets import placed, with_settings

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
