"""Sensitive answers: how they are masked, who may open them, and the audit row that opening leaves."""

from __future__ import annotations

from server.access import HIDDEN, OFFICE_ROLES, mask, scope_of
from server.audit import audit
from server.database import write_transaction
from server.models import User
from server.outline import Node
from server.problems import Problem

MIN_REASON = 4  # characters: a full stop is no reason
MAX_REASON = 500


def mask_answer(node: Node, text: str) -> str:
    """A sensitive answer as everybody may see it; health and other choices show nothing of themselves."""
    is_number_like = node.type in {"string", "text", ""} and text.isascii() and not node.choice_list
    return mask(text, "id_number") if is_number_like else HIDDEN if text else ""


def check_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise Problem("reason_missing")
    return reason[:MAX_REASON]


def may_reveal(user: User, *villages: str) -> bool:
    """Whether somebody may open what is masked in each of these villages; without one, anywhere."""
    scope = scope_of(user)
    return scope.has(OFFICE_ROLES) and all(scope.has_at(OFFICE_ROLES, village) for village in villages)


def reveal(user: User, subject_kind: str, subject_id: str, village: str, reason: str) -> None:
    """Leave the audit row that must stand before anything is shown.

    Raises: Problem when the person may not there, or no reason is given.
    """
    if not may_reveal(user, village):
        raise Problem("not_allowed")
    reason = check_reason(reason)
    town_id, user_id = user.town_id, user.user_id
    with write_transaction():
        audit(town_id, user_id, "reveal", subject_kind, subject_id, reason=reason)
