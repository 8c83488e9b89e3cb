"""Where things are: the demo's villages lie on a ring, their houses near the village's middle."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from server.demo.people import villages

MIDDLE = (32.66, 120.06)  # degrees; the houses of the demo stand in fields
RING, VILLAGE = 0.045, 0.006  # degrees: about 5 km, and 600 m
STEP = 0.0006  # about 60 m: how exactly a phone takes a position
ALTITUDE_M, ACCURACY_M = 3.0, 12.0

Position = list[float]  # latitude, longitude, altitude and accuracy in metres, as answers have it


def house_at(village: str, seed: str) -> Position:
    """Where a house or a workshop of a village stands."""
    random = Random(seed)  # noqa: S311 - the same place every time
    codes = [each.code for each in villages()]
    angle = 2 * pi * codes.index(village) / len(codes)
    lat = MIDDLE[0] + RING * sin(angle) + random.uniform(-VILLAGE, VILLAGE)
    lon = MIDDLE[1] + RING * cos(angle) + random.uniform(-VILLAGE, VILLAGE)
    return [round(lat, 6), round(lon, 6), ALTITUDE_M, ACCURACY_M]


def near(place: Position, seed: str) -> Position:
    """The same place as another phone finds it another day."""
    random = Random(seed)  # noqa: S311 - the same place every time
    lat, lon = (round(part + random.uniform(-STEP, STEP), 6) for part in place[:2])
    return [lat, lon, ALTITUDE_M, float(random.randint(5, 25))]
