"""The records of an export, in batches: what is known of each, and its answers. Reads in one snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from server.access import RECORD_ROLES
from server.actions.records import FLAG_COLUMNS, Filters, matching, ordering, read_payload
from server.models import Decision, Entity, FormVersion, Submission, SubmissionVersion, User, Violation

AnyRow = Row[*tuple[Any, ...]]  # columns by name

BATCH = 500  # records held at once
NAMES_KEPT = 20_000  # labels of list rows kept between batches

EXPORTERS = RECORD_ROLES - {"field"}
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
    SubmissionVersion.received_at,
    SubmissionVersion.started_at,
    SubmissionVersion.ended_at,
)


@dataclass(frozen=True)
class Batch:
    """Some records in their order; `answers` stands beside `rows`."""

    rows: list[AnyRow]
    answers: list[Any]
    findings: dict[str, list[AnyRow]]  # instance_id -> violations, what could not be checked left out
    decisions: dict[str, AnyRow]  # root_id -> the last one


class Reader:
    """Reads a user's records under filters; `town_id` and the conditions are taken once."""

    def __init__(self, connection: Connection, user: User, filters: Filters) -> None:
        self.connection = connection
        self.town_id = user.town_id
        self.form_id = filters.form_id
        self.conditions = matching(user, filters, EXPORTERS)
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
        for part in ids.scalars().partitions(BATCH):
            yield self.read(list(part))

    def read(self, ids: list[str]) -> Batch:
        query = (
            select(*FACTS, SubmissionVersion.payload)
            .join(Submission, self.is_current)
            .where(SubmissionVersion.town_id == self.town_id, SubmissionVersion.instance_id.in_(ids))
        )
        found = {row.instance_id: row for row in self.connection.execute(query)}
        rows = [found[one] for one in ids if one in found]
        answers = [read_payload(row.payload).get("answers") for row in rows]
        return Batch(rows, answers, self.findings(rows), self.decisions(rows))

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
                Decision.root_id, Decision.decision, Decision.user_id, Decision.decided_at, Decision.comment
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
        for at in range(0, len(missing), BATCH):
            query = select(Entity.entity_id, Entity.label).where(
                Entity.town_id == self.town_id,
                Entity.list_name == list_name,
                Entity.entity_id.in_(missing[at : at + BATCH]),
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
