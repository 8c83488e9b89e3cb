"""A camera that sees one picture: what Chromium takes for a phone's camera, drawn from a page's QR code."""

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


def film(code: Locator, path: Path) -> Path:
    """Write a film of a code that a page shows, in the plain format that Chromium's false camera plays."""
    luma = base64.b64decode(code.evaluate(DRAW))
    frame = b"FRAME\n" + luma + bytes([GREY]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * N_FRAMES)
    return path


def flags(film: Path) -> list[str]:
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
