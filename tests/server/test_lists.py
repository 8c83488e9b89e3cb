"""What a record is checked against: a list as its phone held it, in the phone's order."""

from collections.abc import Iterator

import pytest
from flask import Flask

from forms import EntityWrite
from server.access import read_lists, scope_of
from server.clock import now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.lists import PhoneLists
from server.models import Town, User
from server.rows import RowWriter, Write
from server.schemas.batch import read_item
from server.store import SqlReader
from sync.ingest import prepare
from sync.store import Sender
from tests.server.town import EAST, TOWN, Phone, make_item

Change = tuple[str, str, dict[str, str]]  # kind, name, columns
HERE = {"village": EAST}


@pytest.fixture
def in_app(town_app: Flask) -> Iterator[None]:
    with town_app.app_context():
        yield


def test_a_list_is_as_it_was_at_the_cursor(in_app: None) -> None:
    change(("create", "h-3", {**HERE, "phone": "1"}), ("create", "h-5", {**HERE, "phone": "1"}))
    cursor = last_seq()
    change(
        ("update", "h-3", {"phone": "2"}),
        ("create", "h-4", {**HERE, "phone": "1"}),
        ("delete", "h-5", {}),
    )
    assert names(lists_at(cursor), phone="1") == ["h-3", "h-5"]
    assert names(lists_at(last_seq()), phone="1") == ["h-4"]
    assert names(lists_at(last_seq()), phone="2") == ["h-3"]


def test_own_rows_come_last_in_the_order_in_which_they_were_made(in_app: None) -> None:
    change(("create", "h-3", {**HERE, "phone": "1"}))
    lists = lists_at(last_seq())
    assert names(lists, phone="1") == ["h-3"]
    lists.add([write("create", "b", phone="1"), write("create", "a", phone="1")])
    lists.add([write("update", "h-3", attr="dibao")])
    assert names(lists, phone="1") == ["h-3", "b", "a"]


def test_an_own_update_moves_a_row_to_where_it_is_found(in_app: None) -> None:
    change(("create", "h-3", {**HERE, "phone": "1"}))
    lists = lists_at(last_seq())
    assert names(lists, phone="2") == []
    lists.add([write("update", "h-3", phone="2")])
    lists.add([write("update", "h-3", attr="dibao")])
    assert names(lists, phone="1") == []
    assert names(lists, phone="2") == ["h-3"]
    assert lists.rows("household", (("name", "h-3"),))[0]["attr"] == "dibao"


def test_own_rows_of_one_batch_are_unknown_to_the_next_sender(in_app: None) -> None:
    change(("create", "h-3", {**HERE, "phone": "1"}))
    lists_at(last_seq()).add([write("create", "a", phone="1")])
    assert names(lists_at(last_seq()), phone="1") == ["h-3"]


def test_what_waits_for_approval_is_not_shown_to_the_next_record(cadre: Phone, in_app: None) -> None:
    """As on the phone: before somebody approved it, a form's change of a row is not in the lists."""
    cursor = last_seq()
    change_phone = make_item("check", {"hh": "h-1", "amount": 7000, "phone": "10000000009"}, cursor=cursor)
    reader, sender = read_as_cadre()
    prepare([read_item(change_phone)], sender, reader)
    assert names(reader.lists_at(cursor), phone="10000000009") == []
    cadre.sync(change_phone)
    assert names(lists_at(cursor), phone="10000000009") == []
    assert names(lists_at(cursor), phone="10000000001") == ["h-1"]


def read_as_cadre() -> tuple[SqlReader, Sender]:
    user = db.session.scalars(db.select(User).filter_by(username="cadre")).one()
    sender = Sender(TOWN, user.user_id, "cadre", "device-cadre", EAST)
    return SqlReader(scope_of(user), sender, last_seq()), sender


def lists_at(cursor: int) -> PhoneLists:
    user = db.session.scalars(db.select(User).filter_by(username="cadre")).one()
    return PhoneLists(scope_of(user), read_lists(TOWN), cursor, last_seq())


def change(*changes: Change) -> None:
    """Change rows as an import does."""
    with write_transaction():
        writer = RowWriter(TOWN, "u-office", now(), seq_taker(TOWN))
        for kind, name, columns in changes:
            writer.apply(Write(("household", name), kind, columns))
        writer.save()


def last_seq() -> int:
    return db.session.get_one(Town, TOWN, populate_existing=True).seq


def names(lists: PhoneLists, **equals: str) -> list[str]:
    return [row["name"] for row in lists.rows("household", tuple(equals.items()))]


def write(kind: str, name: str, **data: str) -> EntityWrite:
    return EntityWrite("household", name, kind, "", data, "")
