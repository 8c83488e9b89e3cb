"""Local servers that channels are tried against: one speaks HTTP and answers as told, one takes mail."""

import http.server
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Heard:
    """What a server was sent, and where it listens."""

    port: int = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)


@contextmanager
def robot(status: int = 200, location: str = "", wait_s: float = 0) -> Iterator[Heard]:
    """An HTTP server that answers every request alike."""
    heard = Heard()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            heard.requests.append((self.path, dict(self.headers), body))
            time.sleep(wait_s)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering), heard):
        yield heard


@contextmanager
def mail_server() -> Iterator[Heard]:
    """A mail server that takes everything. Source: RFC 5321."""
    heard = Heard()

    class Taking(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode("utf-8", "replace").strip():
                word = line[:4].upper()
                if word == "DATA":
                    self.say("354 go on")
                    heard.letters.append(self.read_letter())
                self.say("221 bye" if word == "QUIT" else "250 yes")
                if word == "QUIT":
                    return

        def read_letter(self) -> str:
            lines: list[bytes] = []
            while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
                lines.append(line)
            return b"".join(lines).decode()

        def say(self, answer: str) -> None:
            self.wfile.write(f"{answer}\r\n".encode())

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Taking), heard):
        yield heard


@contextmanager
def serving(server: socketserver.BaseServer, heard: Heard) -> Iterator[None]:
    heard.port = int(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
