"""Take a batch: check it, store it in one transaction, withdraw what is asked, and say what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, select

from server.access import Scope, may_send, read_lists, scope_of
from server.actions import effects
from server.actions.deadlines import close_corrected
from server.actions.devices import WIPE_OPEN, note_wipe
from server.actions.entities import receive, undo
from server.actions.review import note
from server.audit import audit
from server.changes import read_page
from server.clock import now
from server.counter import lock_town
from server.database import db, write_transaction
from server.models import Device, Submission, SubmissionVersion, Town, User
from server.schemas.batch import Batch, read_item
from server.store import SqlReader, SqlWriter
from sync.batch import Refusal
from sync.changes import Page
from sync.decide import Kept
from sync.ingest import Settled, prepare, settle
from sync.outcomes import ItemOutcome
from sync.store import Counter, Prepared, Sender

SEEN_EVERY = timedelta(minutes=5)
TOWN = select(Town.epoch, Town.seq).where(Town.town_id == bindparam("town_id"))
WIPE = select(Device.wipe).where(
    Device.town_id == bindparam("town_id"), Device.device_id == bindparam("device_id")
)


@dataclass(frozen=True)
class Withdrawal:
    """What became of one wish to withdraw; code '' when it was done."""

    instance_id: str
    code: str = ""


@dataclass(frozen=True)
class Answer:
    """Everything a sync request is answered with."""

    epoch: str
    scope: str
    is_reset: bool  # the phone drops the rows it holds: it was sent everything anew
    server_at: datetime
    outcomes: list[ItemOutcome]
    withdrawals: list[Withdrawal]
    page: Page
    must_wipe: bool = False  # as soon as nothing unsent would be lost


def take_batch(device: Device, user: User, batch: Batch, *, is_revoked: bool) -> Answer:
    """Answer one sync request; the records are on disk when this returns."""
    scope = scope_of(user)
    sender = sender_of(device, user, scope, is_revoked=is_revoked)
    key, is_due = (device.town_id, device.device_id), is_visit_due(device, batch)
    outcomes: list[ItemOutcome] = []
    withdrawals: list[Withdrawal] = []
    if batch.items or batch.withdrawals:
        outcomes, withdrawals = store_batch(scope, sender, batch)
    elif is_due:
        with write_transaction():
            note_visit(key, batch)
    answer = report(scope, batch, outcomes, withdrawals, is_revoked=is_revoked)
    return replace(answer, must_wipe=must_wipe(key))


def must_wipe(key: tuple[str, str]) -> bool:
    """Whether the office asked this phone to clear itself, and it didn't yet."""
    where = dict(zip(("town_id", "device_id"), key, strict=True))
    return db.session.connection().scalar(WIPE, where) in WIPE_OPEN


def sender_of(device: Device, user: User, scope: Scope, *, is_revoked: bool) -> Sender:
    return Sender(
        town_id=scope.town_id,
        user_id=scope.user_id,
        username=user.username,
        device_id=device.device_id,
        village=scope.village,
        is_revoked=is_revoked,
        may_send=may_send(scope),
    )


def store_batch(scope: Scope, sender: Sender, batch: Batch) -> tuple[list[ItemOutcome], list[Withdrawal]]:
    items = [read_item(raw) for raw in batch.items]
    reader = SqlReader(scope, sender, read_town(scope.town_id).seq)
    prepared = prepare(items, sender, reader)
    with write_transaction():
        settled = write_prepared(reader, SqlWriter(sender), prepared, whole_milliseconds(now()))
        withdrawals = [] if sender.is_revoked else withdraw_all(scope, batch.withdrawals)
        note_visit((sender.town_id, sender.device_id), batch)
    return settled.outcomes, withdrawals


