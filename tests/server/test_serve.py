"""The server as an operator starts it: a process of its own, over real sockets."""

import http.client
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from server.config import MAX_BODY_BYTES
from tests.serving import Served, free_port, serve, start

LAN_HOST = "127.0.0.2"
HALF_A_REQUEST = b"POST /api/v1/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nhalf"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("served") / "instance") as served:
        yield served


def get(served: Served, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_the_first_start_tells_how_to_make_the_administrator(served: Served) -> None:
    text = served.output.read_text()
    assert f"http://localhost:{served.port}/desk/setup" in text
    assert "lingyan-demo" not in text
    assert (served.data / "setup_code").stat().st_mode & 0o777 == 0o600


def test_stalled_clients_hold_nobody_up(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(12):
            stalled = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            stalled.sendall(
                b"POST /api/v1/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nhalf"
            )
        assert get(served, "/").status == 200


def test_a_body_over_the_limit_is_refused_before_it_is_read(served: Served) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)) as connection:
        connection.putrequest("POST", "/api/v1/sync")
        connection.putheader("Content-Length", str(MAX_BODY_BYTES + 1))
        connection.endheaders(b"x")
        assert connection.getresponse().status == 413


def test_what_a_client_says_about_itself_is_not_believed(served: Served) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)) as connection:
        connection.request("GET", "/", headers={"X-Forwarded-Proto": "https"})
        assert connection.getresponse().getheader("Strict-Transport-Security") is None


def test_a_folder_is_served_by_one_process(served: Served) -> None:
    second = start(served.data)
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert str(served.process.pid) in second.stderr


def test_a_taken_port_is_one_line(served: Served, tmp_path: Path) -> None:
    second = start(tmp_path / "other", PORT=str(served.port))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "PORT=" in second.stderr


def test_a_broken_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lingyan.sqlite").write_bytes(b"not a database" * 1000)
    ended = start(tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "can't be opened or migrated" in ended.stderr


def test_a_debugger_is_not_served(tmp_path: Path) -> None:
    ended = start(tmp_path, FLASK_DEBUG="1")
    assert ended.returncode == 1
    assert "FLASK_DEBUG" in ended.stderr


def test_it_ends_when_asked_to(tmp_path: Path) -> None:
    with serve(tmp_path / "instance") as served:
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(15) == 0


def test_a_named_proxy_is_believed(tmp_path: Path) -> None:
    with serve(tmp_path / "instance", TRUSTED_PROXY="127.0.0.1") as served:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
        connection.request(
            "GET", "/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "town.example"}
        )
        assert connection.getresponse().getheader("Strict-Transport-Security")
        connection.close()


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, int]]:
    https_port = free_port(LAN_HOST)
    data = tmp_path_factory.mktemp("lan") / "instance"
    with serve(data, HOST=LAN_HOST, LAN="1", HTTPS_PORT=str(https_port)) as served:
        yield served, https_port


def trust(served: Served) -> ssl.SSLContext:
    """What a phone knows that installed our certificate and nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=(served.data / "lan" / "ca.crt").read_bytes())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def test_a_phone_that_trusts_the_certificate_is_served_over_https(lan: tuple[Served, int]) -> None:
    served, port = lan
    connection = http.client.HTTPSConnection(LAN_HOST, port, context=trust(served), timeout=5)
    for _ in range(3):  # one connection, kept alive
        connection.request("GET", "/")
        response = connection.getresponse()
        assert response.status == 200
        assert response.getheader("Strict-Transport-Security")
        assert "手机填报".encode() in response.read()
    connection.close()


def test_a_phone_that_does_not_trust_it_is_not_fooled(lan: tuple[Served, int]) -> None:
    _, port = lan
    connection = http.client.HTTPSConnection(LAN_HOST, port, timeout=5)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")
    connection.close()


def test_plain_http_shows_a_phone_the_way(lan: tuple[Served, int]) -> None:
    served, https_port = lan
    connection = http.client.HTTPConnection(LAN_HOST, served.port, timeout=5)
    connection.request("GET", "/app/")
    response = connection.getresponse()
    response.read()
    assert (response.status, response.getheader("Location")) == (302, "/lan")
    connection.request("GET", "/lan")
    assert f"https://{LAN_HOST}:{https_port}/app/" in connection.getresponse().read().decode()
    connection.close()


def test_the_terminal_offers_the_address_and_the_certificate(lan: tuple[Served, int]) -> None:
    text = lan[0].output.read_text()
    assert f"http://{LAN_HOST}:{lan[0].port}/lan/ca.crt" in text
    assert f"https://{LAN_HOST}:{lan[1]}/app/" in text
    assert "█" in text


def test_large_bodies_and_stalled_clients_pass_tls_too(lan: tuple[Served, int]) -> None:
    served, port = lan
    context = trust(served)
    with ExitStack() as stack:
        for _ in range(12):
            plain = stack.enter_context(socket.create_connection((LAN_HOST, port)))
            stalled = stack.enter_context(context.wrap_socket(plain, server_hostname=LAN_HOST))
            stalled.sendall(
                b"POST /api/v1/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nhalf"
            )
        connection = http.client.HTTPSConnection(LAN_HOST, port, context=context, timeout=10)
        connection.request("POST", "/", body=bytes(3_000_000))
        assert connection.getresponse().status == 405
        connection.close()
