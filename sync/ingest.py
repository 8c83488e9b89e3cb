"""Take a batch in two steps: `prepare` reads and checks, `settle` decides and writes in the transaction."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms import Checked, EntityWrite, GivenUp, Violation
from sync.attachments import find_files
from sync.batch import Item, Payload, Refusal, Unreadable, find_mismatch, read_payload
from sync.decide import Decision, Facts, Kept, Outcome, Replaces, decide
from sync.duplicates import fingerprint
from sync.outcomes import ItemOutcome, Receipt
from sync.store import Arrival, Case, Counter, KnownForm, Prepared, Reader, Sender, Stored, Writer

log = logging.getLogger(__name__)

Key = tuple[str, str]  # list name and entity id

CHECK_FAILED = {"zh": "此记录未能自动核对", "en": "This record could not be checked automatically"}


def prepare(items: Iterable[Item | Refusal], sender: Sender, reader: Reader) -> list[Prepared | Refusal]:
    """Find out everything about each item that can be known before the write transaction."""
    received = list(items)
    known = reader.digests([item.instance_id for item in received if isinstance(item, Item)])
    prepared: list[Prepared | Refusal] = []
    for item in received:
        if isinstance(item, Refusal):
            prepared.append(item)
        elif known.get(item.instance_id) == item.digest:
            prepared.append(Prepared(item))  # it will be `resent`: nothing to check again
        else:
            prepared.append(prepare_item(item, sender, reader))
    checked = [one for one in prepared if isinstance(one, Prepared) and one.checked is not None]
    place(checked, sender, reader)
    reader.examine(checked)
    return prepared


def prepare_item(item: Item, sender: Sender, reader: Reader) -> Prepared | Refusal:
    prepared = Prepared(item, village=sender.village)
    try:
        payload = prepared.payload = read_payload(item.payload)
    except Unreadable as error:
        return hold(prepared, "payload_unreadable", field=error.field)
    mismatch = find_mismatch(item, payload)
    if mismatch and not sender.is_release:
        return Refusal(item.instance_id, "envelope_mismatch", mismatch)
    if sender.is_revoked and not sender.is_release:
        return hold(prepared, "sender_revoked")
    if not sender.may_send and not sender.is_release:
        return hold(prepared, "sender_not_allowed")
    form = reader.find_form(item.form_id, item.version)
    if form is None:
        code = "form_version_unknown" if reader.has_form(item.form_id) else "form_unknown"
        return hold(prepared, code, form_id=item.form_id, version=item.version)
    prepared.files = tuple(find_files(payload.answers, form.files))
    if {claim.sha256 for claim in item.files} != {named.claim.sha256 for named in prepared.files}:
        return Refusal(item.instance_id, "files_mismatch", "files")
    if form.is_closed and not sender.is_release:
        return hold(prepared, "form_closed", form_id=item.form_id)
    return examine(prepared, payload, form, sender, reader)


def hold(prepared: Prepared, code: str, **details: str) -> Prepared:
    prepared.hold, prepared.details = code, details
    return prepared


def examine(
    prepared: Prepared, payload: Payload, form: KnownForm, sender: Sender, reader: Reader
) -> Prepared:
    """Run the form's checker and see whose record it is."""
    meta = payload.raw_meta | {"username": sender.username, "deviceid": sender.device_id}
    checked = check(form, payload.answers, reader, meta, payload.meta.lists_cursor)
    prepared.fingerprint = fingerprint(payload.answers, form.entered)
    prepared.title = form.title
    if checked is None:
        prepared.violations = [Violation("", "not_checked", "", "N", CHECK_FAILED)]
        return prepared
    prepared.checked = checked
    prepared.violations = list(checked.violations)
    prepared.title = checked.instance_name or form.title
    # As on the phone: what waits for approval is not yet in the lists of the records that follow.
    reader.remember([write for write in checked.entities if is_immediate(write, form.on_approval)])
    return prepared


def is_immediate(write: EntityWrite, on_approval: Container[str]) -> bool:
    """Whether a write takes effect when its record arrives; rows that it makes always do."""
    return write.kind == "create" or write.list_name not in on_approval


def check(
    form: KnownForm, answers: dict[str, Any], reader: Reader, meta: dict[str, Any], cursor: int
) -> Checked | None:
    """None when it was given up, or failed: that is our mistake, and must not keep a record out."""
    try:
        return form.checker.check(answers, reader.lists_at(cursor), meta, reader.patience())
    except GivenUp:
        log.warning("A check of %s %s was given up", form.form_id, form.version)
        return None
    except Exception:
        log.exception("The checker of %s %s failed", form.form_id, form.version)
        return None


def place(prepared: Sequence[Prepared], sender: Sender, reader: Reader) -> None:
    """Find the village of each record, and hold those that lie outside the sender's scope."""
    touched = {id(one): rows_touched(one.checked) for one in prepared if one.checked}
    villages = reader.find_villages({key for keys in touched.values() for key in keys})
    for one in prepared:
        if one.checked is None:
            continue
        one.village = find_village(one.checked, sender, villages)
        places = {one.village, *(villages.get(key, "") for key in touched[id(one)])} - {""}
        if not sender.is_release and not all(reader.covers(village) for village in places):
            hold(one, "out_of_scope")


def find_village(checked: Checked, sender: Sender, villages: Mapping[Key, str]) -> str:
    """What the form says, else where its subject lives, else where the sender works."""
    at_subject = villages.get(checked.subject, "") if checked.subject else ""
    return checked.village or at_subject or sender.village


