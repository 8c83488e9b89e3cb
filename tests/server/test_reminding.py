"""The reminder engine through holidays, downtime, leave and leaps of the clock."""

from datetime import timedelta

import pytest
from flask import Flask

from server.access import Post, Scope
from server.actions import mutes
from server.actions.deadlines import close_deadlines, open_deadline
from server.actions.leases import LeaseLost, renew, take_lease
from server.actions.reminding import LEASE, remind
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import Audit, Deadline, Lease, Mute, Pairing, Reminder
from tests.server import town
from tests.server.reminders import in_town, messages, open_days, put_pairing, staff_town, told, walk
from tests.server.town import TOWN

HOUSEHOLD = "吴小妹(演示)"


@pytest.fixture
def staffed(town_app: Flask, clock: SetClock) -> Flask:
    clock.at = in_town("2016-09-20T09:00")
    staff_town(town_app)
    with town_app.app_context(), write_transaction():
        put_pairing()
    return town_app


def mute(kind: str, subject_kind: str, subject_id: str, first: str, last: str) -> None:
    with write_transaction() as session:
        row = Mute(town_id=TOWN, mute_id=f"m-{kind}", kind=kind, from_on=first, until_on=last, seq=1)
        row.subject_kind, row.subject_id, row.reason = subject_kind, subject_id, "生病"
        row.state, row.asked_by = "approved", "u-head"
        session.add(row)


def test_national_day_2016_as_domain_5_4_has_it(staffed: Flask, clock: SetClock) -> None:
    walk(staffed, clock, "2016-09-26T00:00", "2016-10-18T23:30")
    with staffed.app_context():
        assert told() == [
            (
                "09-27 08:30",
                "before",
                "p-mentor",
                f"您结对帮扶的{HOUSEHOLD}本期尚未走访，请于9月30日前完成。",
            ),
            ("09-30 18:00", "due", "p-mentor", f"今天是{HOUSEHOLD}本期走访的最后一天。"),
            ("10-08 08:30", "late_1", "p-head", f"王帮扶(演示)对{HOUSEHOLD}的走访已逾期8天，请督促。"),
            ("10-08 08:30", "late_1", "p-mentor", f"{HOUSEHOLD}的走访已逾期8天，请尽快补访并说明原因。"),
            ("10-08 08:30", "late_7", "p-clerk", f"王帮扶(演示)对{HOUSEHOLD}的走访已逾期8天，请督促。"),
            ("10-17 08:30", "late_15", "p-leader", f"王帮扶(演示)对{HOUSEHOLD}的走访已逾期17天，请督促。"),
        ]
        assert [(at, person) for at, person, _ in messages()] == sorted(
            (at, person) for at, _, person, _ in told()
        )
        pairing = db.session.get_one(Pairing, (TOWN, "pair-1"))
        assert (pairing.n_missed, pairing.is_neglected) == (1, False)
        assert open_days() == ["2016-09-30", "2016-10-31"]
        listed = db.session.query(Deadline.due_on, Deadline.listed_on).filter(Deadline.listed_on != "")
        assert [tuple(row) for row in listed] == [("2016-09-30", "2016-10-17")]


def test_one_audit_row_for_each_message(staffed: Flask, clock: SetClock) -> None:
    walk(staffed, clock, "2016-09-26T00:00", "2016-10-08T09:00")
    with staffed.app_context():
        assert db.session.query(Audit).filter_by(action="remind").count() == len(messages()) == 5


def test_spring_festival_2017(staffed: Flask, clock: SetClock) -> None:
    clock.at = in_town("2017-01-16T09:00")
    with staffed.app_context(), write_transaction():
        close_deadlines(TOWN, "pairing", "pair-1", "done")
        open_deadline(TOWN, "pairing", "pair-1", "2017-01-31")
    walk(staffed, clock, "2017-01-16T09:00", "2017-02-08T09:00")
    with staffed.app_context():
        assert [(at, stage, person) for at, stage, person, _ in told()] == [
            ("01-23 08:30", "before", "p-mentor"),
            ("01-26 18:00", "due", "p-mentor"),
            ("02-03 08:30", "late_1", "p-head"),
            ("02-03 08:30", "late_1", "p-mentor"),
            ("02-07 08:30", "late_7", "p-clerk"),
        ]


