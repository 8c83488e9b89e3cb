"""Secrets that rest in the database: sealed with a key that is derived from the server's own secret."""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12  # NIST SP 800-38D
KEY_BYTES = 32


def seal(secret: str, use: str, plain: bytes, about: str) -> str:
    """Encrypt; `about` is bound to it, so that it can't be moved to another row."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(derive(secret, use)).encrypt(nonce, plain, about.encode())
    return to_text(sealed)


def unseal(secret: str, use: str, sealed: str, about: str) -> bytes | None:
    """What was sealed; None if it was by another secret, for another use or row, or was altered."""
    try:
        raw = from_text(sealed)
        return AESGCM(derive(secret, use)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        return None


def derive(secret: str, use: str) -> bytes:
    """A key of its own for each use. Source: RFC 5869; the secret is 32 random bytes already."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"lingyan {use}".encode()).derive(secret.encode())


def to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
