"""Somebody at the desk of a served server, over real connections."""

import http.client
import re
import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.serving import Served

FORM = "application/x-www-form-urlencoded"


class HttpDesk:
    """A browser that signed in, without scripts."""

    def __init__(self, served: Served, username: str, password: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", served.port)
        self.cookies: dict[str, str] = {}
        token = self.token("/desk/sign-in")
        self.ask("POST", "/desk/sign-in", {"csrf": token, "username": username, "password": password}).read()

    def close(self) -> None:
        self.connection.close()

    def ask(
        self, method: str, path: str, values: Mapping[str, str] | None = None
    ) -> http.client.HTTPResponse:
        return self.send(method, path, urlencode(values or {}).encode(), FORM if values else "")

    def send(self, method: str, path: str, body: bytes, content_type: str) -> http.client.HTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if content_type:
            headers["Content-Type"] = content_type
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def token(self, path: str) -> str:
        page = self.ask("GET", path).read().decode()
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        if found is None:
            raise RuntimeError(f"no form at {path}")
        return found[1]

    def upload(self, path: str, field: str, files: Mapping[str, bytes]) -> http.client.HTTPResponse:
        """Send files as one drop onto the page brings them."""
        border = uuid.uuid4().hex
        parts = [part(border, "csrf", self.token(path).encode())]
        parts += [part(border, f'{field}"; filename="{name}', content) for name, content in files.items()]
        body = b"".join((*parts, f"--{border}--\r\n".encode()))
        return self.send("POST", path, body, f"multipart/form-data; boundary={border}")


def part(border: str, name: str, content: bytes) -> bytes:
    return b"".join(
        (f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode(), content, b"\r\n")
    )
