"""Reading workbooks: the same sheets from every format, exact rows, limits, and XForms from them."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from lxml import etree
from pyxform.survey_element import SurveyElement

from forms import archives, limits
from forms.errors import ErrorList
from forms.workbook import LY_NAMESPACE, Workbook, read_workbook, to_xform
from tests.forms.sheets import placed, workbook_of

MARKDOWN = """
# A note above the tables
| survey |   |
|        | type    | name | label::中文 (zh) | relevant |
|        | ------- | ---- | --------------- | -------- |
|        | integer | a    | 年龄 \\| 岁      |          |
|        | text    | b    | 姓名            | ${a}>1   |

| choices |
| | list_name | name | label |
| | yn        | y    | 是    |
"""

CSV = """survey,,,,
,type,name,label::中文 (zh),relevant
,integer,a,年龄 | 岁,
,text,b,姓名,${a}>1
choices,,,
,list_name,name,label
,yn,y,是
"""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XFORMS = "{http://www.w3.org/2002/xforms}"


def excel(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


XLSX = excel(
    (
        "Survey",
        [
            ["type", "name", "label::中文 (zh)", "relevant"],
            ["integer", "a", "年龄 | 岁"],
            ["text", "b", "姓名", "${a}>1"],
        ],
    ),
    ("choices", [["list_name", "name", "label"], ["yn", "y", "是"]]),
)


def with_macros(workbook: bytes) -> bytes:
    stream = io.BytesIO(workbook)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    return stream.getvalue()


def read(source: bytes, name: str) -> tuple[Workbook, list[tuple[str, str, int, str]]]:
    errors = ErrorList()
    book = read_workbook(source, name, errors)
    return book, placed(list(errors))


def codes(source: bytes, name: str) -> list[str]:
    return [code for code, *_ in read(source, name)[1]]


def cells(book: Workbook, sheet: str) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, row.cells) for row in book.sheets[sheet].rows]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (MARKDOWN.encode(), "f.md"),
        (CSV.encode(), "f.csv"),
        (CSV.encode("utf-8-sig"), "f.csv"),
        (CSV.encode("gb18030"), "f.csv"),
        (XLSX, "f.xlsx"),
        (XLSX, "F.XLSX"),
    ],
)
def test_reads_the_same_sheets_from_every_format(source: bytes, name: str) -> None:
    book, errors = read(source, name)
    assert errors == []
    assert cells(book, "survey") == [
        (2, {"type": "integer", "name": "a", "label::中文 (zh)": "年龄 | 岁"}),
        (3, {"type": "text", "name": "b", "label::中文 (zh)": "姓名", "relevant": "${a}>1"}),
    ]
    assert cells(book, "choices") == [(2, {"list_name": "yn", "name": "y", "label": "是"})]


def test_keeps_excel_row_numbers_across_empty_rows() -> None:
    rows: list[list[object]] = [["type", "name"], ["text", "a"], [], [None, " "], ["text", "b"]]
    book, _ = read(excel(("survey", rows)), "f.xlsx")
    assert [number for number, _ in cells(book, "survey")] == [2, 5]


def test_reads_numbers_dates_and_booleans_as_forms_write_them() -> None:
    row: list[object] = [1.0, 1.5, True, datetime(2016, 10, 15), "a\u00a0b"]  # noqa: DTZ001 — Excel has no zones
    book, _ = read(excel(("survey", [["a", "b", "c", "d", "e"], row])), "f.xlsx")
    assert [*cells(book, "survey")[0][1].values()] == ["1", "1.5", "TRUE", "2016-10-15", "a b"]


def test_takes_a_lone_sheet_for_the_survey() -> None:
    book, _ = read(excel(("Sheet1", [["type", "name", "label"], ["text", "a", "A"]])), "f.xlsx")
    assert cells(book, "survey") == [(2, {"type": "text", "name": "a", "label": "A"})]


def test_repairs_wide_punctuation_outside_literals_of_expressions_only() -> None:
    book = workbook_of(
        "| survey |\n| | type | name | label | relevant |\n| | text | a | 姓名（全） | ${b}＝‘（是）’ |"
    )
    assert book.sheets["survey"].rows[0].cells["relevant"] == "${b}='（是）'"
    assert book.sheets["survey"].rows[0].cells["label"] == "姓名（全）"


def test_expands_macros_in_expressions() -> None:
    book = workbook_of(
        "| survey |\n| | type | name | label | constraint |\n| | text | a | idok(x) | phoneok(.) |"
    )
    assert "phoneok" not in book.sheets["survey"].rows[0].cells["constraint"]
    assert book.sheets["survey"].rows[0].cells["label"] == "idok(x)"


def test_gives_other_sheets_as_lists() -> None:
    book = workbook_of("| survey |\n| | type | name |\n| village |\n| | name | label |\n| | v1 | 一村 |")
    assert book.lists() == {"village": [{"name": "v1", "label": "一村"}]}


@pytest.mark.parametrize(
    ("source", "name", "code"),
    [
        (b"", "f.xlsx", "unreadable_file"),
        (b"PK\x03\x04 broken", "f.xlsx", "unreadable_file"),
        (b"not a workbook", "f.xls", "unreadable_file"),
        (OLE + bytes(600), "f.xls", "unreadable_file"),
        (b"\xff\xff\xff", "f.md", "unreadable_file"),
        (b"text", "f.docx", "unknown_file_type"),
        (XLSX, "f.xls", "renamed_file"),
        (OLE + bytes(600), "f.xlsx", "file_disguised"),
        (XLSX, "f.csv", "file_disguised"),
        (XLSX, "f.xlsm", "file_with_macros"),
        (with_macros(XLSX), "f.xlsx", "file_with_macros"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le") + bytes(600), "f.xls", "file_with_macros"),
    ],
)
def test_refuses_what_is_no_workbook(source: bytes, name: str, code: str) -> None:
    assert codes(source, name) == [code]


def test_refuses_a_zip_bomb_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(2_000_000))
    assert len(stream.getvalue()) < 10_000
    assert codes(stream.getvalue(), "f.xlsx") == ["file_too_large"]


def test_refuses_files_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SOURCE_BYTES", 10)
    assert codes(MARKDOWN.encode(), "f.md") == ["file_too_large"]


def test_refuses_a_column_that_is_there_twice_with_other_cells() -> None:
    rows = "| survey |\n| | name | label | label |\n| | a | A | A |\n| | b | B | C |"
    _, errors = read(rows.encode(), "f.md")
    assert errors == [("duplicate_column", "survey", 3, "label")]


def xform_of(tables: str) -> etree._Element:
    errors = ErrorList()
    xform = to_xform(workbook_of(tables), errors)
    assert errors.errors == []
    return etree.fromstring(xform.encode())


def test_puts_our_settings_on_the_model_and_keeps_them_from_pyxform() -> None:
    root = xform_of(
        "| survey |\n| | type | name | label |\n| | text | a | A |\n"
        "| settings |\n| | form_id | version | ly:purpose | ly:key |\n"
        '| | t | 1 | 为了<"核查"> | concat(${a}, 1) |'
    )
    model = root.find(f".//{XFORMS}model")
    assert model is not None
    assert model.get(f"{{{LY_NAMESPACE}}}purpose") == '为了<"核查">'
    assert model.get(f"{{{LY_NAMESPACE}}}key") == "concat( /data/a , 1)"


def test_declares_our_namespace_beside_the_authors_own() -> None:
    root = xform_of(
        "| survey |\n| | type | name | label | bind::ly:rule | bind::my:x |\n| | text | a | A | R1 | 1 |\n"
        '| settings |\n| | form_id | version | namespaces |\n| | t | 1 | my="urn:my" |'
    )
    bind = root.find(f".//{XFORMS}bind")
    assert bind is not None
    assert bind.get(f"{{{LY_NAMESPACE}}}rule") == "R1"
    assert bind.get("{urn:my}x") == "1"


def test_places_what_pyxform_refuses() -> None:
    errors = ErrorList()
    columns = "| | type | name | label | parameters |"
    tables = f"| survey |\n{columns}\n| | text | a | A | |\n| | range | b | B | start=x |"
    to_xform(workbook_of(tables), errors)
    assert placed(list(errors)) == [("pyxform", "survey", 3, "parameters")]


def test_gives_the_same_xform_for_the_same_workbook() -> None:
    book = workbook_of(
        "| survey |\n| | type | name | label |\n| | text | a | A |\n| | select_one y | b | B |\n"
        "| choices |\n| | list_name | name | label |\n| | y | n | N |"
    )
    assert len({to_xform(book, ErrorList()) for _ in range(3)}) == 1


def test_passes_on_what_pyxform_remarks() -> None:
    errors = ErrorList()
    rows = "| | begin_repeat | r | | |\n| | text | a | A | no |\n| | end_repeat | | | |"
    tables = f"| survey |\n| | type | name | label | disabled |\n{rows}"
    to_xform(workbook_of(tables), errors)
    assert placed(list(errors)) == [("plain_repeat", "survey", 2, ""), ("pyxform_warning", "survey", 3, "")]


def test_tells_of_a_formula_whose_value_no_program_stored() -> None:
    errors = ErrorList()
    rows: list[list[object]] = [
        ["type", "name", "label", "my remarks"],
        ["text", "a", "=1+1", "=2+2"],
        ["text", "b", "B"],
    ]
    read_workbook(excel(("survey", rows)), "f.xlsx", errors)
    assert placed(errors.errors) == [("formula_without_value", "survey", 2, "label")]


def test_a_formula_that_gives_an_empty_text_has_a_value() -> None:
    rows: list[list[object]] = [["type", "name", "label", "hint"], ["text", "a", "A", '=""']]
    stored = rewritten(excel(("survey", rows)), b'<c r="D2"', b'<c t="str" r="D2"')
    errors = ErrorList()
    assert read_workbook(stored, "f.xlsx", errors).sheets["survey"].rows
    assert errors.errors == []


def rewritten(workbook: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with some bytes of its first sheet changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive, zipfile.ZipFile(packed, "w") as made:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new)
            made.writestr(name, content)
    return packed.getvalue()


def test_pyxform_compares_questions_without_writing_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks for the repeat around each question; a form with 400 of them took it 4 s."""
    written: list[str] = []
    original = SurveyElement.to_json_dict

    def noted(element: SurveyElement, *given: object, **named: object) -> object:
        written.append(element.name)
        return original(element, *given, **named)

    monkeypatch.setattr(SurveyElement, "to_json_dict", noted)
    book = workbook_of(
        "| survey |\n| | type | name | label | default |\n| | begin repeat | r | R | |\n"
        "| | begin group | g | G | |\n| | text | a | A | now() |\n"
        "| | end group | | | |\n| | end repeat | | | |"
    )
    assert to_xform(book, ErrorList()).count("<setvalue ") == 2
    assert written == []
