"""What a machine can't decide, read within somebody's scope: duplicate pairs, conflicts and held items."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from server.access import OFFICE_ROLES, Scope, scope_of, submissions_in
from server.actions.records import PAGE_SIZE
from server.database import db
from server.duplicates import counts, is_living
from server.models import Duplicate, HeldItem, Submission, User
from server.problems import Problem

KINDS = ("duplicate", "conflict", "held")
Left, Right = aliased(Submission), aliased(Submission)


@dataclass(frozen=True)
class Pair:
    """Two records that may be one case."""

    row: Duplicate
    left: Submission
    right: Submission

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to decide: it is open, and both records still count."""
        return self.row.state == "open" and counts(self.left) and counts(self.right)

    @property
    def aside(self) -> Submission | None:
        """The one that was set aside for the other."""
        if self.left.duplicate_of == self.right.root_id:
            return self.left
        return self.right if self.right.duplicate_of == self.left.root_id else None


def pairs_in(user: User) -> Select[Duplicate, Submission, Submission]:
    """Pairs whose records are both where this person sees doubts."""
    scope = scope_of(user)
    return (
        select(Duplicate, Left, Right)
        .join(Left, and_(Left.town_id == Duplicate.town_id, Left.root_id == Duplicate.left_id))
        .join(Right, and_(Right.town_id == Duplicate.town_id, Right.root_id == Duplicate.right_id))
        .where(
            Duplicate.town_id == user.town_id,
            submissions_in(scope, Left, OFFICE_ROLES),
            submissions_in(scope, Right, OFFICE_ROLES),
        )
    )


def pairs(user: User, is_open: bool = True) -> Select[Duplicate, Submission, Submission]:
    """The newest first; open ones only while both records still count."""
    query = pairs_in(user)
    if is_open:
        query = query.where(Duplicate.state == "open", is_living(Left), is_living(Right))
        return query.order_by(Duplicate.found_at.desc(), Duplicate.left_id, Duplicate.right_id)
    return query.where(Duplicate.state != "open").order_by(
        Duplicate.decided_at.desc(), Duplicate.left_id, Duplicate.right_id
    )


def held_items(user: User, outcome: str, is_open: bool = True) -> Select[HeldItem]:
    """Items stored apart in scope: conflict, or held; the newest first."""
    query = select(HeldItem).where(held_in(scope_of(user)), HeldItem.outcome == outcome)
    if is_open:
        query = query.where(HeldItem.state == "open")
        return query.order_by(HeldItem.received_at.desc(), HeldItem.seq.desc())
    return query.where(HeldItem.state != "open").order_by(HeldItem.decided_seq.desc())


def held_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for items this person may see: as for submissions, by the village they are about."""
    return submissions_in(scope, HeldItem, OFFICE_ROLES)


def count_doubts(user: User, is_open: bool = True) -> dict[str, int]:
    """How many there are of each kind."""
    queries = {
        "duplicate": pairs(user, is_open),
        "conflict": held_items(user, "conflict", is_open),
        "held": held_items(user, "held", is_open),
    }
    return {
        kind: db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        for kind, query in queries.items()
    }


def read_pairs(user: User, is_open: bool, page: int) -> list[Pair]:
    query = pairs(user, is_open).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return [Pair(*found) for found in db.session.execute(query)]


def read_held(user: User, outcome: str, is_open: bool, page: int) -> list[HeldItem]:
    query = held_items(user, outcome, is_open).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return list(db.session.scalars(query))


def get_pair(user: User, left_id: str, right_id: str) -> Pair:
    """One pair in scope. Raises: Problem `record_unknown`, also for what is out of scope."""
    query = pairs_in(user).where(Duplicate.left_id == left_id, Duplicate.right_id == right_id)
    found = db.session.execute(query).first()
    if found is None:
        raise Problem("record_unknown")
    return Pair(*found)


def get_held_in_scope(user: User, instance_id: str, digest: str) -> HeldItem:
    """One item in scope. Raises: Problem `record_unknown`, also for what is out of scope."""
    found = db.session.scalar(
        select(HeldItem).where(
            held_in(scope_of(user)), HeldItem.instance_id == instance_id, HeldItem.digest == digest
        )
    )
    if found is None:
        raise Problem("record_unknown")
    return found


def pairs_of(user: User, root_id: str) -> list[Pair]:
    """The pairs that a record is in, decided ones too, as far as both records are in scope."""
    mine = or_(Duplicate.left_id == root_id, Duplicate.right_id == root_id)
    return [Pair(*found) for found in db.session.execute(pairs_in(user).where(mine))]


def conflicts_of(user: User, instance_ids: Collection[str]) -> list[HeldItem]:
    """Open items in scope that say something else about these instances."""
    about = or_(HeldItem.instance_id.in_(instance_ids), HeldItem.deprecated_id.in_(instance_ids))
    query = select(HeldItem).where(held_in(scope_of(user)), HeldItem.state == "open", about)
    return list(db.session.scalars(query.order_by(HeldItem.seq)))
