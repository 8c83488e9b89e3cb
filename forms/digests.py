"""`digest()` and `base64-decode()` of the runtime; the same as `digests.ts`."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode

_BLANKS = str.maketrans("", "", " \t\r\n")
_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def digest(value: str, algorithm: str, encoding: str = "base64") -> str:
    """Hash the UTF-8 of a text; '' for an algorithm or encoding that is not known."""
    name = _ALGORITHMS.get(algorithm.upper())
    if name is None or encoding not in ("base64", "hex"):
        return ""
    made = hashlib.new(name, value.encode("utf-8", "replace"), usedforsecurity=False)
    return made.hexdigest() if encoding == "hex" else b64encode(made.digest()).decode()


def base64_decode(value: str) -> str:
    """Read base64 as UTF-8 text; '' for what is neither."""
    try:
        return b64decode(value.translate(_BLANKS), validate=True).decode("utf-8")
    except ValueError:
        return ""
