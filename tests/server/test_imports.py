"""Lists from CSV and XLSX: exact texts, every error at once, all rows or none."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select

from server.actions.imports import Imported, Stated, import_list
from server.database import db
from server.models import Audit, Entity, EntityList
from server.problems import Problem
from tests.server.conftest import SignIn
from tests.server.town import EAST, TOWN, WEST, put_row

CSV = f"name,label,village,phone\np-1,周建国(演示),{EAST},10000000001\np-2,单小妹(演示),{WEST},\n"


def run(
    app: Flask, content: bytes, name: str = "household.csv", list_name: str = "household", **stated: Any
) -> Imported:
    with app.app_context():
        return import_list(TOWN, "u-office", list_name, name, content, Stated(**stated))


def data_of(app: Flask, entity_id: str, list_name: str = "household") -> dict[str, str]:
    with app.app_context():
        row = db.session.get_one(Entity, (TOWN, list_name, entity_id))
        return {"label": row.label, **row.data}


def errors_of(
    app: Flask, content: bytes, name: str = "a.csv", list_name: str = "line"
) -> list[tuple[str, int, str]]:
    with pytest.raises(Problem) as refused:
        run(app, content, name, list_name)
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
    changed = f"name,village,phone\np-1,{EAST},10000000009\np-2,{WEST},\np-3,{EAST},10000000003\n".encode()
    assert run(town_app, changed) == Imported(1, 1, 1)
    assert data_of(town_app, "p-1")["label"] == "周建国(演示)"
    assert run(town_app, changed) == Imported(0, 0, 3)


def test_reads_cells_as_text(town_app: Flask) -> None:
    header = ["name", "label", "year", "share", "on", "is_open", "id", "gone"]
    cells = ["r-1", "行", 2016, 0.5, date(2016, 10, 15), True, "320999196803151017", None]
    run(town_app, workbook(header, cells), "a.xlsx", "thing", is_for_everybody=True)
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
        names = db.session.scalars(select(Entity.entity_id).where(Entity.list_name == "line")).all()
        assert names == ["2016"]


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
    run(town_app, b"name,label\nf-1,\"=cmd|'/C calc'!A1\"\n", list_name="line")
    assert data_of(town_app, "f-1", "line")["label"] == "=cmd|'/C calc'!A1"


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


def code_of(app: Flask, content: bytes, list_name: str = "thing", **stated: Any) -> str:
    with pytest.raises(Problem) as refused:
        run(app, content, list_name=list_name, **stated)
    assert data_in(app, list_name) == set()
    return refused.value.code


def data_in(app: Flask, list_name: str) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Entity.entity_id).where(Entity.list_name == list_name)))


class TestScope:
    """Who may see the rows of a list is said before there are any."""

    PLAIN = b"name,home\na,320981100901\n"

    def test_needs_to_hear_who_may_see_a_new_list(self, town_app: Flask) -> None:
        assert code_of(town_app, self.PLAIN) == "list_scope_missing"
        assert code_of(town_app, CSV.encode(), is_for_everybody=True) == "list_scope_missing"

    def test_shows_a_list_by_the_column_that_was_named(self, town_app: Flask, sign_in: SignIn) -> None:
        run(town_app, self.PLAIN, list_name="thing", village_column="home")
        assert set(sign_in("cadre").rows(sign_in("cadre").sync(), "thing")) == {"a"}
        western = sign_in("western")
        assert western.rows(western.sync(), "thing") == {}

    def test_shows_everybody_what_is_for_everybody(self, town_app: Flask, sign_in: SignIn) -> None:
        run(town_app, self.PLAIN, list_name="thing", is_for_everybody=True)
        western = sign_in("western")
        assert set(western.rows(western.sync(), "thing")) == {"a"}

    def test_stays_as_it_was_said_first(self, town_app: Flask) -> None:
        run(town_app, self.PLAIN, list_name="thing", village_column="home")
        assert run(town_app, self.PLAIN, list_name="thing") == Imported(0, 0, 1)
        with pytest.raises(Problem, match="list_scope_fixed"):
            run(town_app, self.PLAIN, list_name="thing", is_for_everybody=True)
        with pytest.raises(Problem, match="list_scope_fixed"):
            run(town_app, b"name,village\n2016,320981100901\n", list_name="line")

    def test_refuses_rows_that_no_village_would_see(self, town_app: Flask) -> None:
        put_row(town_app, "village", EAST, "东村(演示)")
        content = f"name,village\na,{EAST}\nb,\nc,999\nh-1,{WEST}\n".encode()
        assert errors_of(town_app, content, list_name="household") == [
            ("village_missing", 3, "village"),
            ("village_unknown", 4, "village"),
            ("village_unknown", 5, "village"),
        ]
        assert run(town_app, b"name,phone\nh-1,10000000002\n") == Imported(0, 1, 0)


class TestColumns:
    """What the columns hold is said, or taken as personal."""

    ROW = b"name,id,note\na,320999196803151017,x\n"

    def columns(self, app: Flask, list_name: str = "thing") -> dict[str, Any]:
        with app.app_context():
            return db.session.get_one(EntityList, (TOWN, list_name)).columns

    def test_takes_unknown_columns_as_personal_and_says_so(self, town_app: Flask) -> None:
        done = run(town_app, self.ROW, list_name="thing", is_for_everybody=True, classes={"note": "public"})
        assert done.assumed == ("id",)
        assert {name: about["class"] for name, about in self.columns(town_app).items()} == {
            "id": "personal",
            "note": "public",
        }

    def test_masks_what_is_said_to_be_sensitive(self, town_app: Flask, sign_in: SignIn) -> None:
        stated = {"classes": {"id": "sensitive"}, "kinds": {"id": "id_number"}}
        run(town_app, self.ROW, list_name="thing", is_for_everybody=True, **stated)
        cadre = sign_in("cadre")
        assert cadre.rows(cadre.sync(), "thing")["a"]["id"] == "320***********1017"

    def test_does_not_change_what_is_known(self, town_app: Flask) -> None:
        before = self.columns(town_app, "household")
        with pytest.raises(Problem, match="list_column_known"):
            run(town_app, CSV.encode(), classes={"phone": "public"})
        assert self.columns(town_app, "household") == before
        assert run(town_app, CSV.encode(), classes={"phone": "personal"}) == Imported(2, 0, 0)

    def test_refuses_words_about_other_columns(self, town_app: Flask) -> None:
        for stated in ({"classes": {"ID": "public"}}, {"kinds": {"ID": "phone"}}, {"village_column": "v"}):
            is_open = "village_column" not in stated
            code = code_of(town_app, self.ROW, is_for_everybody=is_open, **stated)
            assert code == "list_column_unknown"

    def test_refuses_a_list_that_nothing_could_name(self, town_app: Flask) -> None:
        for name in ("a b", "", "名册", "__x"):
            assert code_of(town_app, self.ROW, name, is_for_everybody=True) == "list_name_invalid"

    def test_refuses_cells_without_a_column(self, town_app: Flask) -> None:
        assert errors_of(town_app, b"name,label\na,1,2\n") == [("cell_without_column", 2, "C")]
