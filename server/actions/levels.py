"""Which review levels a form's records pass, and which roles decide at each."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from server.access import Scope
from server.models import Submission

LEVELS: dict[str, tuple[str, ...]] = {}  # form_id -> levels in order; forms not named have the default
DEFAULT_LEVELS = ("town",)
REVIEWERS = {
    "village": frozenset({"village_head"}),
    "town": frozenset({"town_office", "town_leader"}),
    "county": frozenset({"county"}),
}


def levels_of(form_id: str) -> tuple[str, ...]:
    return LEVELS.get(form_id, DEFAULT_LEVELS)


def next_level(form_id: str, level: str) -> str | None:
    """The level after an approval; None when that was the last."""
    levels = levels_of(form_id)
    at = levels.index(level) + 1 if level in levels else len(levels)
    return levels[at] if at < len(levels) else None


def reviewed_by(scope: Scope) -> ColumnElement[bool]:
    """The condition for submissions whose level this person decides at, where they are."""
    return or_(
        *(
            and_(Submission.review_level == level, scope.where_village(Submission.village, roles))
            for level, roles in REVIEWERS.items()
        )
    )


def may_review(scope: Scope, level: str, village: str) -> bool:
    """Whether somebody decides at this level in this village."""
    return scope.has_at(REVIEWERS.get(level, frozenset()), village)
