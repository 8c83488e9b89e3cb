"""Which rows of a list get a task: by place, name, columns, mentor, and what was filled about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, or_, select

from server.access import Scope
from server.clock import TOWN_ZONE
from server.database import db
from server.models import Entity, EntityList, Submission

NEVER, BEFORE = "never", "before"
DONE = (NEVER, BEFORE)
MOST_VALUES = 20  # a column with more is searched as text, not chosen from


@dataclass(frozen=True)
class Filter:
    """What the rows are narrowed to; '' is no limit."""

    village: str = ""
    text: str = ""
    wheres: tuple[tuple[str, str], ...] = ()  # (column, value), all of which hold
    done: str = ""  # never: no record of the form; before: none since `done_on`
    done_on: str = ""
    mentor: str = ""

    def as_detail(self) -> dict[str, str]:
        """What is kept of it with the batch."""
        named = {"village": self.village, "text": self.text, "done": self.done, "mentor": self.mentor}
        day = {"done_on": self.done_on} if self.done == BEFORE else {}
        return {name: value for name, value in {**named, **day, **dict(self.wheres)}.items() if value}


def rows_wanted(scope: Scope, list_name: str, form_id: str, chosen: Filter) -> list[Entity]:
    """The rows in scope that pass; who looks after them is looked at by the caller."""
    query = select(Entity).where(in_list(scope, list_name))
    if chosen.village:
        query = query.where(Entity.village == chosen.village)
    if chosen.text:
        query = query.where(is_named(chosen.text))
    if chosen.done:
        query = query.where(Entity.entity_id.not_in(done_since(scope.town_id, list_name, form_id, chosen)))
    rows = db.session.scalars(query.order_by(Entity.village, Entity.label, Entity.entity_id))
    return [row for row in rows if all(row.data.get(name, "") == value for name, value in chosen.wheres)]


def in_list(scope: Scope, list_name: str) -> ColumnElement[bool]:
    return and_(
        Entity.town_id == scope.town_id,
        Entity.list_name == list_name,
        Entity.is_deleted.is_(False),
        scope.where_village(Entity.village),
    )


def is_named(text: str) -> ColumnElement[bool]:
    """In the name, as written or in pinyin."""
    return or_(
        Entity.label.contains(text, autoescape=True),
        func.lower(Entity.pinyin).contains(text.lower(), autoescape=True),
    )


def done_since(town_id: str, list_name: str, form_id: str, chosen: Filter) -> ColumnElement[str]:
    """The rows about which a record that counts came, ever or since a day."""
    query = select(Submission.subject_id).where(
        Submission.town_id == town_id,
        Submission.form_id == form_id,
        Submission.subject_list == list_name,
        Submission.is_withdrawn.is_(False),
        Submission.duplicate_of == "",
        or_(Submission.review_state != "rejected", Submission.approved_id != ""),
    )
    if chosen.done == BEFORE:
        day = datetime.combine(date.fromisoformat(chosen.done_on), time(0), TOWN_ZONE)
        query = query.where(Submission.received_at >= day)
    return query.scalar_subquery()


@dataclass(frozen=True)
class Facet:
    """A column to choose by: its name in words, and the values that rows in scope have."""

    column: str
    label: dict[str, str]
    values: Sequence[str]


def facets(scope: Scope, list_name: str, village: str = "") -> list[Facet]:
    """The columns that group rows, in the list's order: few values, each of two rows on average.

    Not those that are masked, nor numbers, phones and places, which are each row's own.
    """
    known = db.session.get(EntityList, (scope.town_id, list_name))
    columns = known.columns if known else {}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    query = select(Entity.data).where(in_list(scope, list_name))
    for data in db.session.scalars(query.where(Entity.village == village) if village else query):
        for name, value in data.items():
            if value and len(found[name]) <= MOST_VALUES:
                found[name][value] += 1
    return [
        Facet(name, about.get("label") or {}, sorted(found[name]))
        for name, about in columns.items()
        if about.get("class") != "sensitive" and not about.get("kind") and is_grouping(found[name])
    ]


def is_grouping(values: Counter[str]) -> bool:
    return 1 < len(values) <= MOST_VALUES and 2 * len(values) <= values.total()


def of_mentor(chosen: Filter, persons: dict[str, str], rows: Sequence[Entity]) -> list[Entity]:
    """Those that a person looks after, if one is asked for."""
    return [row for row in rows if not chosen.mentor or persons.get(row.entity_id) == chosen.mentor]


def readable(chosen: Filter) -> Filter:
    """Without what can't be meant: `before` wants a day."""
    try:
        date.fromisoformat(chosen.done_on)
    except ValueError:
        return replace(chosen, done="" if chosen.done == BEFORE else chosen.done, done_on="")
    return chosen
