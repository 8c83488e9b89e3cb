"""What becomes of one item: a table from what is known about it to its outcome and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What the phone is told."""

    ACCEPTED = "accepted"
    RESENT = "resent"
    CONFLICT = "conflict"
    NEW_VERSION = "new_version"
    HELD = "held"
    REFUSED = "refused"


class Kept(StrEnum):
    """What the server stores."""

    NOTHING = "nothing"
    SUBMISSION = "submission"
    VERSION = "version"
    APART = "apart"  # for a person to look at; nothing is overwritten


class Replaces(StrEnum):
    """What an item says it replaces."""

    NOTHING = "nothing"
    CURRENT = "current"
    OLDER = "older"
    UNKNOWN = "unknown"
    OTHER_FORM = "other_form"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decision may depend on."""

    digest: str = ""
    known_digest: str = ""  # of the submission version with this id, '' if the id is unknown
    kept_apart: Outcome | None = None  # what was answered when this id and digest was stored apart before
    refusal: str = ""  # why it can't be stored at all
    hold: str = ""  # why a supervisor must see it first
    replaces: Replaces = Replaces.NOTHING


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome, the code of its reason ('' when all is well), and what is kept."""

    outcome: Outcome
    kept: Kept
    reason: str = ""


Rule = tuple[Callable[[Facts], bool], Callable[[Facts], Decision]]


def always(outcome: Outcome, kept: Kept, reason: str = "") -> Callable[[Facts], Decision]:
    decision = Decision(outcome, kept, reason)
    return lambda facts: decision


# Source: design section 4. The first row that fits decides.
TABLE: tuple[Rule, ...] = (
    (
        lambda facts: facts.refusal != "",
        lambda facts: Decision(Outcome.REFUSED, Kept.NOTHING, facts.refusal),
    ),
    (
        lambda facts: facts.known_digest != "" and facts.known_digest == facts.digest,
        always(Outcome.RESENT, Kept.NOTHING),
    ),
    (
        lambda facts: facts.kept_apart is not None,
        lambda facts: Decision(facts.kept_apart or Outcome.HELD, Kept.NOTHING),
    ),
    (
        lambda facts: facts.known_digest != "",
        always(Outcome.CONFLICT, Kept.APART, "content_conflict"),
    ),
    (
        lambda facts: facts.hold != "",
        lambda facts: Decision(Outcome.HELD, Kept.APART, facts.hold),
    ),
    (
        lambda facts: facts.replaces is Replaces.OTHER_FORM,
        always(Outcome.HELD, Kept.APART, "base_other_form"),
    ),
    (
        lambda facts: facts.replaces is Replaces.UNKNOWN,
        always(Outcome.HELD, Kept.APART, "base_unknown"),
    ),
    (
        lambda facts: facts.replaces is Replaces.OLDER,
        always(Outcome.CONFLICT, Kept.APART, "version_conflict"),
    ),
    (
        lambda facts: facts.replaces is Replaces.CURRENT,
        always(Outcome.NEW_VERSION, Kept.VERSION),
    ),
    (
        lambda facts: True,
        always(Outcome.ACCEPTED, Kept.SUBMISSION),
    ),
)


def decide(facts: Facts) -> Decision:
    """Find what becomes of an item; every combination of facts has exactly one answer."""
    return next(answer(facts) for fits, answer in TABLE if fits(facts))
