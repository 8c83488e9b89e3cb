"""Small PNG pictures made from a seed: signatures, houses, stored grain, workshops."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from random import Random

SIGNATURE_SIZE = (240, 96)
PHOTO_SIZE = (320, 240)
MAGIC = b"\x89PNG\r\n\x1a\n"
Colour = tuple[int, int, int]

# The palette of all pictures; a pixel is a place in it.
COLOURS: dict[str, Colour] = {
    "white": (255, 255, 255),
    "ink": (16, 16, 24),
    "sky": (190, 214, 235),
    "haze": (224, 230, 228),
    "earth": (150, 128, 92),
    "grass": (120, 150, 84),
    "brick": (176, 98, 74),
    "plaster": (232, 226, 212),
    "tiles": (92, 84, 88),
    "wood": (124, 82, 48),
    "glass": (120, 158, 180),
    "sack": (214, 190, 142),
    "grain": (224, 178, 60),
    "steel": (164, 172, 180),
    "shade": (88, 92, 100),
}
INDEX = {name: number for number, name in enumerate(COLOURS)}


class Canvas:
    """Pixels to draw on; what lies outside is cut off."""

    def __init__(self, size: tuple[int, int], ground: str) -> None:
        self.width, self.height = size
        self.rows = [bytearray([INDEX[ground]]) * self.width for _ in range(self.height)]

    def box(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        for row in range(max(0, round(top)), min(self.height, round(top + height))):
            self.span(row, left, left + width, colour)

    def span(self, row: int, left: float, right: float, colour: str) -> None:
        first, last = max(0, round(left)), min(self.width, round(right))
        if first < last:
            self.rows[row][first:last] = bytes([INDEX[colour]]) * (last - first)

    def gable(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A roof seen from the front: a triangle standing on its base."""
        for step in range(round(height)):
            half = width / 2 * (step + 1) / height
            if 0 <= round(top) + step < self.height:
                self.span(round(top) + step, left + width / 2 - half, left + width / 2 + half, colour)

    def heap(self, middle: float, base: float, width: float, height: float, colour: str) -> None:
        """Half an ellipse standing on its base."""
        for step in range(round(height)):
            half = width / 2 * (1 - (step / height) ** 2) ** 0.5
            row = round(base) - step
            if 0 <= row < self.height:
                self.span(row, middle - half, middle + half, colour)

    def line(self, x: float, y: float, to_x: float, to_y: float, colour: str) -> None:
        steps = int(max(abs(to_x - x), abs(to_y - y))) + 1
        for step in range(steps + 1):
            self.box(x + (to_x - x) * step / steps, y + (to_y - y) * step / steps, 2, 1, colour)

    def png(self) -> bytes:
        """The picture as an indexed PNG."""
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        palette = b"".join(bytes(colour) for colour in COLOURS.values())
        pixels = zlib.compress(b"".join(b"\x00" + bytes(row) for row in self.rows), 9)
        chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
        return MAGIC + b"".join(chunk(kind, data) for kind, data in chunks)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def draw(subject: str, seed: str) -> bytes:
    """Draw a signature, house, grain or workshop; the same seed gives the same bytes, another seed others."""
    random = Random(seed)  # noqa: S311 - a drawing
    canvas = SUBJECTS[subject](random)
    if subject != "signature":
        scatter(canvas, random)
    return canvas.png()


def scatter(canvas: Canvas, random: Random) -> None:
    """Strew stones and straw over the ground: no two photos are alike."""
    for _ in range(60):
        left, top = random.uniform(0, canvas.width), random.uniform(canvas.height - 36, canvas.height)
        canvas.box(left, top, random.choice([2, 3, 5]), 2, random.choice(["wood", "grass", "haze"]))


def signature(random: Random) -> Canvas:
    """A scribble, dark on white."""
    canvas = Canvas(SIGNATURE_SIZE, "white")
    x, y = 20.0, canvas.height / 2
    for _ in range(14):
        to_x, to_y = x + random.uniform(4, 26), random.uniform(16, canvas.height - 16)
        canvas.line(x, y, to_x, to_y, "ink")
        x, y = to_x, to_y
    return canvas


def house(random: Random) -> Canvas:
    """A farmhouse of one storey with its yard."""
    canvas = outdoors(random)
    wall, roof = random.choice(["brick", "plaster"]), random.choice(["tiles", "brick"])
    left, top, width = random.uniform(40, 80), random.uniform(110, 125), random.uniform(150, 190)
    canvas.box(left, top, width, 80, wall)
    canvas.gable(left - 14, top - 44, width + 28, 44, roof)
    canvas.box(left + width / 2 - 14, top + 26, 28, 54, "wood")
    for share in (0.2, 0.8):
        window(canvas, left + width * share - 17, top + 24)
    canvas.heap(random.choice([22.0, 296.0]), 196, 46, random.uniform(60, 110), "grass")
    return canvas


def workshop(random: Random) -> Canvas:
    """A hall with saw-tooth roofs, a gate and stacked pipes."""
    canvas = outdoors(random)
    n_bays = random.randint(3, 5)
    width = 260 / n_bays
    canvas.box(30, 110, 260, 84, random.choice(["plaster", "steel"]))
    for bay in range(n_bays):
        canvas.gable(30 + bay * width, 84, width, 26, "shade")
    canvas.box(130, 136, 60, 58, "shade")
    for number in range(random.randint(3, 6)):
        canvas.box(36, 188 - number * 7, 70, 4, "steel")
    window(canvas, 226, 134)
    return canvas


def grain(random: Random) -> Canvas:
    """Sacks against a wall, an open heap before them."""
    canvas = Canvas(PHOTO_SIZE, "plaster")
    canvas.box(0, 180, canvas.width, 60, "earth")
    for number in range(random.randint(3, 6)):
        left = 24 + number * 46 + random.uniform(-4, 4)
        canvas.box(left, 196 - random.uniform(70, 104), 40, 104, "sack")
        canvas.box(left + 12, 130, 16, 4, "wood")
    canvas.box(0, 200, canvas.width, 40, "earth")
    canvas.heap(random.uniform(110, 210), 224, random.uniform(110, 170), random.uniform(30, 56), "grain")
    return canvas


def outdoors(random: Random) -> Canvas:
    canvas = Canvas(PHOTO_SIZE, random.choice(["sky", "haze"]))
    canvas.box(0, 176, canvas.width, 64, "earth")
    canvas.box(0, 168 + random.uniform(0, 8), canvas.width, 16, "grass")
    return canvas


def window(canvas: Canvas, left: float, top: float) -> None:
    canvas.box(left, top, 34, 28, "wood")
    canvas.box(left + 3, top + 3, 28, 22, "glass")
    canvas.box(left + 16, top + 3, 2, 22, "wood")


SUBJECTS: dict[str, Callable[[Random], Canvas]] = {
    "signature": signature,
    "house": house,
    "grain": grain,
    "workshop": workshop,
}
