"""Which review levels a form's records pass, and which roles decide at each."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from server.access import COUNTY_LEVEL, Scope
from server.database import db
from server.models import UNREVIEWED, Form, Submission, review_levels

REVIEWERS = {
    "village": frozenset({"village_head"}),
    "town": frozenset({"town_office", "town_leader"}),
    COUNTY_LEVEL: frozenset({"county"}),
}


def levels_of(form_id: str) -> tuple[str, ...]:
    """Who decides about what a form brings; also where its records need no review, or the form isn't here."""
    form = db.session.get(Form, form_id)
    levels = review_levels(form.review if form else "")
    return review_levels("") if levels == (UNREVIEWED,) else levels


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


def may_settle(scope: Scope, form_id: str, level: str, village: str) -> bool:
    """Whether somebody decides what a machine can't: at the record's level, and from the town up at any."""
    levels = {"town", *levels_of(form_id)} - {"village"} | {level}
    return any(may_review(scope, each, village) for each in levels)


def may_review(scope: Scope, level: str, village: str) -> bool:
    """Whether somebody decides at this level in this village."""
    return scope.has_at(REVIEWERS.get(level, frozenset()), village)
