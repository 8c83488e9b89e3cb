"""How many pixels a picture has, read from its header without decoding it."""

from __future__ import annotations

import struct
from typing import BinaryIO

MAX_PIXELS = 100_000_000  # a browser needs four bytes for each; phones send 1,600 by 1,600 at most
MAX_JPEG_STEPS = 10_000  # markers and fill bytes; a photo with a colour profile has some dozens
JPEG_STANDALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # markers without a length
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def count_pixels(file: BinaryIO, media_type: str) -> int:
    """Width times height of a PNG, JPEG or WebP; 0 where the header doesn't say."""
    file.seek(0)
    try:
        if media_type == "image/png":
            width, height = read_png(file.read(24))
        elif media_type == "image/webp":
            width, height = read_webp(file.read(30))
        elif media_type == "image/jpeg":
            width, height = read_jpeg(file)
        else:
            return 0
    except struct.error:  # cut short
        return 0
    return width * height


def read_png(head: bytes) -> tuple[int, int]:
    return struct.unpack(">II", head[16:]) if head[12:16] == b"IHDR" else (0, 0)


def read_webp(head: bytes) -> tuple[int, int]:
    """Source: RFC 9649; extended, lossless and lossy say it in three ways."""
    if head[12:16] == b"VP8X":
        return (int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1)
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def read_jpeg(file: BinaryIO) -> tuple[int, int]:
    """Go from segment to segment to the frame's header; what hides it behind too many counts as too big."""
    file.seek(2)
    for _ in range(MAX_JPEG_STEPS):
        start, marker = struct.unpack(">BB", file.read(2))
        if start != 0xFF or marker == 0xDA:
            return 0, 0
        if marker == 0xFF:
            file.seek(-1, 1)
        elif marker in JPEG_FRAMES:
            _, _, height, width = struct.unpack(">HBHH", file.read(7))
            return width, height
        elif marker not in JPEG_STANDALONE:
            (length,) = struct.unpack(">H", file.read(2))
            file.seek(max(0, length - 2), 1)
    return MAX_PIXELS + 1, 1
