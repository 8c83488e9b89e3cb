"""The queue and one record, read within the scope of whoever asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, case, func, or_, select

from server.access import RECORD_ROLES, scope_of, submissions_in
from server.actions.levels import reviewed_by
from server.actions.vocabulary import find_outline
from server.database import db
from server.models import (
    UNREVIEWED,
    Decision,
    Entity,
    EntityChange,
    File,
    Submission,
    SubmissionFile,
    SubmissionVersion,
    User,
    Violation,
)
from server.outline import Outline
from server.problems import Problem

PAGE_SIZE = 50
OLDEST = "oldest"
MINE = "mine"  # waits for the very level at which somebody decides
OPEN = frozenset({"open", MINE})
FLAG_COLUMNS = {"E": Submission.n_errors, "W": Submission.n_warnings, "Q": Submission.n_flags}


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; '' is no limit. State `open` waits for anybody, `mine` for who reads."""

    form_id: str = ""
    village: str = ""
    state: str = "open"
    flag: str = ""  # E W Q any none files
    text: str = ""
    order: str = ""  # oldest; else the newest first
    page: int = 1

    def as_query(self, **changes: object) -> dict[str, str]:
        """The filters as a query string's values; the page only where asked for."""
        values: dict[str, object] = {
            "form": self.form_id,
            "village": self.village,
            "state": self.state,
            "flag": self.flag,
            "q": self.text,
            "order": self.order,
        }
        return {name: str(value) for name, value in {**values, **changes}.items() if value != ""}


def read_filters(values: Mapping[str, str], state: str = "open") -> Filters:
    page = values.get("page", "1")
    return Filters(
        form_id=values.get("form", ""),
        village=values.get("village", ""),
        state=values.get("state", state),
        flag=values.get("flag", ""),
        text=values.get("q", "").strip()[:100],
        order=OLDEST if values.get("order") == OLDEST else "",
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 7 else 1,
    )


def in_scope(user: User) -> ColumnElement[bool]:
    """The records a user may see, for the WHERE of every query."""
    return submissions_in(scope_of(user))


def matching(
    user: User, filters: Filters, roles: Collection[str] = RECORD_ROLES
) -> list[ColumnElement[bool]]:
    """Scope and filters together: one list for the queue, its count and the exports."""
    in_places = submissions_in(scope_of(user), roles=roles)
    conditions = [in_places, Submission.is_archived.is_(False), *state_conditions(filters.state)]
    if filters.state == MINE:
        conditions += [reviewed_by(scope_of(user)), Submission.user_id != user.user_id]
    if filters.form_id:
        conditions.append(Submission.form_id == filters.form_id)
    if not filters.form_id or filters.state in OPEN:
        conditions.append(Submission.review_level != UNREVIEWED)
    if filters.village:
        conditions.append(Submission.village == filters.village)
    if filters.flag:
        conditions.append(flag_condition(filters.flag))
    if filters.text:
        conditions.append(text_condition(filters.text))
    return conditions


def state_conditions(state: str) -> list[ColumnElement[bool]]:
    if state == "withdrawn":
        return [Submission.is_withdrawn.is_(True)]
    if state == "set_aside":
        return [Submission.duplicate_of != ""]
    living = and_(Submission.is_withdrawn.is_(False), Submission.duplicate_of == "")
    if state in OPEN:
        return [living, Submission.review_state.in_(("received", "edited"))]
    if state in {"received", "returned", "edited", "approved", "rejected"}:
        return [living, Submission.review_state == state]
    return [living]


def flag_condition(flag: str) -> ColumnElement[bool]:
    if flag in FLAG_COLUMNS:
        return FLAG_COLUMNS[flag] > 0
    if flag == "files":
        return Submission.n_files_missing > 0
    total = Submission.n_errors + Submission.n_warnings + Submission.n_flags
    return total == 0 if flag == "none" else total > 0


def text_condition(text: str) -> ColumnElement[bool]:
    """In the title, or in the name of who sent it. Not in answers: they hold what is masked."""
    senders = select(User.user_id).where(User.name.contains(text, autoescape=True))
    return or_(
        Submission.title.contains(text, autoescape=True),
        Submission.subject_id == text,
        Submission.root_id == text,
        Submission.user_id.in_(senders),
    )


def ordering(filters: Filters) -> list[UnaryExpression[Any]]:
    """By the time of receipt; the id settles ties so that pages neither repeat nor skip."""
    columns = (Submission.received_at, Submission.root_id)
    return [column.asc() if filters.order == OLDEST else column.desc() for column in columns]


def queue(user: User, filters: Filters) -> Select[Submission]:
    return select(Submission).where(*matching(user, filters)).order_by(*ordering(filters))


def count(user: User, filters: Filters, roles: Collection[str] = RECORD_ROLES) -> int:
    query = select(func.count()).select_from(Submission).where(*matching(user, filters, roles))
    return db.session.scalar(query) or 0


def next_waiting(user: User, shown: Submission) -> Submission | None:
    """What to decide after this record: down its form's queue, then from the top, then other forms'."""
    is_above = or_(
        Submission.received_at > shown.received_at,
        and_(Submission.received_at == shown.received_at, Submission.root_id > shown.root_id),
    )
    query = select(Submission).where(
        *matching(user, Filters()),
        Submission.root_id != shown.root_id,
        Submission.user_id != user.user_id,
        reviewed_by(scope_of(user)),
    )
    by_form = Submission.form_id != shown.form_id
    return db.session.scalar(query.order_by(by_form, is_above, *ordering(Filters())).limit(1))


def get_submission(user: User, root_id: str) -> Submission:
    """One record in scope. Raises: Problem `record_unknown`, also for what is out of scope."""
    found = db.session.scalar(select(Submission).where(in_scope(user), Submission.root_id == root_id))
    if found is None:
        raise Problem("record_unknown")
    return found


