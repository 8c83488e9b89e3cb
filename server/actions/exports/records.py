"""The records of an export, in batches: what is known of each, and its answers. Reads in one snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    DateTime,
    Dialect,
    Row,
    and_,
    bindparam,
    func,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator

from server.access import OFFICE_ROLES
from server.actions.records import FLAG_COLUMNS, Filters, matching, ordering, read_payload
from server.clock import TOWN_ZONE
from server.models import Decision, Entity, FormVersion, Submission, SubmissionVersion, User, Violation

AnyRow = Row[*tuple[Any, ...]]  # columns by name

READ = 500  # records asked for at once
BATCH = 50  # records whose answers are held at once: more no longer fit the processor's cache
NAMES_KEPT = 20_000  # labels of list rows kept between batches


class TownTime(TypeDecorator[str]):
    """A moment as read from the database -> `2016-10-15 12:00:00` by the town's clocks, '' for none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> str:
        if value is None:
            return ""
        moment = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return (moment + ahead_of_utc(moment.toordinal(), moment.hour)).isoformat(" ", "seconds")


@lru_cache(maxsize=1000)
def ahead_of_utc(day: int, hour: int) -> timedelta:
    """How far the town's clocks were ahead in an hour of UTC: to ask for every moment takes long."""
    moment = datetime.fromordinal(day).replace(hour=hour, tzinfo=UTC)
    return moment.astimezone(TOWN_ZONE).utcoffset() or timedelta(0)


FACTS = (
    Submission.root_id,
    Submission.title,
    Submission.review_state,
    Submission.review_level,
    Submission.is_withdrawn,
    Submission.duplicate_of,
    Submission.village,
    Submission.n_errors,
    Submission.n_warnings,
    Submission.n_flags,
    Submission.n_files_missing,
    SubmissionVersion.instance_id,
    SubmissionVersion.version,
    SubmissionVersion.user_id,
    type_coerce(SubmissionVersion.received_at, TownTime).label("received_at"),
    type_coerce(SubmissionVersion.started_at, TownTime).label("started_at"),
    type_coerce(SubmissionVersion.ended_at, TownTime).label("ended_at"),
)
FACT_NAMES = tuple(column.key for column in FACTS)

# Asked for each stretch of records.
OF_TOWN: BindParameter[str] = bindparam("town_id")
IDS: BindParameter[str] = bindparam("ids", expanding=True)
IS_CURRENT = and_(
    SubmissionVersion.town_id == Submission.town_id,
    SubmissionVersion.root_id == Submission.root_id,  # found by its key
    SubmissionVersion.instance_id == Submission.current_id,
)
RECORDS = (
    select(SubmissionVersion.instance_id, SubmissionVersion.payload, *FACTS)
    .join(Submission, IS_CURRENT)
    .where(SubmissionVersion.town_id == OF_TOWN, SubmissionVersion.instance_id.in_(IDS))
)
FINDINGS = (
    select(Violation.instance_id, Violation.level, Violation.rule, Violation.code, Violation.message)
    .where(
        Violation.town_id == OF_TOWN,
        Violation.instance_id.in_(IDS),
        Violation.level.in_(tuple(FLAG_COLUMNS)),
    )
    .order_by(Violation.instance_id, Violation.ordinal)
)
DECISIONS = (
    select(
        Decision.root_id,
        Decision.decision,
        Decision.user_id,
        Decision.comment,
        type_coerce(Decision.decided_at, TownTime).label("decided_at"),
    )
    .where(Decision.town_id == OF_TOWN, Decision.root_id.in_(IDS))
    .order_by(Decision.decision_id)
)
LABELS = select(Entity.entity_id, Entity.label).where(
    Entity.town_id == OF_TOWN, Entity.list_name == bindparam("list_name"), Entity.entity_id.in_(IDS)
)


