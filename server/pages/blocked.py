"""Why somebody can't decide here and now, as the key of a text; '' when they can.

The actions refuse by the same rules; pages say it before anything is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.access import scope_of
from server.actions.doubts import Pair
from server.actions.held import fault_in, has_form, level_of
from server.actions.levels import may_review, may_settle
from server.actions.review import DECIDABLE, sent_by
from server.models import HeldItem, Submission, User


def why_not_record(user: User, submission: Submission, instance_id: str) -> str:
    """For the version of a record that is on the screen."""
    if not may_review(scope_of(user), submission.review_level, submission.village):
        return "cannot_level"
    if sent_by(submission, user.user_id):
        return "cannot_own"
    if submission.is_withdrawn:
        return "cannot_withdrawn"
    if submission.duplicate_of:
        return "cannot_set_aside"
    if instance_id != submission.current_id:
        return "cannot_old_version"
    return "" if submission.review_state in DECIDABLE else "cannot_decided"


def why_not_pair(user: User, pair: Pair) -> str:
    records = (pair.left, pair.right)
    doubts = [(one.form_id, one.review_level, one.village) for one in records]
    if why := why_not_settled(user, doubts, records):
        return why
    return "cannot_moot" if pair.row.state == "open" and not pair.is_waiting else ""


def why_not_held(user: User, held: HeldItem, target: Submission | None, *, is_target_shown: bool) -> str:
    """For an item stored apart, and the record it is about if there is one."""
    if target and not is_target_shown:
        return "cannot_scope"
    doubt = (held.form_id, level_of(held, target), held.village)
    why = why_not_settled(user, [doubt], [target] if target else [])
    return why or ("cannot_own" if held.user_id == user.user_id else "")


def why_not_taken(held: HeldItem) -> str:
    """Why nobody can take the item in."""
    if fault_in(held):
        return "cannot_take_unreadable"
    return "" if has_form(held) else "cannot_take_version"


def why_not_settled(user: User, doubts: Sequence[tuple[str, str, str]], records: Sequence[Submission]) -> str:
    """Whether this person decides on doubts (form, level, village), and sent none of the records."""
    scope = scope_of(user)
    if not all(may_settle(scope, *doubt) for doubt in doubts):
        return "cannot_level"
    return "cannot_own" if any(sent_by(one, user.user_id) for one in records) else ""
