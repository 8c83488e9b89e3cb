"""The chain shows what was altered or dropped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sync.ledger import Entry, find_break, link, wire_time

AT = datetime(2016, 10, 15, 4, 0, 0, 123_000, tzinfo=UTC)


def chain_of(count: int) -> list[Entry]:
    entries, previous = [], ""
    for seq in range(1, count + 1):
        at = AT + timedelta(minutes=seq)
        previous = link(previous, seq, f"id-{seq}", "d", at)
        entries.append(Entry(seq, f"id-{seq}", "d", at, previous))
    return entries


def test_accepts_a_whole_chain() -> None:
    assert find_break(chain_of(5)) is None


def test_finds_an_altered_and_a_dropped_entry() -> None:
    entries = chain_of(5)
    assert find_break([*entries[:2], replace(entries[2], digest="e"), *entries[3:]]) == 3
    assert find_break([*entries[:2], *entries[3:]]) == 4


def test_writes_times_in_utc_with_milliseconds() -> None:
    assert wire_time(AT) == "2016-10-15T04:00:00.123Z"
