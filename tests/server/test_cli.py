"""The command line as an operator uses it: a process of its own, on a folder of its own."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.serving import run_command

PASSWORD = "correct horse battery"


def add_user(data: Path, username: str, *options: str, password: str = PASSWORD) -> tuple[int, str]:
    done = run_command(data, "user", "add", username, *options, "--password", password)
    return done.returncode, done.stdout + done.stderr


def read(data: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "lingyan.sqlite")) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new server with its town and administrator."""
    data = tmp_path_factory.mktemp("founded") / "instance"
    code, text = add_user(data, "admin", "--name", "管理员", "--role", "admin", "--town", "新镇")
    assert code == 0, text
    return data


def test_the_first_account_founds_the_town(founded: Path) -> None:
    assert read(founded, "SELECT name, is_demo FROM town") == [("新镇", 0)]
    rows = read(founded, "SELECT username, role, password_digest FROM user JOIN user_role USING (user_id)")
    assert rows[0][:2] == ("admin", "admin")
    assert str(rows[0][2]).startswith("$argon2id$")


@pytest.mark.parametrize(
    ("username", "options", "password", "complaint"),
    [
        ("admin", ("--role", "admin"), PASSWORD, "taken"),
        ("short", ("--role", "admin"), "short", "at least 10 characters"),
        ("clerk", ("--role", "village_clerk"), PASSWORD, "village"),
        ("officer", ("--role", "town_office", "--village", "320981100901"), PASSWORD, "village"),
        ("king", ("--role", "king"), PASSWORD, "king"),
    ],
)
def test_a_wrong_account_is_one_line(
    founded: Path, username: str, options: tuple[str, ...], password: str, complaint: str
) -> None:
    code, text = add_user(founded, username, "--name", "某人", *options, password=password)
    assert code != 0
    assert complaint in text
    assert "Traceback" not in text


def test_an_account_needs_a_town(tmp_path: Path) -> None:
    code, text = add_user(tmp_path, "admin", "--name", "管理员", "--role", "admin")
    assert code == 1
    assert "0 towns" in text


def test_a_new_password_replaces_the_old(founded: Path) -> None:
    add_user(founded, "forgetful", "--name", "某人", "--role", "publisher")
    before = read(founded, "SELECT password_digest FROM user WHERE username = 'forgetful'")
    done = run_command(founded, "user", "reset-password", "forgetful", "--password", "another good one")
    assert done.returncode == 0, done.stderr
    assert read(founded, "SELECT password_digest FROM user WHERE username = 'forgetful'") != before
    assert run_command(founded, "user", "reset-password", "nobody", "--password", PASSWORD).returncode == 1


