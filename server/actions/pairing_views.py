"""Pairings as the desk reads them within somebody's scope: lists, figures, chains, who has no mentor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from server.access import Scope
from server.clock import today
from server.database import db
from server.models import Contact, Deadline, Entity, Pairing
from server.pairing_kinds import ACTIVE, KINDS
from server.problems import Problem

PAIRINGS_PER_PAGE = 50
STATES = ("active", "overdue", "neglected", "proposed", "paused", "ended", "replaced")
EVERY = "all"
LOOK_BACK = timedelta(days=92)  # punctuality is that of the periods which ended in the last quarter
Key = tuple[str, str]  # list and row


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; '' is no limit, and `all` for the state."""

    kind: str = ""
    state: str = "active"
    village: str = ""
    text: str = ""
    page: int = 1
    four: str = ""  # one of the four ones, or `all`: only pairings that did it
    among: tuple[str, ...] = ()  # these, if `four` is set

    def as_query(self, **changes: object) -> dict[str, str]:
        values: dict[str, object] = {
            "kind": self.kind,
            "state": self.state,
            "village": self.village,
            "q": self.text,
            "four": self.four,
            **changes,
        }
        return {name: str(value) for name, value in values.items() if value != ""}


@dataclass(frozen=True)
class Figures:
    """How one kind stands; `on_time` in percent of the periods that ended, None when none did."""

    n_active: int
    n_overdue: int
    on_time: int | None


def in_scope(scope: Scope) -> ColumnElement[bool]:
    return and_(Pairing.town_id == scope.town_id, scope.where_village(Pairing.village))


def is_overdue() -> ColumnElement[bool]:
    return exists().where(
        Deadline.town_id == Pairing.town_id,
        Deadline.subject_kind == "pairing",
        Deadline.subject_id == Pairing.pairing_id,
        Deadline.state == "open",
        Deadline.due_on < today().isoformat(),
    )


def matching(scope: Scope, wanted: Wanted) -> Select[Pairing]:
    query = select(Pairing).where(in_scope(scope))
    if wanted.kind:
        query = query.where(Pairing.kind == wanted.kind)
    if wanted.village:
        query = query.where(Pairing.village == wanted.village)
    if wanted.four:
        query = query.where(Pairing.pairing_id.in_(wanted.among), Pairing.state.in_(ACTIVE))
    if wanted.state == "overdue":
        query = query.where(is_overdue())
    elif wanted.state == "neglected":
        query = query.where(Pairing.is_neglected.is_(True), Pairing.state.in_(ACTIVE))
    elif wanted.state != EVERY:
        query = query.where(Pairing.state == wanted.state)
    return query.where(text_condition(scope, wanted.text)) if wanted.text else query


def text_condition(scope: Scope, text: str) -> ColumnElement[bool]:
    """In the number, or in the name of either side."""
    named = select(Entity.entity_id).where(
        Entity.town_id == scope.town_id, Entity.label.contains(text, autoescape=True)
    )
    sides = (Pairing.mentor_id, Pairing.mentor_2, Pairing.mentee_id)
    return or_(Pairing.pairing_no == text, *(side.in_(named) for side in sides))


def count_matching(scope: Scope, wanted: Wanted) -> int:
    query = select(func.count()).select_from(matching(scope, wanted).subquery())
    return db.session.scalar(query) or 0


def list_pairings(scope: Scope, wanted: Wanted) -> Sequence[Pairing]:
    """Those due first at the top."""
    query = matching(scope, wanted).order_by(Pairing.due_on == "", Pairing.due_on, Pairing.pairing_id)
    return db.session.scalars(
        query.limit(PAIRINGS_PER_PAGE).offset((wanted.page - 1) * PAIRINGS_PER_PAGE)
    ).all()


def get_pairing(scope: Scope, pairing_id: str) -> Pairing:
    """One pairing in scope. Raises: Problem record_unknown, also for what is out of scope."""
    found = db.session.scalar(matching(scope, Wanted(state=EVERY)).where(Pairing.pairing_id == pairing_id))
    if found is None:
        raise Problem("record_unknown")
    return found