def write_prepared(
    reader: SqlReader, writer: SqlWriter, prepared: Sequence[Prepared | Refusal], at: datetime
) -> Settled:
    """Decide, number and store inside the write transaction; a batch sent again takes no number."""
    town = lock_town(writer.town_id)
    counter = Counter(town.epoch, town.seq, town.chain_head)
    settled = settle(prepared, writer, counter, at)
    receive(reader.scope, settled.arrivals, reader.outlines, counter.next, at)
    town.seq, town.chain_head = counter.seq, counter.chain
    db.session.flush()
    effects.follow(reader.scope, settled.arrivals, reader.outlines)
    close_corrected(
        writer.town_id, [one.root_id for one in settled.arrivals if one.decision.kept is Kept.VERSION]
    )
    return settled


def whole_milliseconds(moment: datetime) -> datetime:
    """Receipts and the ledger's links speak of milliseconds, so that is what is stored."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def read_town(town_id: str) -> Row[str, int]:
    """The town's epoch and the last number it gave, past what the session knows."""
    return db.session.connection().execute(TOWN, {"town_id": town_id}).one()


def withdraw_all(scope: Scope, instance_ids: Sequence[str]) -> list[Withdrawal]:
    return [Withdrawal(instance_id, withdraw(scope, instance_id)) for instance_id in instance_ids]


def withdraw(scope: Scope, instance_id: str) -> str:
    """Withdraw an own record that nobody reviewed yet; the code of the reason if that can't be."""
    submission = find_own(scope, instance_id)
    if submission is None:
        return "withdrawal_unknown"
    if submission.is_withdrawn:
        return ""
    is_begun = submission.review_state != "received" or submission.passed_level
    if is_begun or submission.duplicate_of:
        return "withdrawal_late"
    undo(submission, scope.user_id)
    town = lock_town(scope.town_id)
    town.seq += 1
    submission.is_withdrawn, submission.seq, submission.changed_at = True, town.seq, now()
    note(submission, "withdrawn", scope.user_id)
    effects.follow_all([submission], scope.user_id)
    audit(scope.town_id, scope.user_id, "withdraw", "submission", submission.root_id)
    return ""


def find_own(scope: Scope, instance_id: str) -> Submission | None:
    """The person's submission with this version, any of its versions."""
    return db.session.scalar(
        select(Submission)
        .join(
            SubmissionVersion,
            (SubmissionVersion.town_id == Submission.town_id)
            & (SubmissionVersion.root_id == Submission.root_id),
        )
        .where(
            SubmissionVersion.town_id == scope.town_id,
            SubmissionVersion.instance_id == instance_id,
            Submission.user_id == scope.user_id,
        )
    )


def report(
    scope: Scope,
    batch: Batch,
    outcomes: list[ItemOutcome],
    withdrawals: list[Withdrawal],
    *,
    is_revoked: bool,
) -> Answer:
    """What is new for the phone; a revoked one hears nothing, one that starts anew hears everything."""
    town = read_town(scope.town_id)
    is_reset = batch.cursor > 0 and (
        batch.epoch != town.epoch or batch.cursor > town.seq or batch.scope not in {"", scope.text}
    )
    cursor = 0 if is_reset else batch.cursor
    page = Page([], batch.cursor, False)
    if not is_revoked and batch.wipe != "done":
        page = read_page(scope, read_lists(scope.town_id), cursor, batch.limit, town.seq)
    return Answer(town.epoch, scope.text, is_reset, now(), outcomes, withdrawals, page)


def is_visit_due(device: Device, batch: Batch) -> bool:
    """Whether the phone's row has something new to say; not at every call, to spare the disk."""
    before = (device.n_unsent, device.n_drafts, device.app_version)
    is_news = before != (batch.n_unsent, batch.n_drafts, batch.app_version)
    is_news = is_news or (batch.wipe != "" and device.wipe in WIPE_OPEN and batch.wipe != device.wipe)
    return is_news or now() - device.last_seen_at > SEEN_EVERY


def note_visit(key: tuple[str, str], batch: Batch) -> None:
    """Remember when the phone was last here and what it still holds."""
    device = db.session.get_one(Device, key)
    device.last_seen_at, device.app_version = now(), batch.app_version
    device.n_unsent, device.n_drafts = batch.n_unsent, batch.n_drafts
    device.bytes_used, device.bytes_free = batch.bytes_used, batch.bytes_free
    note_wipe(device, batch.wipe)
