"""The rules of attendance: when one may check in, what is late, what looks like signing for someone else.

Pure. A flag is a signal and no proof (domain.md 6.3): it is shown to the organiser and deletes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MARGIN = timedelta(minutes=30)  # before the start and after the end
LATE_AFTER = timedelta(minutes=10)
BURST_SPAN = timedelta(seconds=10)
BURST_LIMIT = 3  # check-ins from one address within that span
MANUAL_SHARE = 0.2
MAX_PHOTO_BYTES = 300_000  # the page makes larger ones smaller
EARTH_RADIUS_M = 6_371_000

LATE, SAME_DEVICE, BURST, FAR, WALK_IN = "late", "same_device", "burst", "far", "walk_in"
SAME_PHOTO = "same_photo"
NO_PHONE_KNOWN = "phone_unknown"  # the roster has no number to compare with
DOUBTFUL = frozenset(
    {SAME_DEVICE, BURST, FAR, SAME_PHOTO, NO_PHONE_KNOWN}
)  # what an organiser confirms or dismisses


@dataclass(frozen=True)
class Facts:
    """What is known when a check-in comes in."""

    at: datetime
    start_at: datetime
    way: str  # wall badge manual
    direction: str
    n_others_on_device: int = 0
    recent_from_address: Sequence[datetime] = ()
    distance_m: int | None = None
    radius_m: int = 0
    is_photo_used: bool = False  # another check-in came with the same picture


def window_problem(at: datetime, start_at: datetime, end_at: datetime) -> str:
    """'' within the window, else the code of why not."""
    if at < start_at - MARGIN:
        return "check_in_early"
    return "check_in_over" if at > end_at + MARGIN else ""


def is_late(at: datetime, start_at: datetime, direction: str = "in") -> bool:
    return direction == "in" and at > start_at + LATE_AFTER


def find_flags(facts: Facts) -> list[str]:
    """What is unusual about one check-in; organisers' own devices are exempt, since they scan for all."""
    flags = [LATE] if is_late(facts.at, facts.start_at, facts.direction) else []
    flags += [SAME_PHOTO] if facts.is_photo_used else []
    if facts.way == "wall":
        recent = [one for one in facts.recent_from_address if facts.at - one <= BURST_SPAN]
        flags += [SAME_DEVICE] if facts.n_others_on_device else []
        flags += [BURST] if len(recent) >= BURST_LIMIT else []
        flags += [FAR] if facts.distance_m is not None and facts.distance_m > facts.radius_m else []
    return flags


def is_manual_share_high(n_manual: int, n_present: int) -> bool:
    return n_present > 0 and n_manual / n_present > MANUAL_SHARE


def distance_m(place: tuple[float, float], other: tuple[float, float]) -> int:
    """Metres along the surface between two (latitude, longitude)."""
    lat, other_lat = math.radians(place[0]), math.radians(other[0])
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin(math.radians(other[1] - place[1]) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half))))
