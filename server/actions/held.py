"""A person's decision on an item that was stored apart: take it in, or dismiss it with a reason."""

from __future__ import annotations

from sqlalchemy import and_, select

from server.access import Scope, scope_of
from server.actions.ingest import read_town, write_prepared
from server.actions.levels import levels_of, may_settle
from server.actions.reveal import check_reason
from server.actions.review import note, sent_by
from server.audit import audit
from server.clock import now
from server.counter import next_seq
from server.database import db, write_transaction
from server.ids import new_id
from server.models import FormVersion, HeldItem, Submission, SubmissionVersion, User
from server.problems import Problem
from server.store import SqlReader, SqlWriter
from sync.batch import FileClaim, Item, Refusal, Unreadable, read_payload
from sync.ingest import prepare
from sync.store import Sender

HeldId = tuple[str, str]  # instance id and digest


def find_target(held: HeldItem) -> Submission | None:
    """The record the item became part of, else the one it is about, by its id or by what it corrects."""
    ids = [held.taken_as] if held.taken_as else [held.instance_id, held.deprecated_id]
    same_root = and_(
        SubmissionVersion.town_id == Submission.town_id, SubmissionVersion.root_id == Submission.root_id
    )
    return db.session.scalars(
        select(Submission)
        .join(SubmissionVersion, same_root)
        .where(
            SubmissionVersion.town_id == held.town_id,
            SubmissionVersion.instance_id.in_(ids),
            Submission.form_id == held.form_id,
        )
        .order_by((SubmissionVersion.instance_id == held.instance_id).desc())
    ).first()


def version_of(target: Submission | None) -> str:
    """What was on the screen beside the item; '' for nothing."""
    return target.current_id if target else ""


def take_in(user: User, held_id: HeldId, seen_id: str) -> str:
    """Let an item in: as a new version of the record it is about, else as a record of its sender.

    Returns: the root id of the record it is now part of.
    Raises: Problem, with nothing stored; `review_stale` when something moved since the page was opened.
    """
    key, by = (user.town_id, *held_id), scope_of(user)
    held = get_held(key)
    target = find_target(held)
    refuse_unless_decider(held, target, by)
    reader, item = reader_for(held), item_of(held, target)
    one = prepare([item], reader.sender, reader)[0]
    if isinstance(one, Refusal):
        raise Problem(one.code, field=one.field)
    if one.hold:
        raise Problem(one.hold, **one.details)
    with write_transaction():
        held = get_held(key)
        refuse_if_moved(held, seen_id)
        # Numbered and stored as a batch of one; it came when it came.
        writer = SqlWriter(reader.sender, is_release=True)
        (arrival,) = write_prepared(reader, writer, [one], held.received_at).arrivals
        close(held, "taken", by.user_id, taken_as=item.instance_id)
        submission = db.session.get_one(Submission, (held.town_id, arrival.root_id), populate_existing=True)
        note(submission, "taken", by.user_id)
        audit(held.town_id, by.user_id, "take_in", "held_item", held.instance_id, root_id=arrival.root_id)
        return arrival.root_id


def dismiss(user: User, held_id: HeldId, seen_id: str, reason: str) -> None:
    """Leave an item where it is, for ever, and tell its sender why.

    Raises: Problem, with nothing stored.
    """
    reason = check_reason(reason)
    key, by = (user.town_id, *held_id), scope_of(user)
    with write_transaction():
        held = get_held(key)
        target = find_target(held)
        refuse_unless_decider(held, target, by)
        refuse_if_moved(held, seen_id)
        close(held, "dismissed", by.user_id, comment=reason)
        if target:
            note(target, "dismissed", by.user_id, reason)
        audit(held.town_id, by.user_id, "dismiss", "held_item", held.instance_id, reason=reason)


def undo_dismissal(user: User, held_id: HeldId) -> None:
    """Let an item wait for a decision again. Raises: Problem, with nothing stored."""
    key, by = (user.town_id, *held_id), scope_of(user)
    with write_transaction():
        held = get_held(key)
        target = find_target(held)
        refuse_unless_decider(held, target, by)
        if held.state != "dismissed":
            raise Problem("review_stale")
        close(held, "open", by.user_id)
        if target:
            note(target, "reopened", by.user_id)
        audit(held.town_id, by.user_id, "undo_dismissal", "held_item", held.instance_id)


def get_held(key: tuple[str, str, str]) -> HeldItem:
    found = db.session.get(HeldItem, key, populate_existing=True)
    if found is None:
        raise Problem("record_unknown")
    return found


def refuse_unless_decider(held: HeldItem, target: Submission | None, by: Scope) -> None:
    villages = {held.village, target.village if target else held.village}
    level = level_of(held, target)
    if not all(may_settle(by, held.form_id, level, village) for village in villages):
        raise Problem("not_allowed")
    if held.user_id == by.user_id or (target and sent_by(target, by.user_id)):
        raise Problem("self_review")


def level_of(held: HeldItem, target: Submission | None) -> str:
    """Who decides: whoever reviews the record it is about, or would review it first."""
    return target.review_level if target else levels_of(held.form_id)[0]


def refuse_if_moved(held: HeldItem, seen_id: str) -> None:
    if held.state != "open" or version_of(find_target(held)) != seen_id:
        raise Problem("review_stale")


def close(held: HeldItem, state: str, user_id: str, comment: str = "", taken_as: str = "") -> None:
    held.state, held.decided_by, held.decided_at = state, user_id, now()
    held.comment, held.taken_as = comment, taken_as
    held.decided_seq = next_seq(held.town_id)


def fault_in(held: HeldItem) -> str:
    """Where its text can't be read; '' when it can."""
    try:
        read_payload(held.payload)
    except Unreadable as error:
        return error.field
    return ""


def has_form(held: HeldItem) -> bool:
    """Whether the form version it was filled with is here."""
    return db.session.get(FormVersion, (held.form_id, held.version)) is not None


def item_of(held: HeldItem, target: Submission | None) -> Item:
    """The item as it is let in; an id that another content has already is replaced by one of ours."""
    is_known = db.session.get(SubmissionVersion, (held.town_id, held.instance_id)) is not None
    return Item(
        new_id() if is_known else held.instance_id,
        held.form_id,
        held.version,
        held.payload,
        version_of(target),
        tuple(FileClaim(**claim) for claim in held.files),
    )


def reader_for(held: HeldItem) -> SqlReader:
    """Reads as the item's sender would, whatever they may by now."""
    owner = db.session.get_one(User, held.user_id)
    scope = scope_of(owner)
    sender = Sender(
        held.town_id, owner.user_id, owner.username, held.device_id, scope.village, is_release=True
    )
    return SqlReader(scope, sender, read_town(held.town_id).seq)
