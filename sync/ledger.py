"""The chain over everything received: each link proves what came before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One received instance as the ledger sees it."""

    seq: int
    instance_id: str
    digest: str
    received_at: datetime
    chain: str


def link(previous: str, seq: int, instance_id: str, digest: str, received_at: datetime) -> str:
    """The next link: SHA-256 in hex over the parts, each on a line; `previous` is '' for the first."""
    parts = (previous, str(seq), instance_id, digest, wire_time(received_at))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def wire_time(moment: datetime) -> str:
    """A moment as receipts say it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def find_break(entries: Iterable[Entry]) -> int | None:
    """Check entries in the order of `seq`; return the first seq whose link doesn't fit, None if all do."""
    previous = ""
    for entry in entries:
        if entry.chain != link(previous, entry.seq, entry.instance_id, entry.digest, entry.received_at):
            return entry.seq
        previous = entry.chain
    return None
