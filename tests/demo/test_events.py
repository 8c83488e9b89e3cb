"""The demo's events are those of domain.md section 10; a share keeps some of every kind, past and to come."""

from collections import Counter
from datetime import date
from random import Random

from server.demo.events import gatherings

AS_OF = date(2016, 10, 15)


def test_the_whole_story_has_every_event() -> None:
    found = gatherings(Random(2016), 1)
    assert Counter(one.kind for one in found) == {
        "training": 36,
        "study_tour": 12,
        "pairing_day": 22,
        "activity_day": 34,
        "salon": 8,
        "appraisal": 28,
    }
    assert [one.number for one in found if one.kind == "training"] == [*range(1, 37)]
    assert sum(one.n_guests for one in found if one.kind == "training") == 1620
    assert sum(one.n_guests for one in found if one.kind == "study_tour") == 336


def test_a_share_keeps_some_of_each_kind_on_both_sides_of_the_day() -> None:
    found = gatherings(Random(2016), 0.1)
    assert {one.kind for one in found if one.on < AS_OF} == {one.kind for one in gatherings(Random(2016), 1)}
    assert {one.kind for one in found if one.on > AS_OF} >= {"training", "pairing_day"}


def test_the_same_seed_tells_the_same_story() -> None:
    assert gatherings(Random(1), 0.1) == gatherings(Random(1), 0.1)
