"""The child of `child.py`: a JSON request on standard input, an answer on standard output, within limits."""

from __future__ import annotations

import base64
import json
import resource
import sys
from typing import Any

from forms.compile import compile_form
from forms.errors import FormErrors


def main() -> None:
    """Read one request, compile, write one answer."""
    request = json.load(sys.stdin)
    _limit(request["timeout_s"], request["memory_bytes"])
    attachments = {key: base64.b64decode(value) for key, value in request["attachments"].items()}
    source = base64.b64decode(request["source"])
    try:
        form = compile_form(
            source,
            request["name"],
            attachments,
            is_draft=request["is_draft"],
            default_version=request["default_version"],
        )
        answer: dict[str, Any] = {"form": form.as_json()}
    except FormErrors as refused:
        answer = {"errors": [error.as_json() for error in refused.errors]}
    json.dump(answer, sys.stdout)


def _limit(timeout_s: float, memory_bytes: int) -> None:
    """Processor time beside the parent's clock, should the parent die; memory as address space."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(timeout_s) + 1, int(timeout_s) + 2))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


if __name__ == "__main__":
    main()
