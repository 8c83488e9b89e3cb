"""Sensitive answers: how they are masked, who may open them, and the audit row that opening leaves."""

from __future__ import annotations

from server.access import HIDDEN, mask
from server.audit import audit
from server.database import write_transaction
from server.models import User
from server.outline import Node
from server.problems import Problem

MIN_REASON = 4  # characters: a full stop is no reason
MAX_REASON = 500
REVEALERS = frozenset({"village_clerk", "village_head", "town_office", "town_leader", "county", "auditor"})


def mask_answer(node: Node, text: str) -> str:
    """A sensitive answer as everybody may see it; health and other choices show nothing of themselves."""
    is_number_like = node.type in {"string", "text", ""} and text.isascii() and not node.choice_list
    return mask(text, "id_number") if is_number_like else HIDDEN if text else ""


def check_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise Problem("reason_missing")
    return reason[:MAX_REASON]


def may_reveal(user: User) -> bool:
    return user.role in REVEALERS


def reveal(user: User, subject_kind: str, subject_id: str, reason: str) -> None:
    """Leave the audit row that must stand before anything is shown.

    Raises: Problem when the role may not, or no reason is given.
    """
    if not may_reveal(user):
        raise Problem("not_allowed")
    reason = check_reason(reason)
    town_id, user_id = user.town_id, user.user_id
    with write_transaction():
        audit(town_id, user_id, "reveal", subject_kind, subject_id, reason=reason)
