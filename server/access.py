"""Who may see and do what: roles, the scope as a condition of the query, and masks of sensitive texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from server.database import db
from server.models import Entity, EntityList, Submission, User

VILLAGE_ROLES = frozenset({"field", "village_clerk", "village_head"})
TOWN_ROLES = frozenset({"town_office", "town_leader", "county", "auditor"})
RECORD_ROLES = VILLAGE_ROLES | TOWN_ROLES  # publisher and admin see no records
SENDING_ROLES = VILLAGE_ROLES | {"town_office", "town_leader"}

HIDDEN = "***"
SHOWN_HEAD, SHOWN_TAIL = 3, 4  # GB/T 35273 shows 510***********1234
SHORTEST_PARTLY_SHOWN = 12  # anything shorter could be guessed from head and tail
PARTLY_SHOWN_KINDS = frozenset({"id_number", "account"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may see of a town's records and lists."""

    town_id: str
    user_id: str
    role: str
    village: str  # the only village they see; '' for the whole town
    person: str  # the row of list `person` they are, '' for none

    @property
    def is_whole_town(self) -> bool:
        return self.role in TOWN_ROLES

    @property
    def text(self) -> str:
        """The same for phones that may hold the same rows; a phone whose scope changed starts anew."""
        return f"{'' if self.is_whole_town else self.village}/{self.role}/{self.person}"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.role})

    def has(self, roles: Collection[str]) -> bool:
        """Whether the person has one of these roles, wherever."""
        return not self.roles.isdisjoint(roles)

    def where_village(self, column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition for rows of the places this person sees, by their village; the town is apart."""
        if not self.has(RECORD_ROLES):
            return false()
        return true() if self.is_whole_town else column == self.village

    def covers(self, village: str) -> bool:
        return self.is_whole_town or (self.role in VILLAGE_ROLES and village == self.village)


def scope_of(user: User) -> Scope:
    return Scope(user.town_id, user.user_id, user.role, user.village, user.person)


def may_send(scope: Scope) -> bool:
    return scope.role in SENDING_ROLES


def submissions_in(scope: Scope, of: type[Submission] = Submission) -> ColumnElement[bool]:
    """The condition for submissions this person may see at the desk; `of` may be an alias."""
    if scope.role not in RECORD_ROLES:
        return false()
    in_town = of.town_id == scope.town_id
    return in_town if scope.is_whole_town else and_(in_town, of.village == scope.village)


def entities_in(scope: Scope, lists: Mapping[str, ListAccess]) -> ColumnElement[bool]:
    """The condition for list rows this person may see."""
    if scope.role not in RECORD_ROLES:
        return false()
    in_town = Entity.town_id == scope.town_id
    if scope.is_whole_town:
        return in_town
    open_lists = [name for name, rule in lists.items() if not rule.village_column]
    return and_(in_town, or_(Entity.village == scope.village, Entity.list_name.in_(open_lists)))


@dataclass(frozen=True, slots=True)
class ListAccess:
    """How a list's rows are scoped and masked."""

    name: str
    village_column: str
    mentor_columns: tuple[str, ...]
    sensitive: tuple[tuple[str, str], ...]  # (column, kind)
    columns: dict[str, Any]
    seq: int  # of the list's definition

    def sees_in_full(self, scope: Scope, data: Mapping[str, str]) -> bool:
        return bool(scope.person) and any(data.get(column) == scope.person for column in self.mentor_columns)

    def masked(self, scope: Scope, data: dict[str, str]) -> dict[str, str]:
        """The row's columns as this person may see them."""
        if not self.sensitive or self.sees_in_full(scope, data):
            return data
        return data | {
            column: mask(data[column], kind) for column, kind in self.sensitive if data.get(column)
        }


def read_lists(town_id: str) -> dict[str, ListAccess]:
    """Every list of the town by name."""
    rows = db.session.scalars(select(EntityList).where(EntityList.town_id == town_id))
    return {row.name: list_access(row) for row in rows}


def list_access(row: EntityList) -> ListAccess:
    sensitive = tuple(
        (column, about.get("kind", ""))
        for column, about in row.columns.items()
        if about.get("class") == "sensitive"
    )
    return ListAccess(
        row.name, row.village_column, tuple(row.mentor_columns), sensitive, row.columns, row.seq
    )


def mask(text: str, kind: str = "") -> str:
    """A sensitive text as others see it: long numbers keep head and tail, the rest is not there at all.

    A masked choice would be taken for a choice, so it is left empty instead of starred.
    """
    if not text:
        return ""
    if kind in PARTLY_SHOWN_KINDS:
        if len(text) < SHORTEST_PARTLY_SHOWN:
            return HIDDEN
        return text[:SHOWN_HEAD] + "*" * (len(text) - SHOWN_HEAD - SHOWN_TAIL) + text[-SHOWN_TAIL:]
    return ""
