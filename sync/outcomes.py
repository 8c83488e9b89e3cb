"""What the phone is told of each item: an outcome, a receipt if it is stored, a reason if not all is well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.decide import Outcome
from sync.ledger import wire_time


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an instance is stored; the phone compares `digest` before it shows "sent"."""

    instance_id: str
    digest: str
    epoch: str
    seq: int
    received_at: datetime
    chain: str
    files_missing: Sequence[str]  # SHA-256 of the files that have not arrived yet

    def as_wire(self) -> dict[str, Any]:
        return {
            "instance_id": self.instance_id,
            "digest": self.digest,
            "epoch": self.epoch,
            "seq": self.seq,
            "received_at": wire_time(self.received_at),
            "chain": self.chain,
            "signature": "",
            "files_missing": list(self.files_missing),
        }


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """The answer for one item; `code` and `details` name the reason when there is one."""

    instance_id: str
    outcome: Outcome
    receipt: Receipt | None = None
    code: str = ""
    details: dict[str, Any] | None = None
