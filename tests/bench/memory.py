"""What the server holds in memory once the demo town is loaded and a few pages were asked for."""

import os
import tempfile
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.serving import run_command, serve

PAGES = ("/", "/app/", "/desk/", "/api/v1/health")


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        done = run_command(data, "demo", "load")
        if done.returncode:
            raise RuntimeError(done.stderr)
        with serve(data) as served:
            for page in PAGES:
                with urllib.request.urlopen(served.url + page) as answer:  # noqa: S310 - our own server
                    answer.read()
            value = sum(read_pss(pid) for pid in find_family(served.process.pid))
    return {"server: memory of all processes after the demo is loaded, PSS": value / 1024}


def find_family(pid: int) -> list[int]:
    """The process and everything it started, also what those started."""
    children = [child for path in Path(f"/proc/{pid}/task").glob("*/children") for child in read_words(path)]
    return [pid, *(member for child in children for member in find_family(int(child)))]


def read_words(path: Path) -> list[str]:
    """Nothing of a thread or process that has just ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return path.read_text().split()
    return []


def read_pss(pid: int) -> int:
    """KiB, with pages that processes share counted in parts."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def read_private(pid: int) -> int:
    """KiB of pages that no other process shares; none when the process has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except FileNotFoundError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def read_cpu(pid: int) -> float:
    """Seconds that a process has computed, in itself and in the kernel."""
    user, system = read_ticks(pid)[:2]
    return (user + system) / os.sysconf("SC_CLK_TCK")


def read_family_cpu(pid: int) -> float:
    """The same with all children that have ended."""
    return sum(read_ticks(pid)) / os.sysconf("SC_CLK_TCK")


def read_ticks(pid: int) -> list[int]:
    """Its own and the kernel's for it, and both of its children that have ended, see proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    first = 11  # of what follows the name
    return [int(field) for field in fields[first : first + 4]]
