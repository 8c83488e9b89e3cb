"""Tasks: made in bulk, carried to phones as a list, completed and opened again by what is handed in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from server.actions.deadlines import close_deadlines, open_deadline
from server.actions.list_views import show
from server.actions.told import standing_version
from server.audit import audit
from server.clock import now
from server.database import db, fetch
from server.ids import new_id
from server.models import Entity, Submission, Task, TaskBatch
from server.rows import RowWriter
from server.table_lists import hide_row
from server.workdays import read_calendar
from server.working_days import Calendar

LIST = "task"
About = tuple[str, str, str]  # form, list and row


@dataclass(frozen=True)
class Assignment:
    """A row somebody shall fill a form about."""

    entity_id: str
    label: str
    village: str
    person: str


@dataclass(frozen=True)
class Order:
    """What the office asks for: one form about many rows."""

    title: str
    form_id: str
    list_name: str
    due_on: str
    chosen_by: dict[str, str]  # the filter


def make(writer: RowWriter, order: Order, assignments: Sequence[Assignment]) -> TaskBatch:
    """Make a batch; inside a write transaction, the caller saves the writer."""
    batch = TaskBatch(
        town_id=writer.town_id,
        batch_id=new_id(),
        title=order.title,
        form_id=order.form_id,
        list_name=order.list_name,
        chosen_by=order.chosen_by,
        due_on=order.due_on,
        n_tasks=len(assignments),
        made_by=writer.user_id,
        made_at=writer.at,
    )
    db.session.add(batch)
    calendar = read_calendar()
    for one in assignments:
        add(writer, batch, one, calendar)
    audit(
        writer.town_id, writer.user_id, "make_tasks", "task_batch", batch.batch_id, n_tasks=len(assignments)
    )
    return batch


def add(writer: RowWriter, batch: TaskBatch, one: Assignment, calendar: Calendar) -> Task:
    task = Task(
        town_id=writer.town_id,
        task_id=new_id(),
        batch_id=batch.batch_id,
        title=batch.title,
        form_id=batch.form_id,
        list_name=batch.list_name,
        entity_id=one.entity_id,
        village=one.village,
        person=one.person,
        due_on=batch.due_on,
        state="open",
        done_by="",
        done_at=None,
        note="",
        made_by=writer.user_id,
        made_at=writer.at,
        seq=0,
    )
    db.session.add(task)
    show_task(writer, task, one.label, calendar)
    return task


def show_task(writer: RowWriter, task: Task, label: str = "", calendar: Calendar | None = None) -> None:
    """Let phones see the task as it stands; what is done or cancelled leaves them."""
    if task.state != "open":
        hide_row(writer, LIST, task.task_id)
        close_deadlines(writer.town_id, LIST, task.task_id, task.state)
    else:
        open_deadline(writer.town_id, LIST, task.task_id, task.due_on, calendar)
        data = {name: getattr(task, name) for name in SHOWN}
        show(writer, LIST, task.task_id, label or label_of(task), data)
    task.seq = writer.next_seq()


WAITING = select(Task.form_id, Task.list_name, Task.entity_id).where(
    Task.town_id == bindparam("town_id"),
    Task.state == "open",
    Task.form_id.in_(bindparam("form_ids", expanding=True)),
    Task.entity_id.in_(bindparam("entity_ids", expanding=True)),
)
SHOWN = ("title", "form_id", "list_name", "entity_id", "village", "person", "due_on", "state")


def label_of(task: Task) -> str:
    row = db.session.get(Entity, (task.town_id, task.list_name, task.entity_id))
    return row.label if row else task.title


def find_wanted(town_id: str, subjects: Collection[About]) -> set[About]:
    """Those of these subjects that an open task waits for."""
    asked = {one for one in subjects if one[2]}
    if not asked:
        return set()
    form_ids, _, entity_ids = ({one[part] for one in asked} for part in range(3))
    where = {"town_id": town_id, "form_ids": list(form_ids), "entity_ids": list(entity_ids)}
    return asked.intersection((row.form_id, row.list_name, row.entity_id) for row in fetch(WAITING, where))


def follow_record(writer: RowWriter, submission: Submission) -> None:
    """Complete the tasks that the record answers; open again those it no longer does."""
    counts = bool(standing_version(submission))
    about = (submission.form_id, submission.subject_list, submission.subject_id)
    for task in done_by(writer.town_id, submission.root_id):
        if not counts or (task.form_id, task.list_name, task.entity_id) != about:
            open_again(writer, task)
    if counts and submission.subject_id:
        for task in open_tasks(writer.town_id, about):
            complete(writer, task, submission.root_id)


def done_by(town_id: str, root_id: str) -> Sequence[Task]:
    return db.session.scalars(select(Task).filter_by(town_id=town_id, done_by=root_id, state="done")).all()


def open_tasks(town_id: str, about: About) -> Sequence[Task]:
    form_id, list_name, entity_id = about
    return db.session.scalars(
        select(Task).filter_by(
            town_id=town_id, form_id=form_id, list_name=list_name, entity_id=entity_id, state="open"
        )
    ).all()


def complete(writer: RowWriter, task: Task, root_id: str) -> None:
    task.state, task.done_by, task.done_at = "done", root_id, now()
    show_task(writer, task)


def open_again(writer: RowWriter, task: Task) -> None:
    """Let the task wait once more, unless another record that came since answers it."""
    other = find_answer(task)
    if other:
        task.done_by = other
        return
    task.state, task.done_by, task.done_at = "open", "", None
    show_task(writer, task)


def find_answer(task: Task) -> str:
    """A record that counts and came after the task was made, other than the one that did."""
    query = select(Submission).where(
        Submission.town_id == task.town_id,
        Submission.form_id == task.form_id,
        Submission.subject_list == task.list_name,
        Submission.subject_id == task.entity_id,
        Submission.root_id != task.done_by,
        Submission.received_at >= task.made_at,
    )
    found = (row.root_id for row in db.session.scalars(query) if standing_version(row))
    return next(found, "")


def cancel(writer: RowWriter, tasks: Sequence[Task], note: str) -> int:
    """Take back what nobody did yet. Returns: how many."""
    waiting = [task for task in tasks if task.state == "open"]
    for task in waiting:
        task.state, task.note = "cancelled", note
        show_task(writer, task)
        audit(writer.town_id, writer.user_id, "cancel", "task", task.task_id, note=note)
    return len(waiting)


def reassign(writer: RowWriter, tasks: Sequence[Task], person: str) -> int:
    """Give open tasks to somebody else. Returns: how many moved."""
    waiting = [task for task in tasks if task.state == "open" and task.person != person]
    for task in waiting:
        audit(
            writer.town_id,
            writer.user_id,
            "reassign",
            "task",
            task.task_id,
            before=task.person,
            person=person,
        )
        task.person = person
        show_task(writer, task)
    return len(waiting)
