"""Which review levels a form's records pass, and which roles decide at each."""

from __future__ import annotations

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


def levels_reviewed_by(role: str) -> list[str]:
    return [level for level, roles in REVIEWERS.items() if role in roles]


def may_review(role: str, level: str) -> bool:
    return role in REVIEWERS.get(level, frozenset())
