"""What setting a duplicate aside does to the lists, and bringing it back; in a write transaction."""

from __future__ import annotations

from dataclasses import replace

from server.actions.entities import (
    changes_where,
    desk_writer,
    instances_of,
    invert,
    lists_on_approval,
    rewrite,
    unchanged_since,
)
from server.models import EntityChange, Submission
from server.rows import RowWriter, Write


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
