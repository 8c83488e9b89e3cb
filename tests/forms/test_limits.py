"""What is over a limit is told with its place, in words, before later passes meet it."""

import pytest

from forms import archives, limits
from forms.archives import look_through
from forms.attachments import read_attachments
from forms.compile import compile_form
from forms.definition import Place
from forms.errors import ErrorList, FormErrors
from forms.limits import MAX_ERRORS, MAX_WARNINGS, Intake, Refused
from forms.macros import ExpansionError, expand
from tests.bad_inputs.workbooks import (
    HEADER,
    MAIN,
    calculated,
    cells,
    excel,
    linked,
    nested,
    questions,
    sheet,
)

Found = tuple[str, str, int, str]


def told(source: bytes, name: str = "form.md") -> list[Found]:
    with pytest.raises(FormErrors) as refused:
        compile_form(source, name, is_draft=True)
    return [(error.code, error.sheet, error.row, error.column) for error in refused.value.errors]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (questions(5_001, "| | text | q{n} | Q |"), ("too_many_rows", "survey", 0, "")),
        (questions(1, f"| | text | q | {'x' * 32_768} |"), ("cell_too_long", "survey", 2, "label")),
        (questions(1, f"| | text | {'x' * 256} | Q |"), ("name_too_long", "survey", 2, "name")),
        (
            calculated(*["+".join(["${n}"] * 1_000)] * 51),
            ("too_many_references", "survey", 52, "calculation"),
        ),
        (nested(61), ("nested_too_deep", "survey", 62, "type")),
        (calculated("idok(" * 5 + "." + ")" * 5), ("expanded_too_long", "survey", 2, "calculation")),
    ],
    ids=["questions", "cell", "name", "references", "groups", "macros"],
)
def test_one_more_than_the_limit_is_told_with_its_place(source: bytes, found: Found) -> None:
    assert told(source) == [found]


def test_a_lone_sheet_is_the_survey_and_has_its_limit() -> None:
    source = questions(5_001, "| | text | q{n} | Q |").replace(b"| survey |", b"| Tabelle1 |")
    assert told(source) == [("too_many_rows", "survey", 0, "")]


@pytest.mark.parametrize(
    ("limit", "code"), [("MAX_FILLED", "too_many_cells"), ("MAX_CHARACTERS", "too_many_characters")]
)
def test_cells_and_characters_are_counted_over_all_sheets(
    monkeypatch: pytest.MonkeyPatch, limit: str, code: str
) -> None:
    monkeypatch.setattr(limits, limit, 5)
    intake = Intake()
    intake.put_all("one", [["a", "b", ""], ["", "c", ""]])
    with pytest.raises(Refused) as refused:
        intake.put_all("two", [["d", "e", "f"]])
    assert refused.value.code == code


def test_a_sheet_ends_where_only_empty_rows_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EMPTY_ROWS", 2)
    intake = Intake()
    intake.put_all("s", [["a"], [""], [""], ["b"], [""], [""], [""], ["c"]])
    assert intake.done() == {"s": [["a"], [""], [""], ["b"]]}


@pytest.mark.parametrize(
    ("limit", "source", "code"),
    [
        ("MAX_FILLED", excel(sheet(HEADER)), "too_many_cells"),
        ("MAX_ROWS", excel(sheet(*[HEADER] * 4)), "too_many_rows"),
        ("MAX_ENTRIES", excel(sheet(HEADER)), "too_many_parts"),
        ("MAX_TAGS", excel(sheet(HEADER)), "too_many_parts"),
    ],
)
def test_an_archive_is_counted_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, limit: str, source: bytes, code: str
) -> None:
    look_through(source)
    monkeypatch.setattr(archives, limit, 2)
    with pytest.raises(Refused) as refused:
        look_through(source)
    assert refused.value.code == code


def test_entities_and_cells_of_other_workbooks_are_refused() -> None:
    assert told(excel(sheet(HEADER, doctype="<!DOCTYPE w>")), "f.xlsx") == [("file_with_entities", "", 0, "")]
    assert told(linked(), "f.xlsx") == [("file_with_links", "", 0, "")]


def test_a_column_of_a_table_is_no_other_workbook() -> None:
    formula = '<c t="str"><f>Table1[1st]&amp;"[1]"</f><v>text</v></c>'
    assert told(excel(sheet(cells("a"), formula)), "f.xlsx")[0][0] == "missing_column"


@pytest.mark.parametrize(
    ("limit", "name", "source", "code"),
    [
        ("MAX_LIST_ROWS", "l.csv", b"a\n1\n2\n3\n", "list_too_long"),
        ("MAX_LIST_CELLS", "l.csv", b"a,b,c\n1,2,3\n", "list_too_long"),
        ("MAX_JSON_PARTS", "l.geojson", b'{"features":[{}]}', "list_too_long"),
        ("MAX_XML_TAGS", "l.xml", b"<r><a/><a/></r>", "too_many_parts"),
    ],
)
def test_a_list_is_counted_while_it_is_read(
    monkeypatch: pytest.MonkeyPatch, limit: str, name: str, source: bytes, code: str
) -> None:
    read_attachments({name: source}, errors := ErrorList())
    assert list(errors) == []
    monkeypatch.setattr(f"forms.attachments.{limit}", 2)
    read_attachments({name: source}, errors)
    assert [error.code for error in errors] == [code]


def test_with_too_many_errors_the_check_stops_and_says_so() -> None:
    found = told(questions(500, "| | nosuch | q{n} | Q |"))
    assert found[0] == ("unknown_type", "survey", 2, "type")
    assert len(found) == MAX_ERRORS + 1 and found[-1] == ("too_many_errors", "", 0, "")


@pytest.mark.parametrize("note", ["warn", "block"])
def test_of_too_many_warnings_of_a_kind_the_first_are_listed(note: str) -> None:
    errors = ErrorList(is_draft=True)
    for row in range(500):
        getattr(errors, note)("missing_name", Place("survey", row, "name"))
    errors.warn("missing_type", Place("survey", 1, "type"))
    codes = [error.code for error in errors.warnings]
    assert codes.count("missing_name") == MAX_WARNINGS
    assert codes.count("more_warnings") == 1 and "missing_type" in codes


@pytest.mark.parametrize("text", ["idok(" * 4_000, "idok(1," * 3_000 + ")" * 3_000, f"a {MAIN} idok(1, 2)"])
def test_macros_with_wrong_arguments_stay_as_they_are(text: str) -> None:
    assert expand(text) == text


def test_macros_within_macros_end() -> None:
    with pytest.raises(ExpansionError):
        expand("phoneof(" * 6 + "1" + ")" * 6)