def test_the_same_person_at_two_stages_gets_one_line(staffed: Flask, clock: SetClock) -> None:
    with staffed.app_context(), write_transaction():
        db.session.get_one(Pairing, (TOWN, "pair-1")).supervisor = "p-head"
    walk(staffed, clock, "2016-09-26T00:00", "2016-10-08T09:00")
    with staffed.app_context():
        assert [row[1] for row in told() if row[2] == "p-head"] == ["late_1", "late_7"]
        assert [(at, body.count("\n")) for at, person, body in messages() if person == "p-head"] == [
            ("10-08 08:30", 0)
        ]
        shown = db.session.query(Reminder).filter_by(person="p-head", state="delivered").all()
        assert [row.stage for row in shown] == ["late_7"]


def test_a_later_stage_takes_the_earlier_one_out_of_the_inbox(staffed: Flask, clock: SetClock) -> None:
    walk(staffed, clock, "2016-09-27T08:00", "2016-09-30T18:00")
    with staffed.app_context():
        rows = db.session.query(Reminder).order_by(Reminder.deliver_at).all()
        assert [(row.stage, row.state) for row in rows] == [("before", "closed"), ("due", "delivered")]


def test_after_five_days_down_only_the_highest_stage_goes_out_with_the_next_digest(
    staffed: Flask, clock: SetClock
) -> None:
    with staffed.app_context(), write_transaction():
        close_deadlines(TOWN, "pairing", "pair-1", "done")
        for number in range(5):
            put_pairing(f"late-{number}", "2016-09-2" + str(number + 1))
    walk(staffed, clock, "2016-09-20T09:00", "2016-09-20T18:00")
    # Down from the 20th in the evening to the 26th at ten.
    walk(staffed, clock, "2016-09-26T10:00", "2016-09-26T23:30")
    with staffed.app_context():
        assert db.session.query(Reminder).filter(Reminder.made_at >= in_town("2016-09-21T00:00")).count() == 0
    walk(staffed, clock, "2016-09-27T00:00", "2016-09-27T23:30")
    with staffed.app_context():
        rows = db.session.query(Reminder).filter(Reminder.made_at >= in_town("2016-09-21T00:00")).all()
        assert {row.stage for row in rows} == {"late_1"}
        assert sorted({(row.subject_id, row.person) for row in rows}) == [
            (f"late-{number}", person) for number in range(5) for person in ("p-head", "p-mentor")
        ]
        assert len(rows) == 10
        assert [(at, person) for at, person, _ in messages() if at > "09-21"] == [
            ("09-27 08:30", "p-head"),
            ("09-27 08:30", "p-mentor"),
        ]


def test_a_contact_closes_what_waits_and_what_was_told(staffed: Flask, clock: SetClock) -> None:
    walk(staffed, clock, "2016-09-26T00:00", "2016-09-28T09:00")
    with staffed.app_context(), write_transaction():
        close_deadlines(TOWN, "pairing", "pair-1", "done", "2016-09-30")
    walk(staffed, clock, "2016-09-28T09:30", "2016-10-09T09:00")
    with staffed.app_context():
        assert [(row.stage, row.state) for row in db.session.query(Reminder)] == [("before", "closed")]


def test_two_periods_missed_in_a_row_make_a_pairing_neglected(staffed: Flask, clock: SetClock) -> None:
    walk(staffed, clock, "2016-09-26T08:30", "2016-11-01T00:30")
    with staffed.app_context():
        pairing = db.session.get_one(Pairing, (TOWN, "pair-1"))
        assert (pairing.n_missed, pairing.is_neglected) == (2, True)
        assert open_days() == ["2016-09-30", "2016-10-31", "2016-11-30"]


@pytest.mark.parametrize(
    ("kind", "subject_kind", "subject_id"),
    [("leave", "person", "p-mentor"), ("away", "pairing", "pair-1"), ("grace", "town", "")],
)
def test_no_row_while_muted_and_the_ladder_goes_on_afterwards(
    staffed: Flask, clock: SetClock, kind: str, subject_kind: str, subject_id: str
) -> None:
    with staffed.app_context():
        mute(kind, subject_kind, subject_id, "2016-09-26", "2016-10-11")
    walk(staffed, clock, "2016-09-26T00:00", "2016-10-11T23:30")
    with staffed.app_context():
        assert told() == []
        pairing = db.session.get_one(Pairing, (TOWN, "pair-1"))
        assert (pairing.n_missed, open_days()[-1]) == (0, "2016-10-31")
    walk(staffed, clock, "2016-10-12T00:00", "2016-10-12T23:30")
    with staffed.app_context():
        assert {(at, stage) for at, stage, _, _ in told()} == {("10-12 08:30", "late_7")}
        assert {person for _, _, person, _ in told()} == {"p-mentor", "p-head", "p-clerk"}


