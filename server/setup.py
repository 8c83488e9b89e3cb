"""The first start's one-time code: whoever reads the terminal may make the first administrator."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: it is read from a screen and typed
CODE_LENGTH = 12  # 60 bits; the code lives only until it is used or the server starts again


def issue_code(folder: Path) -> str:
    """Make a new code, keep its digest only, and give the code to be printed once."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    handle = os.open(folder / "setup_code", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(digest_code(code))
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def accepts_code(folder: Path, code: str) -> bool:
    """Whether this is the code that waits; typed in any case, with or without dashes."""
    path = folder / "setup_code"
    return path.exists() and hmac.compare_digest(path.read_text(encoding="ascii"), digest_code(code))


def spend_code(folder: Path) -> None:
    """Forget the code: there is an administrator now."""
    (folder / "setup_code").unlink(missing_ok=True)


def digest_code(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return hashlib.sha256(plain.encode("ascii")).hexdigest()
