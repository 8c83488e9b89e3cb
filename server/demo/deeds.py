"""What happens in the demo: records handed in, records withdrawn, and how the office decides."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from server.clock import TOWN_ZONE
from sync.decide import Outcome

MINUTES = 22  # an ordinary filling
FIRST_SLOT, SLOTS, SLOT_MINUTES = time(8, 40), 14, 30  # visits begin until four


def new_id(*words: object) -> str:
    """An id that is the same each time the same thing is spoken of."""
    digest = hashlib.sha256("/".join(map(str, words)).encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def moment_of(on: date, seed: str) -> datetime:
    """A time of the day at which somebody begins a filling, the same for the same seed."""
    slot = int(hashlib.sha256(seed.encode()).hexdigest()[:4], 16) % SLOTS
    return datetime.combine(on, FIRST_SLOT, TOWN_ZONE) + timedelta(minutes=slot * SLOT_MINUTES)


@dataclass(frozen=True)
class Verdict:
    """What is decided on a record, and on which day at last; comments by question name."""

    on: date
    action: str  # approve return
    comment: str = ""
    comments: Mapping[str, str] = field(default_factory=dict)
    upto: str = ""  # the last level that approved so far; '' when all have


@dataclass(frozen=True)
class Deed:
    """One record, handed in on the day it was filled; the office's usual course decides, or a scene."""

    begun: datetime  # aware, in the town's zone
    username: str
    form_id: str
    instance_id: str
    flat: Mapping[str, Any]  # answers by question name
    pictures: Mapping[str, str] = field(default_factory=dict)  # question -> what is drawn
    seeds: Mapping[str, str] = field(
        default_factory=dict
    )  # question -> the instance whose picture it shows too
    late: frozenset[str] = frozenset()  # pictures that the phone still holds back
    corrects: str = ""  # the instance this one replaces
    root_id: str = ""  # the first instance, for a correction
    minutes: int = MINUTES
    is_lost_phone: bool = False  # handed in by a phone that was reported lost
    meant: frozenset[str] = frozenset()  # rules broken on purpose
    outcome: Outcome = Outcome.ACCEPTED
    stays_open: bool = False  # waits for the office, whatever the others do
    verdict: Verdict | None = None
    withdrawn_on: date | None = None

    @property
    def on(self) -> date:
        return self.begun.date()

    @property
    def root(self) -> str:
        return self.root_id or self.instance_id

    @property
    def is_free(self) -> bool:
        """Whether the office's usual course decides on it."""
        is_kept = self.outcome is Outcome.ACCEPTED and self.withdrawn_on is None
        return is_kept and not self.stays_open and self.verdict is None
