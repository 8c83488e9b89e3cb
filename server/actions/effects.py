"""What records do besides what they write to lists: tasks they complete, and the tables their forms write.

An effect is always made from how the record stands now, so that receipt, a new version, a review, a
withdrawal and setting aside are one and the same call. All of it inside the caller's write transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from server.access import Scope
from server.actions import check_in_records, contacts, event_records, leave_records, pairings, tasks
from server.actions.entities import desk_writer
from server.actions.told import Told, outline_of, tell, versions_of
from server.database import db
from server.form_changes import setting
from server.models import Submission
from server.rows import RowWriter
from sync.decide import Kept
from sync.store import Arrival

# What `ly:writes` may say -> what is done with such records; None where a record no longer counts.
WRITES: dict[str, Callable[[RowWriter, str, Told | None], None]] = {
    "pairing": pairings.follow_record,
    "contact": contacts.follow_record,
    "event": event_records.follow_record,
    "check_in": check_in_records.follow_record,
    "leave": leave_records.follow_record,
}


def follow(
    scope: Scope, arrivals: Sequence[Arrival], outlines: Mapping[tuple[str, str], Mapping[str, Any]]
) -> None:
    """Let the effects of new records and new versions come about; most records have none, and cost little."""
    stored = [one for one in arrivals if one.decision.kept is not Kept.APART]
    wanted = tasks.find_wanted(scope.town_id, [about(one) for one in stored])
    roots = {one.root_id for one in stored if about(one) in wanted or has_effect(one, outlines)}
    if roots:
        query = select(Submission).where(Submission.town_id == scope.town_id, Submission.root_id.in_(roots))
        # They were stored past the ORM, which may know them as they were.
        rows = db.session.scalars(query.execution_options(populate_existing=True)).all()
        follow_all(sorted(rows, key=lambda row: row.seq), scope.user_id)


def about(arrival: Arrival) -> tasks.About:
    """Form, list and row of a record."""
    checked = arrival.prepared.checked
    subject = checked.subject if checked and checked.subject else ("", "")
    return arrival.prepared.item.form_id, *subject


def has_effect(one: Arrival, outlines: Mapping[tuple[str, str], Mapping[str, Any]]) -> bool:
    item = one.prepared.item
    outline = outlines.get((item.form_id, item.version), {})
    return bool(setting(outline, "writes")) or one.decision.kept is Kept.VERSION


def follow_all(submissions: Sequence[Submission], user_id: str) -> None:
    """Make the effects of these records what the records say now."""
    if not submissions:
        return
    town_id = submissions[0].town_id
    writer = desk_writer(town_id, user_id)
    versions = versions_of(town_id, [row.current_id for row in submissions])
    writes = {row.root_id: setting(outline_of(versions[row.current_id]), "writes") for row in submissions}
    told = tell([row for row in submissions if writes[row.root_id]])
    for row in submissions:
        tasks.follow_record(writer, row)
        write = WRITES.get(writes[row.root_id])
        if write:
            write(writer, row.root_id, told.get(row.root_id))
    writer.save()
