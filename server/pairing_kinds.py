"""The kinds of pairings: who helps whom, how often they meet at least, and how many a mentor may have.

Source: domain.md section 5.1, whose names are the article's and whose figures are its defaults.
"""

from __future__ import annotations

from dataclasses import dataclass

ACTIVE = ("active", "paused")  # states in which a pairing holds
LIVING = ("proposed", *ACTIVE)  # states in which it is on phones


@dataclass(frozen=True)
class Kind:
    """`cadence_n` contacts at least in each `cadence_unit`; a mentor has `most` pairings, 0 for no limit."""

    name: str
    mentor_list: str
    mentee_list: str
    cadence_n: int
    cadence_unit: str
    most: int
    most_for_mentee: int = 1


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("hand_in_hand", "person", "household", 1, "month", 5),
        Kind("village_enterprise", "business", "village", 1, "quarter", 0, most_for_mentee=3),
        Kind("cadre_member", "person", "person", 1, "month", 6),
        Kind("member_household", "person", "business", 1, "month", 5),
        Kind("model_1to1", "person", "person", 2, "month", 1),
    )
}
EAGER_MONTHS = 3  # a starter is seen twice a month at first, then once


def needed(kind: str, cadence_n: int, start_on: str, period_first: str) -> int:
    """How many contacts a period wants."""
    if kind != "model_1to1" or cadence_n != KINDS[kind].cadence_n:
        return cadence_n
    return cadence_n if months_between(start_on, period_first) < EAGER_MONTHS else 1


def months_between(earlier: str, later: str) -> int:
    """Whole calendar months from one ISO day's month to another's."""
    return (int(later[:4]) - int(earlier[:4])) * 12 + int(later[5:7]) - int(earlier[5:7])
