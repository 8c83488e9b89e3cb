"""Bytes on the wire that are no honest request: refused, and the next client is served."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from tests.serving import Served, serve

SYNC = b"POST /api/v1/sync HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
PATIENCE_S = 10


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("served") / "instance") as served:
        yield served


def send(served: Served, raw: bytes) -> bytes:
    """Everything the server answers; nothing, where it hangs up on what it won't read."""
    answer = b""
    with closing(socket.create_connection(("127.0.0.1", served.port), PATIENCE_S)) as connection:
        with suppress(OSError):
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
    return answer


def is_served(served: Served) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_S)) as connection:
        connection.request("GET", "/api/v1/health")
        return connection.getresponse().status == 200


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (SYNC + b"Content-Length: abc\r\n\r\n{}", 400),
        (SYNC + b"Content-Length: -2\r\n\r\n{}", 400),
        (SYNC + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", 400),
        (SYNC + b"Transfer-Encoding: gzip\r\n\r\n{}", 501),
        (SYNC + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400),
        (SYNC + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"nonsense\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_refused(served: Served, raw: bytes, status: int) -> None:
    assert send(served, raw).split(b" ")[1] == b"%d" % status
    assert is_served(served)


@pytest.mark.parametrize("header", [b"X: " + b"a" * 1_000_000, b"X: a\r\n" * 10_000])
def test_headers_without_end_are_not_read_on(served: Served, header: bytes) -> None:
    assert b" 200 " not in send(served, b"GET / HTTP/1.1\r\n" + header + b"\r\n\r\n")
    assert is_served(served)


def test_a_body_shorter_than_declared_is_no_request(served: Served) -> None:
    assert b" 200 " not in send(served, SYNC + b"Content-Length: 100\r\n\r\n{}")
    assert is_served(served)


def test_two_lengths_of_different_kinds_hide_no_second_request(served: Served) -> None:
    hidden = b"0\r\n\r\nGET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = SYNC + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(hidden)
    answer = send(served, head + hidden)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"ok":true' not in answer
    assert is_served(served)


def test_a_host_that_is_made_up_reaches_no_link(served: Served) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_S)) as connection:
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1"}
        connection.request("GET", "/desk/", headers=headers)
        answer = connection.getresponse()
        assert "evil" not in (answer.getheader("Location") or "")
        assert b"evil" not in answer.read()


def test_a_name_with_line_ends_stays_one_line_of_the_log(served: Served) -> None:
    forged = "x%0a2016-10-15%20admin%20signed%20in"
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_S)) as connection:
        connection.request("GET", f"/{forged}")
        assert connection.getresponse().status == 404
    lines = served.output.read_text().splitlines()
    assert not any(line.startswith("2016-10-15 admin") for line in lines)
