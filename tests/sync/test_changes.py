"""Pages of changes: nothing is skipped, nothing comes twice."""

from hypothesis import given
from hypothesis import strategies as st

from sync.changes import page


def stream(*seqs: int) -> list[dict[str, int]]:
    return [{"seq": seq} for seq in sorted(seqs)]


def test_merges_streams_in_order() -> None:
    found = page([stream(1, 4), stream(2), stream(3)], 10, 9)
    assert [change["seq"] for change in found.changes] == [1, 2, 3, 4]
    assert (found.cursor, found.has_more) == (9, False)


def test_stops_before_a_seq_that_would_be_split() -> None:
    found = page([stream(1, 2, 3), stream(2)], 2, 9)
    assert ([change["seq"] for change in found.changes], found.cursor) == ([1], 1)


def test_gives_a_seq_whole_even_beyond_the_limit() -> None:
    found = page([stream(1, 1, 1, 2)], 2, 9)
    assert ([change["seq"] for change in found.changes], found.cursor) == ([1, 1, 1], 1)


@given(st.lists(st.sets(st.integers(1, 60), max_size=20), min_size=1, max_size=4), st.integers(1, 7))
def test_walks_through_all_changes_once(sets: list[set[int]], limit: int) -> None:
    cursor, seen = 0, []
    for _ in range(200):
        streams = [stream(*(seq for seq in one if seq > cursor))[: limit + 1] for one in sets]
        found = page(streams, limit, 60)
        seen += [change["seq"] for change in found.changes]
        cursor = found.cursor
        if not found.has_more:
            break
    assert sorted(seen) == sorted(seq for one in sets for seq in one)
