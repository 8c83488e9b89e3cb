"""The bytes of code a phone loads before it can fill F02: the shell's code and the form's module."""

from pathlib import Path

import brotli

from forms import compile_form
from server.statics import PHONE

ROOT = Path(__file__).parent.parent.parent
F02 = ROOT / "forms" / "library" / "exit_check.md"


def measure() -> dict[str, float]:
    shell = sum(
        pack(path.read_bytes()) for path in sorted(PHONE.rglob("*")) if path.suffix in {".js", ".css"}
    )
    form = pack(compile_form(F02.read_bytes(), F02.name).javascript.encode())
    return {
        "phone: JavaScript and CSS of the first load with F02, brotli": (shell + form) / 1000,
        "phone: of which the compiled F02 | KB": form / 1000,
    }


def pack(content: bytes) -> int:
    return len(brotli.compress(content))
