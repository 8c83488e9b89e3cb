"""Codes: what is signed is read again, in both languages alike; whatever was touched is refused as one."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.codes import BODY, CodeRefused, KnownKey, Ring, decode, encode, read, sign
from server.sealing import from_text, seal, unseal
from tests.bad_inputs.write_codes import CARD, GOOD, ISSUED, NOON, OURS, door

SHARED = json.loads(GOOD.read_text(encoding="utf-8"))
N_TRIES = 2_000
N_TRIES_WHOLE = 100_000


def make_ring() -> Ring:
    """Everything the shared cases know."""
    keys = {
        key["name"]: KnownKey(
            Ed25519PublicKey.from_public_bytes(from_text(key["public"])),
            key["town"],
            key["state"] == "revoked",
        )
        for key in SHARED["keys"]
    }
    return Ring("", keys, frozenset(SHARED["revoked_cards"]))


RING = make_ring()


def refusal(text: str, purpose: str = "door", now: datetime = NOON) -> str:
    with pytest.raises(CodeRefused) as refused:
        read(text, purpose, RING, now)
    return refused.value.why


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_reads_what_counts(case: dict[str, str]) -> None:
    token = read(case["text"], case["purpose"], RING, datetime.fromisoformat(case["now"]))
    assert (token.purpose, token.card_id) == (case["purpose"], case["card_id"])


def test_a_code_is_short_and_says_nothing_but_its_id() -> None:
    text = sign(OURS, "badge", CARD, ISSUED, ISSUED + timedelta(days=1))
    assert len(f"https://lingyan.example.com:8443/b#{text}".encode()) <= 200
    assert bytes.fromhex(CARD) in decode(text)
    assert len(decode(text)) == BODY.size + 64


def test_the_same_code_is_signed_the_same_twice() -> None:
    assert door() == door()


def test_every_bit_counts() -> None:
    raw = decode(door())
    for at in range(len(raw) * 8):
        touched = bytearray(raw)
        touched[at // 8] ^= 1 << at % 8
        assert refusal(encode(bytes(touched))) == "code_invalid"


def test_every_character_counts() -> None:
    text = door()
    for at in range(len(text)):
        for other in "A_-9+/= \n\u0000é":
            if text[at] != other:
                assert refusal(text[:at] + other + text[at + 1 :]) == "code_invalid"


def test_every_truncation_is_refused() -> None:
    text, raw = door(), decode(door())
    assert {refusal(text[:at]) for at in range(len(text))} == {"code_invalid"}
    assert {refusal(text[at:]) for at in range(1, len(text))} == {"code_invalid"}
    assert {refusal(encode(raw[:at])) for at in range(len(raw))} == {"code_invalid"}


def fuzz(n_tries: int) -> None:
    chance = random.Random(25)
    raw = decode(door())
    for _ in range(n_tries):
        touched = bytearray(raw)
        for _ in range(chance.randint(1, 8)):
            touched[chance.randrange(len(raw))] = chance.randrange(256)
        if bytes(touched) != raw:
            assert refusal(encode(bytes(touched))) == "code_invalid"


def test_random_bytes_are_refused() -> None:
    fuzz(N_TRIES)


@pytest.mark.slow
def test_a_hundred_thousand_random_codes_are_refused() -> None:
    fuzz(N_TRIES_WHOLE)


def test_a_sealed_secret_opens_for_its_row_only() -> None:
    sealed = seal("secret", "signing key", b"private", "town-1 k")
    assert unseal("secret", "signing key", sealed, "town-1 k") == b"private"
    assert unseal("other", "signing key", sealed, "town-1 k") is None
    assert unseal("secret", "another use", sealed, "town-1 k") is None
    assert unseal("secret", "signing key", sealed, "town-2 k") is None
    assert unseal("secret", "signing key", sealed[:-2], "town-1 k") is None
    assert unseal("secret", "signing key", "AA", "town-1 k") is None
    assert sealed != seal("secret", "signing key", b"private", "town-1 k")


def test_times_are_aware() -> None:
    token = read(door(), "door", RING, NOON)
    assert token.not_before == ISSUED
    assert token.not_before.tzinfo is UTC
