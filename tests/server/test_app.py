"""The factory: headers on every answer, secrets made on first use, the phone app's files."""

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import statics
from server.app import create_app
from server.config import Config, ConfigError, read_environment
from server.setup import accepts_code, issue_code, spend_code


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/static/shell.css"])
def test_every_answer_has_a_strict_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_answers_are_not_stored_unless_they_say_so(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert client.get("/nothing-here").headers["Cache-Control"] == "no-store"


def test_https_is_remembered_and_http_is_not(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert "Strict-Transport-Security" in client.get("/", base_url="https://localhost").headers


def test_the_secret_is_made_once_and_readable_by_its_owner_only(config: Config) -> None:
    first = create_app(config).secret_key
    path = config.data / "secret_key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(str(first)) == 64
    assert create_app(config).secret_key == first


def test_a_debugger_is_refused() -> None:
    with pytest.raises(ConfigError, match="FLASK_DEBUG"):
        read_environment({"FLASK_DEBUG": "1"})


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "８０"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(ConfigError, match="PORT"):
        read_environment({"PORT": port})


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("full") / "file"
    file.touch()
    with pytest.raises(ConfigError, match="can't be used"):
        create_app(Config(data=file / "instance"))


def test_the_welcome_page_has_both_doors_and_no_accounts(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert 'href="/app/"' in page
    assert 'href="/desk/"' in page
    assert "lingyan-demo" not in page


@pytest.fixture
def phone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A built phone app of three files, one of them packed."""
    folder = tmp_path_factory.mktemp("phone")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "sw.js").write_text("// worker")
    (folder / "assets" / "main-1a2b.js").write_text("export {}")
    (folder / "assets" / "main-1a2b.js.br").write_bytes(brotli.compress(b"export {}"))
    monkeypatch.setattr(statics, "PHONE", folder)


@pytest.mark.usefixtures("phone")
def test_assets_are_immutable_and_packed_for_whoever_unpacks(client: FlaskClient) -> None:
    packed = client.get("/app/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == b"export {}"
    assert "immutable" in packed.headers["Cache-Control"]
    plain = client.get("/app/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert plain.data == b"export {}"
    assert plain.content_type == packed.content_type == "text/javascript; charset=utf-8"
    assert plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.usefixtures("phone")
def test_the_page_and_the_worker_are_always_asked_for_again(client: FlaskClient) -> None:
    page, worker = (client.get(f"/app/{name}", buffered=True) for name in ("", "sw.js"))
    assert page.headers["Cache-Control"] == worker.headers["Cache-Control"] == "no-cache"
    assert worker.headers["Service-Worker-Allowed"] == "/"


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("name", ["../../config.py", "%2e%2e/%2e%2e/config.py", "assets", "none.js"])
def test_only_built_files_are_given_out(client: FlaskClient, name: str) -> None:
    assert client.get(f"/app/{name}").status_code == 404


def test_a_setup_code_works_as_typed_and_once(app: Flask) -> None:
    folder = app.config["DATA"]
    code = issue_code(folder)
    assert accepts_code(folder, code)
    assert accepts_code(folder, code.lower().replace("-", " "))
    assert not accepts_code(folder, code[:-1])
    assert not accepts_code(folder, "")
    assert code.replace("-", "") not in (folder / "setup_code").read_text()
    spend_code(folder)
    assert not accepts_code(folder, code)


def test_an_address_that_is_none_gets_a_page_with_a_way_back(client: FlaskClient) -> None:
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert "没有找到" in answer.get_data(as_text=True)
    assert 'href="/"' in answer.get_data(as_text=True)
