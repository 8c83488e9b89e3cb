"""The whole town's pairings and contact logs, before they are played."""

from datetime import date, timedelta
from random import Random

from server.actions.demo import SEED, make_story
from server.demo.pairings import Circle, logs
from server.demo.people import cadres

DECEMBER_NINTH = date(2016, 12, 9)


def test_no_pairing_of_the_whole_town_is_visited_twice_a_day() -> None:
    story = make_story(cadres(Random(SEED)), 1.0, timedelta(0))  # noqa: S311
    circle = Circle(story, 1.0)
    ids = [deed.instance_id for deed in logs(circle, DECEMBER_NINTH)]
    assert len(ids) > 5_000
    assert len(ids) == len(set(ids))
