"""A supervisor's decision on one version of a submission: approve it, return it, or reject it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import exists, select

from server.access import Scope, scope_of
from server.actions import effects
from server.actions.deadlines import open_deadline
from server.actions.entities import apply_on_approval, undo
from server.actions.levels import may_review, next_level
from server.audit import audit
from server.clock import now, today
from server.counter import next_seq
from server.database import db, write_transaction
from server.ids import new_id
from server.models import Decision, Submission, SubmissionVersion, User
from server.problems import Problem
from server.workdays import read_calendar

DECIDABLE = frozenset({"received", "edited"})
ACTIONS = {"approve": "approved", "return": "returned", "reject": "rejected"}
CORRECTION_DAYS = 3  # domain.md section 7: correct within 3 working days
MAX_COMMENT = 2000  # characters


@dataclass(frozen=True)
class Verdict:
    """What the reviewer asked for; `instance_id` is the version that was on the screen."""

    instance_id: str
    action: str  # approve return reject
    comment: str = ""
    comments: Mapping[str, str] = field(default_factory=dict)  # path -> text

    def cleaned(self) -> Verdict:
        comments = {path: text.strip() for path, text in self.comments.items() if text.strip()}
        return Verdict(self.instance_id, self.action, self.comment.strip(), comments)


def decide(user: User, root_id: str, verdict: Verdict) -> str:
    """Store a decision and tell the phone.

    Returns: the new review state.
    Raises: Problem, with nothing stored.
    """
    verdict = verdict.cleaned()
    refuse_unfit(verdict)
    by = scope_of(user)
    with write_transaction() as session:
        submission = session.get(Submission, (by.town_id, root_id))
        if submission is None:
            raise Problem("record_unknown")
        refuse_unless_free(submission, verdict, by)
        store(submission, verdict, by.user_id)
        return submission.review_state


def refuse_unfit(verdict: Verdict) -> None:
    """What is wrong with the verdict itself."""
    if verdict.action not in ACTIONS:
        raise Problem("request_invalid", field="action")
    if verdict.action == "return" and not (verdict.comment or verdict.comments):
        raise Problem("reason_missing")
    if verdict.action == "reject" and not verdict.comment:
        raise Problem("reason_missing")
    if any(len(text) > MAX_COMMENT for text in (verdict.comment, *verdict.comments.values())):
        raise Problem("request_invalid", field=f"comment > {MAX_COMMENT}")


def refuse_unless_free(submission: Submission, verdict: Verdict, by: Scope) -> None:
    """Whether this person may decide on this version now."""
    if not may_review(by, submission.review_level, submission.village):
        raise Problem("not_allowed")
    if sent_by(submission, by.user_id):
        raise Problem("self_review")
    is_living = not (submission.is_withdrawn or submission.duplicate_of)
    is_open = submission.review_state in DECIDABLE and is_living
    if not is_open or submission.current_id != verdict.instance_id:
        raise Problem("review_stale")


def sent_by(submission: Submission, user_id: str) -> bool:
    """Whether a person sent any version of it."""
    mine = exists().where(
        SubmissionVersion.town_id == submission.town_id,
        SubmissionVersion.root_id == submission.root_id,
        SubmissionVersion.user_id == user_id,
    )
    return submission.user_id == user_id or bool(db.session.scalar(select(mine)))


def store(submission: Submission, verdict: Verdict, user_id: str) -> None:
    state = ACTIONS[verdict.action]
    due_on = read_calendar().move(today(), CORRECTION_DAYS).isoformat() if verdict.action == "return" else ""
    db.session.add(
        Decision(
            town_id=submission.town_id,
            decision_id=new_id(),
            root_id=submission.root_id,
            instance_id=submission.current_id,
            level=submission.review_level,
            decision=state,
            user_id=user_id,
            comment=verdict.comment,
            comments=dict(verdict.comments),
            due_on=due_on,
            decided_at=now(),
        )
    )
    move(submission, state, user_id)
    if due_on:
        open_deadline(submission.town_id, "returned", submission.root_id, due_on)
    audit(
        submission.town_id,
        user_id,
        verdict.action,
        "submission",
        submission.root_id,
        instance_id=submission.current_id,
        level=submission.review_level,
    )


def note(submission: Submission, decision: str, user_id: str, comment: str = "") -> None:
    """Put into a record's history what was decided about it beside its review."""
    db.session.add(
        Decision(
            town_id=submission.town_id,
            decision_id=new_id(),
            root_id=submission.root_id,
            instance_id=submission.current_id,
            level="",
            decision=decision,
            user_id=user_id,
            comment=comment,
            comments={},
            decided_at=now(),
        )
    )


def move(submission: Submission, state: str, user_id: str) -> None:
    """Put a submission in its new state, and its lists with it; an approval may only pass it one level up."""
    level = next_level(submission.form_id, submission.review_level) if state == "approved" else None
    if level:
        submission.passed_level, submission.review_level = submission.review_level, level
    else:
        submission.review_state = state
    if state == "approved" and not level:
        apply_on_approval(submission, user_id)
        submission.approved_id = submission.current_id
    if state == "rejected":
        undo(submission, user_id)
    submission.changed_at = now()
    submission.seq = next_seq(submission.town_id)
    effects.follow_all([submission], user_id)
