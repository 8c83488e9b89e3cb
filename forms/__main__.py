"""The child of `child.py`: a request on standard input, an answer on standard output, within limits."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Any

from forms.child import OUT_OF_MEMORY
from forms.compile import compile_form
from forms.errors import FormErrors

WATCH_S = 0.5
NICENESS = 10  # phones that wait for an answer go before an author who waits for a check


def main() -> None:
    """Read one request, compile, write one answer."""
    request = json.loads(sys.stdin.buffer.readline())
    files = {name: sys.stdin.buffer.read(size) for name, size in request["sizes"].items()}
    _limit(request["processor_s"], request["memory_bytes"])
    try:
        answer = _compile(request, files)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    signal.setitimer(signal.ITIMER_REAL, 0)  # Python ends without our handlers
    json.dump(answer, sys.stdout)


def _compile(request: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    name = request["name"]
    source = files.pop(name)
    try:
        form = compile_form(
            source,
            name,
            files,
            is_draft=request["is_draft"],
            default_version=request["default_version"],
            version=request["version"],
        )
    except FormErrors as refused:
        return {"errors": [error.as_json() for error in refused.errors]}
    return {"form": form.as_json()}


def _limit(processor_s: int, memory_bytes: int) -> None:
    """Bound what the child may use, and end it when its parent has ended."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s + 1))
    with suppress(ValueError, OSError):  # macOS has no bound of address space: the watch looks there
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    parent = os.getppid()

    def watch(_signal: int, _frame: FrameType | None) -> None:
        if os.getppid() != parent:
            os._exit(1)
        if sys.platform == "darwin" and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > memory_bytes:
            os._exit(OUT_OF_MEMORY)

    signal.signal(signal.SIGALRM, watch)
    signal.setitimer(signal.ITIMER_REAL, WATCH_S, WATCH_S)


if __name__ == "__main__":
    main()
