"""`python -m tests.bad_inputs.write_codes` writes the signed codes that both languages are tried with.

Keys and times are fixed, so the files come out the same; a test compares them. `conformance/codes/good.json`
holds the keys and what must be read, `codes/<name>.json` beside this module what must be refused as what.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.codes import BODY, CONTEXT, Signer, encode, name_key, sign
from server.sealing import to_text

HERE = Path(__file__).parent
GOOD = HERE.parent / "conformance" / "codes" / "good.json"
BAD = HERE / "codes"
ISSUED = datetime(2016, 10, 14, 16, tzinfo=UTC)  # midnight in the town
EXPIRES = ISSUED + timedelta(days=730)
NOON = datetime(2016, 10, 15, 4, tzinfo=UTC)
CARD = "00112233445566778899aabbccddeeff"
OTHER_CARD = "ffeeddccbbaa99887766554433221100"
REVOKED_CARD = "00000000000000000000000000000bad"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ORDER = 2**252 + 27742317777372353535851937790883648493  # of Ed25519's group, RFC 8032 section 5.1


def make_signer(seed: int) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Signer(name_key(private.public_key().public_bytes_raw()), private)


OURS, RETIRED, REVOKED, NEIGHBOUR, STRANGER = (make_signer(seed) for seed in range(1, 6))
KEYS = {
    OURS.key_id: (OURS, "", "current"),
    RETIRED.key_id: (RETIRED, "", "retired"),
    REVOKED.key_id: (REVOKED, "", "revoked"),
    NEIGHBOUR.key_id: (NEIGHBOUR, "邻镇(演示)", "current"),
}


def signed(body: bytes, key: Signer = OURS, context: bytes = CONTEXT) -> str:
    return encode(body + key.private.sign(context + body))


def body_of(**changes: Any) -> bytes:
    parts = {
        "version": 1,
        "purpose": 2,
        "key_id": OURS.key_id,
        "card_id": CARD,
        "first": ISSUED,
        "last": EXPIRES,
    }
    parts |= changes
    seconds = (int(parts["first"].timestamp()), int(parts["last"].timestamp()))
    return BODY.pack(
        parts["version"],
        parts["purpose"],
        bytes.fromhex(parts["key_id"]),
        bytes.fromhex(parts["card_id"]),
        *seconds,
    )


def door(key: Signer = OURS, card: str = CARD, first: datetime = ISSUED, last: datetime = EXPIRES) -> str:
    return sign(key, "door", card, first, last)


def bytes_of(text: str) -> bytearray:
    return bytearray(base64.urlsafe_b64decode(text + "=="))


def flipped(at: int, bit: int = 1) -> str:
    raw = bytes_of(door())
    raw[at] ^= bit
    return encode(bytes(raw))


def with_high_s() -> str:
    """The same signature with the group's order added to S, which lax readers take. RFC 8032 5.1.7."""
    raw = bytes_of(door())
    high = int.from_bytes(raw[-32:], "little") + ORDER
    raw[-32:] = high.to_bytes(32, "little")
    return encode(bytes(raw))


def other_last_digit() -> str:
    """The last character carries two bits of the last byte; the other four must be nothing."""
    text = door()
    return text[:-1] + ALPHABET[ALPHABET.index(text[-1]) + 1]


def good() -> Iterator[dict[str, str]]:
    yield case("a door card", door(), "door", CARD)
    yield case("a badge", sign(OURS, "badge", OTHER_CARD, ISSUED, EXPIRES), "badge", OTHER_CARD)
    yield case("signed by a retired key", door(RETIRED), "door", CARD)
    yield case("in its first second", door(first=NOON), "door", CARD)
    yield case("in its last second", door(last=NOON), "door", CARD)
    last = datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)  # the last second that four bytes hold
    yield case("for as long as can be", door(last=last), "door", CARD)


def case(name: str, text: str, purpose: str, card: str) -> dict[str, str]:
    return {"name": name, "text": text, "purpose": purpose, "now": NOON.isoformat(), "card_id": card}


