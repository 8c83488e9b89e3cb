"""What ingest needs to know and to have stored, as protocols; the server answers from SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from forms import Checked, Checker, EntityWrite, Lists, Violation
from sync.attachments import NamedFile
from sync.batch import Item, Payload
from sync.decide import Decision, Outcome
from sync.ledger import link
from sync.shape import Shape


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands in, on which phone."""

    town_id: str
    user_id: str
    username: str
    device_id: str
    village: str
    is_revoked: bool = False
    may_send: bool = True
    is_release: bool = (
        False  # a supervisor lets a held item in: revocation, closing and scope no longer hold it
    )


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A published form version, ready to check answers."""

    form_id: str
    version: str
    title: str
    is_closed: bool
    files: Shape  # the questions that are answered with a file
    entered: Shape  # the questions that people answer
    on_approval: frozenset[str]  # the lists whose rows it changes only once it is approved
    checker: Checker


@dataclass(slots=True)
class Prepared:
    """An item after everything that can be found out before the write transaction."""

    item: Item
    hold: str = ""  # code of why a supervisor must see it first
    details: dict[str, str] = field(default_factory=dict)
    payload: Payload | None = None
    checked: Checked | None = None
    violations: list[Violation] = field(default_factory=list)
    fingerprint: str = ""
    files: tuple[NamedFile, ...] = ()
    village: str = ""
    title: str = ""

    @property
    def file_digests(self) -> list[str]:
        """Each file once, in order; of an item that could not be read, what its envelope declares."""
        claims = [named.claim for named in self.files] or self.item.files
        return list(dict.fromkeys(claim.sha256 for claim in claims))


@dataclass(frozen=True, slots=True)
class Stored:
    """An instance the server has: what its receipt says."""

    instance_id: str
    digest: str
    root_id: str
    seq: int
    received_at: datetime
    chain: str
    files_missing: Sequence[str] = ()
    apart: Outcome | None = None  # held or conflict, when it is stored apart
    reason: str = ""


@dataclass(slots=True)
class Case:
    """A submission as far as the decision needs it."""

    root_id: str
    form_id: str
    current_id: str


@dataclass(slots=True)
class Counter:
    """The town's counter row while it is locked: the last number given and the chain's head."""

    epoch: str
    seq: int
    chain: str

    def next(self) -> int:
        self.seq += 1
        return self.seq

    def link(self, instance_id: str, digest: str, received_at: datetime) -> tuple[int, str]:
        """Number an instance and chain it; the number and the link."""
        self.chain = link(self.chain, self.next(), instance_id, digest, received_at)
        return self.seq, self.chain


@dataclass(frozen=True, slots=True)
class Arrival:
    """An instance to be written: as a new submission, as a new version, or apart."""

    prepared: Prepared
    decision: Decision
    root_id: str
    seq: int
    chain: str
    received_at: datetime
    files_missing: Sequence[str]


class Reader(Protocol):
    """What is asked before the write transaction."""

    def digests(self, instance_ids: Collection[str]) -> dict[str, str]:
        """Digest of each known submission version by its id."""

    def find_form(self, form_id: str, version: str) -> KnownForm | None:
        """A published version, None if there is none."""

    def has_form(self, form_id: str) -> bool:
        """Whether any version of the form is known."""

    def lists_at(self, cursor: int) -> Lists:
        """The lists as the sender's phone held them at `cursor`, with its own records on top."""

    def patience(self) -> Callable[[], bool]:
        """What the next check asks now and then: whether it took too long."""

    def remember(self, writes: Sequence[EntityWrite]) -> None:
        """Show to later items of the batch what an earlier one adds to the lists, as the phone did."""

    def find_villages(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The village of each row, '' if its list has none; rows that nobody knows are left out."""

    def covers(self, village: str) -> bool:
        """Whether the sender may send records of this village."""

    def examine(self, prepared: Sequence[Prepared]) -> None:
        """Add the violations that only the server can see."""


class Writer(Protocol):
    """What is asked and stored inside the write transaction, its town locked."""

    def find_stored(self, instance_ids: Collection[str]) -> list[Stored]:
        """Versions, and items stored apart, with these ids."""

    def find_cases(self, root_ids: Collection[str]) -> list[Case]:
        """Submissions by root id."""

    def find_present(self, digests: Collection[str]) -> set[str]:
        """Which of these files have arrived whole."""

    def write(self, arrivals: Sequence[Arrival]) -> None:
        """Store all of them."""
