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
