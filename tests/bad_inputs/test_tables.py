"""Lists that would harm the server while they are read: refused, most before they are opened."""

from collections.abc import Callable

import pytest

from server.problems import Problem
from server.tables import read_table
from tests.bad_inputs.workbooks import CONTENT_TYPES, LAUGHING, MAIN, cells, excel, sheet

HEADER = cells("name", "label")
ROW = cells("a", "A")
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def with_part(name: str, kind: str, content: str) -> bytes:
    """A list with a part that the reader of workbooks opens."""
    told = f'<Override PartName="/{name}" ContentType="{SHEET_TYPE}.{kind}+xml"/></Types>'
    types = CONTENT_TYPES.replace("</Types>", told)
    return excel(sheet(HEADER, ROW), **{name: content, "[Content_Types].xml": types})


def styles() -> bytes:
    tags = "<xf/>" * 400_000
    return with_part(
        "xl/styles.xml", "styles", f'<styleSheet xmlns="{MAIN}"><cellXfs>{tags}</cellXfs></styleSheet>'
    )


def texts() -> bytes:
    tags = "<si><t>a</t></si>" * 1_100_000
    return with_part("xl/sharedStrings.xml", "sharedStrings", f'<sst xmlns="{MAIN}">{tags}</sst>')


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "400,000 styles": (styles, "list_too_large"),
    "more than a million texts": (texts, "list_too_large"),
    "three million rows": (lambda: excel(sheet(HEADER, *[""] * 3_100_000)), "list_too_large"),
    "an attribute of 20 MiB": (
        lambda: excel(sheet(HEADER, f'<c x="{"y" * 20 * 2**20}"/>')),
        "list_file_type",
    ),
    "2,001 parts": (
        lambda: excel(sheet(HEADER), **{f"xl/{n}": "" for n in range(2_001)}),
        "unpacked_too_large",
    ),
    "billion laughs": (lambda: excel(sheet(HEADER, cells("&a9;"), doctype=LAUGHING)), "list_file_type"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_is_a_bomb_is_refused(name: str) -> None:
    make, code = BOMBS[name]
    with pytest.raises(Problem) as refused:
        read_table("a.xlsx", make())
    assert refused.value.code == code


def test_a_row_that_says_it_is_the_three_hundred_millionth_ends_the_list() -> None:
    far = sheet(HEADER, ROW).replace("</sheetData>", f'<row r="300000000">{ROW}</row></sheetData>')
    rows, errors = read_table("a.xlsx", excel(far))
    assert ([row.number for row in rows], [error.code for error in errors]) == ([2], ["too_many_rows"])


def test_a_csv_with_a_quote_that_never_ends_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        read_table("a.csv", b'name\n"' + b"x" * 200_000)
    assert refused.value.code == "list_file_type"
