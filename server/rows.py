"""List rows inside one write transaction: each change, its history, its number and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from server.access import ListAccess, Scope, read_lists
from server.database import db, insert_missing, insert_rows
from server.ids import new_id
from server.lists import EFFECTIVE
from server.models import Departure, Entity, EntityChange, EntityIdentifier, Serial
from server.pinyin import index_label
from server.quality.identities import bare_number

SERIAL_DIGITS = 4  # domain.md 2.3: the village's code and four digits
LABEL = "label"  # a row's label stands among the data of a change under this name

Key = tuple[str, str]  # list name and entity id


@dataclass(frozen=True)
class Write:
    """A change that somebody wants made to a row."""

    key: Key
    kind: str  # create update delete
    data: Mapping[str, str]  # property -> text; the label under `label`
    instance_id: str = ""  # '' for imports
    base_seq: int = 0  # what the phone had seen, 0 if unknown
    own: frozenset[str] = frozenset()  # instances of the same submission: their changes don't cross this one
    scope: Scope | None = None  # of who filled it: what they saw masked must not come back as a value
    is_unreviewed: bool = False


@dataclass
class RowWriter:
    """Applies changes to rows; `save()` at the end stores what is collected."""

    town_id: str
    user_id: str
    at: datetime
    next_seq: Callable[[], int]
    access: dict[str, ListAccess] = field(init=False)
    rows: dict[Key, Entity] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    complete: set[str] = field(default_factory=set)  # lists whose every row is in `rows`

    def __post_init__(self) -> None:
        self.access = read_lists(self.town_id)

    def fetch(self, keys: Collection[Key]) -> None:
        """Load rows ahead, in one query for each list."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for list_name, entity_id in keys:
            if (list_name, entity_id) not in self.rows and list_name not in self.complete:
                wanted[list_name].append(entity_id)
        for list_name, ids in wanted.items():
            query = select(Entity).where(
                Entity.town_id == self.town_id, Entity.list_name == list_name, Entity.entity_id.in_(ids)
            )
            self.rows.update({(list_name, row.entity_id): row for row in db.session.scalars(query)})

    def fetch_list(self, list_name: str) -> None:
        """Load a whole list ahead; from then on a row that isn't here isn't anywhere."""
        query = select(Entity).where(Entity.town_id == self.town_id, Entity.list_name == list_name)
        self.rows.update({(list_name, row.entity_id): row for row in db.session.scalars(query)})
        self.complete.add(list_name)

    def living(self, key: Key) -> Entity | None:
        self.fetch([key])
        row = self.rows.get(key)
        return None if row is None or row.is_deleted else row

    def note(self, write: Write, state: str) -> None:
        """Keep a change that does not take effect now."""
        self.record(write, state, write.data, {}, "", 0, self.next_seq())

    def apply(self, write: Write, state: str = "applied") -> bool:
        """Change the row; a row that isn't there makes an update wait for it. Whether a row was made."""
        row = self.living(write.key)
        if write.kind == "delete":
            if row is not None:
                self.remove(row, write, state)
            return False
        if row is None and write.kind == "update":
            self.note(write, "waiting")
            return False
        if row is None:
            self.create(write, state)
            return True
        self.update(row, write, state)
        return False

    def would_change(self, write: Write) -> dict[str, str] | None:
        """What applying it now would change of the row; None if it would make the row."""
        row = self.living(write.key)
        if row is None:
            return None
        current = {**row.data, LABEL: row.label}
        return self.without_echoes(write, current, current)

    def create(self, write: Write, state: str) -> None:
        list_name, entity_id = write.key
        data = dict(write.data)
        label = data.pop(LABEL, "")
        row = self.rows.get(write.key)
        if row is None:
            row = Entity(town_id=self.town_id, list_name=list_name, entity_id=entity_id)
            row.label, row.data, row.pinyin, row.village = "", {}, "", ""
            row.version, row.seq, row.updated_at = 0, 0, self.at
            db.session.add(row)
            self.rows[write.key] = row
        row.is_deleted, row.is_unreviewed = False, write.is_unreviewed
        row.data = data
        self.give_serials(row)
        self.relabel(row, label)
        self.finish(row, write, state, {**row.data, LABEL: label}, {}, "")

    def update(self, row: Entity, write: Write, state: str) -> None:
        """Set what the write really changes: the later wins, property by property."""
        current = {**row.data, LABEL: row.label}
        later = self.changes_after(write)
        base = rewind(current, later)
        changed = self.without_echoes(write, base, current)
        if not changed:
            return
        before = {name: current.get(name, "") for name in changed}
        conflict = find_conflict(changed, current, later)
        if write.kind == "create":
            conflict = "hard"  # two records made the same row
        label = changed.get(LABEL, row.label)
        row.data = {**row.data, **{name: text for name, text in changed.items() if name != LABEL}}
        if label != row.label:
            self.relabel(row, label)
        self.finish(row, write, state, changed, before, conflict)

    def changes_after(self, write: Write) -> Sequence[EntityChange]:
        """What others did to the row after the phone last heard of it, the latest first."""
        if not write.base_seq:
            return ()
        self.save()
        list_name, entity_id = write.key
        query = (
            select(EntityChange)
            .where(
                EntityChange.town_id == self.town_id,
                EntityChange.list_name == list_name,
                EntityChange.entity_id == entity_id,
                EntityChange.seq > write.base_seq,
                EntityChange.state.in_(EFFECTIVE),
            )
            .order_by(EntityChange.seq.desc())
        )
        return [change for change in db.session.scalars(query) if change.instance_id not in write.own]

    def without_echoes(
        self, write: Write, base: Mapping[str, str], current: Mapping[str, str]
    ) -> dict[str, str]:
        """Leave out what the person did not change: texts as the phone showed them, also masked ones."""
        rule = self.access.get(write.key[0])
        shown = dict(base)
        if rule is not None and write.scope is not None:
            shown = rule.masked(write.scope, shown)
        given = columns_of_kind(rule, "serial")  # phones know these only once they came back
        return {
            name: text
            for name, text in write.data.items()
            if name not in given
            and text != shown.get(name, "")
            and text != current.get(name, "")
            and not (name == LABEL and not text)
        }

    def remove(self, row: Entity, write: Write, state: str) -> None:
        before = {**row.data, LABEL: row.label}
        self.depart(row)
        row.is_deleted = True
        self.finish(row, write, state, {}, before, "")

    def finish(
        self,
        row: Entity,
        write: Write,
        state: str,
        data: Mapping[str, str],
        before: Mapping[str, str],
        conflict: str,
    ) -> None:
        """Number the change, and bring along what hangs on the row: village, identifiers, history."""
        rule = self.access.get(row.list_name)
        village = row.data.get(rule.village_column, "") if rule and rule.village_column else ""
        if row.village and village != row.village and not row.is_deleted:
            self.depart(row)
        row.village = village
        self.index_identifiers(row, rule)
        row.version += 1
        row.seq, row.updated_at = self.next_seq(), self.at
        self.record(write, state, data, before, conflict, row.version - 1, row.seq)

    def record(
        self,
        write: Write,
        state: str,
        data: Mapping[str, str],
        before: Mapping[str, str],
        conflict: str,
        base_version: int,
        seq: int,
    ) -> None:
        self.changes.append(
            {
                "town_id": self.town_id,
                "change_id": new_id(),
                "list_name": write.key[0],
                "entity_id": write.key[1],
                "kind": write.kind,
                "state": state,
                "instance_id": write.instance_id,
                "base_seq": write.base_seq,
                "base_version": base_version,
                "data": dict(data),
                "before": dict(before),
                "conflict": conflict,
                "seq": seq,
                "changed_at": self.at,
                "user_id": self.user_id if write.scope is None else write.scope.user_id,
            }
        )

    def depart(self, row: Entity) -> None:
        """Phones of the village that the row leaves must drop it."""
        if not row.village:
            return
        db.session.merge(
            Departure(
                town_id=self.town_id,
                list_name=row.list_name,
                entity_id=row.entity_id,
                village=row.village,
                seq=self.next_seq(),
            )
        )

    def relabel(self, row: Entity, label: str) -> None:
        row.label, row.pinyin = label, index_label(label)

    def index_identifiers(self, row: Entity, rule: ListAccess | None) -> None:
        """Keep the row findable by its id_number columns."""
        columns = columns_of_kind(rule, "id_number")
        if not columns:
            return
        if row.version:
            db.session.execute(
                delete(EntityIdentifier).where(
                    EntityIdentifier.town_id == self.town_id,
                    EntityIdentifier.list_name == row.list_name,
                    EntityIdentifier.entity_id == row.entity_id,
                )
            )
        is_gone = row.is_deleted or any(
            row.data.get(column) == "1" for column in columns_of_kind(rule, "removed")
        )
        values = [
            {
                "town_id": self.town_id,
                "list_name": row.list_name,
                "entity_id": row.entity_id,
                "column": column,
                "value": bare_number(row.data[column]),
            }
            for column in columns
            if row.data.get(column) and not is_gone
        ]
        insert_missing(EntityIdentifier, values)

    def give_serials(self, row: Entity) -> None:
        """Number a new row within its village; a number that came with it is never given again."""
        rule = self.access.get(row.list_name)
        village = row.data.get(rule.village_column, "") if rule and rule.village_column else ""
        for column in columns_of_kind(rule, "serial") if village else ():
            key = (self.town_id, row.list_name, column, village)
            serial = db.session.get(Serial, key)
            if serial is None:
                serial = Serial(town_id=key[0], list_name=key[1], column=column, village=village, last=0)
                db.session.add(serial)
            given = row.data.get(column, "").removeprefix(village)
            if given.isascii() and given.isdecimal():
                serial.last = max(serial.last, int(given))
            elif not row.data.get(column):
                serial.last += 1
                row.data = {**row.data, column: f"{village}{serial.last:0{SERIAL_DIGITS}}"}

    def save(self) -> None:
        """Store rows and history; call it before reading either back, and at the end."""
        db.session.flush()
        insert_rows(EntityChange, self.changes)
        self.changes = []


def columns_of_kind(rule: ListAccess | None, kind: str) -> list[str]:
    return [name for name, about in rule.columns.items() if about.get("kind") == kind] if rule else []


def rewind(current: Mapping[str, str], later: Iterable[EntityChange]) -> dict[str, str]:
    """The row before these changes, given the latest first."""
    row = dict(current)
    for change in later:
        row.update(change.before)
    return row


def find_conflict(
    changed: Mapping[str, str], current: Mapping[str, str], later: Sequence[EntityChange]
) -> str:
    """'' if nobody else changed the row meanwhile, hard if they set a property otherwise, else soft."""
    if not later:
        return ""
    theirs: dict[str, str] = defaultdict(str)
    for change in later:
        theirs.update(dict.fromkeys(change.data, ""))
    is_hard = any(name in theirs and current.get(name, "") != text for name, text in changed.items())
    return "hard" if is_hard else "soft"
