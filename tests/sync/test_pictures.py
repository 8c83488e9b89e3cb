"""The size of a picture from its header: each kind, and headers that lie or end early."""

import io
import struct

import pytest

from sync.pictures import MAX_JPEG_STEPS, MAX_PIXELS, count_pixels

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 20_000, 20_000)
APP = b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
JPEG = b"\xff\xd8" + APP + b"\xff\xff\xc2" + struct.pack(">HBHH", 17, 8, 65_535, 65_534)
SMALL = APP + b"\xff\xc2" + struct.pack(">HBHH", 17, 8, 300, 200)
WEBP = b"RIFF\0\0\0\0WEBP"
WEBP_EXTENDED = WEBP + b"VP8X" + bytes(8) + (299).to_bytes(3, "little") + (199).to_bytes(3, "little")
WEBP_LOSSLESS = WEBP + b"VP8L" + bytes(4) + b"\x2f" + (299 | 199 << 14).to_bytes(4, "little") + bytes(5)
WEBP_LOSSY = WEBP + b"VP8 " + bytes(4) + bytes(6) + struct.pack("<HH", 300, 200)


@pytest.mark.parametrize(
    ("head", "media_type", "pixels"),
    [
        (PNG, "image/png", 400_000_000),
        (JPEG, "image/jpeg", 65_535 * 65_534),
        (WEBP_EXTENDED, "image/webp", 60_000),
        (WEBP_LOSSLESS, "image/webp", 60_000),
        (WEBP_LOSSY, "image/webp", 60_000),
        (PNG[:20], "image/png", 0),
        (JPEG[:-3], "image/jpeg", 0),
        (b"\xff\xd8" + APP * 3, "image/jpeg", 0),
        (b"\xff\xd8\xff\xda", "image/jpeg", 0),
        (b"\xff\xd8\xff\xe0\0\0" * 9, "image/jpeg", 0),
        (WEBP, "image/webp", 0),
        (b"%PDF-1.7", "application/pdf", 0),
    ],
)
def test_counts_pixels(head: bytes, media_type: str, pixels: int) -> None:
    assert count_pixels(io.BytesIO(head), media_type) == pixels


@pytest.mark.parametrize("filler", [b"\xff", b"\xff\xd0", b"\xff\xe0\0\2"])
def test_does_not_follow_a_jpeg_without_end(filler: bytes) -> None:
    head = b"\xff\xd8" + filler * (MAX_JPEG_STEPS + 1) + SMALL
    assert count_pixels(io.BytesIO(head), "image/jpeg") > MAX_PIXELS
