"""The demo's events are those of domain.md section 10; a share keeps some of every kind, past and to come."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.demo_events import next_half_hour, sessions_from
from server.clock import TOWN_ZONE
from server.database import db
from server.demo.events import gatherings
from server.models import Contact, Event, Pairing, Task, TaskBatch

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


def test_the_pairing_day_before_the_demos_day_is_the_first_villages() -> None:
    days = [one for one in gatherings(Random(2016), 0.1) if one.kind == "pairing_day"]
    last = max((one for one in days if one.on < AS_OF), key=lambda one: one.on)
    assert AS_OF - timedelta(days=10) < last.on
    assert last.village == "320981100901"
    assert any(one.on > AS_OF for one in days)


def test_a_pairing_day_made_contacts_and_where_it_was_missed_tasks(lite: Flask) -> None:
    with lite.app_context():
        days = db.session.scalars(select(Event).filter_by(kind="pairing_day", state="closed")).all()
        made = db.session.execute(
            select(Contact, Pairing.start_on)
            .join(Pairing, Pairing.pairing_id == Contact.pairing_id)
            .where(Contact.event_id != "")
        ).all()
        assert {row.event_id for row, _ in made} == {max(days, key=lambda one: one.start_at).event_id}
        assert all(row.way == "group" and row.on >= start_on for row, start_on in made)
        batches = db.session.scalars(select(TaskBatch).filter_by(form_id="contact_log"))
        (batch,) = [one.batch_id for one in batches if "event" in one.chosen_by]
        asked = set(db.session.scalars(select(Task.entity_id).filter_by(batch_id=batch)))
        assert asked
        assert asked.isdisjoint(row.pairing_id for row, _ in made)


@pytest.mark.parametrize("hour", [0.0, 8.2, 11.99, 14.5, 20.9, 23.8])
def test_whoever_starts_the_demo_finds_a_class_that_one_can_check_in_at_and_be_in_time(hour: float) -> None:
    moment = datetime(2016, 10, 15, tzinfo=TOWN_ZONE) + timedelta(hours=hour)
    first, *later = sessions_from(next_half_hour(moment))
    assert timedelta(0) < first.start_at - moment <= timedelta(minutes=30)
    ends = [first.end_at, *(one.end_at for one in later)]
    assert all(one.start_at >= end for one, end in zip(later, ends, strict=False))
    assert ends[-1] - first.start_at < timedelta(days=5)
