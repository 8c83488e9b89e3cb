"""What records do to lists: on receipt, on approval, when a new version replaces them, when rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as altered
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from forms import EntityWrite
from server.access import Scope, scope_of
from server.checkers import approval_lists
from server.clock import now
from server.counter import seq_taker
from server.database import db
from server.models import Entity, EntityChange, FormVersion, Submission, SubmissionVersion, User
from server.rows import LABEL, Key, RowWriter, Write
from sync.decide import Kept
from sync.ingest import entities_of
from sync.store import Arrival

PENDING = ("pending", "waiting")


def receive(
    scope: Scope,
    arrivals: Iterable[Arrival],
    outlines: dict[tuple[str, str], dict[str, Any]],
    take_seq: Callable[[], int],
    at: datetime,
) -> None:
    """Apply what new records write: creations at once, updates at once or when approved, as the form says."""
    writer = RowWriter(scope.town_id, scope.user_id, at, take_seq)
    for arrival in arrivals:
        writes = entities_of(arrival)
        is_version = arrival.decision.kept is Kept.VERSION
        if not writes and not is_version:
            continue
        item = arrival.prepared.item
        outline = outlines.get((item.form_id, item.version), {})
        Receipt(writer, scope, arrival, approval_lists(outline)).receive(writes)
    writer.save()


def lists_on_approval(town_id: str, instance_id: str) -> frozenset[str]:
    """The same for the form version of a stored instance."""
    outline = db.session.scalar(
        select(FormVersion.outline)
        .join(
            SubmissionVersion,
            (SubmissionVersion.form_id == FormVersion.form_id)
            & (SubmissionVersion.version == FormVersion.version),
        )
        .where(SubmissionVersion.town_id == town_id, SubmissionVersion.instance_id == instance_id)
    )
    return approval_lists(outline or {})


@dataclass
class Receipt:
    """The effect of one arrival on the lists."""

    writer: RowWriter
    scope: Scope
    arrival: Arrival
    on_approval: frozenset[str]

    def receive(self, writes: Sequence[EntityWrite]) -> None:
        own = frozenset[str]()
        if self.arrival.decision.kept is Kept.VERSION:
            self.writer.save()
            own = instances_of(self.scope.town_id, self.arrival.root_id)
            drop_pending(self.scope.town_id, own)
        wanted = [self.as_write(write, own) for write in writes]
        now_wanted = [write for write in wanted if self.is_immediate(write)]
        if own:
            instance_id = self.arrival.prepared.item.instance_id
            supersede(self.writer, own, now_wanted, instance_id, self.is_replaceable)
        else:
            self.writer.fetch([write.key for write in now_wanted])
            apply_all(self.writer, now_wanted)
        for write in wanted:
            if not self.is_immediate(write):
                self.writer.note(write, "pending")

    def is_immediate(self, write: Write) -> bool:
        return write.kind == "create" or write.key[0] not in self.on_approval

    def is_replaceable(self, contribution: Contribution) -> bool:
        """Approved updates stay until the new version is approved itself."""
        return contribution.is_creation or contribution.key[0] not in self.on_approval

    def as_write(self, write: EntityWrite, own: frozenset[str]) -> Write:
        payload = self.arrival.prepared.payload
        data = dict(write.data)
        if write.label:
            data[LABEL] = write.label
        return Write(
            key=(write.list_name, write.entity_id),
            kind=write.kind,
            data=data,
            instance_id=self.arrival.prepared.item.instance_id,
            base_seq=payload.meta.lists_cursor if payload else 0,
            own=own | {self.arrival.prepared.item.instance_id},
            scope=self.scope,
            is_unreviewed=True,
        )


def apply_all(writer: RowWriter, writes: Iterable[Write]) -> None:
    for write in writes:
        if writer.apply(write):
            apply_waiting(writer, write.key)


def apply_waiting(writer: RowWriter, key: Key) -> None:
    """Apply the updates that came before their row did, in the order in which they came."""
    writer.save()
    for change in changes_where(writer.town_id, state=("waiting",), key=key):
        change.state = "dropped"  # its place in history is taken by the change that follows
        writer.apply(rewrite(change))


def rewrite(change: EntityChange) -> Write:
    """A stored change that shall take effect now."""
    user = db.session.get(User, change.user_id)
    return Write(
        key=(change.list_name, change.entity_id),
        kind=change.kind,
        data=change.data,
        instance_id=change.instance_id,
        base_seq=change.base_seq,
        own=frozenset({change.instance_id}),
        scope=scope_of(user) if user else None,
    )


def apply_on_approval(submission: Submission, user_id: str) -> None:
    """Let the current version's pending updates take effect; inside the reviewer's write transaction."""
    town_id, current_id = submission.town_id, submission.current_id
    writer = desk_writer(town_id, user_id)
    own = instances_of(town_id, submission.root_id)
    pending = changes_where(town_id, state=("pending",), instances=(current_id,))
    wanted = [altered(rewrite(change), own=own) for change in pending]
    for change in pending:
        change.state = "dropped"  # its place in history is taken by the change that follows
    lists = lists_on_approval(town_id, current_id)
    supersede(
        writer,
        own - {current_id},
        wanted,
        current_id,
        lambda found: found.key[0] in lists and not found.is_creation,
    )
    mark_reviewed(writer, own)
    writer.save()


def undo(submission: Submission, user_id: str) -> None:
    """Take back what the versions since the last approved one did; for a rejection or a withdrawal."""
    town_id = submission.town_id
    undone = instances_of(town_id, submission.root_id) - approved_instances(submission)
    drop_pending(town_id, undone)
    writer = desk_writer(town_id, user_id)
    changes = changes_where(town_id, state=("applied",), instances=undone)
    for change in reversed(changes):
        invert(writer, change)
        change.state = "undone"
    writer.save()


def approved_instances(submission: Submission) -> frozenset[str]:
    """The approved version and those before it, if a later one is being decided."""
    if not submission.approved_id or submission.approved_id == submission.current_id:
        return frozenset()
    approved = db.session.get_one(SubmissionVersion, (submission.town_id, submission.approved_id))
    query = select(SubmissionVersion.instance_id).where(
        SubmissionVersion.town_id == submission.town_id,
        SubmissionVersion.root_id == submission.root_id,
        SubmissionVersion.seq <= approved.seq,
    )
    return frozenset(db.session.scalars(query))


def invert(writer: RowWriter, change: EntityChange) -> None:
    """The opposite of a change, where nobody has changed the property since."""
    key = (change.list_name, change.entity_id)
    row = writer.living(key)
    if change.kind == "delete":
        writer.apply(Write(key, "create", change.before), "undone")
    elif row is not None and is_creation(change):
        writer.apply(Write(key, "delete", {}), "undone")
    elif row is not None:
        back = unchanged_since(row, change.data, change.before)
        if back:
            writer.apply(Write(key, "update", back), "undone")


def is_creation(change: EntityChange) -> bool:
    """Whether the row was not there before, also not as a deleted one."""
    return change.kind == "create" and not change.before


def unchanged_since(row: Entity, data: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    current = {**row.data, LABEL: row.label}
    return {name: before.get(name, "") for name, text in data.items() if current.get(name, "") == text}


@dataclass
class Contribution:
    """What the earlier versions of a submission, taken together, did to one row."""

    key: Key
    is_creation: bool = False
    data: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def add(self, change: EntityChange) -> None:
        self.is_creation = self.is_creation or is_creation(change)
        for name, text in change.before.items():
            self.before.setdefault(name, text)
        self.data.update(change.data)


def supersede(
    writer: RowWriter,
    own: frozenset[str],
    writes: Sequence[Write],
    instance_id: str,
    is_replaceable: Callable[[Contribution], bool],
) -> None:
    """Let a new version's writes stand in the place of what the earlier ones did."""
    writer.save()
    found: dict[Key, Contribution] = {}
    for change in changes_where(writer.town_id, state=("applied",), instances=own):
        key = (change.list_name, change.entity_id)
        found.setdefault(key, Contribution(key)).add(change)
    former = {key: one for key, one in found.items() if is_replaceable(one)}
    wanted = {write.key: write for write in writes}
    for key, contribution in former.items():
        if key not in wanted:
            take_back(writer, contribution, instance_id)
    apply_all(writer, [complete(writer, write, former.get(write.key)) for write in writes])


