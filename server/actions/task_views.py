"""Tasks as the office plans and follows them: which rows, whose they would be, and how far they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from server.access import Scope, holds
from server.actions.entities import desk_writer
from server.actions.task_filters import Filter, of_mentor, rows_wanted
from server.actions.tasks import Assignment, Order, make
from server.clock import today
from server.database import db, write_transaction
from server.models import Entity, Form, FormVersion, Pairing, Task, TaskBatch, User
from server.pairing_kinds import ACTIVE
from server.problems import Problem

MAX_TASKS = 5000  # in one go
EVERY_ROW = Filter()
MENTOR, VILLAGE = "mentor", "village"  # how rows find their person; else a person's id
# Columns that name who looks after a row, where no pairing does.
MENTOR_COLUMNS = ("mentor_1", "contact_cadre")


@dataclass(frozen=True)
class Plan:
    """What the office filled in; '' for what is still open."""

    form_id: str = ""
    title: str = ""
    due_on: str = ""
    assign: str = MENTOR
    chosen: Filter = EVERY_ROW


@dataclass(frozen=True)
class Preview:
    """Who would get what; `lost` are rows without anybody to see to them."""

    assignments: list[Assignment]
    lost: list[Entity]

    @property
    def by_person(self) -> dict[str, int]:
        return dict(Counter(one.person for one in self.assignments))


def start_forms() -> dict[str, tuple[Mapping[str, str], str]]:
    """Form -> its title and the list its fillings start from, of the open forms."""
    query = select(Form, FormVersion.outline).join(
        FormVersion, and_(FormVersion.form_id == Form.form_id, FormVersion.version == Form.current_version)
    )
    found = {}
    for form, outline in db.session.execute(query.where(Form.is_closed.is_(False)).order_by(Form.form_id)):
        list_name = str(outline.get("settings", {}).get("starts_from", ""))
        if list_name:
            found[form.form_id] = (form.title, list_name)
    return found


def preview(scope: Scope, list_name: str, plan: Plan, left_out: frozenset[str] = frozenset()) -> Preview:
    """Give each row its person; those of `left_out` are not wanted."""
    rows = rows_wanted(scope, list_name, plan.form_id, plan.chosen)
    if plan.chosen.mentor:
        rows = of_mentor(plan.chosen, by_mentor(scope.town_id, list_name, rows), rows)
    rows = [row for row in rows if row.entity_id not in left_out]
    if len(rows) > MAX_TASKS:
        raise Problem("too_many_tasks", most=MAX_TASKS)
    persons = persons_for(scope.town_id, list_name, rows, plan.assign)
    assignments = [
        Assignment(row.entity_id, row.label, row.village, persons[row.entity_id])
        for row in rows
        if persons.get(row.entity_id)
    ]
    return Preview(assignments, [row for row in rows if not persons.get(row.entity_id)])


def persons_for(town_id: str, list_name: str, rows: Sequence[Entity], assign: str) -> dict[str, str]:
    if assign == VILLAGE:
        return by_village(town_id, rows)
    if assign == MENTOR:
        return by_mentor(town_id, list_name, rows)
    return {row.entity_id: assign for row in rows}


def by_mentor(town_id: str, list_name: str, rows: Sequence[Entity]) -> dict[str, str]:
    """Who is paired with the row, or whose pairing the row is; else who its columns name."""
    own = Pairing.pairing_id if list_name == "pairing" else Pairing.mentee_id
    query = select(own, Pairing.mentor_id).where(
        Pairing.town_id == town_id, Pairing.mentor_list == "person", Pairing.state.in_(ACTIVE)
    )
    paired = dict(db.session.execute(query.order_by(Pairing.kind.desc())).all())
    named = {row.entity_id: next(filter(None, map(row.data.get, MENTOR_COLUMNS)), "") for row in rows}
    return {row.entity_id: paired.get(row.entity_id) or named[row.entity_id] for row in rows}


def by_village(town_id: str, rows: Sequence[Entity]) -> dict[str, str]:
    """Spread the rows of a village evenly over its field cadres, neighbours to the same one."""
    grouped: dict[str, list[Entity]] = defaultdict(list)
    for row in rows:
        grouped[row.village].append(row)
    found: dict[str, str] = {}
    for village, own in grouped.items():
        query = select(User.person).where(
            User.town_id == town_id, User.person != "", User.is_disabled.is_(False), holds("field", village)
        )
        cadres = list(db.session.scalars(query.order_by(User.username)))
        for at, row in enumerate(own):
            found[row.entity_id] = cadres[at * len(cadres) // len(own)] if cadres else ""
    return found


def make_batch(scope: Scope, list_name: str, plan: Plan, left_out: frozenset[str]) -> str:
    """Make the tasks of a plan. Returns: the batch's id. Raises: Problem, with nothing stored."""
    if not plan.title:
        raise Problem("field_invalid", field="title")
    if not is_day(plan.due_on) or plan.due_on < today().isoformat():
        raise Problem("field_invalid", field="due_on")
    wanted = preview(scope, list_name, plan, left_out).assignments
    if not wanted:
        raise Problem("no_tasks")
    with write_transaction():
        writer = desk_writer(scope.town_id, scope.user_id)
        order = Order(plan.title, plan.form_id, list_name, plan.due_on, plan.chosen.as_detail())
        batch_id = make(writer, order, wanted).batch_id
        writer.save()
    return batch_id


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass(frozen=True)
class Progress:
    """How far tasks are."""

    n_all: int = 0
    n_done: int = 0
    n_late: int = 0


def in_scope(scope: Scope) -> ColumnElement[bool]:
    return and_(Task.town_id == scope.town_id, scope.where_village(Task.village))


def progress_by(
    scope: Scope, column: ColumnElement[str], *conditions: ColumnElement[bool]
) -> dict[str, Progress]:
    """A column's value -> progress of the tasks in scope that weren't cancelled."""
    is_late = and_(Task.state == "open", Task.due_on < today().isoformat())
    query = (
        select(
            column,
            func.count(),
            func.sum(case((Task.state == "done", 1), else_=0)),
            func.sum(case((is_late, 1), else_=0)),
        )
        .where(in_scope(scope), Task.state != "cancelled", *conditions)
        .group_by(column)
    )
    return {key: Progress(n, done, late) for key, n, done, late in db.session.execute(query)}


def list_batches(scope: Scope, limit: int = 100) -> Sequence[TaskBatch]:
    """Batches with tasks in scope, the newest first."""
    own = select(Task.batch_id).where(in_scope(scope))
    query = select(TaskBatch).where(TaskBatch.town_id == scope.town_id, TaskBatch.batch_id.in_(own))
    return db.session.scalars(query.order_by(TaskBatch.made_at.desc()).limit(limit)).all()


def get_batch(scope: Scope, batch_id: str) -> TaskBatch:
    """A batch with a task in scope. Raises: Problem record_unknown."""
    found = db.session.get(TaskBatch, (scope.town_id, batch_id))
    in_sight = select(Task.task_id).where(in_scope(scope), Task.batch_id == batch_id).limit(1)
    if found is None or db.session.scalar(in_sight) is None:
        raise Problem("record_unknown")
    return found


def tasks_of(scope: Scope, batch_id: str, state: str = "", ids: Sequence[str] | None = None) -> list[Task]:
    query = select(Task).where(in_scope(scope), Task.batch_id == batch_id)
    if state:
        query = query.where(Task.state == state)
    if ids is not None:
        query = query.where(or_(Task.task_id.in_(ids)))
    return list(db.session.scalars(query.order_by(Task.village, Task.person, Task.entity_id)))
