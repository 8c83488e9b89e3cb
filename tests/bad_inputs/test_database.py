"""A database that can't be opened, migrated or written: one line that says why, never a trace."""

import resource
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from server.database import db
from tests.server.town import Phone, make_item, register_answers
from tests.serving import run_command, start

ACCOUNT = ("user", "add", "new", "--name", "某人", "--role", "admin", "--town", "新镇", "--password")
PASSWORD = "correct horse battery"


def limit_files(n_bytes: int) -> None:
    """Let no file of the process grow beyond, as a full disk would."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


def be_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def be_garbage(path: Path) -> None:
    path.write_bytes(b"not a database" * 1000)


def be_cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def be_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def be_somebody_elses(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE user (id)")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (be_a_folder, "unable to open"),
        (be_garbage, "not a database"),
        (be_cut_short, "malformed"),
        (be_newer, "newer version"),
        (be_somebody_elses, "already exists"),
    ],
)
def test_a_bad_database_is_one_line(
    tmp_path: Path, empty_instance: Path, damage: Callable[[Path], None], words: str
) -> None:
    data = Path(shutil.copytree(empty_instance, tmp_path / "instance"))
    damage(data / "lingyan.sqlite")
    for ended in (start(data), run_command(data, "backup")):
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert words in ended.stderr


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "LINGYAN_DATABASE"),
        ("sqlite:////nowhere/at/all.sqlite", "unable to open"),
        ("oracle://127.0.0.1/x", "LINGYAN_DATABASE"),
        ("sqlite:///file:{folder}/lingyan.sqlite?mode=ro&uri=true", "readonly"),
    ],
)
def test_a_bad_address_is_one_line(tmp_path: Path, address: str, words: str) -> None:
    with closing(sqlite3.connect(tmp_path / "lingyan.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE other (id)")
    address = address.format(folder=tmp_path)
    for ended in (
        start(tmp_path, LINGYAN_DATABASE=address),
        run_command(tmp_path, "backup", LINGYAN_DATABASE=address),
    ):
        assert ended.returncode == 1, ended.stderr
        assert ended.stderr.count("\n") == 1
        assert words in ended.stderr


def test_a_folder_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "serving.lock").mkdir()
    ended = start(tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert str(tmp_path) in ended.stderr


def test_a_disk_that_is_full_at_the_start_is_one_line(tmp_path: Path) -> None:
    ended = start(tmp_path, lambda: limit_files(100_000))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1


def test_a_command_that_finds_the_disk_full_is_one_line(tmp_path: Path) -> None:
    assert run_command(tmp_path, *ACCOUNT, PASSWORD).returncode == 0
    shops = tmp_path / "shops.csv"
    shops.write_text("name,label\n" + "".join(f"s-{number},店铺\n" for number in range(1000)))
    ended = run_command(
        tmp_path, "lists", "import", "shop", str(shops), "--everybody", prepare=lambda: limit_files(50_000)
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "The database failed" in ended.stderr.splitlines()[-1]
    with closing(sqlite3.connect(tmp_path / "lingyan.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM entity").fetchall() == [(0,)]


def test_a_full_disk_is_told_to_phones_and_nothing_is_half_stored(town_app: Flask, cadre: Phone) -> None:
    item = make_item("register", register_answers())
    with town_app.app_context():
        pages = db.session.scalar(db.text("PRAGMA page_count"))
        db.session.remove()

        def fill_up(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages}")

        event.listen(db.engine, "connect", fill_up)
        db.engine.dispose()
    padding = make_item("register", register_answers("户" * 100_000))
    refused = cadre.post(cadre.body(item, padding))
    assert (refused.status_code, refused.get_json()["problem"]["code"]) == (507, "storage_full")
    with town_app.app_context():
        event.remove(db.engine, "connect", fill_up)
        db.engine.dispose()
    assert cadre.outcomes(item, padding) == ["accepted", "accepted"]
