"""The town's places with whom they have and lack, and the towns of a county, one of which is looked at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from server.access import Scope, scope_of
from server.actions.desk_sessions import towns_of
from server.actions.entities import desk_writer
from server.actions.forms import define_list
from server.audit import audit
from server.database import db, write_transaction
from server.models import DeskSession, Entity, Submission, Town, User, UserRole
from server.problems import Problem
from server.rows import Write

VILLAGES = "village"
COUNTED = ("household", "business")
NEEDED = ("village_head", "field")  # whom no village can do without: the first reviewer, and who visits
ORDER = (
    *("village_head", "village_clerk", "field"),
    *("town_leader", "town_office", "county", "auditor", "publisher", "admin"),
)
CODE = re.compile(r"[0-9]{12}")  # GB/T 10114: county 6, town 3, village 3
LONGEST_NAME = 50


@dataclass(frozen=True)
class Place:
    """A village, or the town's own offices under the code ''."""

    code: str
    name: str
    people: Mapping[str, Sequence[tuple[str, str]]]  # role -> (user id, name)
    counts: Mapping[str, int]  # list -> rows
    groups: Sequence[tuple[str, int]]  # villagers' groups with their households
    n_waiting: int  # records that wait for the village's review

    @property
    def missing(self) -> list[str]:
        """Roles that nobody has here."""
        return [role for role in NEEDED if self.code and not self.people.get(role)]


def read_places(scope: Scope) -> list[Place]:
    """The town's offices, then its villages, as far as somebody's posts reach."""
    town_id = scope.town_id
    people, counts, groups = read_people(town_id), read_counts(town_id), read_groups(town_id)
    waiting, names = read_waiting(town_id), {"": "", **read_villages(town_id)}
    seen = [code for code in names if not code or not scope.villages or code in scope.villages]
    return [
        Place(code, names[code], people[code], counts[code], groups[code], waiting.get(code, 0))
        for code in seen
    ]


def read_villages(town_id: str) -> dict[str, str]:
    query = select(Entity.entity_id, Entity.label).where(*rows_of(town_id, VILLAGES))
    return dict(db.session.execute(query.order_by(Entity.entity_id)).all())


def rows_of(town_id: str, *lists: str) -> list[ColumnElement[bool]]:
    return [Entity.town_id == town_id, Entity.list_name.in_(lists), Entity.is_deleted.is_(False)]


def read_people(town_id: str) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Village -> role, the leading ones first -> those who may sign in, by name."""
    query = (
        select(UserRole.village, UserRole.role, User.user_id, User.name)
        .join(User, User.user_id == UserRole.user_id)
        .where(User.town_id == town_id, User.is_disabled.is_(False))
        .order_by(case({role: rank for rank, role in enumerate(ORDER)}, value=UserRole.role), User.name)
    )
    found: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for village, role, user_id, name in db.session.execute(query):
        found[village][role].append((user_id, name))
    return found


def read_counts(town_id: str) -> dict[str, dict[str, int]]:
    query = select(Entity.village, Entity.list_name, func.count()).where(*rows_of(town_id, *COUNTED))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for village, name, n in db.session.execute(query.group_by(Entity.village, Entity.list_name)):
        found[village][name] = n
    return found


def read_groups(town_id: str) -> dict[str, list[tuple[str, int]]]:
    group = Entity.data["group"].as_string()
    query = select(Entity.village, group, func.count()).where(*rows_of(town_id, "household"), group != "")
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for village, name, n in db.session.execute(query.group_by(Entity.village, group)):
        found[village].append((name, n))
    return defaultdict(list, {village: sorted(rows, key=in_order) for village, rows in found.items()})


def in_order(group: tuple[str, int]) -> tuple[int, str]:
    """The tenth group after the ninth."""
    digits = re.match(r"\d+", group[0])
    return (int(digits[0]) if digits else 0, group[0])


def read_waiting(town_id: str) -> dict[str, int]:
    of_town = Submission.town_id == town_id
    query = select(Submission.village, func.count()).where(of_town, *waits_at("village"))
    return dict(db.session.execute(query.group_by(Submission.village)).all())


def waits_at(level: str) -> list[ColumnElement[bool]]:
    return [
        Submission.review_level == level,
        Submission.review_state.in_(("received", "edited")),
        Submission.is_withdrawn.is_(False),
        Submission.duplicate_of == "",
    ]


def put_village(town_id: str, code: str, name: str, by: str, *, is_new: bool) -> None:
    """Add a village, or give one another name. Raises: Problem, with nothing stored."""
    name = check_name(name)
    if not CODE.fullmatch(code):
        raise Problem("field_invalid", field="code")
    with write_transaction():
        if (code in read_villages(town_id)) == is_new:
            raise Problem("place_known" if is_new else "place_unknown")
        define_list(town_id, VILLAGES, {})
        writer = desk_writer(town_id, by)
        writer.fetch([(VILLAGES, code)])
        writer.apply(Write((VILLAGES, code), "create" if is_new else "update", {"label": name}))
        writer.save()
        audit(town_id, by, "add_place" if is_new else "rename_place", "place", code, name=name)


def rename_town(town_id: str, name: str, by: str) -> None:
    name = check_name(name)
    with write_transaction() as session:
        session.get_one(Town, town_id).name = name
        audit(town_id, by, "rename_place", "place", "", name=name)


def check_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Problem("field_invalid", field="name")
    return name


@dataclass(frozen=True)
class TownLine:
    """One town of the county, in figures."""

    town_id: str
    name: str
    n_villages: int
    n_waiting: int  # records that wait for the county


def read_towns(user: User) -> list[TownLine]:
    """The towns somebody of the county may look at."""
    towns = towns_of(user)
    ids = [town.town_id for town in towns]
    villages = select(Entity.town_id, func.count()).where(
        Entity.town_id.in_(ids), Entity.list_name == VILLAGES, Entity.is_deleted.is_(False)
    )
    waiting = select(Submission.town_id, func.count()).where(Submission.town_id.in_(ids), *waits_at("county"))
    n_villages = dict(db.session.execute(villages.group_by(Entity.town_id)).all())
    n_waiting = dict(db.session.execute(waiting.group_by(Submission.town_id)).all())
    return [
        TownLine(town.town_id, town.name, n_villages.get(town.town_id, 0), n_waiting.get(town.town_id, 0))
        for town in towns
    ]


def choose_town(user: User, session_digest: str, town_id: str) -> None:
    """Look at another town of the county from now on, in this session; that town's log keeps it.

    Raises: Problem `record_unknown`, for towns of other counties too.
    """
    if town_id not in {town.town_id for town in towns_of(user)}:
        raise Problem("record_unknown")
    by = scope_of(user).user_id
    with write_transaction() as session:
        session.get_one(DeskSession, session_digest).town_id = town_id
        audit(town_id, by, "choose_town", "town", town_id)
