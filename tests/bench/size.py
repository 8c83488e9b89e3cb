"""The bytes of code a phone loads before it can fill F02: the shell's code and the form's module.

What the page imports only when it is wanted (the scanner with its decoder) is told apart.
"""

import re
from pathlib import Path

import brotli

from forms import compile_form
from server.statics import PHONE

ROOT = Path(__file__).parent.parent.parent
F02 = ROOT / "forms" / "library" / "exit_check.md"
NAMED = re.compile(r"/app/(assets/[\w.-]+\.(?:js|css))")
IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")


def measure() -> dict[str, float]:
    first, every = find_first_load(), {path for path in PHONE.rglob("*") if path.suffix in {".js", ".css"}}
    form = pack(compile_form(F02.read_bytes(), F02.name).javascript.encode())
    return {
        "phone: JavaScript and CSS of the first load with F02, brotli": (weigh(first) + form) / 1000,
        "phone: of which the compiled F02 | KB": form / 1000,
        "phone: code that is loaded when it is wanted: scanner, decoder, signatures | KB": weigh(
            every - first
        )
        / 1000,
    }


def find_first_load() -> set[Path]:
    """What the page names, with what that imports at once, and the service worker."""
    waiting = [PHONE / name for name in NAMED.findall((PHONE / "index.html").read_text(encoding="utf-8"))]
    found = {PHONE / "sw.js"}
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            names = IMPORTED.findall(path.read_text(encoding="utf-8")) if path.suffix == ".js" else []
            waiting += [path.parent / name for name in names]
    return found


def weigh(paths: set[Path]) -> float:
    return float(sum(pack(path.read_bytes()) for path in paths))


def pack(content: bytes) -> int:
    return len(brotli.compress(content))
