"""Forms that must not be published: a file and, beside it, every error that must be told.

`forms/<name>.md` is the form, `forms/<name>.json` the errors as [code, sheet, row, column], in reading order.
"""

import json
from pathlib import Path

import pytest

from forms import FormErrors, compile_in_child
from tests.bad_inputs.workbooks import HEADER, MAIN, cells, choices, excel, sheet
from tests.serving import run_command

FORMS = Path(__file__).parent / "forms"


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


def test_a_sheet_that_declares_all_of_excels_cells_is_read() -> None:
    declared = sheet(HEADER, cells("text", "a", "A")).replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    form = compile_in_child(excel(declared), "f.xlsx", is_draft=True)
    assert [node["name"] for node in form.outline["nodes"]] == ["a"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused_and_no_file_is_read(tmp_path: Path, encoding: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    doctype = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    )
    written = sheet(HEADER, "<c t='inlineStr'><is><t>&x;</t></is></c>", doctype=doctype)
    with pytest.raises(FormErrors) as refused:
        compile_in_child(excel(written.encode(encoding)), "f.xlsx", is_draft=True)
    assert [error.code for error in refused.value.errors] == [
        "file_with_entities" if encoding == "utf-8" else "unreadable_file"
    ]
    assert "s3cret" not in str(refused.value)


def test_a_workbook_that_another_one_was_linked_to_is_read_when_no_cell_uses_it() -> None:
    link = f'<externalLink xmlns="{MAIN}"><externalBook/></externalLink>'
    source = excel(sheet(HEADER, cells("text", "a", "[1]")), **{"xl/externalLinks/externalLink1.xml": link})
    assert compile_in_child(source, "f.xlsx", is_draft=True).outline["nodes"][0]["name"] == "a"


def test_what_stands_in_the_last_corner_of_a_sheet_is_left_out() -> None:
    row = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    source = excel(sheet(HEADER, cells("text", "a", "A")).replace("</sheetData>", f"{row}</sheetData>"))
    form = compile_in_child(source, "f.xlsx", is_draft=True)
    assert [node["name"] for node in form.outline["nodes"]] == ["a"]


def test_a_form_at_the_limits_is_compiled() -> None:
    form = compile_in_child(choices(49_000, "| | c | n{n} | Choice {n} |"), "f.md", is_draft=True)
    assert "n48999" in form.javascript
