"""What a phone has not heard of yet: rows in its scope, removals, forms, lists, and what the others tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, select

from server.access import RECORD_ROLES, ListAccess, Scope, entities_in
from server.counter import after
from server.database import db, fetch
from server.event_changes import check_in_changes, event_changes
from server.form_changes import form_changes
from server.inbox_changes import inbox_changes
from server.leave_changes import leave_changes
from server.models import (
    CheckIn,
    Departure,
    Entity,
    EntityList,
    Event,
    Form,
    HeldItem,
    Mute,
    Reminder,
    Submission,
)
from server.record_changes import held_changes, submission_changes
from sync.changes import Change, Page, page

OF_TOWN: BindParameter[str] = bindparam("town_id")
OF_USER: BindParameter[str] = bindparam("user_id")
OF_PERSON: BindParameter[str] = bindparam("person")
AFTER: BindParameter[int] = bindparam("cursor")


def read_page(scope: Scope, access: Mapping[str, ListAccess], cursor: int, limit: int, last_seq: int) -> Page:
    """The next stretch of changes after `cursor`."""
    streams: dict[str, Callable[[], list[Change]]] = {
        "row": lambda: row_changes(scope, access, cursor, limit),
        "departure": lambda: departures(scope, cursor, limit),
        "list": lambda: list_changes(scope, cursor, limit),
        "form": lambda: form_changes(scope, cursor),
        "submission": lambda: submission_changes(scope, cursor, limit),
        "held": lambda: held_changes(scope, cursor, limit),
        "event": lambda: event_changes(scope, cursor, limit),
        "check_in": lambda: check_in_changes(scope, cursor, limit),
        "reminder": lambda: inbox_changes(scope, cursor, limit),
        "leave": lambda: leave_changes(scope, cursor, limit),
    }
    is_news = look_for_news(scope, cursor)
    return page([ask() for name, ask in streams.items() if is_news[name]], limit, last_seq)


def is_any(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).where(*conditions).exists()


# What may be new, taken wide: each stream then asks for what this person may see of it. Most have nothing.
NEWS = select(
    is_any(Entity.town_id == OF_TOWN, Entity.seq > AFTER).label("row"),
    is_any(Departure.town_id == OF_TOWN, Departure.seq > AFTER).label("departure"),
    is_any(EntityList.town_id == OF_TOWN, EntityList.seq > AFTER).label("list"),
    is_any(Form.seq > AFTER).label("form"),
    is_any(Submission.town_id == OF_TOWN, Submission.user_id == OF_USER, Submission.seq > AFTER).label(
        "submission"
    ),
    is_any(HeldItem.town_id == OF_TOWN, HeldItem.user_id == OF_USER, HeldItem.decided_seq > AFTER).label(
        "held"
    ),
    is_any(Event.town_id == OF_TOWN, Event.seq > AFTER).label("event"),
    is_any(CheckIn.town_id == OF_TOWN, CheckIn.seq > AFTER).label("check_in"),
    is_any(Reminder.town_id == OF_TOWN, Reminder.person == OF_PERSON, Reminder.seq > AFTER).label("reminder"),
    is_any(
        Mute.town_id == OF_TOWN,
        Mute.subject_kind == "person",
        Mute.subject_id == OF_PERSON,
        Mute.seq > AFTER,
    ).label("leave"),
)


def look_for_news(scope: Scope, cursor: int) -> Mapping[str, bool]:
    """Whether each stream has something after `cursor`: one look at the ends of their indexes."""
    where = {"town_id": scope.town_id, "user_id": scope.user_id, "person": scope.person, "cursor": cursor}
    (found,) = fetch(NEWS, where)
    return cast(Mapping[str, bool], found._mapping)


def row_changes(scope: Scope, access: Mapping[str, ListAccess], cursor: int, limit: int) -> list[Change]:
    if not scope.has(RECORD_ROLES):
        return []
    where = {
        "town_id": scope.town_id,
        "villages": scope.villages,
        "open_lists": [name for name, rule in access.items() if not rule.village_column],
        "cursor": cursor,
        "limit": limit + 1,
    }
    return [row_change(scope, access, row) for row in fetch(rows_after(scope.is_whole_town), where)]


@cache
def rows_after(is_whole_town: bool) -> Executable:
    return (
        select(
            Entity.list_name,
            Entity.entity_id,
            Entity.label,
            Entity.data,
            Entity.pinyin,
            Entity.version,
            Entity.is_unreviewed,
            Entity.is_deleted,
            Entity.seq,
        )
        .where(entities_in(is_whole_town), Entity.seq > AFTER)
        .order_by(Entity.seq)
        .limit(bindparam("limit"))
    )


def row_change(scope: Scope, access: Mapping[str, ListAccess], row: Any) -> Change:
    if row.is_deleted:
        return removal(row.seq, row.list_name, row.entity_id)
    rule = access.get(row.list_name)
    data = rule.masked(scope, row.data) if rule else row.data
    shown = {
        **data,
        "name": row.entity_id,
        "label": row.label,
        "__version": str(row.version),
        "pinyin": row.pinyin,
    }
    if row.is_unreviewed:
        shown["__unreviewed"] = "1"
    return {"kind": "row", "seq": row.seq, "list": row.list_name, "row": shown}


def removal(seq: int, list_name: str, entity_id: str) -> Change:
    return {"kind": "row", "seq": seq, "list": list_name, "name": entity_id, "removed": True}


def departures(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """Rows that left the person's villages for good; whoever sees the whole town keeps them."""
    if not scope.villages:
        return []
    is_still_seen = (
        select(Entity.entity_id)
        .where(
            Entity.town_id == Departure.town_id,
            Entity.list_name == Departure.list_name,
            Entity.entity_id == Departure.entity_id,
            scope.where_village(Entity.village),
        )
        .exists()
    )
    query = select(Departure.seq, Departure.list_name, Departure.entity_id).where(
        Departure.town_id == scope.town_id, scope.where_village(Departure.village), ~is_still_seen
    )
    return [removal(*row) for row in db.session.execute(after(query, Departure.seq, cursor, limit))]


def list_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    query = select(EntityList).where(EntityList.town_id == scope.town_id)
    return [
        {"kind": "list", "seq": row.seq, "list": row.name, "columns": row.columns}
        for row in db.session.scalars(after(query, EntityList.seq, cursor, limit))
    ]
