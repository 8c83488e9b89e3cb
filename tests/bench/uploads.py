"""Hostile uploads at the desk of a served server: seconds until each is refused, and the memory it takes.

Seconds are from the request to its answer; those of the processor stand beside, as other work on the machine
doesn't change them. Memory is what all processes hold above what the server held before, sampled.
"""

from __future__ import annotations

import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from server.actions.demo import PASSWORD
from tests.bad_inputs.hostile import HOSTILE, files_of
from tests.bench.memory import find_family, read_family_cpu, read_pss
from tests.http_desk import HttpDesk
from tests.serving import Served, run_command, serve

SLOWEST, LARGEST = "uploads: a hostile one is refused, the slowest", "uploads: memory for it, the largest"
BUSIEST = "uploads: of which the processor, the most"
UNITS = ("s", "s of the processor", "MB")
SAMPLE_S = 0.02


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "instance"
        account = ("--name", "某人", "--role", "admin", "--town", "新镇", "--password", PASSWORD)
        done = run_command(data, "user", "add", "publisher", *account)
        if done.returncode:
            raise RuntimeError(done.stderr)
        with serve(data) as served, closing(HttpDesk(served, "publisher", PASSWORD)) as desk:
            with watch(served) as waits:
                figures = {name: upload(served, desk, name) for name in HOSTILE}
    rows: dict[str, float] = {}
    for name, values in figures.items():
        rows |= {f"uploads: {name} | {unit}": value for unit, value in zip(UNITS, values, strict=True)}
    seconds, processor, megabytes = (max(values) for values in zip(*figures.values(), strict=True))
    return {
        SLOWEST: seconds,
        BUSIEST: processor,
        LARGEST: megabytes,
        **rows,
        "uploads: the slowest answer to somebody else meanwhile | ms": max(waits),
    }


def upload(served: Served, desk: HttpDesk, name: str) -> tuple[float, float, float]:
    """Seconds until it is refused, those of the processor, and megabytes above what was held before."""
    files = files_of(HOSTILE[name])
    computed = read_family_cpu(served.process.pid)
    before = held(served)
    peak = [before]
    over = threading.Event()

    def sample() -> None:
        while not over.wait(SAMPLE_S):
            peak.append(held(served))

    sampler = threading.Thread(target=sample)
    sampler.start()
    started = time.perf_counter()
    answer = desk.upload("/desk/forms", "workbook", files)
    answer.read()
    seconds = time.perf_counter() - started
    over.set()
    sampler.join()
    computed = read_family_cpu(served.process.pid) - computed
    page = desk.ask("GET", answer.headers["Location"]).read()
    if b'value="publish"' in page:
        raise RuntimeError(f"taken: {name}")
    return seconds, computed, max(peak) - before


def held(served: Served) -> float:
    total = 0
    for pid in find_family(served.process.pid):
        try:
            total += read_pss(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
    return total / 1024


@contextmanager
def watch(served: Served) -> Iterator[list[float]]:
    """Milliseconds that somebody else waits for an answer, again and again while the block runs."""
    waits = [0.0]
    over = threading.Event()

    def ask() -> None:
        while not over.wait(SAMPLE_S):
            started = time.perf_counter()
            with urllib.request.urlopen(served.url + "/api/v1/health") as answer:  # noqa: S310 - our own server
                answer.read()
            waits.append((time.perf_counter() - started) * 1000)

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        yield waits
    finally:
        over.set()
        asker.join()
