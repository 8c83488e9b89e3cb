"""The whole town's pairings and contact logs, before they are played."""

from datetime import date, timedelta
from random import Random

import pytest

from server.actions.demo import SEED, make_story
from server.demo.pairings import Circle, logs
from server.demo.people import cadres

DECEMBER_NINTH = date(2016, 12, 9)


@pytest.mark.parametrize("weeks", [0, 527, 531])  # moved to other years, months begin on other days
def test_no_pairing_of_the_whole_town_is_visited_twice_a_day(weeks: int) -> None:
    shift = timedelta(weeks=weeks)
    circle = Circle(make_story(cadres(Random(SEED)), 1.0, shift), 1.0)
    ids = [deed.instance_id for deed in logs(circle, DECEMBER_NINTH + shift)]
    assert len(ids) > 5_000
    assert len(ids) == len(set(ids))
