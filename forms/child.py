"""Compile a stranger's upload in a child process with limits; gives what `compile_form` gives.

The child is `forms/__main__.py`. It is told in JSON, with the files' bytes behind, and answers in JSON, so
that nothing the child says is ever executed.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forms.compile import CompiledForm
from forms.errors import NOWHERE, FormError, FormErrors, form_error

# The largest form of the field takes 3 s of a processor; the clock runs on while others use it.
PROCESSOR_S = 30
TIMEOUT_S = 60
# Address space, of which 50 MiB are libraries.
MEMORY_BYTES = 256 * 1024 * 1024
OUT_OF_MEMORY = 3  # exit status


def compile_in_child(
    source: bytes,
    name: str,
    attachments: Mapping[str, bytes] | None = None,
    *,
    is_draft: bool = False,
    default_version: str = "",
    version: str = "",
    timeout_s: float = TIMEOUT_S,
    memory_bytes: int = MEMORY_BYTES,
) -> CompiledForm:
    """Compile as `compile_form` does; running out of time or memory is a form error too.

    Raises:
        FormErrors: everything that is wrong, or `conversion_timeout`, `conversion_memory`, `conversion_died`.
    """
    files = {**(attachments or {}), name: source}
    request = {
        "name": name,
        "sizes": {each: len(content) for each, content in files.items()},
        "is_draft": is_draft,
        "default_version": default_version,
        "version": version,
        "processor_s": min(PROCESSOR_S, int(timeout_s) + 1),
        "memory_bytes": memory_bytes,
    }
    answer = _run(
        b"\n".join((json.dumps(request).encode(), b"".join(files.values()))), timeout_s, memory_bytes
    )
    if "errors" in answer:
        raise FormErrors([FormError(**error) for error in answer["errors"]])
    return CompiledForm.of_json(answer["form"])


def _run(request: bytes, timeout_s: float, memory_bytes: int) -> dict[str, Any]:
    root = str(Path(__file__).parent.parent)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "forms"],
            input=request,
            capture_output=True,
            cwd=root,
            env={"PYTHONPATH": root},  # none of the server's secrets
            timeout=timeout_s,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise _failed("conversion_timeout", seconds=round(timeout_s)) from None
    except subprocess.CalledProcessError as error:
        raise _died(error.returncode, memory_bytes) from None
    except ValueError:
        raise _failed("conversion_died") from None
    return answer


def _died(status: int, memory_bytes: int) -> FormErrors:
    if status == -signal.SIGXCPU:
        return _failed("conversion_timeout", seconds=PROCESSOR_S)
    # Python aborts where not even the error has room.
    if status in (OUT_OF_MEMORY, -signal.SIGABRT):
        return _failed("conversion_memory", mebibytes=memory_bytes // 1024 // 1024)
    return _failed("conversion_died")


def _failed(code: str, **values: object) -> FormErrors:
    return FormErrors([form_error(code, NOWHERE, values)])
