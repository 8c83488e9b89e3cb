"""What setting a duplicate aside would do and does to the lists, and bringing it back.

`find_removals` only looks; the others run in the caller's write transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, or_, select

from server.actions.entities import (
    changes_where,
    desk_writer,
    instances_of,
    invert,
    is_creation,
    lists_on_approval,
    rewrite,
    unchanged_since,
)
from server.database import Base, db
from server.duplicates import is_living
from server.models import Entity, EntityChange, Pairing, Submission, Task
from server.pairing_kinds import LIVING
from server.rows import Key, RowWriter, Write


@dataclass(frozen=True)
class Removal:
    """A list row that would go, and what would still name it: none of that goes with it."""

    label: str
    n_records: int
    n_tasks: int
    n_pairings: int


def find_removals(submission: Submission) -> list[Removal]:
    """The rows that only this record made, as far as something else refers to them."""
    town_id = submission.town_id
    own = instances_of(town_id, submission.root_id)
    made = [
        change for change in changes_where(town_id, state=("applied",), instances=own) if is_creation(change)
    ]
    found = []
    for list_name, entity_id in dict.fromkeys((one.list_name, one.entity_id) for one in made):
        row = db.session.get(Entity, (town_id, list_name, entity_id))
        if row is not None and not row.is_deleted:
            found.append(Removal(row.label, *count_references(submission, (list_name, entity_id))))
    return [one for one in found if one.n_records or one.n_tasks or one.n_pairings]


def count_references(submission: Submission, key: Key) -> tuple[int, int, int]:
    """Other records that count, open tasks and living pairings about a row."""
    list_name, entity_id = key
    town_id = submission.town_id
    is_mentor = (Pairing.mentor_list == list_name) & (Pairing.mentor_id == entity_id)
    is_mentee = (Pairing.mentee_list == list_name) & (Pairing.mentee_id == entity_id)
    return (
        count(
            Submission,
            Submission.town_id == town_id,
            Submission.subject_list == list_name,
            Submission.subject_id == entity_id,
            Submission.root_id != submission.root_id,
            is_living(Submission),
        ),
        count(
            Task,
            Task.town_id == town_id,
            Task.list_name == list_name,
            Task.entity_id == entity_id,
            Task.state == "open",
        ),
        count(Pairing, Pairing.town_id == town_id, Pairing.state.in_(LIVING), or_(is_mentor, is_mentee)),
    )


def count(model: type[Base], *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def put_aside(submission: Submission, user_id: str) -> None:
    """Take back everything a record did to lists, so that it can be done again."""
    town_id = submission.town_id
    own = instances_of(town_id, submission.root_id)
    for change in changes_where(town_id, state=("waiting",), instances=own):
        change.state = "pending"  # the row it waits for must not bring it to life
    writer = desk_writer(town_id, user_id)
    for change in reversed(changes_where(town_id, state=("applied",), instances=own)):
        invert(writer, change)
        change.state = "aside"
    writer.save()


def bring_back(submission: Submission, user_id: str) -> None:
    """Do again what was taken back, and what only waited for its row; what others set meanwhile stays."""
    town_id = submission.town_id
    own = instances_of(town_id, submission.root_id)
    is_unreviewed = not submission.approved_id
    writer = desk_writer(town_id, user_id)
    for change in changes_where(town_id, state=("aside",), instances=own):
        change.state = "undone"  # a new change follows in its place
        write = replace(rewrite(change), base_seq=0, own=own, scope=None, is_unreviewed=is_unreviewed)
        redo(writer, change, write)
    for change in changes_where(town_id, state=("pending",), instances=(submission.current_id,)):
        if not is_for_approval(submission, change):
            change.state = "dropped"
            writer.apply(replace(rewrite(change), own=own, is_unreviewed=is_unreviewed))
    writer.save()


def redo(writer: RowWriter, change: EntityChange, write: Write) -> None:
    row = writer.living(write.key)
    if row is not None and change.kind != "delete":
        # The row as the change found it: a property that differs was set by somebody else.
        data = unchanged_since(row, {name: change.before.get(name, "") for name in change.data}, change.data)
        write = replace(write, kind="update", data=data)
    writer.apply(write)


def is_for_approval(submission: Submission, change: EntityChange) -> bool:
    """Whether the change still waits for a reviewer, as it did before."""
    is_approved = submission.approved_id == submission.current_id
    lists = lists_on_approval(submission.town_id, submission.current_id)
    return change.kind == "update" and change.list_name in lists and not is_approved
