"""Text to QR codes: a picture for pages, block characters for the terminal."""

from __future__ import annotations

import base64
import io

import qrcode
from qrcode.image.svg import SvgPathImage


def draw_picture(text: str) -> str:
    """A `data:` address of an SVG picture."""
    image = make_code(text).make_image(image_factory=SvgPathImage)
    return "data:image/svg+xml;base64," + base64.b64encode(image.to_string()).decode("ascii")


def draw_blocks(text: str) -> str:
    """Lines of half blocks, dark on light, as a phone reads them from a dark terminal."""
    out = io.StringIO()
    make_code(text).print_ascii(out=out, invert=True)
    return out.getvalue()


def make_code(text: str) -> qrcode.QRCode[SvgPathImage]:
    code: qrcode.QRCode[SvgPathImage] = qrcode.QRCode(border=2)
    code.add_data(text)
    return code
