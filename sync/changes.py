"""What is new for one phone, in the order of `seq` and in pages that can be taken up where they ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

DEFAULT_LIMIT = 2000
MAX_LIMIT = 5000

Change = dict[str, Any]  # as on the wire; every change has `seq`


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of changes; the next one begins after `cursor`."""

    changes: list[Change]
    cursor: int
    has_more: bool


def page(streams: Sequence[Sequence[Change]], limit: int, last_seq: int) -> Page:
    """Merge streams, each sorted by `seq` and cut at `limit` + 1, into one page.

    Args:
        last_seq: the town's counter when the streams were read; the cursor once nothing is left.
    """
    merged = sorted((change for stream in streams for change in stream), key=itemgetter("seq"))
    if len(merged) <= limit:
        return Page(merged, last_seq, False)
    cut = whole_seqs(merged, limit)
    return Page(merged[:cut], merged[cut - 1]["seq"], True)


def whole_seqs(merged: Sequence[Change], limit: int) -> int:
    """Where to cut so that no `seq` is split: at most `limit`, unless one alone has more."""
    cut = limit
    while cut > 0 and merged[cut - 1]["seq"] == merged[cut]["seq"]:
        cut -= 1
    if cut > 0:
        return cut
    first = merged[0]["seq"]
    return sum(1 for change in merged if change["seq"] == first)
