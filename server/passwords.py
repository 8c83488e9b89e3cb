"""Passwords: argon2id digests, and a check that takes as long for people who don't exist."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's minimum for argon2id: 19 MiB, two passes, one lane; many sign in at eight in the morning.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def digest_password(password: str) -> str:
    return hasher.hash(password)


@cache
def nobodys_digest() -> str:
    return hasher.hash("nobody has this password")


def matches(password_digest: str, password: str) -> bool:
    """Whether the password is right; '' stands for a person who doesn't exist, and takes the same time."""
    try:
        return hasher.verify(password_digest or nobodys_digest(), password) and bool(password_digest)
    except (VerificationError, InvalidHashError):
        return False