def test_a_supervisor_on_leave_is_told_after_it(staffed: Flask, clock: SetClock) -> None:
    with staffed.app_context():
        mute("leave", "person", "p-head", "2016-10-01", "2016-10-12")
    walk(staffed, clock, "2016-09-26T00:00", "2016-10-13T09:00")
    with staffed.app_context():
        found = {person: at for at, stage, person, _ in told() if stage == "late_1"}
        assert found == {"p-mentor": "10-08 08:30", "p-head": "10-13 08:30"}
        assert ("10-13 08:30", "p-head") in {(at, person) for at, person, _ in messages()}


def test_a_pairing_that_ended_meanwhile_is_left_alone(staffed: Flask, clock: SetClock) -> None:
    with staffed.app_context(), write_transaction():
        db.session.get_one(Pairing, (TOWN, "pair-1")).state = "ended"
    walk(staffed, clock, "2016-09-26T00:00", "2016-09-28T09:00")
    with staffed.app_context():
        row = db.session.get_one(Deadline, (TOWN, "pairing", "pair-1", "2016-09-30"))
        assert (row.state, row.why_closed, told()) == ("closed", "ended", [])


def test_a_leap_of_the_clock_makes_no_flood_and_says_so(
    staffed: Flask, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    walk(staffed, clock, "2016-09-26T00:00", "2016-09-26T09:00")
    with staffed.app_context():
        found = remind(in_town("2020-09-26T09:00"), "one")
        assert (found.leap, told()) == ("ahead", [])
        assert "clock" in caplog.text
    walk(staffed, clock, "2016-09-26T09:30", "2016-09-27T09:00")
    with staffed.app_context():
        assert [stage for _, stage, _, _ in told()] == ["before"]


def test_a_clock_that_went_back_tells_nothing_twice(staffed: Flask, clock: SetClock) -> None:
    walk(staffed, clock, "2016-09-27T08:00", "2016-09-27T10:00")
    walk(staffed, clock, "2016-09-27T07:00", "2016-09-27T10:00")
    with staffed.app_context():
        assert len(told()) == len(messages()) == 1


def test_one_of_two_processes_sweeps_and_the_other_takes_over(staffed: Flask, clock: SetClock) -> None:
    with staffed.app_context():
        moment = in_town("2016-09-26T09:00")
        assert remind(moment, "one").is_ours
        assert not remind(moment, "two").is_ours
        old = take_lease(LEASE, "one")
        assert old is not None
        with write_transaction() as session:
            row = session.get_one(Lease, LEASE)
            row.expires_at -= timedelta(days=1)
        assert remind(moment, "two").is_ours
        # The first wakes up from a long sleep in the middle of its batch.
        with pytest.raises(LeaseLost), write_transaction():
            renew(old)


def test_leave_is_asked_for_by_the_cadre_and_approved_by_the_secretary(
    staffed: Flask, clock: SetClock
) -> None:
    cadre = Scope(TOWN, "u-mentor", "p-mentor", frozenset({Post("field", town.EAST)}))
    head = Scope(TOWN, "u-head", "p-head", frozenset({Post("village_head", town.EAST)}))
    with staffed.app_context():
        wish = mutes.Wish("leave", "p-mentor", "2016-09-26", "2016-10-11", "住院")
        assert mutes.ask(cadre, wish) == "asked"
        row = db.session.query(Mute).one()
        assert mutes.decide(head, row.mute_id, "approve") == "approved"
        long_pause = mutes.Wish("pause", "pair-1", "2016-09-26", "2016-12-31", "外出务工")
        assert mutes.ask(head, long_pause) == "asked"
        assert (
            mutes.ask(head, mutes.Wish("pause", "pair-1", "2016-09-26", "2016-10-26", "外出")) == "approved"
        )
