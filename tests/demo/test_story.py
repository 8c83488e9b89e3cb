"""The demo's years go through the real ingest: what the office and the phones find there."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from server.database import db
from server.models import (
    Decision,
    Device,
    Duplicate,
    Entity,
    HeldItem,
    Submission,
    SubmissionVersion,
    Town,
    User,
    Violation,
)

CHECK, REGISTER, VISIT = "exit_check", "household_register", "enterprise_visit"


def count(model: type, **equals: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**equals)) or 0


def open_records(**equals: Any) -> list[Submission]:
    query = select(Submission).filter_by(is_withdrawn=False, **equals)
    return list(db.session.scalars(query.where(Submission.review_state.in_(("received", "edited")))))


def rules_of(submission: Submission) -> set[tuple[str, str]]:
    rows = db.session.scalars(select(Violation).filter_by(instance_id=submission.current_id))
    return {(row.rule, row.level) for row in rows}


def truths(app: Flask) -> list[dict[str, str]]:
    path = Path(app.config["SETTINGS"].data) / "demo_truth.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_town_is_known_as_a_demo(lite: Flask) -> None:
    assert db.session.scalars(select(Town)).one().is_demo


def test_only_records_meant_to_break_a_blocking_rule_do(lite: Flask) -> None:
    stopped = db.session.scalars(select(Submission).where(Submission.n_errors > 0)).all()
    meant = {row["right"] for row in truths(lite) if row["kind"] == "wrong_digit"}
    assert {rule for row in stopped for rule, level in rules_of(row) if level == "E"} == {"R01"}
    assert len(stopped) == len(meant)
    for row in stopped:
        version = db.session.get_one(SubmissionVersion, (row.town_id, row.current_id))
        assert any(name in version.payload for name in meant)


def test_the_office_sees_the_rules_at_work(lite: Flask) -> None:
    found = {mark for row in open_records() for mark in rules_of(row)}
    assert {("R36", "W"), ("R43", "W"), ("V06", "W")} <= found
    assert {("R37", "Q"), ("R39", "Q"), ("R42", "Q"), ("R45", "Q"), ("R04", "Q")} <= found


def test_an_ordinary_check_has_a_position_and_takes_its_time(lite: Flask) -> None:
    approved = select(Submission.current_id).filter_by(form_id=CHECK, review_state="approved")
    unusual = select(func.count()).select_from(Violation).where(Violation.instance_id.in_(approved))
    assert db.session.scalar(unusual.where(Violation.rule == "R42")) == 0


def test_one_record_waits_for_its_photo_and_all_others_have_theirs(lite: Flask) -> None:
    waiting = db.session.scalars(select(Submission).where(Submission.n_files_missing > 0)).all()
    assert [row.form_id for row in waiting] == [VISIT]
    assert waiting[0].review_state == "received"


def test_a_conflict_and_a_lost_phones_record_are_kept_apart(lite: Flask) -> None:
    kept = db.session.scalars(select(HeldItem)).all()
    assert {(row.outcome, row.reason, row.state) for row in kept} == {
        ("conflict", "content_conflict", "open"),
        ("held", "sender_revoked", "open"),
    }
    lost = db.session.scalars(select(Device).where(Device.revoked_at.is_not(None))).one()
    assert lost.device_id in {row.device_id for row in kept}


def test_a_household_was_checked_twice_and_a_visit_sent_twice(lite: Flask) -> None:
    pairs = {row.kind: row for row in db.session.scalars(select(Duplicate).filter_by(state="open"))}
    assert pairs.keys() == {"business_key", "content"}
    sides = pairs["business_key"].left_id, pairs["business_key"].right_id
    rows = [db.session.get_one(Submission, (pairs["content"].town_id, root_id)) for root_id in sides]
    assert rows[0].subject_id == rows[1].subject_id
    assert rows[0].user_id != rows[1].user_id


def test_the_first_cadre_has_something_to_correct(lite: Flask) -> None:
    cadre = db.session.scalars(select(User).filter_by(username="cadre01")).one()
    returned = db.session.scalars(
        select(Submission).filter_by(user_id=cadre.user_id, review_state="returned")
    ).all()
    decision = db.session.scalars(select(Decision).filter_by(root_id=returned[0].root_id)).one()
    version = db.session.get_one(SubmissionVersion, (returned[0].town_id, returned[0].current_id))
    assert decision.comment
    assert len(decision.comments) == 3
    for path in decision.comments:
        assert path.rpartition("/")[2] in version.payload


def test_a_correction_waits_beside_what_it_corrects(lite: Flask) -> None:
    (edited,) = [row for row in open_records() if row.review_state == "edited"]
    assert edited.form_id == CHECK
    assert count(SubmissionVersion, root_id=edited.root_id) == 2


def test_a_record_was_withdrawn(lite: Flask) -> None:
    (withdrawn,) = db.session.scalars(select(Submission).filter_by(is_withdrawn=True)).all()
    assert withdrawn.form_id == CHECK


def test_most_waiting_checks_have_last_years_check_beside(lite: Flask) -> None:
    waiting = open_records(form_id=CHECK)
    with_past = [
        row
        for row in waiting
        if db.session.scalar(
            select(func.count())
            .select_from(Submission)
            .where(
                Submission.subject_id == row.subject_id,
                Submission.started_at < datetime(2016, 1, 1, tzinfo=UTC),
                Submission.review_state == "approved",
                Submission.form_id == CHECK,
            )
        )
    ]
    assert len(with_past) * 2 > len(waiting)


def test_the_first_village_has_something_to_find_and_a_family_nobody_checked(lite: Flask) -> None:
    rows = db.session.scalars(select(Entity).filter_by(list_name="household", village="320981100901")).all()
    names = {row.label: row for row in rows}
    assert len(rows) >= 5
    assert {"任巧云", "苏桂英", "卢云龙"} <= names.keys()
    assert count(Submission, form_id=CHECK, subject_id=names["任巧云"].entity_id) == 0
    assert count(Entity, list_name="member") > 0
    family = db.session.scalars(select(Entity).filter_by(list_name="member")).all()
    assert sum(row.data["household"] == names["任巧云"].entity_id for row in family) == 4


def test_each_household_knows_last_year(lite: Flask) -> None:
    query = select(Entity).filter_by(list_name="household", is_unreviewed=False)
    rows = db.session.scalars(query).all()
    assert all(row.data["last_year"] in {"2015", "2016"} for row in rows)
    assert all(float(row.data["last_per_capita"]) > 0 for row in rows)
    assert any(row.data["last_year"] == "2016" for row in rows), "an approved check tells the next one"
    assert all(row.data["hh_no"].startswith(row.village) for row in rows)


def test_every_planted_duplicate_is_labelled_with_rows_that_are_there(lite: Flask) -> None:
    rows = truths(lite)
    assert Counter(row["kind"] for row in rows) == {
        "other_name": 2,
        "wrong_digit": 1,
        "changed_head": 1,
        "split_household": 1,
        "business_name": 1,
        "shared_phone": 1,
    }
    for row in rows:
        assert count(Entity, list_name=row["list_name"], entity_id=row["left"]) == 1
        assert count(Entity, list_name=row["list_name"], entity_id=row["right"]) == 1


def test_nothing_is_dated_after_the_day_the_town_stands_at(lite: Flask) -> None:
    assert db.session.scalar(select(func.max(Submission.received_at))).date() <= date(2016, 10, 15)
    assert db.session.scalar(select(func.max(Decision.decided_at))).date() <= date(2016, 10, 15)
