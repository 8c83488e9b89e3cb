"""The rows of a list as they stand, scoped and masked, kept in memory with indexes until one changes."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Executable, bindparam, func, select

from server.access import ListAccess, Scope
from server.database import db, fetch
from server.models import Entity

SNAPSHOTS = 64  # lists as some village's phones see them; with a village's households about 0.3 MB each

Row = dict[str, str]
Index = dict[tuple[str, ...], list[Row]]


class Snapshot:
    """Rows in the order of their names. They are never changed, so requests share them."""

    def __init__(self, rows: dict[str, Row]) -> None:
        self.rows = rows
        self._indexes: dict[tuple[str, ...], Index] = {}

    def find(self, columns: tuple[str, ...], values: tuple[str, ...]) -> Sequence[Row]:
        """Rows with these texts in these columns; an index is made when columns are first asked for."""
        index = self._indexes.get(columns)
        if index is None:
            index = self._indexes[columns] = build_index(self.rows.values(), columns)
        return index.get(values, ())


kept: WeakKeyDictionary[Engine, OrderedDict[tuple[Any, ...], Snapshot]] = WeakKeyDictionary()


def build_index(rows: Iterable[Row], columns: tuple[str, ...]) -> Index:
    index: Index = defaultdict(list)
    for row in rows:
        index[place_of(row, columns)].append(row)
    return dict(index)


def place_of(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([row.get(column, "") for column in columns])


def take_snapshot(scope: Scope, rule: ListAccess) -> Snapshot:
    """The list as it stands; read again only when its newest change or its number of rows is another."""
    is_local = bool(rule.village_column) and not scope.is_whole_town
    where: dict[str, Any] = {"town_id": scope.town_id, "list_name": rule.name}
    if is_local:
        where["villages"] = scope.villages
    (marker,) = fetch(newest_change(is_local), where)
    key = (scope.town_id, scope.text, rule.name, rule.seq, *marker)
    snapshots = kept.setdefault(db.engine, OrderedDict())
    found = snapshots.get(key)
    if found is None:
        rows = sorted(fetch(living_rows(is_local), where), key=itemgetter(0))
        found = snapshots[key] = Snapshot({name: as_seen(scope, rule, name, *rest) for name, *rest in rows})
        while len(snapshots) > SNAPSHOTS:
            snapshots.popitem(last=False)
    return found


def as_seen(scope: Scope, rule: ListAccess, name: str, label: str, data: Row) -> Row:
    return rule.masked(scope, {"name": name, "label": label, **data})


@cache
def newest_change(is_local: bool) -> Executable:
    return select(func.max(Entity.seq), func.count()).where(*in_scope(is_local))


@cache
def living_rows(is_local: bool) -> Executable:
    columns = select(Entity.entity_id, Entity.label, Entity.data)
    return columns.where(*in_scope(is_local), Entity.is_deleted.is_(False))


def in_scope(is_local: bool) -> list[ColumnElement[bool]]:
    conditions = [Entity.town_id == bindparam("town_id"), Entity.list_name == bindparam("list_name")]
    if is_local:
        conditions.append(Entity.village.in_(bindparam("villages", expanding=True)))
    return conditions