def take_back(writer: RowWriter, contribution: Contribution, instance_id: str) -> None:
    row = writer.living(contribution.key)
    if row is None:
        return
    if contribution.is_creation:
        writer.apply(Write(contribution.key, "delete", {}, instance_id))
        return
    back = unchanged_since(row, contribution.data, contribution.before)
    if back:
        writer.apply(Write(contribution.key, "update", back, instance_id))


def complete(writer: RowWriter, write: Write, former: Contribution | None) -> Write:
    """The write, together with what the earlier version had set and this one no longer mentions."""
    row = writer.living(write.key)
    if former is None or row is None:
        return write
    back = unchanged_since(row, former.data, former.before) if not former.is_creation else {}
    missing = {name: text for name, text in back.items() if name not in write.data}
    return altered(write, kind="update", data={**missing, **write.data})


def desk_writer(town_id: str, user_id: str) -> RowWriter:
    return RowWriter(town_id, user_id, now(), seq_taker(town_id))


def instances_of(town_id: str, root_id: str) -> frozenset[str]:
    query = select(SubmissionVersion.instance_id).where(
        SubmissionVersion.town_id == town_id, SubmissionVersion.root_id == root_id
    )
    return frozenset(db.session.scalars(query))


def changes_where(
    town_id: str,
    state: tuple[str, ...],
    instances: Iterable[str] | None = None,
    key: Key | None = None,
) -> Sequence[EntityChange]:
    """Changes in the order in which they came."""
    query = select(EntityChange).where(EntityChange.town_id == town_id, EntityChange.state.in_(state))
    if instances is not None:
        query = query.where(EntityChange.instance_id.in_(tuple(instances)))
    if key is not None:
        query = query.where(EntityChange.list_name == key[0], EntityChange.entity_id == key[1])
    return db.session.scalars(query.order_by(EntityChange.seq, EntityChange.change_id)).all()


def drop_pending(town_id: str, instances: Iterable[str]) -> None:
    db.session.execute(
        update(EntityChange)
        .where(
            EntityChange.town_id == town_id,
            EntityChange.instance_id.in_(tuple(instances)),
            EntityChange.state.in_(PENDING),
        )
        .values(state="dropped")
        .execution_options(synchronize_session="fetch")
    )


def mark_reviewed(writer: RowWriter, instances: Iterable[str]) -> None:
    """Rows that these records made are no longer unreviewed; phones hear of it."""
    created = [
        (change.list_name, change.entity_id)
        for change in changes_where(writer.town_id, state=("applied",), instances=instances)
        if change.kind == "create"
    ]
    for key in created:
        row = writer.living(key)
        if row is not None and row.is_unreviewed:
            row.is_unreviewed, row.seq = False, writer.next_seq()
