"""Errors as authors see them: in reading order, each once, in two languages."""

from pathlib import Path

import pytest

from forms.compile import compile_form
from forms.definition import Place
from forms.error_texts import TEXTS
from forms.errors import ErrorList, FormErrors


def test_gives_errors_in_reading_order_and_each_once() -> None:
    errors = ErrorList()
    errors.add("missing_choice_name", Place("choices", 2, "name"))
    errors.add("missing_name", Place("survey", 9, "name"))
    errors.add("missing_type", Place("survey", 3, "type"))
    errors.add("missing_name", Place("survey", 9, "name"))
    assert [(error.sheet, error.row) for error in errors] == [("survey", 3), ("survey", 9), ("choices", 2)]


def test_warnings_stop_nothing() -> None:
    errors = ErrorList()
    errors.warn("missing_name", Place("survey", 9, "name"))
    errors.stop_if_any()
    assert [error.severity for error in errors.warnings] == ["warning"]


def test_raises_all_errors_together_one_line_each() -> None:
    errors = ErrorList()
    errors.add("missing_name", Place("survey", 9, "name"))
    errors.add("missing_purpose")
    with pytest.raises(FormErrors) as raised:
        errors.stop_if_any()
    assert len(raised.value.errors) == 2
    assert str(raised.value).splitlines()[0].startswith("survey row 9 name: This row has no name.")


def test_every_code_speaks_both_languages() -> None:
    for message_zh, message_en, remedy_zh, remedy_en in TEXTS.values():
        assert all((message_zh, message_en, remedy_zh, remedy_en))
        assert not message_zh.isascii()
        assert message_en.isascii() or "≥" in message_en


def test_every_code_has_a_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py"))
    assert [code for code in TEXTS if f'"{code}"' not in tests] == []


def test_an_error_shows_the_row_it_stands_in_shortened() -> None:
    workbook = f"""
| survey |
| | type | name | label | hint | relevant |
| | integrr | age | 年龄 | {"长" * 300} | ${{nobody}} > 1 |
"""
    with pytest.raises(FormErrors) as refused:
        compile_form(workbook.encode(), "form.md", is_draft=True)
    unknown = next(error for error in refused.value.errors if error.code == "unknown_name")
    assert unknown.cells["relevant"] == "${nobody} > 1" and unknown.cells["name"] == "age"
    assert unknown.cells["hint"] == "长" * 120 + "…"


def test_a_repair_shows_what_the_author_wrote() -> None:
    workbook = """
| survey |
| | type | name | label | relevant |
| | caseid | who | | |
| | text | note | 备注 | ${WHO} == '' |
"""
    found = compile_form(workbook.encode(), "form.md", is_draft=True).warnings
    shown = {error.column: error.cells[error.column] for error in found}
    assert shown["type"] == "caseid" and shown["relevant"] == "${WHO} == ''"
