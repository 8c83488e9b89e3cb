"""Our own ids: UUIDv7, which sort by when they were made, also within a millisecond."""

from __future__ import annotations

import secrets
import time
from threading import Lock

RANDOM_BITS = 62
VARIANT = 2 << 62

_lock = Lock()
_last = 0  # milliseconds and a 12-bit counter, as one number


def new_id() -> str:
    """An id greater than every id this process made before. Source: RFC 9562 section 6.2, method 1."""
    global _last
    with _lock:
        _last = max(_last + 1, (time.time_ns() // 1_000_000) << 12)
        stamp = _last
    milliseconds, counter = stamp >> 12, stamp & 0xFFF
    tail = secrets.randbits(RANDOM_BITS) | VARIANT
    text = f"{milliseconds:012x}7{counter:03x}{tail:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
