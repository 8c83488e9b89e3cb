"""Compile a stranger's upload in a child process with limits; gives what `compile_form` gives.

The child is `forms/__main__.py`. They speak JSON, so that nothing the child says is ever executed.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forms.compile import CompiledForm
from forms.errors import NOWHERE, FormError, FormErrors, form_error

# The largest form of the field takes 2 s; pyxform may take ten times that on odd input.
TIMEOUT_S = 60
# Address space, of which a third is libraries.
MEMORY_BYTES = 1024 * 1024 * 1024


def compile_in_child(
    source: bytes,
    name: str,
    attachments: Mapping[str, bytes] | None = None,
    *,
    is_draft: bool = False,
    default_version: str = "",
    timeout_s: float = TIMEOUT_S,
    memory_bytes: int = MEMORY_BYTES,
) -> CompiledForm:
    """Compile as `compile_form` does; running out of time or memory is a form error too.

    Raises:
        FormErrors: everything that is wrong, or `conversion_timeout`, `conversion_died`.
    """
    request = {
        "source": _packed(source),
        "name": name,
        "attachments": {key: _packed(value) for key, value in (attachments or {}).items()},
        "is_draft": is_draft,
        "default_version": default_version,
        "timeout_s": timeout_s,
        "memory_bytes": memory_bytes,
    }
    answer = _run(json.dumps(request), timeout_s)
    if "errors" in answer:
        raise FormErrors([FormError(**error) for error in answer["errors"]])
    return CompiledForm.of_json(answer["form"])


def _run(request: str, timeout_s: float) -> dict[str, Any]:
    root = str(Path(__file__).parent.parent)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "forms"],
            input=request.encode(),
            capture_output=True,
            cwd=root,
            env={"PYTHONPATH": root},  # none of the server's secrets
            timeout=timeout_s,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise _failed("conversion_timeout", seconds=round(timeout_s)) from None
    except (subprocess.CalledProcessError, ValueError):
        raise _failed("conversion_died") from None
    return answer


def _failed(code: str, **values: object) -> FormErrors:
    return FormErrors([form_error(code, NOWHERE, values)])


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
