"""Lists that came along in another shape than was meant: read as they are, or their author is told."""

import pytest

from forms import compile_form

FORM = b"| survey |\n| | type | name | label |\n| | select_one_from_file l.csv | a | A |\n"
WRITTEN = "name,label\na,甲\n"


@pytest.mark.parametrize(
    "source",
    [
        WRITTEN.encode(),
        WRITTEN.encode("utf-8-sig"),
        WRITTEN.encode("utf-16"),
        WRITTEN.encode("gbk"),
        WRITTEN.replace(",", ";").encode(),
        WRITTEN.replace(",", "\t").encode("utf-16"),
        WRITTEN.replace("\n", "\r\n").encode(),
    ],
)
def test_a_list_is_read_however_it_was_saved(source: bytes) -> None:
    assert compile_form(FORM, "f.md", {"l.csv": source}, is_draft=True).warnings == []


@pytest.mark.parametrize("header", ["Name,Label", "code,title", "name|label"])
def test_a_list_without_its_columns_is_told(header: str) -> None:
    found = compile_form(FORM, "f.md", {"l.csv": f"{header}\na,b\n".encode()}, is_draft=True).warnings
    assert [warning.code for warning in found] == ["unknown_list_column"] * 2
