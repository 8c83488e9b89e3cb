"""How long a newcomer waits: a clean clone, `make run`, until the welcome page answers."""

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.serving import ROOT, environment, free_port

LONGEST_S = 900


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "lingyan"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        return {"make run on a clean checkout, downloads included": time_start(clone)}


def time_start(clone: Path) -> float:
    port = free_port()
    began = time.monotonic()
    make = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env=environment(clone / "instance", PORT=str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"http://localhost:{port}/", make, began)
        return time.monotonic() - began
    finally:
        os.killpg(make.pid, signal.SIGTERM)
        make.wait()


def wait_for(url: str, make: subprocess.Popen[bytes], began: float) -> None:
    while time.monotonic() - began < LONGEST_S and make.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("make run did not come to serve")
