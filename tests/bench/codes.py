"""Signed codes: how many one core reads in a second, and how soon a phone says what a scan was.

The phone is a Chromium slowed six times that holds a village of 1,200 households, each with a card. The time
is from the decoder's answer to the frame that shows the verdict: lists are opened, the signature is verified,
the row is found. Each run is the first scan after the app was opened.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, BrowserContext

from server.actions.cards import issue_cards
from server.app import create_app
from server.codes import CONTEXT, KnownKey, Ring, Signer, decode, name_key, read, sign
from server.config import Config
from server.database import db
from server.models import Entity
from server.qr import draw_picture
from tests.bench.phone import sign_in
from tests.bench.phone.handset import Handset, open_browser, open_phone
from tests.bench.phone.town import build
from tests.serving import serve

N_CODES = 500
SECONDS = 2.0
RUNS = 7
SIGNATURE_BYTES = 64
# A phone whose WebCrypto has no Ed25519.
WITHOUT_ED25519 = """
const importKey = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (format, key, algorithm, ...rest) =>
  algorithm === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError'))
                          : importKey(format, key, algorithm, ...rest);
"""
DECIDED = """new Promise(resolve => {
  new PerformanceObserver(list => {
    const found = list.getEntriesByName('decided')[0];
    if (found) resolve(found.duration);
  }).observe({ type: 'measure', buffered: true });
})"""

Figures = dict[str, float]


def measure() -> Figures:
    return {**measure_server(), **measure_phone()}


def measure_server() -> Figures:
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    signer = Signer(name_key(public.public_bytes_raw()), private)
    now = datetime.now(UTC)
    ends = now + timedelta(days=1)
    texts = [sign(signer, "badge", f"{number:032x}", now, ends) for number in range(N_CODES)]
    ring = Ring("town", {signer.key_id: KnownKey(public, "town")})
    raw = [(text[-SIGNATURE_BYTES:], CONTEXT + text[:-SIGNATURE_BYTES]) for text in map(decode, texts)]
    return {
        "server: signed codes read on one core": per_second(
            lambda at: read(texts[at % N_CODES], "badge", ring, now)
        ),
        "server: bare Ed25519 verifications | per s": per_second(
            lambda at: public.verify(*raw[at % N_CODES])
        ),
    }


def per_second(work: Callable[[int], object]) -> float:
    began = time.perf_counter()
    for at in count():
        work(at)
        if (took := time.perf_counter() - began) > SECONDS:
            return (at + 1) / took
    raise AssertionError


def measure_phone() -> Figures:
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        data = Path(folder) / "instance"
        build(data)
        with serve(data) as served:
            address = f"http://localhost:{served.port}/d"
            picture = Path(folder) / "code.png"
            draw(browser, f"{address}#{issue_all(data)}", picture)
            return {
                "phone: a scan is decided after decoding": scan(open_phone(browser, served.port), picture),
                "phone: the same where WebCrypto has no Ed25519 | ms": scan(
                    without_ed25519(open_phone(browser, served.port)), picture
                ),
            }


def without_ed25519(context: BrowserContext) -> BrowserContext:
    context.add_init_script(WITHOUT_ED25519)
    return context


def issue_all(data: Path) -> str:
    """Give every household its card; the code of one in the phone's village."""
    app = create_app(Config(data=data))
    with app.app_context():
        rows = db.session.scalars(db.select(Entity).filter_by(list_name="household", is_deleted=False)).all()
        villages = [row.village for row in rows]
        large = max(set(villages), key=villages.count)
        town_id, names = rows[0].town_id, [row.entity_id for row in rows]
        wanted = next(row.entity_id for row in rows if row.village == large)
        issued = issue_cards(town_id, "", "door", names)
        db.session.remove()
        db.engine.dispose()
    return issued[wanted].token


def draw(browser: Browser, text: str, path: Path) -> None:
    page = browser.new_page()
    page.set_content(f'<img width="400" height="400" src="{draw_picture(text)}">')
    page.locator("img").screenshot(path=path)
    page.close()


def scan(context: BrowserContext, picture: Path) -> float:
    sign_in(context)
    times = []
    for _ in range(RUNS):
        handset = Handset(context)
        handset.go("scan")
        handset.wait_until_quiet(".scan-message")
        handset.page.locator("input[type=file]").set_input_files(picture)
        times.append(float(handset.page.evaluate(DECIDED)))
        assert handset.page.locator(".scan-result.is-good").count()
        handset.close()
    context.close()
    return median(times)
