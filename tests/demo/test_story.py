"""The demo's years go through the real ingest: nothing is refused, and the office finds work."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.actions import demo
from server.database import db
from server.models import Entity, Submission, Town, Violation


@pytest.fixture
def played(app: Flask) -> Flask:
    with app.app_context():
        demo.load(full=False, as_of=date(2016, 10, 15))
    return app


def count(model: type, **equals: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**equals)) or 0


def test_the_lite_town_is_loaded_whole_and_without_a_blocking_rule_broken(played: Flask) -> None:
    with played.app_context():
        assert db.session.scalars(select(Town)).one().is_demo
        assert count(Entity, list_name="village") == 13
        assert count(Entity, list_name="household") == 41
        assert count(Entity, list_name="business") == 64
        assert count(Submission, form_id="exit_check") >= 20
        assert count(Violation, level="E") == 0
        assert count(Submission, n_files_missing=0) == count(Submission)


def test_records_wait_for_review_and_some_are_flagged(played: Flask) -> None:
    with played.app_context():
        assert count(Submission, review_state="received") >= 5
        assert count(Submission, review_state="returned") >= 1
        assert count(Violation, rule="R37", level="Q") >= 1


def test_each_household_knows_last_year(played: Flask) -> None:
    with played.app_context():
        rows = db.session.scalars(select(Entity).filter_by(list_name="household")).all()
        assert all(row.data["last_year"] in {"2015", "2016"} for row in rows)
        assert all(float(row.data["last_per_capita"]) > 0 for row in rows)
        assert any(row.data["last_year"] == "2016" for row in rows), "an approved check tells the next one"
        assert all(row.data["hh_no"].startswith(row.village) for row in rows)


def test_nothing_is_dated_after_the_day_the_town_stands_at(played: Flask) -> None:
    with played.app_context():
        assert db.session.scalar(select(func.max(Submission.received_at))).date() <= date(2016, 10, 15)
