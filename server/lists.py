"""Entity lists as one phone held them at a cursor: scoped, masked, and with its own unsent records on top."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select

from forms import EntityWrite, ListUnavailable
from server.access import ListAccess, Scope
from server.database import db
from server.models import Entity, EntityChange

EFFECTIVE = ("applied", "undone", "aside")  # states of changes that took effect, see EntityChange
OWN = ("applied", "pending", "waiting")  # what a phone shows of its own until the server's rows arrive
MAX_REWOUND = 5000  # changes; beyond, checking against such old lists would cost more than it tells

SNAPSHOTS = 64  # lists as some village's phones see them; with a village's households about 0.3 MB each

Row = dict[str, str]
Index = dict[tuple[str, ...], list[Row]]

# Rows are never changed in place, so what is kept here may be shared between requests.
snapshots: WeakKeyDictionary[Engine, OrderedDict[tuple[Any, ...], dict[str, Row]]] = WeakKeyDictionary()


class PhoneLists:
    """The lists at one cursor; loaded list by list, indexed by the columns that a form compares."""

    def __init__(self, scope: Scope, access: Mapping[str, ListAccess], cursor: int, last_seq: int) -> None:
        self.scope = scope
        self.access = access
        self.cursor = cursor
        self.last_seq = last_seq
        self._rows: dict[str, dict[str, Row]] = {}
        self._indexes: dict[tuple[str, tuple[str, ...]], Index] = {}
        self._own: list[EntityWrite] = []

    def rows(self, list_name: str, equals: Mapping[str, str]) -> Sequence[Row]:
        """Rows in which every named column has the given text, in the phone's order.

        Raises: ListUnavailable if the list is unknown or the cursor is not of this server's history.
        """
        columns = tuple(equals)
        index = self._indexes.get((list_name, columns))
        if index is None:
            index = self._indexes[list_name, columns] = build_index(self.load(list_name).values(), columns)
        return index.get(tuple(equals.values()), ())

    def load(self, list_name: str) -> dict[str, Row]:
        """Every row by name, own rows last."""
        if list_name not in self._rows:
            if list_name not in self.access or not 0 < self.cursor <= self.last_seq:
                raise ListUnavailable(list_name)
            rows = load_rows(self.scope, self.access[list_name], self.cursor)
            for write in self._own:
                if write.list_name == list_name:
                    lay_over(rows, write.kind, write.entity_id, write.label, write.data)
            self._rows[list_name] = rows
        return self._rows[list_name]

    def add(self, writes: Iterable[EntityWrite]) -> None:
        """Lay what an earlier record of the batch writes over the lists."""
        for write in writes:
            self._own.append(write)
            if write.list_name in self._rows:
                rows = self._rows[write.list_name]
                former = rows.get(write.entity_id)
                lay_over(rows, write.kind, write.entity_id, write.label, write.data)
                if write.entity_id in rows:
                    self.reindex(write.list_name, former, rows[write.entity_id])

    def reindex(self, list_name: str, former: Row | None, row: Row) -> None:
        """Put a changed row where it was, a new one last; an index in which it moves is built again."""
        for key in [key for key in self._indexes if key[0] == list_name]:
            place = place_of(row, key[1])
            found = self._indexes[key].setdefault(place, [])
            if former is None:
                found.append(row)
            elif former is not row and place_of(former, key[1]) == place:
                found[next(at for at, one in enumerate(found) if one is former)] = row
            elif former is not row:
                del self._indexes[key]


def build_index(rows: Iterable[Row], columns: tuple[str, ...]) -> Index:
    index: Index = defaultdict(list)
    for row in rows:
        index[place_of(row, columns)].append(row)
    return dict(index)


def place_of(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([row.get(column, "") for column in columns])


def load_rows(scope: Scope, rule: ListAccess, cursor: int) -> dict[str, Row]:
    """The rows as the phone held them: the server's at `cursor` by name, then its own."""
    changes = changes_since(scope, rule.name, cursor)
    seen = dict(current_rows(scope, rule))
    if any(change.state in EFFECTIVE for change in changes):
        for name, row in rewound(scope, rule, changes).items():
            seen.pop(name, None)
            if row is not None and is_visible(scope, rule, row):
                seen[name] = rule.masked(scope, row)
        seen = dict(sorted(seen.items()))
    for change in changes:
        if change.is_own:
            data = dict(change.data)
            lay_over(seen, change.kind, change.entity_id, data.pop("label", ""), data)
    return seen


def current_rows(scope: Scope, rule: ListAccess) -> Mapping[str, Row]:
    """The rows in scope as they stand, masked, by name; kept in memory until one of them changes."""
    in_scope = [Entity.town_id == scope.town_id, Entity.list_name == rule.name]
    if rule.village_column and not scope.is_whole_town:
        in_scope.append(Entity.village == scope.village)
    marker = db.session.execute(select(func.max(Entity.seq), func.count()).where(*in_scope)).one()
    key = (scope.town_id, scope.text, rule.name, rule.seq, *marker)
    kept = snapshots.setdefault(db.engine, OrderedDict())
    rows = kept.get(key)
    if rows is None:
        rows = kept[key] = read_rows(scope, rule, in_scope)
        while len(kept) > SNAPSHOTS:
            kept.popitem(last=False)
    return rows


def read_rows(scope: Scope, rule: ListAccess, in_scope: list[ColumnElement[bool]]) -> dict[str, Row]:
    query = select(Entity.entity_id, Entity.label, Entity.data).where(*in_scope, Entity.is_deleted.is_(False))
    return {
        entity_id: rule.masked(scope, {"name": entity_id, "label": label, **data})
        for entity_id, label, data in sorted(db.session.execute(query).all(), key=itemgetter(0))
    }


def changes_since(scope: Scope, list_name: str, cursor: int) -> Sequence[Any]:
    """Changes of the list that took effect since, and the person's own that did not yet."""
    is_own = and_(
        EntityChange.user_id == scope.user_id, EntityChange.instance_id != "", EntityChange.state.in_(OWN)
    )
    query = (
        select(
            EntityChange.entity_id,
            EntityChange.kind,
            EntityChange.state,
            EntityChange.data,
            EntityChange.before,
            is_own.label("is_own"),
        )
        .where(EntityChange.town_id == scope.town_id, EntityChange.list_name == list_name)
        .where(EntityChange.seq > cursor, or_(EntityChange.state.in_(EFFECTIVE), is_own))
        .order_by(EntityChange.seq)
        .limit(MAX_REWOUND + 1)
    )
    found = db.session.execute(query).all()
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


def lay_over(rows: dict[str, Row], kind: str, entity_id: str, label: str, data: Mapping[str, str]) -> None:
    """Show an own write as the phone does: a row the server knows already wins over a creation."""
    known = rows.get(entity_id)
    if kind == "delete":
        rows.pop(entity_id, None)
        return
    if known is not None and kind == "create":
        return
    row = {**(known or {"label": ""}), **data, "name": entity_id}
    if label:
        row["label"] = label
    rows[entity_id] = row
