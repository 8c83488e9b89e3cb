"""Who may see and do what: roles, the scope as a condition of the query, and masks of sensitive texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from server.database import fetch
from server.models import Entity, EntityList, Form, HeldItem, Submission, User, UserRole

VILLAGE_ROLES = frozenset({"field", "village_clerk", "village_head"})
TOWN_ROLES = frozenset({"town_office", "town_leader", "county", "auditor"})
RECORD_ROLES = VILLAGE_ROLES | TOWN_ROLES  # publisher and admin see no records
OFFICE_ROLES = RECORD_ROLES - {"field"}  # decide doubts, export, open what is masked
ROLES = (*sorted(VILLAGE_ROLES), *sorted(TOWN_ROLES), "publisher", "admin")
COUNTY, COUNTY_LEVEL = frozenset({"county"}), "county"
SENDING_ROLES = VILLAGE_ROLES | {"town_office", "town_leader"}

HIDDEN = "***"
SHOWN_HEAD, SHOWN_TAIL = 3, 4  # GB/T 35273 shows 510***********1234
SHORTEST_PARTLY_SHOWN = 12  # anything shorter could be guessed from head and tail
PARTLY_SHOWN_KINDS = frozenset({"id_number", "account"})


class Post(NamedTuple):
    """A role at a place; village '' is the whole town."""

    role: str
    village: str = ""


@dataclass(frozen=True)
class Scope:
    """What one person may see and do of a town's records and lists, each role where they have it."""

    town_id: str
    user_id: str
    person: str  # the row of list `person` they are, '' for none
    posts: frozenset[Post]

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    @cached_property
    def villages(self) -> tuple[str, ...]:
        """The villages whose records they see; none for those who see the whole town."""
        return () if self.is_whole_town else tuple(sorted(self.places(RECORD_ROLES)))

    @cached_property
    def is_whole_town(self) -> bool:
        return "" in self.places(RECORD_ROLES)

    @property
    def village(self) -> str:
        """Where a record belongs that names no place; '' is the town."""
        return self.villages[0] if self.villages else ""

    @cached_property
    def text(self) -> str:
        """The same for phones that may hold the same rows; a phone whose scope changed starts anew."""
        places = ",".join(self.villages)
        return f"{places}/{','.join(sorted(self.roles))}/{self.person}"

    def places(self, roles: Collection[str]) -> frozenset[str]:
        """Where the person has one of these roles; '' among them is the whole town."""
        return frozenset(post.village for post in self.posts if post.role in roles)

    def has(self, roles: Collection[str]) -> bool:
        """Whether the person has one of these roles, wherever."""
        return not self.roles.isdisjoint(roles)

    def has_at(self, roles: Collection[str], village: str) -> bool:
        """Whether the person has one of these roles in a village, or in the whole town."""
        return not self.places(roles).isdisjoint({"", village})

    def where_village(
        self,
        column: ColumnElement[str] | InstrumentedAttribute[str],
        roles: Collection[str] = RECORD_ROLES,
    ) -> ColumnElement[bool]:
        """The condition for rows of places where the person has one of these roles; the town is apart."""
        places = self.places(roles)
        if not places:
            return false()
        return true() if "" in places else column.in_(sorted(places))

    def covers(self, village: str) -> bool:
        """Whether they see a village's records."""
        return self.has_at(RECORD_ROLES, village)


def holds(role: str, village: str = "") -> ColumnElement[bool]:
    """The condition for users who have a role at a place; '' is the whole town."""
    return User.posts.any(and_(UserRole.role == role, UserRole.village == village))


def scope_of(user: User) -> Scope:
    posts = frozenset(Post(row.role, row.village) for row in user.posts)
    return Scope(user.town_id, user.user_id, user.person, posts)


def may_send(scope: Scope) -> bool:
    return scope.has(SENDING_ROLES)


def submissions_in(
    scope: Scope, of: type[Submission | HeldItem] = Submission, roles: Collection[str] = RECORD_ROLES
) -> ColumnElement[bool]:
    """The condition for submissions where this person has one of these roles; `of` may be an alias.

    The county sees the records of forms whose review reaches it, and no others.
    """
    town_roles, county = frozenset(roles) - COUNTY, frozenset(roles) & COUNTY
    seen = scope.where_village(of.village, town_roles)
    if scope.has(county):
        reaching = select(Form.form_id).where(Form.review.contains(COUNTY_LEVEL))
        seen = or_(seen, and_(scope.where_village(of.village, county), of.form_id.in_(reaching)))
    return and_(of.town_id == scope.town_id, seen)


def entities_in(is_whole_town: bool) -> ColumnElement[bool]:
    """The condition for list rows seen by who sees records: the whole town's, or of villages and open lists.

    Its values are bound by name: it stands in a statement that is written once for everybody.
    """
    in_town = Entity.town_id == bindparam("town_id")
    if is_whole_town:
        return in_town
    in_villages = Entity.village.in_(bindparam("villages", expanding=True))
    return and_(in_town, or_(in_villages, Entity.list_name.in_(bindparam("open_lists", expanding=True))))


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


LISTS = select(
    EntityList.name,
    EntityList.village_column,
    EntityList.mentor_columns,
    EntityList.columns.label("columns_"),
    EntityList.seq,
).where(EntityList.town_id == bindparam("town_id"))


def read_lists(town_id: str) -> dict[str, ListAccess]:
    """Every list of the town by name."""
    return {row.name: list_access(row) for row in fetch(LISTS, {"town_id": town_id})}


def list_access(row: Any) -> ListAccess:
    sensitive = tuple(
        (column, about.get("kind", ""))
        for column, about in row.columns_.items()
        if about.get("class") == "sensitive"
    )
    return ListAccess(
        row.name, row.village_column, tuple(row.mentor_columns), sensitive, row.columns_, row.seq
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
