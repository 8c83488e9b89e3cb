"""Forms that must not be published: a file and, beside it, every error that must be told.

`forms/<name>.md` is the form, `forms/<name>.json` the errors as [code, sheet, row, column], in reading order.
"""

import io
import json
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from forms import FormErrors, compile_in_child
from tests.serving import run_command

FORMS = Path(__file__).parent / "forms"
MEMORY_BYTES = 400 * 1024 * 1024  # of address space, a third of it libraries
MIB = 1024 * 1024

CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELATION = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r" Target="{target}"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>"""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = f"""<workbook xmlns="{MAIN}"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="survey" sheetId="1" r:id="r"/></sheets></workbook>"""


def excel(sheet: str, **more: bytes) -> bytes:
    """A workbook written by hand, so that it may hold what no program writes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELATION.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr(
            "xl/_rels/workbook.xml.rels", RELATION.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            archive.writestr(name, content)
    return stream.getvalue()


def cells(*texts: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


def sheet(*rows: str, doctype: str = "") -> str:
    body = "".join(f"<row>{row}</row>" for row in rows)
    return f'{doctype}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


HEADER = cells("type", "name", "label")
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def codes(source: bytes, name: str) -> list[str]:
    with pytest.raises(FormErrors) as refused:
        compile_in_child(source, name, is_draft=True, memory_bytes=MEMORY_BYTES)
    return [error.code for error in refused.value.errors]


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.json")), ids=lambda path: path.stem)
def test_every_error_is_told_at_once_in_both_languages(path: Path) -> None:
    form = path.with_suffix(".md")
    with pytest.raises(FormErrors) as refused:
        compile_in_child(form.read_bytes(), form.name)
    errors = refused.value.errors
    found = [[error.code, error.sheet, error.row, error.column] for error in errors]
    assert found == json.loads(path.read_text(encoding="utf-8"))
    for error in errors:
        assert not error.message["zh"].isascii()
        assert error.remedy["zh"]
        assert error.message["en"]
        assert error.remedy["en"]


def test_nothing_of_a_bad_form_is_published(tmp_path: Path) -> None:
    data = tmp_path / "instance"
    account = ("--name", "某人", "--role", "admin", "--town", "新镇", "--password", "correct horse battery")
    assert run_command(data, "user", "add", "new", *account).returncode == 0
    for path in sorted(FORMS.glob("*.json")):
        done = run_command(data, "forms", "publish", str(path.with_suffix(".md")))
        assert done.returncode == 1
        assert "Nothing was published" in done.stderr
        assert "Traceback" not in done.stderr
    good = run_command(data, "forms", "publish", str(FORMS / "slow_regexes.md"))
    assert "slow_regexes 1 is published." in good.stdout


def test_a_small_workbook_by_hand_is_read() -> None:
    form = compile_in_child(excel(sheet(HEADER, cells("text", "a", "A"))), "f.xlsx", is_draft=True)
    assert [node["name"] for node in form.outline["nodes"]] == ["a"]


@pytest.mark.parametrize(
    "source",
    [
        excel(" " * (200 * MIB)),
        excel(sheet(HEADER, *[""] * 2_000_000)),
        excel(sheet(HEADER, *[cells("x")] * 600_000)),
        excel(sheet(HEADER), **{f"xl/{number}.xml": b"" for number in range(2_001)}),
    ],
    ids=["unpacks to 200 MiB", "two million empty rows", "too many cells", "too many parts"],
)
def test_a_workbook_that_is_too_large_is_refused_in_little_memory(source: bytes) -> None:
    assert len(source) < MIB
    assert codes(source, "f.xlsx") == ["file_too_large"]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("sharedStrings", f'<sst xmlns="{MAIN}">{"<si><t>a</t></si>" * 600_000}</sst>'),
        ("styles", f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 400_000}</cellXfs></styleSheet>'),
    ],
    ids=["texts", "styles"],
)
def test_a_workbook_with_a_part_that_takes_for_ever_is_refused(part: str, content: str) -> None:
    source = excel(sheet(HEADER), **{f"xl/{part}.xml": content.encode()})
    assert codes(source, "f.xlsx") == ["file_too_large"]


def test_a_sheet_that_declares_all_of_excels_cells_is_read() -> None:
    declared = sheet(HEADER, cells("text", "a", "A")).replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    form = compile_in_child(excel(declared), "f.xlsx", is_draft=True, memory_bytes=MEMORY_BYTES)
    assert [node["name"] for node in form.outline["nodes"]] == ["a"]


def test_a_list_nested_for_ever_is_refused() -> None:
    with pytest.raises(FormErrors) as refused:
        compile_in_child(
            excel(sheet(HEADER, cells("text", "a", "A"))),
            "f.xlsx",
            {"l.geojson": b"[" * 100_000},
            is_draft=True,
        )
    assert [error.code for error in refused.value.errors] == ["bad_attachment"]


@pytest.mark.parametrize("name", ["f.md", "f.csv"])
def test_a_million_choices_are_refused(name: str) -> None:
    separator = "| " if name == "f.md" else ","
    rows = [f"{separator}{separator}c{separator}n{number}" for number in range(700_000)]
    start = f"{separator}choices\n" if name == "f.md" else "choices\n"
    source = (start + "\n".join(rows)).encode()
    assert len(source) < 16 * MIB
    assert codes(source, name) == ["file_too_large"]


@pytest.mark.parametrize(
    ("doctype", "text"),
    [
        (f'<!DOCTYPE w [<!ENTITY a0 "lol">{LAUGHS}]>', "&a9;"),
        ('<!DOCTYPE w [<!ENTITY x SYSTEM "{path}">]>', "&x;"),
    ],
    ids=["billion laughs", "a file"],
)
def test_a_workbook_with_entities_is_refused(tmp_path: Path, doctype: str, text: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    written = sheet(HEADER, cells("text", "a", text), doctype=doctype.format(path=secret.as_uri()))
    with pytest.raises(FormErrors) as refused:
        compile_in_child(excel(written), "f.xlsx", is_draft=True, memory_bytes=MEMORY_BYTES)
    assert [error.code for error in refused.value.errors] == ["unreadable_file"]
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("if(true(), " * 10_000 + "1" + ", 2)" * 10_000, "too_long"),
        ("+".join(["1"] * 20_000), "too_deep"),
    ],
    ids=["ifs", "sum"],
)
def test_an_expression_nested_for_ever_is_refused(expression: str, code: str) -> None:
    written = sheet(
        cells("type", "name", "label", "calculation"), cells("calculate", "c", "", escape(expression))
    )
    assert codes(excel(written), "f.xlsx") == [code]
