"""Passwords: argon2id digests, and a check that takes as long for people who don't exist."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's minimum for argon2id: 19 MiB, two passes, one lane; many sign in at eight in the morning.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: it is read out and typed on a phone
GROUPS, GROUP_LENGTH = 3, 4  # 59 bits


def make_password() -> str:
    """A password to hand over: `k7mq-3xpt-9wrd`."""
    groups = ("".join(secrets.choice(PLAIN_LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


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