def test_a_backup_comes_back_whole_with_a_new_epoch(founded: Path, tmp_path: Path) -> None:
    content = b"a photo"
    name = hashlib.sha256(content).hexdigest()
    (founded / "files" / name[:2]).mkdir(parents=True, exist_ok=True)
    (founded / "files" / name[:2] / name).write_bytes(content)
    done = run_command(founded, "backup", "--into", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (copy,) = tmp_path.iterdir()
    restored = tmp_path / "restored"
    back = run_command(restored, "restore", str(copy))
    assert back.returncode == 0, back.stderr
    assert (restored / "files" / name[:2] / name).read_bytes() == content
    assert read(restored, "SELECT username FROM user") == read(founded, "SELECT username FROM user")
    assert read(restored, "SELECT epoch FROM town") != read(founded, "SELECT epoch FROM town")


def test_an_altered_backup_is_refused(founded: Path, tmp_path: Path) -> None:
    run_command(founded, "backup", "--into", str(tmp_path))
    (copy,) = tmp_path.iterdir()
    with (copy / "lingyan.sqlite").open("r+b") as file:
        file.seek(2000)
        file.write(b"x")
    done = run_command(tmp_path / "restored", "restore", str(copy))
    assert done.returncode == 1
    assert "altered" in done.stderr


def test_a_restore_overwrites_nothing(founded: Path, tmp_path: Path) -> None:
    run_command(founded, "backup", "--into", str(tmp_path))
    (copy,) = tmp_path.iterdir()
    done = run_command(founded, "restore", str(copy))
    assert done.returncode == 1
    assert "already" in done.stderr


def test_a_broken_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lingyan.sqlite").write_bytes(b"not a database" * 1000)
    done = run_command(tmp_path, "backup")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


@pytest.fixture
def demo_copy(tmp_path: Path, demo_instance: Path) -> Path:
    """A folder where `demo load --first` found no database."""
    return Path(shutil.copytree(demo_instance, tmp_path / "instance"))


def test_the_demo_is_loaded_once_and_into_an_empty_database_only(founded: Path, demo_copy: Path) -> None:
    users = read(demo_copy, "SELECT user_id FROM user ORDER BY 1")
    assert len(users) > 60
    assert run_command(demo_copy, "demo", "load", "--first").returncode == 0
    assert read(demo_copy, "SELECT user_id FROM user ORDER BY 1") == users
    assert run_command(demo_copy, "demo", "load").returncode == 1
    assert run_command(founded, "demo", "load").returncode == 1
    assert run_command(founded, "demo", "load", "--first").returncode == 0
    assert read(founded, "SELECT count(*) FROM town") == [(1,)]


def test_a_demo_that_was_cut_short_starts_over(demo_copy: Path) -> None:
    (demo_copy / "demo_loaded").unlink()
    epochs = read(demo_copy, "SELECT epoch FROM town")
    done = run_command(demo_copy, "demo", "load", "--first")
    assert done.returncode == 0, done.stderr
    assert len(read(demo_copy, "SELECT epoch FROM town")) == 1
    assert read(demo_copy, "SELECT epoch FROM town") != epochs


GOOD = """
| survey |      |      |         |
|        | type | name | label   |
|        | text | note | 记一句话 |
| settings |         |         |            |                   |
|          | form_id | version | ly:purpose | ly:retention_days |
|          | note    | {version} | 试用       | 30                |
"""
BAD = """
| survey |         |      |       |          |
|        | type    | name | label | relevant |
|        | integrr | age  | 年龄  | ${nobody} > 1 |
| settings |         |         |
|          | form_id | version |
|          | bad     | 1       |
"""


def test_a_form_is_published_once(founded: Path, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(GOOD.replace("{version}", "1"))
    assert "note 1 is published." in run_command(founded, "forms", "publish", str(path)).stdout
    assert "already" in run_command(founded, "forms", "publish", str(path)).stdout
    path.write_text(GOOD.replace("{version}", "2"))
    assert "note 2 is published." in run_command(founded, "forms", "publish", str(path)).stdout
    path.write_text(GOOD.replace("{version}", "2").replace("记一句话", "记两句话"))
    changed = run_command(founded, "forms", "publish", str(path))
    assert changed.returncode == 1
    assert "version" in changed.stderr


def test_pictures_in_the_folder_beside_a_form_are_published_with_it(founded: Path, tmp_path: Path) -> None:
    path = tmp_path / "tree.md"
    form = GOOD.replace("| label   |", "| label | media::image |").replace("| 记一句话 |", "| 记 | oak.png |")
    path.write_text(form.replace("note ", "tree ").replace("{version}", "1"))
    assert "oak.png" in run_command(founded, "forms", "check", str(path)).stdout
    (tmp_path / "tree-media").mkdir()
    (tmp_path / "tree-media" / "oak.png").write_bytes(b"\x89PNG\r\n\x1a\n oak")
    done = run_command(founded, "forms", "publish", str(path))
    assert "oak.png" not in done.stdout and "tree 1 is published." in done.stdout, done.stdout + done.stderr
    sha256 = hashlib.sha256(b"\x89PNG\r\n\x1a\n oak").hexdigest()
    rows = read(founded, "SELECT name, kind, sha256 FROM form_file WHERE form_id = 'tree' AND kind = 'media'")
    assert rows == [("oak.png", "media", sha256)]
    assert (founded / "files" / sha256[:2] / sha256).is_file()


def test_a_form_whose_list_nobody_has_is_not_published(founded: Path, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(GOOD.replace("{version}", "10").replace("text |", "select_one_from_file tree.csv |"))
    done = run_command(founded, "forms", "publish", str(path))
    assert done.returncode == 1 and "Nothing was published" in done.stderr
    assert "blocker list_nowhere, survey row 2 type" in done.stdout
    (tmp_path / "tree.csv").write_text("name,label\nelm,榆\n")
    assert "note 10 is published." in run_command(founded, "forms", "publish", str(path)).stdout


def test_every_error_of_a_form_is_told_and_nothing_is_published(founded: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.md"
    path.write_text(BAD)
    done = run_command(founded, "forms", "publish", str(path))
    assert done.returncode == 1
    for words in ("integrr", "nobody", "ly:purpose", "survey row 2", "题型", "Check its spelling"):
        assert words in done.stdout
    assert "Traceback" not in done.stderr
    assert read(founded, "SELECT count(*) FROM form WHERE form_id = 'bad'") == [(0,)]


def test_checking_tells_programs_too(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(GOOD.replace("{version}", "1"))
    bad.write_text(BAD)
    done = run_command(tmp_path, "forms", "check", "--json", str(good), str(bad))
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told[0] == {"file": str(good), "errors": []}
    assert {error["code"] for error in told[1]["errors"]} >= {
        "unknown_type",
        "unknown_name",
        "missing_purpose",
    }
    assert run_command(tmp_path, "forms", "check", str(good)).returncode == 0


class TestListImport:
    """`lists import` as the office uses it."""

    def run(self, founded: Path, path: Path, content: str, *options: str) -> tuple[int, str, str]:
        path.write_text(content, encoding="utf-8")
        done = run_command(founded, "lists", "import", "shop", str(path), *options)
        return done.returncode, done.stdout, done.stderr

    def rows(self, founded: Path) -> list[tuple[object, ...]]:
        return read(founded, "SELECT entity_id, label FROM entity WHERE list_name = 'shop' ORDER BY 1")

    def test_imports_a_list(self, founded: Path, tmp_path: Path) -> None:
        path, rows = tmp_path / "shop.csv", "name,label,owner,id\ns-1,店铺(演示),某人,\n"
        code, _, complaint = self.run(founded, path, rows)
        assert (code, self.rows(founded)) == (1, [])
        assert "--everybody" in complaint.splitlines()[-1]
        code, told, _ = self.run(
            founded, path, rows, "--everybody", "--class", "id=sensitive", "--kind", "id=id_number"
        )
        assert (code, self.rows(founded)) == (0, [("s-1", "店铺(演示)")])
        assert (
            told == "shop: 1 new, 0 changed, 0 as before.\nTaken as personal, as --class didn't say: owner.\n"
        )
        columns = json.loads(str(read(founded, "SELECT columns FROM entity_list WHERE name = 'shop'")[0][0]))
        assert columns == {
            "owner": {"class": "personal", "kind": ""},
            "id": {"class": "sensitive", "kind": "id_number"},
        }

    def test_tells_every_error_and_imports_nothing(self, founded: Path, tmp_path: Path) -> None:
        before = self.rows(founded)
        code, told, complaint = self.run(
            founded, tmp_path / "shop.csv", "name,label\ns-8,好\n,无名\ns-8,重复\n", "--everybody"
        )
        assert (code, self.rows(founded)) == (1, before)
        for words in ("2 to look at", "name_missing, row 3 name", "name_twice, row 4 name", "重复", "empty"):
            assert words in told
        assert "Traceback" not in complaint
        assert "2 errors" in complaint.splitlines()[-1]

    @pytest.mark.parametrize(
        "options", [("--class", "owner"), ("--class", "owner=secret"), ("--kind", "=phone"), ("--nobody",)]
    )
    def test_wrong_options_are_told(self, founded: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
        code, _, complaint = self.run(founded, tmp_path / "shop.csv", "name\ns-9\n", *options)
        assert code == 2
        assert "Traceback" not in complaint

    def test_other_files_are_one_line(self, founded: Path, tmp_path: Path) -> None:
        code, _, complaint = self.run(founded, tmp_path / "shop.ods", "x", "--everybody")
        assert code == 1
        assert "CSV or XLSX" in complaint.splitlines()[-1]


def test_keys_are_renewed_listed_and_revoked(founded: Path) -> None:
    first = run_command(founded, "codes", "rotate").stdout.split()[0]
    second = run_command(founded, "codes", "rotate").stdout.split()[0]
    assert run_command(founded, "codes", "revoke", first, "--yes").returncode == 0
    unknown = run_command(founded, "codes", "revoke", "00000000", "--yes")
    assert unknown.returncode == 1
    assert "no such signing key" in unknown.stderr
    listed = [line.split() for line in run_command(founded, "codes", "keys").stdout.splitlines()]
    assert [(line[0], line[-1]) for line in listed] == [(second, "current"), (first, "revoked")]
