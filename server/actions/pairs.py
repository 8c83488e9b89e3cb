"""A person's decision on two records that may be one case: keep both, keep one, or undo that."""

from __future__ import annotations

from dataclasses import dataclass

from server.access import Scope, scope_of
from server.actions import effects
from server.actions.aside import bring_back, put_aside
from server.actions.levels import may_settle
from server.actions.reveal import check_reason
from server.actions.review import note, sent_by
from server.audit import audit
from server.clock import now
from server.counter import next_seq
from server.database import db, write_transaction
from server.duplicates import counts
from server.models import Duplicate, Submission, User
from server.problems import Problem

CHOICES = frozenset({"both", "left", "right"})
PairId = tuple[str, str]  # root ids as the pair has them


@dataclass(frozen=True)
class Choice:
    """What was asked for, and the two versions that were on the screen."""

    keep: str  # both left right
    reason: str
    left_id: str
    right_id: str


def decide_pair(user: User, pair_id: PairId, choice: Choice) -> None:
    """Keep both records, or one and set the other aside.

    Raises: Problem, with nothing stored; `review_stale` when something moved since the page was opened.
    """
    if choice.keep not in CHOICES:
        raise Problem("request_invalid", field="keep")
    reason = check_reason(choice.reason)
    by = scope_of(user)
    town_id, user_id = by.town_id, by.user_id
    with write_transaction():
        pair, left, right = read_pair(town_id, pair_id)
        refuse_unless_decider(left, right, by)
        is_seen = (left.current_id, right.current_id) == (choice.left_id, choice.right_id)
        if pair.state != "open" or not is_seen or not (counts(left) and counts(right)):
            raise Problem("review_stale")
        if choice.keep == "both":
            close(pair, "kept_both", user_id, reason)
            for one in (left, right):
                note(one, "kept_both", user_id, reason)
        else:
            kept, other = (left, right) if choice.keep == "left" else (right, left)
            close(pair, "kept_one", user_id, reason)
            set_aside(other, kept, user_id, reason)
        audit(town_id, user_id, f"pair_{pair.state}", "duplicate", "/".join(pair_id), keep=choice.keep)


def undo_pair(user: User, pair_id: PairId, reason: str) -> None:
    """Take a decision back: what was set aside counts again, and the pair is open.

    Raises: Problem, with nothing stored.
    """
    reason = check_reason(reason)
    by = scope_of(user)
    town_id, user_id = by.town_id, by.user_id
    with write_transaction():
        pair, left, right = read_pair(town_id, pair_id)
        refuse_unless_decider(left, right, by)
        if pair.state == "open":
            raise Problem("review_stale")
        for one, other in ((left, right), (right, left)):
            if one.duplicate_of == other.root_id:
                restore(one, user_id, reason)
        close(pair, "open", user_id, reason)
        audit(town_id, user_id, "pair_undone", "duplicate", "/".join(pair_id), reason=reason)


def read_pair(town_id: str, pair_id: PairId) -> tuple[Duplicate, Submission, Submission]:
    pair = db.session.get(Duplicate, (town_id, *pair_id))
    left, right = (db.session.get(Submission, (town_id, root_id)) for root_id in pair_id)
    if pair is None or left is None or right is None:
        raise Problem("record_unknown")
    return pair, left, right


def refuse_unless_decider(left: Submission, right: Submission, by: Scope) -> None:
    for one in (left, right):
        if not may_settle(by, one.form_id, one.review_level, one.village):
            raise Problem("not_allowed")
        if sent_by(one, by.user_id):
            raise Problem("self_review")


def close(pair: Duplicate, state: str, user_id: str, reason: str) -> None:
    pair.state, pair.decided_by, pair.decided_at, pair.comment = state, user_id, now(), reason


def set_aside(submission: Submission, kept: Submission, user_id: str, reason: str) -> None:
    """The record stays as it is, with its state; it counts no more, and its phone hears why."""
    put_aside(submission, user_id)
    submission.duplicate_of = kept.root_id
    note(submission, "set_aside", user_id, reason)
    note(kept, "kept_one", user_id, reason)
    tell(submission)
    effects.follow_all([submission], user_id)


def restore(submission: Submission, user_id: str, reason: str) -> None:
    bring_back(submission, user_id)
    submission.duplicate_of = ""
    note(submission, "restored", user_id, reason)
    tell(submission)
    effects.follow_all([submission], user_id)


def tell(submission: Submission) -> None:
    """Phones hear of what has a new number."""
    submission.changed_at = now()
    submission.seq = next_seq(submission.town_id)
