"""Small PNG pictures made from a seed: signatures for the demo's records."""

from __future__ import annotations

import struct
import zlib
from random import Random

WIDTH = 240
HEIGHT = 96
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def signature(random: Random) -> bytes:
    """Draw a scribble, black on white, as a greyscale PNG; the same seed gives the same bytes."""
    rows = [bytearray(b"\xff" * WIDTH) for _ in range(HEIGHT)]
    x, y = 20.0, HEIGHT / 2
    for _ in range(14):
        to_x, to_y = x + random.uniform(4, 26), random.uniform(16, HEIGHT - 16)
        _line(rows, x, y, to_x, to_y)
        x, y = to_x, to_y
    return _png(rows)


def _line(rows: list[bytearray], x: float, y: float, to_x: float, to_y: float) -> None:
    steps = int(max(abs(to_x - x), abs(to_y - y))) + 1
    for step in range(steps + 1):
        column, row = round(x + (to_x - x) * step / steps), round(y + (to_y - y) * step / steps)
        for offset in (0, 1):
            if 0 <= column + offset < WIDTH and 0 <= row < HEIGHT:
                rows[row][column + offset] = 0


def _png(rows: list[bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + bytes(row) for row in rows), 9)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
