"""Entity lists as one phone held them at a cursor: scoped, masked, and with its own unsent records on top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from forms import EntityWrite, Equals, ListUnavailable
from server.access import ListAccess, Scope
from server.database import db, fetch
from server.models import Entity, EntityChange
from server.snapshots import Index, Row, Snapshot, build_index, place_of, take_snapshot

EFFECTIVE = ("applied", "undone", "aside")  # states of changes that took effect, see EntityChange
OWN = ("applied", "waiting")  # what a phone shows of its own until the server's rows arrive
MAX_REWOUND = 5000  # changes; beyond, checking against such old lists would cost more than it tells

IS_OWN = and_(
    EntityChange.user_id == bindparam("user_id"), EntityChange.instance_id != "", EntityChange.state.in_(OWN)
)
CHANGES = (
    select(
        EntityChange.entity_id,
        EntityChange.kind,
        EntityChange.state,
        EntityChange.data,
        EntityChange.before,
        IS_OWN.label("is_own"),
    )
    .where(EntityChange.town_id == bindparam("town_id"), EntityChange.list_name == bindparam("list_name"))
    # Named twice, so that the index leads past the many that wait for approval.
    .where(EntityChange.state.in_({*EFFECTIVE, *OWN}), EntityChange.seq > bindparam("cursor"))
    .where(or_(EntityChange.state.in_(EFFECTIVE), IS_OWN))
    .order_by(EntityChange.seq)
    .limit(MAX_REWOUND + 1)
)


class PhoneLists:
    """The lists at one cursor, each loaded when it is first asked for."""

    def __init__(self, scope: Scope, access: Mapping[str, ListAccess], cursor: int, last_seq: int) -> None:
        self.scope = scope
        self.access = access
        self.cursor = cursor
        self.last_seq = last_seq
        self._lists: dict[str, PhoneList] = {}
        self._found: dict[tuple[str, Equals], Sequence[Row]] = {}
        self._own: list[EntityWrite] = []

    def rows(self, list_name: str, equals: Equals) -> Sequence[Row]:
        """Rows in which every named column has the given text, in the phone's order.

        Raises: ListUnavailable if the list is unknown or the cursor is not of this server's history.
        """
        key = (list_name, equals)
        found = self._found.get(key)
        if found is None:
            held = self._lists.get(list_name) or self.load(list_name)
            columns, values = zip(*equals, strict=True) if equals else ((), ())
            found = self._found[key] = held.find(columns, values)
        return found

    def load(self, list_name: str) -> PhoneList:
        if list_name not in self.access or not 0 < self.cursor <= self.last_seq:
            raise ListUnavailable(list_name)
        held = load_list(self.scope, self.access[list_name], self.cursor)
        for write in self._own:
            if write.list_name == list_name:
                held.lay_over(write.kind, write.entity_id, write.label, write.data)
        self._lists[list_name] = held
        return held

    def add(self, writes: Iterable[EntityWrite]) -> None:
        """Lay what an earlier record of the batch writes over the lists."""
        for write in writes:
            self._own.append(write)
            self._found.clear()
            held = self._lists.get(write.list_name)
            if held is not None:
                held.lay_over(write.kind, write.entity_id, write.label, write.data)


class PhoneList:
    """A snapshot in which some rows were changed, taken out or added; its size costs nothing."""

    def __init__(self, base: Snapshot) -> None:
        self.base = base
        self.changed: dict[str, Row | None] = {}  # by name; None where there is no such row
        self._last: dict[str, int] = {}  # rows that come after all others, in this order
        self._indexes: dict[tuple[str, ...], Index] = {}  # of `changed`; what was replaced since stays in it

    def find(self, columns: tuple[str, ...], values: tuple[str, ...]) -> Sequence[Row]:
        """Rows with these texts in these columns."""
        found = self.base.find(columns, values)
        if not self.changed:
            return found
        index = self._indexes.get(columns)
        if index is None:
            rows = [row for row in self.changed.values() if row is not None]
            index = self._indexes[columns] = build_index(rows, columns)
        kept = [row for row in found if row["name"] not in self.changed]
        other = [row for row in index.get(values, ()) if self.changed[row["name"]] is row]
        return sorted(kept + other, key=self._place) if other else kept

    def _place(self, row: Row) -> tuple[int, str]:
        return self._last.get(row["name"], 0), row["name"]

    def put(self, name: str, row: Row | None) -> None:
        """Let a name stand for this row, or for none."""
        self.changed[name] = row
        if row is not None:
            for columns, index in self._indexes.items():
                index.setdefault(place_of(row, columns), []).append(row)

    def lay_over(self, kind: str, entity_id: str, label: str, data: Mapping[str, str]) -> None:
        """Show an own write as the phone does: a row the server knows already wins over a creation."""
        known = self.changed[entity_id] if entity_id in self.changed else self.base.rows.get(entity_id)
        if kind == "delete":
            self.put(entity_id, None)
            return
        if known is not None and kind == "create":
            return
        if known is None:
            self._last[entity_id] = len(self._last) + 1
        row = {**(known or {"label": ""}), **data, "name": entity_id}
        if label:
            row["label"] = label
        self.put(entity_id, row)


def load_list(scope: Scope, rule: ListAccess, cursor: int) -> PhoneList:
    """The rows as the phone held them: the server's at `cursor` by name, then its own."""
    changes = changes_since(scope, rule.name, cursor)
    held = PhoneList(take_snapshot(scope, rule))
    for name, row in rewound(scope, rule, changes).items():
        held.put(name, rule.masked(scope, row) if row and is_visible(scope, rule, row) else None)
    for change in changes:
        if change.is_own:
            data = dict(change.data)
            held.lay_over(change.kind, change.entity_id, data.pop("label", ""), data)
    return held


def changes_since(scope: Scope, list_name: str, cursor: int) -> Sequence[Any]:
    """Changes of the list that took effect since, and the person's own that did not yet."""
    where = {"town_id": scope.town_id, "list_name": list_name, "cursor": cursor, "user_id": scope.user_id}
    found = fetch(CHANGES, where)
    if len(found) > MAX_REWOUND:
        raise ListUnavailable(list_name)
    return found


def rewound(scope: Scope, rule: ListAccess, changes: Sequence[Any]) -> dict[str, Row | None]:
    """Rows that changed, as they were before the changes; None for those that were not there."""
    effective = [change for change in changes if change.state in EFFECTIVE]
    ids = {change.entity_id for change in effective}
    if not ids:
        return {}
    query = select(Entity).where(
        Entity.town_id == scope.town_id, Entity.list_name == rule.name, Entity.entity_id.in_(ids)
    )
    rows: dict[str, Row | None] = {
        row.entity_id: None if row.is_deleted else {"name": row.entity_id, "label": row.label, **row.data}
        for row in db.session.scalars(query)
    }
    for change in reversed(effective):
        rows[change.entity_id] = step_back(change, rows.get(change.entity_id))
    return rows


def step_back(change: Any, row: Row | None) -> Row | None:
    if change.kind == "create":
        return None
    if change.kind == "delete":
        return {"name": change.entity_id, **change.before}
    return {**row, **change.before} if row is not None else None


def is_visible(scope: Scope, rule: ListAccess, row: Row) -> bool:
    return not rule.village_column or scope.covers(row.get(rule.village_column, ""))