@dataclass(frozen=True)
class Batch:
    """Some records in their order: what is known of them, a column for each name, and their answers."""

    facts: Mapping[str, Sequence[Any]]
    answers: list[Any]
    findings: dict[str, list[AnyRow]]  # instance_id -> violations, what could not be checked left out
    decisions: dict[str, AnyRow]  # root_id -> the last one; of other records too


class Reader:
    """Reads a user's records under filters; `town_id` and the conditions are taken once."""

    def __init__(self, connection: Connection, user: User, filters: Filters) -> None:
        self.connection = connection
        self.town_id = user.town_id
        self.form_id = filters.form_id
        self.conditions = matching(user, filters, OFFICE_ROLES)
        self.order = ordering(filters)
        self.names: dict[str, dict[str, str]] = defaultdict(dict)

    def count(self) -> int:
        query = select(func.count()).select_from(Submission).where(*self.conditions)
        return self.connection.scalar(query) or 0

    def outlines(self) -> list[dict[str, Any]]:
        """Of the versions that the records were filled with, the newest first; else of the newest."""
        used = (
            select(SubmissionVersion.version).join(Submission, IS_CURRENT).where(*self.conditions).distinct()
        )
        query = (
            select(FormVersion.outline)
            .where(FormVersion.form_id == self.form_id)
            .order_by(FormVersion.published_at.desc())
        )
        found = self.connection.scalars(query.where(FormVersion.version.in_(used))).all()
        return list(found or self.connection.scalars(query.limit(1)).all())

    def batches(self) -> Iterator[Batch]:
        """The ids are sorted by the database, the answers fetched beside: payloads would not fit a sort."""
        ids = self.connection.execution_options(stream_results=True).execute(
            select(Submission.current_id).where(*self.conditions).order_by(*self.order)
        )
        for part in ids.scalars().partitions(READ):
            yield from self.read(list(part))

    def read(self, ids: list[str]) -> Iterator[Batch]:
        where = {"town_id": self.town_id, "ids": ids}
        found = {row[0]: row for row in self.connection.execute(RECORDS, where)}
        rows = [found[one] for one in ids if one in found]
        findings, decisions = self.findings(rows), self.decisions(rows)
        for at in range(0, len(rows), BATCH):
            _, payloads, *facts = zip(*rows[at : at + BATCH], strict=True)
            answers = [read_payload(payload).get("answers") for payload in payloads]
            yield Batch(dict(zip(FACT_NAMES, facts, strict=True)), answers, findings, decisions)

    def findings(self, rows: list[AnyRow]) -> dict[str, list[AnyRow]]:
        ids = [row.instance_id for row in rows if row.n_errors or row.n_warnings or row.n_flags]
        found: dict[str, list[AnyRow]] = defaultdict(list)
        where = {"town_id": self.town_id, "ids": ids}
        for row in self.connection.execute(FINDINGS, where) if ids else ():
            found[row.instance_id].append(row)
        return found

    def decisions(self, rows: list[AnyRow]) -> dict[str, AnyRow]:
        where = {"town_id": self.town_id, "ids": [row.root_id for row in rows]}
        return {row.root_id: row for row in self.connection.execute(DECISIONS, where)}

    def labels(self, list_name: str, ids: Iterable[str]) -> dict[str, str]:
        """Id -> label of list rows; those asked for lately are kept."""
        known = self.names[list_name]
        missing = [one for one in ids if one and one not in known]
        if len(known) + len(missing) > NAMES_KEPT:
            known.clear()
            missing = [one for one in ids if one]
        for at in range(0, len(missing), READ):
            where = {"town_id": self.town_id, "list_name": list_name, "ids": missing[at : at + READ]}
            known.update(self.connection.execute(LABELS, where).all())
        return known

    def people(self) -> dict[str, str]:
        """User id -> name, of the town."""
        query = select(User.user_id, User.name).where(User.town_id == self.town_id)
        return dict(self.connection.execute(query).all())

    def villages(self) -> dict[str, str]:
        query = select(Entity.entity_id, Entity.label).where(
            Entity.town_id == self.town_id, Entity.list_name == "village"
        )
        return dict(self.connection.execute(query).all())
