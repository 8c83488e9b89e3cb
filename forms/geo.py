"""Geometry helpers of the runtime: area, length and crossings over geopoint, geotrace and geoshape texts.

A point is `lat lon [alt [accuracy]]`, points are separated by `;`, the earth is a sphere as in ODK's engines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import TypeAlias

from forms import numbers

Point: TypeAlias = tuple[float, float]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_SPACES = re.compile(r"[ \t\r\n]+")
_MAX_CROSSED = 2_000  # points
_POLE = 1e-9  # nearer to it there is no east
EARTH_RADIUS_M = 6_378_100.0  # Source: packages/xpath/src/functions/xforms/geo.ts of getodk/web-forms


def _points(texts: Sequence[str]) -> list[Point] | None:
    """Read all points as radians (latitude, longitude); None when a text is no point."""
    points: list[Point] = []
    for text in texts:
        read = _degrees(text)
        if read is None:
            return None
        points += [(math.radians(latitude), math.radians(longitude)) for latitude, longitude in read]
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


def geofence(point: str, shape: str) -> bool:
    """Whether a point lies within a closed shape, by even and odd crossings in degrees."""
    corners, at = _degrees(shape), _degrees(point)
    if not corners or not at or len(corners) < 2 or corners[0] != corners[-1]:
        return False
    latitude, longitude = at[0]
    crossed = [
        (after[0] > latitude) != (before[0] > latitude)
        and longitude < (before[1] - after[1]) * (latitude - after[0]) / (before[0] - after[0]) + after[1]
        for before, after in pairwise(corners)
    ]
    return sum(crossed) % 2 == 1


def intersects(line: str) -> bool:
    """Whether a line or shape crosses or touches itself, other than where its segments meet or it closes.

    Each segment is held against each other one, so a line of very many points is not looked through.
    """
    points = _degrees(line)
    if points is None or len(points) > _MAX_CROSSED:
        return False
    segments = [(one, other) for one, other in pairwise(points) if one != other]
    is_closed = len(segments) > 1 and segments[0][0] == segments[-1][1]
    last = len(segments) - 1
    return any(
        _meet(segments[one], segments[other])
        for one in range(len(segments))
        for other in range(one + 2, len(segments))
        if not (is_closed and one == 0 and other == last)
    )


def _meet(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two segments share a point."""
    turns = [_turn(*one, other[0]), _turn(*one, other[1]), _turn(*other, one[0]), _turn(*other, one[1])]
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((one, other[0]), (one, other[1]), (other, one[0]), (other, one[1]))
    return any(
        turn == 0 and _is_between(*segment, point) for turn, (segment, point) in zip(turns, ends, strict=True)
    )


def _turn(start: Point, end: Point, point: Point) -> float:
    """Which side of a segment a point lies on: 0 on its line."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _is_between(start: Point, end: Point, point: Point) -> bool:
    return all(min(start[at], end[at]) <= point[at] <= max(start[at], end[at]) for at in (0, 1))


def short_geopoint(point: str) -> str:
    """Keep latitude and longitude."""
    return " ".join(_words(point)[:2])


def geo_scatter(point: str, range_m: float) -> str:
    """Move a point by up to so many metres, whichever way; its accuracy becomes that range."""
    at = _degrees(point)
    if not at or not 0.0 <= range_m < EARTH_RADIUS_M:
        return ""
    latitude, longitude = at[0]
    # The root makes every place in the circle equally likely.
    distance_m, angle = range_m * math.sqrt(numbers.random()), 2 * math.pi * numbers.random()
    north = math.degrees(distance_m * math.cos(angle) / EARTH_RADIUS_M)
    width_m = EARTH_RADIUS_M * max(math.cos(math.radians(latitude)), _POLE)
    east = math.degrees(distance_m * math.sin(angle) / width_m)
    return f"{latitude + north:.7f} {longitude + east:.7f} 0 {range_m:g}"


def _degrees(text: str) -> list[Point] | None:
    """Read points as degrees; None when the text is no point."""
    points = []
    for words in map(_words, text.split(";")):
        if not words:
            continue
        if len(words) < 2 or not all(map(_NUMBER.fullmatch, words[:2])):
            return None
        points.append((float(words[0]), float(words[1])))
    return points if all(map(math.isfinite, chain(*points))) else None


def _words(text: str) -> list[str]:
    return [word for word in _SPACES.split(text) if word]


def _hundredths(value: float) -> float:
    return math.floor(value * 100 + 0.5) / 100