def labels_of(town_id: str, pairings: Iterable[Pairing]) -> dict[Key, str]:
    """(list, row) -> name, of everybody these pairings speak of."""
    keys = {
        key
        for one in pairings
        for key in (
            (one.mentor_list, one.mentor_id),
            (one.mentee_list, one.mentee_id),
            ("person", one.mentor_2),
            ("person", one.supervisor),
        )
    }
    query = select(Entity.list_name, Entity.entity_id, Entity.label).where(
        Entity.town_id == town_id, Entity.entity_id.in_({row for _, row in keys})
    )
    return {(list_name, row): label for list_name, row, label in db.session.execute(query)}


def late_since(town_id: str, pairings: Iterable[Pairing]) -> dict[str, str]:
    """Pairing -> the day since which it is overdue."""
    query = (
        select(Deadline.subject_id, func.min(Deadline.due_on))
        .where(
            Deadline.town_id == town_id,
            Deadline.subject_kind == "pairing",
            Deadline.subject_id.in_([one.pairing_id for one in pairings]),
            Deadline.state == "open",
            Deadline.due_on < today().isoformat(),
        )
        .group_by(Deadline.subject_id)
    )
    return dict(db.session.execute(query).all())


def figures(scope: Scope, village: str = "") -> dict[str, Figures]:
    """Kind -> how it stands in scope."""
    place = [Pairing.village == village] if village else []
    living = select(Pairing.kind, func.count()).where(in_scope(scope), Pairing.state.in_(ACTIVE), *place)
    n_active = dict(db.session.execute(living.group_by(Pairing.kind)).all())
    n_overdue = dict(db.session.execute(living.where(is_overdue()).group_by(Pairing.kind)).all())
    kept = punctuality(scope, place)
    return {kind: Figures(n_active.get(kind, 0), n_overdue.get(kind, 0), kept.get(kind)) for kind in KINDS}


def punctuality(scope: Scope, place: Sequence[ColumnElement[bool]]) -> Mapping[str, int]:
    """Kind -> percent of the periods of the last quarter that had their contact in time."""
    since = (today() - LOOK_BACK).isoformat()
    query = (
        select(Pairing.kind, func.sum(case((Deadline.why_closed == "done", 1), else_=0)), func.count())
        .join(Deadline, and_(Deadline.town_id == Pairing.town_id, Deadline.subject_id == Pairing.pairing_id))
        .where(
            in_scope(scope),
            *place,
            Deadline.subject_kind == "pairing",
            Deadline.due_on < today().isoformat(),
            Deadline.due_on >= since,
            Deadline.why_closed.in_(("done", "late", "")),
        )
        .group_by(Pairing.kind)
    )
    return {kind: round(100 * n_kept / n_all) for kind, n_kept, n_all in db.session.execute(query)}


def without_mentor(scope: Scope, village: str = "", limit: int = 50) -> tuple[int, Sequence[Entity]]:
    """How many households of the scope have no pairing that holds, and the first of them."""
    paired = exists().where(
        Pairing.town_id == Entity.town_id,
        Pairing.kind == "hand_in_hand",
        Pairing.mentee_id == Entity.entity_id,
        Pairing.state.in_(ACTIVE),
    )
    query = select(Entity).where(
        Entity.town_id == scope.town_id,
        Entity.list_name == "household",
        Entity.is_deleted.is_(False),
        scope.where_village(Entity.village),
        ~paired,
    )
    if village:
        query = query.where(Entity.village == village)
    n = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return n, db.session.scalars(query.order_by(Entity.village, Entity.label).limit(limit)).all()


def chain_of(scope: Scope, pairing: Pairing) -> tuple[list[Pairing], list[Pairing]]:
    """The pairings above it, in which its mentor is led, and below it, in which its mentee leads."""
    living = select(Pairing).where(in_scope(scope), Pairing.state.in_(ACTIVE)).order_by(Pairing.pairing_id)
    above = living.where(Pairing.mentee_list == "person", Pairing.mentee_id == pairing.mentor_id)
    below = living.where(Pairing.mentor_list == "person", Pairing.mentor_id == pairing.mentee_id)
    return (
        list(db.session.scalars(above)) if pairing.mentor_list == "person" else [],
        list(db.session.scalars(below)) if pairing.mentee_list == "person" else [],
    )


def get_contact(scope: Scope, pairing: Pairing, contact_id: str) -> Contact:
    found = db.session.get(Contact, (scope.town_id, contact_id))
    if found is None or found.pairing_id != pairing.pairing_id:
        raise Problem("record_unknown")
    return found