def rows_touched(checked: Checked) -> set[Key]:
    rows = {(write.list_name, write.entity_id) for write in checked.entities}
    return rows | {checked.subject} if checked.subject else rows


def settle(
    prepared: Sequence[Prepared | Refusal], writer: Writer, counter: Counter, received_at: datetime
) -> Settled:
    """Decide every item in order and store what is to be kept; the caller commits."""
    shelf = Shelf(writer, counter, received_at)
    shelf.look_up([one for one in prepared if isinstance(one, Prepared)])
    outcomes = [shelf.settle(one) for one in prepared]
    writer.write(shelf.arrivals)
    return Settled(outcomes, shelf.arrivals)


@dataclass(frozen=True, slots=True)
class Settled:
    """The answers in the order of the items, and what was stored."""

    outcomes: list[ItemOutcome]
    arrivals: list[Arrival]


class Shelf:
    """What is stored under the ids of a batch, kept up to date while its items are decided in turn."""

    def __init__(self, writer: Writer, counter: Counter, received_at: datetime) -> None:
        self.writer = writer
        self.counter = counter
        self.received_at = received_at
        self.versions: dict[str, Stored] = {}
        self.apart: dict[tuple[str, str], Stored] = {}
        self.cases: dict[str, Case] = {}
        self.present: set[str] = set()
        self.arrivals: list[Arrival] = []

    def look_up(self, prepared: Sequence[Prepared]) -> None:
        """Ask once for all items."""
        ids = {one.item.instance_id for one in prepared} | {one.item.deprecated_id for one in prepared}
        for stored in self.writer.find_stored(ids - {""}):
            self.remember(stored)
        self.cases = {
            case.root_id: case
            for case in self.writer.find_cases({stored.root_id for stored in self.versions.values()})
        }
        self.present = self.writer.find_present({digest for one in prepared for digest in one.file_digests})

    def remember(self, stored: Stored) -> None:
        if stored.apart is None:
            self.versions[stored.instance_id] = stored
        else:
            self.apart[stored.instance_id, stored.digest] = stored

    def settle(self, one: Prepared | Refusal) -> ItemOutcome:
        if isinstance(one, Refusal):
            decision = decide(Facts(refusal=one.code))
            details = {"field": one.field, "limit_bytes": one.limit_bytes}
            return ItemOutcome(one.instance_id, decision.outcome, None, one.code, details)
        decision = decide(self.gather(one))
        if decision.kept is Kept.NOTHING:
            return self.answer_again(one, decision)
        return self.keep(one, decision)

    def gather(self, one: Prepared) -> Facts:
        item = one.item
        version = self.versions.get(item.instance_id)
        apart = self.apart.get((item.instance_id, item.digest))
        return Facts(
            digest=item.digest,
            known_digest=version.digest if version else "",
            kept_apart=apart.apart if apart else None,
            hold=one.hold,
            replaces=self.find_replaced(item),
        )

    def find_replaced(self, item: Item) -> Replaces:
        if not item.deprecated_id:
            return Replaces.NOTHING
        version = self.versions.get(item.deprecated_id)
        case = self.cases.get(version.root_id) if version else None
        if case is None:
            return Replaces.UNKNOWN
        if case.form_id != item.form_id:
            return Replaces.OTHER_FORM
        return Replaces.CURRENT if case.current_id == item.deprecated_id else Replaces.OLDER

    def answer_again(self, one: Prepared, decision: Decision) -> ItemOutcome:
        """The receipt that was given before."""
        item = one.item
        stored = self.apart.get((item.instance_id, item.digest)) or self.versions[item.instance_id]
        if decision.outcome is Outcome.RESENT:
            stored = self.versions[item.instance_id]
        envelope = {"form_id": item.form_id, "version": item.version}
        details = one.details if one.hold == stored.reason else envelope
        receipt = self.receipt(stored)
        return ItemOutcome(item.instance_id, decision.outcome, receipt, stored.reason, details)

    def keep(self, one: Prepared, decision: Decision) -> ItemOutcome:
        item = one.item
        seq, chain = self.counter.link(item.instance_id, item.digest, self.received_at)
        missing = [digest for digest in one.file_digests if digest not in self.present]
        is_apart = decision.kept is Kept.APART
        is_version = decision.kept is Kept.VERSION
        root_id = self.versions[item.deprecated_id].root_id if is_version else item.instance_id
        stored = Stored(
            item.instance_id,
            item.digest,
            "" if is_apart else root_id,
            seq,
            self.received_at,
            chain,
            missing,
            decision.outcome if is_apart else None,
            decision.reason,
        )
        self.remember(stored)
        if not is_apart:
            self.cases[root_id] = Case(root_id, item.form_id, item.instance_id)
        self.arrivals.append(Arrival(one, decision, root_id, seq, chain, self.received_at, missing))
        details = one.details if one.hold else {}
        return ItemOutcome(item.instance_id, decision.outcome, self.receipt(stored), decision.reason, details)

    def receipt(self, stored: Stored) -> Receipt:
        return Receipt(
            stored.instance_id,
            stored.digest,
            self.counter.epoch,
            stored.seq,
            stored.received_at,
            stored.chain,
            stored.files_missing,
        )


def entities_of(arrival: Arrival) -> list[EntityWrite]:
    """What an arrival writes to the lists; nothing when it is kept apart or could not be checked."""
    if arrival.decision.kept is Kept.APART or arrival.prepared.checked is None:
        return []
    return list(arrival.prepared.checked.entities)
