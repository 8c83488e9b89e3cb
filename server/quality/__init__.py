"""Rules that need more than one record: raised by the server on arrival, keyed by their number.

A form takes part by what it declares: `ly:rule` on the questions concerned, and the kinds of the list columns
it saves to. Nothing here knows a form by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.quality.areas import raise_unknown_areas
from server.quality.case import Case, Context
from server.quality.identities import raise_known_identities
from server.quality.photos import raise_reused_photos
from server.quality.sizes import raise_changed_sizes
from server.quality.visits import raise_unusual_visits

RULES: dict[str, Callable[[Sequence[Case], Context], None]] = {
    "R02": raise_unknown_areas,
    "R04": raise_known_identities,
    "R39": raise_changed_sizes,
    "R42": raise_unusual_visits,
    "R43": raise_reused_photos,
}


def examine(cases: Sequence[Case], context: Context) -> None:
    """Add to each case the violations that these rules find."""
    if cases:
        for rule in RULES.values():
            rule(cases, context)


__all__ = ["RULES", "Case", "Context", "examine"]
