"""Lists from CSV and XLSX: exact texts, every error at once, all rows or none."""

import io
import zipfile
from datetime import date

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select

from server.actions.imports import Imported, import_list
from server.database import db
from server.models import Audit, Entity
from server.problems import Problem
from tests.server.conftest import SignIn
from tests.server.town import EAST, TOWN, WEST

CSV = f"name,label,village,phone\np-1,周建国(演示),{EAST},10000000001\np-2,单小妹(演示),{WEST},\n"


def run(app: Flask, content: bytes, name: str = "household.csv", list_name: str = "household") -> Imported:
    with app.app_context():
        return import_list(TOWN, "u-office", list_name, name, content)


def data_of(app: Flask, entity_id: str, list_name: str = "household") -> dict[str, str]:
    with app.app_context():
        row = db.session.get_one(Entity, (TOWN, list_name, entity_id))
        return {"label": row.label, **row.data}


def errors_of(app: Flask, content: bytes, name: str = "a.csv") -> list[tuple[str, int, str]]:
    with pytest.raises(Problem) as refused:
        run(app, content, name)
    assert refused.value.code == "list_file_invalid"
    return [(error.code, error.row, error.column) for error in refused.value.details["errors"]]


def workbook(*rows: list[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_reads_csv_as_people_save_it(town_app: Flask, encoding: str) -> None:
    assert run(town_app, CSV.encode(encoding)) == Imported(2, 0, 0)
    assert data_of(town_app, "p-1")["label"] == "周建国(演示)"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_reads_other_separators(town_app: Flask, separator: str) -> None:
    run(town_app, CSV.replace(",", separator).encode())
    assert data_of(town_app, "p-2")["village"] == WEST


def test_changes_only_what_differs(town_app: Flask) -> None:
    run(town_app, CSV.encode())
    changed = b"name,phone\np-1,10000000009\np-2,\np-3,10000000003\n"
    assert run(town_app, changed) == Imported(1, 1, 1)
    assert data_of(town_app, "p-1")["label"] == "周建国(演示)"
    assert run(town_app, changed) == Imported(0, 0, 3)


def test_reads_cells_as_text(town_app: Flask) -> None:
    header = ["name", "label", "year", "share", "on", "is_open", "id", "gone"]
    cells = ["r-1", "行", 2016, 0.5, date(2016, 10, 15), True, "320999196803151017", None]
    run(town_app, workbook(header, cells), "a.xlsx", "thing")
    assert data_of(town_app, "r-1", "thing") == {
        "label": "行",
        "year": "2016",
        "share": "0.5",
        "on": "2016-10-15",
        "is_open": "true",
        "id": "320999196803151017",
        "gone": "",
    }


def test_refuses_a_long_number_that_lost_its_end(town_app: Flask) -> None:
    content = workbook(["name", "id"], ["r-1", 320999196803151017])
    assert errors_of(town_app, content, "a.xlsx") == [("number_imprecise", 2, "id")]


def test_reports_every_error_and_stores_nothing(town_app: Flask) -> None:
    content = b"name,label\na,1\n,2\na,3\nb,\x00\n"
    assert errors_of(town_app, content) == [
        ("name_missing", 3, "name"),
        ("name_twice", 4, "name"),
        ("char_invalid", 5, "label"),
    ]
    with town_app.app_context():
        names = db.session.scalars(select(Entity.entity_id).where(Entity.list_name == "household")).all()
        assert names == ["h-1"]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", {"header_missing"}),
        (b"label\nx\n", {"name_column_missing"}),
        (b"name,name\n1,2\n", {"header_twice"}),
        (b"name,__version,a b,pinyin\n", {"header_invalid"}),
        (("name" + ",a" * 300).encode(), {"too_many_columns"}),
    ],
)
def test_refuses_headers_it_cannot_use(town_app: Flask, content: bytes, codes: set[str]) -> None:
    assert {code for code, _, _ in errors_of(town_app, content)} == codes


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"PK\x03\x04broken", "a.xlsx", "list_file_type"),
        (b"name\n1\n", "a.ods", "list_file_type"),
        (b"\x81\xff\xff\xff", "a.csv", "list_file_type"),
    ],
)
def test_refuses_other_files(town_app: Flask, content: bytes, name: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        run(town_app, content, name)
    assert refused.value.code == code


def test_refuses_an_archive_that_unpacks_to_a_bomb(town_app: Flask) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (201 * 1024 * 1024))
    with pytest.raises(Problem) as refused:
        run(town_app, file.getvalue(), "a.xlsx")
    assert refused.value.code == "unpacked_too_large"


def test_keeps_text_that_looks_like_a_formula(town_app: Flask) -> None:
    run(town_app, b"name,label\nf-1,\"=cmd|'/C calc'!A1\"\n")
    assert data_of(town_app, "f-1")["label"] == "=cmd|'/C calc'!A1"


def test_sends_imported_rows_to_phones_in_scope(town_app: Flask, sign_in: SignIn) -> None:
    phone = sign_in("western")
    phone.sync()
    run(town_app, CSV.encode())
    rows = phone.rows(phone.sync(), "household")
    assert set(rows) == {"p-2"}
    assert rows["p-2"]["pinyin"].split() == ["dxmys", "danxiaomeiyanshi", "sxmys", "shanxiaomeiyanshi"]


def test_writes_an_audit_row(town_app: Flask) -> None:
    run(town_app, CSV.encode())
    with town_app.app_context():
        found = db.session.scalars(select(Audit).where(Audit.action == "import")).one()
        assert (found.subject_id, found.user_id, found.detail["n_rows"]) == ("household", "u-office", 2)
