"""A camera that sees pictures: what Chromium takes for a phone's camera, drawn from a page's QR codes."""

from __future__ import annotations

import base64
from pathlib import Path

from playwright.sync_api import Locator

WIDTH, HEIGHT, SIDE = 640, 480, 380  # pixels of the film, and of the code in its middle
N_FRAMES = 10
GREY = 128

# The code on a desk, a little askew, as nobody holds a phone straight.
DRAW = f"""async image => {{
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [{WIDTH}, {HEIGHT}];
  const context = canvas.getContext('2d');
  context.fillStyle = '#999';
  context.fillRect(0, 0, {WIDTH}, {HEIGHT});
  context.translate({WIDTH} / 2, {HEIGHT} / 2);
  context.rotate(0.12);
  context.fillStyle = '#eee';
  context.fillRect(-{SIDE} / 2 - 12, -{SIDE} / 2 - 12, {SIDE} + 24, {SIDE} + 24);
  context.drawImage(image, -{SIDE} / 2, -{SIDE} / 2, {SIDE}, {SIDE});
  const pixels = context.getImageData(0, 0, {WIDTH}, {HEIGHT}).data;
  const luma = new Uint8Array({WIDTH} * {HEIGHT}).map((_, at) => pixels[4 * at]);
  let binary = '';
  for (const byte of luma) binary += String.fromCharCode(byte);
  return btoa(binary);
}}"""


def film(code: Locator, path: Path, n_frames: int = N_FRAMES) -> Path:
    """Write a film of the codes that a page shows, in the plain format that Chromium's false camera plays.

    It is played over and over: of several codes one comes after the other, for `n_frames` tenths of a second.
    """
    frames = (b"FRAME\n" + draw(one) + bytes([GREY]) * (WIDTH * HEIGHT // 2) for one in code.all())
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + b"".join(frame * n_frames for frame in frames))
    return path


def draw(code: Locator) -> bytes:
    return base64.b64decode(code.evaluate(DRAW))


def flags(film: Path) -> list[str]:
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