@dataclass(frozen=True)
class Version:
    """One instance, read: its answers and the outline of the form version it was filled with."""

    row: SubmissionVersion
    answers: dict[str, Any]
    meta: dict[str, Any]
    outline: Outline


def read_version(row: SubmissionVersion) -> Version:
    payload = read_payload(row.payload)
    outline = find_outline(row.form_id, row.version)
    return Version(row, payload.get("answers") or {}, payload.get("meta") or {}, outline)


def read_payload(text: str) -> dict[str, Any]:
    """The payload's object; {} for text that is none (a held item may be anything)."""
    try:
        payload = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return payload if isinstance(payload, dict) else {}


def versions_of(submission: Submission) -> list[SubmissionVersion]:
    """All versions, oldest first."""
    return list(
        db.session.scalars(
            select(SubmissionVersion)
            .filter_by(town_id=submission.town_id, root_id=submission.root_id)
            .order_by(SubmissionVersion.seq)
        )
    )


def violations_of(town_id: str, instance_id: str) -> list[Violation]:
    return list(
        db.session.scalars(
            select(Violation).filter_by(town_id=town_id, instance_id=instance_id).order_by(Violation.ordinal)
        )
    )


def findings_of(town_id: str, instance_ids: list[str]) -> list[Violation]:
    """What the checks found in these versions, the gravest first; not what they couldn't check."""
    ranks = case({level: rank for rank, level in enumerate(FLAG_COLUMNS)}, value=Violation.level)
    query = (
        select(Violation)
        .where(
            Violation.town_id == town_id,
            Violation.instance_id.in_(instance_ids),
            Violation.level.in_(tuple(FLAG_COLUMNS)),
        )
        .order_by(ranks, Violation.ordinal)
    )
    return list(db.session.scalars(query))


def decisions_of(submission: Submission) -> list[Decision]:
    """All decisions, oldest first."""
    return list(
        db.session.scalars(
            select(Decision)
            .filter_by(town_id=submission.town_id, root_id=submission.root_id)
            .order_by(Decision.decision_id)
        )
    )


def files_arrived(town_id: str, instance_id: str) -> set[str]:
    """The digests of a version's files that are whole on the server."""
    query = (
        select(SubmissionFile.sha256)
        .join(File, and_(File.town_id == SubmissionFile.town_id, File.sha256 == SubmissionFile.sha256))
        .where(
            SubmissionFile.town_id == town_id,
            SubmissionFile.instance_id == instance_id,
            File.completed_at.is_not(None),
        )
    )
    return set(db.session.scalars(query))


def previous_check(user: User, submission: Submission) -> SubmissionVersion | None:
    """The last approved version of an earlier record in scope: same form, same list row."""
    if not submission.subject_id:
        return None
    earlier = (
        select(Submission.approved_id)
        .where(
            in_scope(user),
            Submission.form_id == submission.form_id,
            Submission.subject_list == submission.subject_list,
            Submission.subject_id == submission.subject_id,
            Submission.root_id != submission.root_id,
            Submission.approved_id != "",
            Submission.is_withdrawn.is_(False),
            Submission.duplicate_of == "",
            Submission.received_at <= submission.received_at,
        )
        .order_by(Submission.received_at.desc())
        .limit(1)
    )
    instance_id = db.session.scalar(earlier)
    return db.session.get(SubmissionVersion, (submission.town_id, instance_id)) if instance_id else None


def register_values(submission: Submission, outline: Outline) -> dict[str, str]:
    """What the subject's list row said before this record: path -> text, for questions saved to it."""
    properties = saved_properties(outline, submission.subject_list)
    row = db.session.get(Entity, (submission.town_id, submission.subject_list, submission.subject_id))
    if row is None or not properties:
        return {}
    values = {**row.data, **values_replaced(submission)}
    return {path: str(values[name]) for name, path in properties.items() if values.get(name, "") != ""}


def saved_properties(outline: Outline, list_name: str) -> dict[str, str]:
    """Property -> path, of what the form's root saves to a list."""
    found: dict[str, str] = {}
    for entity in outline.raw.get("entities", ()):
        if entity["list_name"] == list_name and not entity.get("container", "").strip("/"):
            found.update({name: path.strip("/") for name, path in entity.get("properties", {}).items()})
    return found


def values_replaced(submission: Submission) -> dict[str, Any]:
    """What this record's own applied changes replaced in its subject's row; the first change counts."""
    changes = db.session.scalars(
        select(EntityChange)
        .join(
            SubmissionVersion,
            and_(
                SubmissionVersion.town_id == EntityChange.town_id,
                SubmissionVersion.instance_id == EntityChange.instance_id,
            ),
        )
        .where(
            EntityChange.town_id == submission.town_id,
            EntityChange.list_name == submission.subject_list,
            EntityChange.entity_id == submission.subject_id,
            EntityChange.state == "applied",
            SubmissionVersion.root_id == submission.root_id,
        )
        .order_by(EntityChange.seq.desc())
    )
    before: dict[str, Any] = {}
    for change in changes:
        before.update(change.before)
    return before


def names_of(town_id: str, list_name: str, ids: set[str]) -> dict[str, str]:
    """Ids of list rows -> their labels, for the ids that are known."""
    rows = db.session.execute(
        select(Entity.entity_id, Entity.label).where(
            Entity.town_id == town_id, Entity.list_name == list_name, Entity.entity_id.in_(ids)
        )
    )
    return dict(rows.all())


def user_names(user_ids: set[str]) -> dict[str, str]:
    rows = db.session.execute(select(User.user_id, User.name).where(User.user_id.in_(user_ids)))
    return dict(rows.all())
