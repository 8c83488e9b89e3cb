"""What phones hear of events: those who run one get its roster, its key and who came; others get nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from server.access import Scope
from server.clock import now
from server.counter import after
from server.database import db
from server.models import Card, CheckIn, Event, EventSession, RosterEntry
from server.pinyin import index_label
from sync.changes import Change
from sync.ledger import wire_time

KEPT_AFTER = timedelta(days=14)  # a phone that was offline still finds what it checked in
RUNNING = ("planned", "open", "held")  # phones of those who run it hold it
VILLAGE_RUNNERS = frozenset({"village_clerk", "village_head"})


def event_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """Events the person runs; one that is over or no longer theirs is removed."""
    query = select(Event).where(Event.town_id == scope.town_id, Event.seq > cursor).order_by(Event.seq)
    # A phone that begins needs no removals, so what it isn't told must not count against the limit.
    query = query.limit(limit + 1) if cursor else query.where(*is_recent())
    rows = db.session.scalars(query).all()
    held = [row for row in rows if is_held_by(scope, row)]
    parts = Parts(scope.town_id, [row.event_id for row in held])
    changes: list[Change] = []
    for row in rows:
        if row in held:
            changes.append(parts.change(row))
        elif cursor:
            changes.append({"kind": "event", "seq": row.seq, "event_id": row.event_id, "removed": True})
    return changes


def is_recent() -> tuple[ColumnElement[bool], ...]:
    return Event.state.in_(RUNNING), Event.end_at > now() - KEPT_AFTER


def is_held_by(scope: Scope, event: Event) -> bool:
    """Whether this person's phone holds the event."""
    if event.state not in RUNNING or event.end_at < now() - KEPT_AFTER:
        return False
    return runs(scope, event)


def runs(scope: Scope, event: Event) -> bool:
    is_own = bool(scope.person) and scope.person in (event.organiser, *event.helpers)
    return is_own or bool(event.village and scope.covers(event.village) and scope.has(VILLAGE_RUNNERS))


class Parts:
    """Sessions, rosters and badges of some events, asked for once."""

    def __init__(self, town_id: str, event_ids: Sequence[str]) -> None:
        self.town_id = town_id
        self.sessions = self.rows(EventSession, event_ids, EventSession.session_no)
        self.roster = self.rows(RosterEntry, event_ids, RosterEntry.name)
        self.cards = self.badges() if self.roster else {}

    def rows(self, model: Any, event_ids: Sequence[str], order: Any) -> Sequence[Any]:
        if not event_ids:
            return ()
        query = select(model).where(model.town_id == self.town_id, model.event_id.in_(event_ids))
        return db.session.scalars(query.order_by(order)).all()

    def badges(self) -> dict[tuple[str, str], str]:
        query = select(Card.list_name, Card.entity_id, Card.card_id).where(
            Card.town_id == self.town_id, Card.purpose == "badge", Card.revoked_at.is_(None)
        )
        wanted = {(row.list_name, row.entity_id) for row in self.roster}
        return {
            (list_name, entity_id): card_id
            for list_name, entity_id, card_id in db.session.execute(query.order_by(Card.issued_at))
            if (list_name, entity_id) in wanted
        }

    def change(self, event: Event) -> Change:
        return {
            "kind": "event",
            "seq": event.seq,
            "event_id": event.event_id,
            "name": event.name,
            "event_kind": event.kind,
            "place": event.place,
            "start_at": wire_time(event.start_at),
            "end_at": wire_time(event.end_at),
            "state": event.state,
            "wall_key": event.wall_key,
            "sessions": [session_of(row) for row in self.sessions if row.event_id == event.event_id],
            "roster": [self.entry_of(row) for row in self.roster if row.event_id == event.event_id],
        }

    def entry_of(self, row: RosterEntry) -> dict[str, Any]:
        """No phone number: organisers tick names, they need none."""
        return {
            "attendee_id": row.attendee_id,
            "name": row.name,
            "pinyin": index_label(row.name),
            "unit": row.unit,
            "role": row.role,
            "card": self.cards.get((row.list_name, row.entity_id), ""),
            "state": row.state,
        }


def session_of(row: EventSession) -> dict[str, Any]:
    return {
        "session_no": row.session_no,
        "title": row.title,
        "start_at": wire_time(row.start_at),
        "end_at": wire_time(row.end_at),
        "has_check_out": row.has_check_out,
    }


def check_in_changes(scope: Scope, cursor: int, limit: int) -> list[Change]:
    """Who came to the events the person runs, as several phones and the wall's code took it."""
    recent = select(Event).where(Event.town_id == scope.town_id, *is_recent())
    event_ids = [event.event_id for event in db.session.scalars(recent) if runs(scope, event)]
    if not event_ids:
        return []
    query = select(CheckIn).where(CheckIn.town_id == scope.town_id, CheckIn.event_id.in_(event_ids))
    return [check_in_change(row) for row in db.session.scalars(after(query, CheckIn.seq, cursor, limit))]


def check_in_change(row: CheckIn) -> Change:
    return {
        "kind": "check_in",
        "seq": row.seq,
        "check_in_id": row.check_in_id,
        "event_id": row.event_id,
        "session_no": row.session_no,
        "direction": row.direction,
        "attendee_id": row.attendee_id,
        "way": row.way,
        "at": wire_time(row.time_server),
        "state": row.state,
    }
