"""The audit log as its readers see it: filtered, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from server.clock import TOWN_ZONE
from server.database import db
from server.models import Audit, Device, Submission, User

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class AuditFilters:
    """Which rows; '' is no limit. `day` is a date in the town."""

    user_id: str = ""
    action: str = ""
    day: str = ""
    page: int = 1

    def as_query(self, **changes: object) -> dict[str, str]:
        values: dict[str, object] = {
            "person": self.user_id,
            "action": self.action,
            "day": self.day,
            **changes,
        }
        return {name: str(value) for name, value in values.items() if value != ""}


def read_audit_filters(values: Mapping[str, str]) -> AuditFilters:
    """The filters of an address; a day that is none is no limit."""
    try:
        day = date.fromisoformat(values.get("day", "")).isoformat()
    except ValueError:
        day = ""
    return AuditFilters(values.get("person", ""), values.get("action", ""), day)


def matching(town_id: str, filters: AuditFilters) -> list[ColumnElement[bool]]:
    conditions = [Audit.town_id == town_id]
    if filters.user_id:
        conditions.append(Audit.user_id == filters.user_id)
    if filters.action:
        conditions.append(Audit.action == filters.action)
    if filters.day:
        begin = datetime.combine(date.fromisoformat(filters.day), time(), TOWN_ZONE)
        conditions += [Audit.at >= begin, Audit.at < begin + timedelta(days=1)]
    return conditions


def count_rows(town_id: str, filters: AuditFilters) -> int:
    query = select(func.count()).select_from(Audit).where(*matching(town_id, filters))
    return db.session.scalar(query) or 0


def list_rows(town_id: str, filters: AuditFilters) -> Sequence[Audit]:
    """Newest first; ids are made in the order of time and settle ties."""
    query = select(Audit).where(*matching(town_id, filters)).order_by(Audit.at.desc(), Audit.audit_id.desc())
    return db.session.scalars(query.limit(ROWS_PER_PAGE).offset((filters.page - 1) * ROWS_PER_PAGE)).all()


def actions_seen(town_id: str) -> list[str]:
    """The acts that stand in the town's log."""
    return sorted(db.session.scalars(select(Audit.action).where(Audit.town_id == town_id).distinct()))


def people_seen(town_id: str) -> list[tuple[str, str]]:
    """(id, name) of those who stand in the town's log; '' is the command line."""
    query = (
        select(User.user_id, User.name)
        .where(User.user_id.in_(select(Audit.user_id).where(Audit.town_id == town_id).distinct()))
        .order_by(User.name)
    )
    return list(db.session.execute(query).all())


def name_subjects(town_id: str, rows: Sequence[Audit]) -> dict[tuple[str, str], str]:
    """(kind, id) -> the words people know a record, a person or a phone by."""
    named = (
        ("submission", Submission.town_id, Submission.root_id, Submission.title),
        ("user", User.town_id, User.user_id, User.name),
        ("device", Device.town_id, Device.device_id, Device.name),
    )
    found: dict[tuple[str, str], str] = {}
    for kind, town, key, name in named:
        ids = {row.subject_id for row in rows if row.subject_kind == kind}
        query = select(key, name).where(town == town_id, key.in_(ids))
        found.update({(kind, one): text for one, text in db.session.execute(query).all()} if ids else {})
    return found
