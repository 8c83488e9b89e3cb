"""A real server in a child process, on a free loopback port, with an instance folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_S = 30.0
STOP_S = 15.0


@dataclass(frozen=True)
class Served:
    """A server that answers; `output` is the file its terminal text goes to."""

    url: str
    data: Path
    port: int
    process: subprocess.Popen[bytes]
    output: Path


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Our own environment without what would steer the server, plus `settings`."""
    ours = {"HOST", "PORT", "HTTPS_PORT", "LAN", "FLASK_DEBUG", "LINGYAN_DATABASE", "TRUSTED_PROXY"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return {**inherited, "LINGYAN_DATA": str(data), "PYTHONUNBUFFERED": "1", **settings}


@contextmanager
def serve(data: Path, **settings: str) -> Iterator[Served]:
    """Serve `data` until the block ends."""
    host = settings.get("HOST", "127.0.0.1")
    port = int(settings.get("PORT") or free_port(host))
    data.mkdir(parents=True, exist_ok=True)
    output = data / "terminal.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env=environment(data, **{**settings, "PORT": str(port)}),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        served = Served(f"http://{host}:{port}", data, port, process, output)
        wait_until_ready(served)
        yield served
    finally:
        process.terminate()
        process.wait(STOP_S)


def wait_until_ready(served: Served) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        if served.process.poll() is not None:
            raise AssertionError(f"the server ended: {served.output.read_text()}")
        try:
            with urllib.request.urlopen(served.url + "/favicon.ico", timeout=2):  # noqa: S310 - our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer: {served.output.read_text()}")


def start(
    data: Path, prepare: Callable[[], None] | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Start a server that is expected to end at once."""
    return subprocess.run(
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env=environment(data, **{"PORT": str(free_port()), **settings}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=prepare,
    )


def run_command(
    data: Path, *words: str, text: str = "", prepare: Callable[[], None] | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi …` on `data`."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=environment(data, **settings),
        input=text,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=prepare,
    )
