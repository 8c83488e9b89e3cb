"""Geometry helpers of the runtime: area and length over geopoint, geotrace and geoshape texts.

A point is `lat lon [alt [accuracy]]`, points are separated by `;`, the earth is a sphere as in ODK's engines.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

EARTH_RADIUS_M = 6_378_100.0  # Source: packages/xpath/src/functions/xforms/geo.ts of getodk/web-forms


def _points(texts: Sequence[str]) -> list[tuple[float, float]] | None:
    """Read all points as radians (latitude, longitude); None when a text is no point."""
    points = []
    for text in texts:
        for part in text.split(";"):
            numbers = part.split()
            if not numbers:
                continue
            try:
                points.append((math.radians(float(numbers[0])), math.radians(float(numbers[1]))))
            except (ValueError, IndexError):
                return None
    return points


def area(texts: Sequence[str]) -> float:
    """Give the area within the points in square metres, to the hundredth; 0 for fewer than three."""
    points = _points(texts)
    if points is None or len(points) < 3:
        return 0.0
    closed = points if points[0] == points[-1] else [*points, points[0]]
    total = sum(_slice(before, after) for before, after in pairwise(closed))
    return _hundredths(abs(total * EARTH_RADIUS_M * EARTH_RADIUS_M / 2))


def _slice(one: tuple[float, float], other: tuple[float, float]) -> float:
    return (other[1] - one[1]) * (2 + math.sin(other[0]) + math.sin(one[0]))


def distance(texts: Sequence[str]) -> float:
    """Give the length along the points in metres, to the hundredth; NaN when a text is no point."""
    points = _points(texts)
    if points is None or len(points) < 2:
        return math.nan
    return _hundredths(sum(_arc(before, after) for before, after in pairwise(points)) * EARTH_RADIUS_M)


def _arc(one: tuple[float, float], other: tuple[float, float]) -> float:
    cosine = math.sin(one[0]) * math.sin(other[0]) + math.cos(one[0]) * math.cos(other[0]) * math.cos(
        one[1] - other[1]
    )
    return math.acos(max(-1.0, min(1.0, cosine)))


def _hundredths(value: float) -> float:
    return math.floor(value * 100 + 0.5) / 100
