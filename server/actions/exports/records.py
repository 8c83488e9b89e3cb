"""The records of an export, in batches: what is known of each, and its answers. Reads in one snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Row, and_, func, select, type_coerce
from sqlalchemy.types import TypeDecorator

from server.access import OFFICE_ROLES
from server.actions.records import FLAG_COLUMNS, Filters, matching, ordering, read_payload
from server.clock import TOWN_ZONE
from server.models import Decision, Entity, FormVersion, Submission, SubmissionVersion, User, Violation

AnyRow = Row[*tuple[Any, ...]]  # columns by name

READ = 500  # records asked for at once
BATCH = 50  # records whose answers are held at once: more no longer fit the processor's cache
NAMES_KEPT = 20_000  # labels of list rows kept between batches

WITHOUT_ZONE = len("2016-10-15 12:00:00")


class TownTime(TypeDecorator[str]):
    """A moment as read from the database -> `2016-10-15 12:00:00` by the town's clocks, '' for none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> str:
        if value is None:
            return ""
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return moment.astimezone(TOWN_ZONE).isoformat(" ", "seconds")[:WITHOUT_ZONE]


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
            select(SubmissionVersion.version)
            .join(Submission, self.is_current)
            .where(*self.conditions)
            .distinct()
        )
        query = (
            select(FormVersion.outline)
            .where(FormVersion.form_id == self.form_id)
            .order_by(FormVersion.published_at.desc())
        )
        found = self.connection.scalars(query.where(FormVersion.version.in_(used))).all()
        return list(found or self.connection.scalars(query.limit(1)).all())

    @cached_property
    def is_current(self) -> Any:
        return and_(
            SubmissionVersion.town_id == Submission.town_id,
            SubmissionVersion.root_id == Submission.root_id,  # found by its key
            SubmissionVersion.instance_id == Submission.current_id,
        )

    def batches(self) -> Iterator[Batch]:
        """The ids are sorted by the database, the answers fetched beside: payloads would not fit a sort."""
        ids = self.connection.execution_options(stream_results=True).execute(
            select(Submission.current_id).where(*self.conditions).order_by(*self.order)
        )
        for part in ids.scalars().partitions(READ):
            yield from self.read(list(part))

    def read(self, ids: list[str]) -> Iterator[Batch]:
        query = (
            select(SubmissionVersion.instance_id, SubmissionVersion.payload, *FACTS)
            .join(Submission, self.is_current)
            .where(SubmissionVersion.town_id == self.town_id, SubmissionVersion.instance_id.in_(ids))
        )
        found = {row[0]: row for row in self.connection.execute(query)}
        rows = [found[one] for one in ids if one in found]
        findings, decisions = self.findings(rows), self.decisions(rows)
        for at in range(0, len(rows), BATCH):
            _, payloads, *facts = zip(*rows[at : at + BATCH], strict=True)
            answers = [read_payload(payload).get("answers") for payload in payloads]
            yield Batch(dict(zip(FACT_NAMES, facts, strict=True)), answers, findings, decisions)

    def findings(self, rows: list[AnyRow]) -> dict[str, list[AnyRow]]:
        ids = [row.instance_id for row in rows if row.n_errors or row.n_warnings or row.n_flags]
        found: dict[str, list[AnyRow]] = defaultdict(list)
        query = (
            select(Violation.instance_id, Violation.level, Violation.rule, Violation.code, Violation.message)
            .where(
                Violation.town_id == self.town_id,
                Violation.instance_id.in_(ids),
                Violation.level.in_(tuple(FLAG_COLUMNS)),
            )
            .order_by(Violation.instance_id, Violation.ordinal)
        )
        for row in self.connection.execute(query) if ids else ():
            found[row.instance_id].append(row)
        return found

    def decisions(self, rows: list[AnyRow]) -> dict[str, AnyRow]:
        ids = [row.root_id for row in rows]
        query = (
            select(
                Decision.root_id,
                Decision.decision,
                Decision.user_id,
                Decision.comment,
                type_coerce(Decision.decided_at, TownTime).label("decided_at"),
            )
            .where(Decision.town_id == self.town_id, Decision.root_id.in_(ids))
            .order_by(Decision.decision_id)
        )
        return {row.root_id: row for row in self.connection.execute(query)}

    def labels(self, list_name: str, ids: Iterable[str]) -> dict[str, str]:
        """Id -> label of list rows; those asked for lately are kept."""
        known = self.names[list_name]
        missing = [one for one in ids if one and one not in known]
        if len(known) + len(missing) > NAMES_KEPT:
            known.clear()
            missing = [one for one in ids if one]
        for at in range(0, len(missing), READ):
            query = select(Entity.entity_id, Entity.label).where(
                Entity.town_id == self.town_id,
                Entity.list_name == list_name,
                Entity.entity_id.in_(missing[at : at + READ]),
            )
            known.update(self.connection.execute(query).all())
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