def bad() -> Iterator[tuple[str, str, str]]:
    """Name, text, and what it must be refused as when a door card is wanted."""
    yield from [(name, text, "code_invalid") for name, text in forged()]
    yield "not-yet-valid", door(first=NOON + timedelta(seconds=1)), "code_not_yet"
    yield "expired", door(last=NOON - timedelta(seconds=1)), "code_expired"
    yield "revoked-card", door(card=REVOKED_CARD), "code_revoked"
    yield "revoked-key", door(REVOKED), "code_revoked"
    yield "revoked-and-expired", door(card=REVOKED_CARD, last=NOON - timedelta(days=1)), "code_revoked"
    yield "other-town", door(NEIGHBOUR), "code_other_town"
    yield "other-town-and-expired", door(NEIGHBOUR, last=NOON - timedelta(days=1)), "code_other_town"
    yield "badge-for-door", sign(OURS, "badge", CARD, ISSUED, EXPIRES), "code_other_purpose"
    yield "purpose-unknown", signed(body_of(purpose=9)), "code_other_purpose"
    yield "ends-before-it-begins", door(first=NOON + timedelta(days=1), last=ISSUED), "code_not_yet"


def forged() -> Iterator[tuple[str, str]]:
    text = door()
    yield "empty", ""
    yield "one-character", "A"
    yield "one-character-short", text[:-1]
    yield "one-byte-short", encode(bytes(bytes_of(text)[:-1]))
    yield "without-signature", encode(body_of())
    yield "half", text[: len(text) // 2]
    yield "one-character-long", text + "A"
    yield "one-byte-long", encode(bytes(bytes_of(text)) + b"\0")
    yield "twice", text + text
    yield "ten-kilobytes", text + "A" * 10_000
    yield "lying-length", encode(bytes(bytes_of(text)[:-64]) + (2**32 - 1).to_bytes(4, "big") + bytes(60))
    yield "padded", text + "=="
    yield (
        "plain-base64",
        base64.b64encode(bytes(bytes_of(sign(OURS, "door", "fbefbe" * 5 + "fb", ISSUED, EXPIRES))))
        .decode()
        .rstrip("="),
    )
    yield "other-last-digit", other_last_digit()
    yield "space-before", " " + text[:-1]
    yield "line-break-after", text + "\n"
    yield "line-break-for-the-last", text[:-1] + "\n"
    yield "line-break-within", text[:60] + "\n" + text[61:]
    yield "full-width-digit", text[:-1] + "１"
    yield "zero-byte", text[:-1] + "\0"
    yield "lone-surrogate", text[:-1] + "\ud800"
    yield "emoji", text[:-2] + "🦢"
    yield "flipped-version", flipped(0)
    yield "flipped-purpose", flipped(1)
    yield "flipped-key-id", flipped(2)
    yield "flipped-card", flipped(6)
    yield "flipped-first-second", flipped(25)
    yield "flipped-last-second", flipped(29)
    yield "flipped-signature-r", flipped(30)
    yield "flipped-signature-s", flipped(93, 128)
    yield "high-s", with_high_s()
    yield "signature-of-zeros", encode(body_of() + bytes(64))
    yield "signature-of-ones", encode(body_of() + b"\xff" * 64)
    yield "all-zeros", encode(bytes(94))
    yield "signature-of-another-code", encode(body_of() + bytes(bytes_of(door(card=OTHER_CARD))[-64:]))
    yield "key-unknown", door(STRANGER)
    yield "key-of-a-stranger-named-ours", signed(body_of(), STRANGER)
    yield "key-of-the-neighbour-named-ours", signed(body_of(), NEIGHBOUR)
    yield "our-key-named-the-neighbour", signed(body_of(key_id=NEIGHBOUR.key_id))
    yield "version-two", signed(body_of(version=2))
    yield "version-zero", signed(body_of(version=0))
    yield "without-context", signed(body_of(), context=b"")
    yield "json-web-token", "eyJhbGciOiJub25lIn0.eyJjYXJkIjoiMSJ9."
    yield "an-address", f"https://localhost/d#{text}"
    yield "markup", "<img src=x onerror=alert(1)>"


def files() -> dict[Path, Any]:
    keys = [
        {
            "name": key_id,
            "public": to_text(signer.private.public_key().public_bytes_raw()),
            "town": town,
            "state": state,
        }
        for key_id, (signer, town, state) in KEYS.items()
    ]
    found: dict[Path, Any] = {GOOD: {"keys": keys, "revoked_cards": [REVOKED_CARD], "cases": list(good())}}
    for name, text, why in bad():
        found[BAD / f"{name}.json"] = {
            "text": text,
            "purpose": "door",
            "now": NOON.isoformat(),
            "expect": why,
        }
    return found


def written(content: Any) -> str:
    return json.dumps(content, indent=1) + "\n"


if __name__ == "__main__":
    for path, content in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(content), encoding="ascii")
