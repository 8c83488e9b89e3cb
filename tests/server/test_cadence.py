"""Days and moments of reminders, against the test vectors of domain.md 5.4."""

from datetime import date, datetime, timedelta

import pytest

from server import cadence
from server.clock import TOWN_ZONE
from server.working_days import Calendar, published

YEARS = (2015, 2016, 2017)
CALENDAR = Calendar({day: what for year in YEARS for day, what in published(year).items()}, frozenset(YEARS))


def moments(due_on: date, kind: str = "pairing") -> dict[str, str]:
    return {stage: show(moment) for stage, moment in cadence.ladder_of(kind, due_on, CALENDAR)}


def show(moment: datetime) -> str:
    return f"{moment.astimezone(TOWN_ZONE):%a %Y-%m-%d %H:%M}"


def in_town(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_september_2016_waits_for_the_end_of_the_national_holiday() -> None:
    assert moments(date(2016, 9, 30)) == {
        "before": "Tue 2016-09-27 08:30",
        "due": "Fri 2016-09-30 18:00",
        "over": "Sat 2016-10-01 00:00",
        "late_1": "Sat 2016-10-08 08:30",
        "late_7": "Sat 2016-10-08 08:30",
        "late_15": "Mon 2016-10-17 08:30",
    }


def test_october_2016() -> None:
    found = moments(date(2016, 10, 31))
    assert (found["before"], found["late_7"]) == ("Wed 2016-10-26 08:30", "Mon 2016-11-07 08:30")


def test_january_2017_ends_in_the_spring_festival() -> None:
    found = moments(date(2017, 1, 31))
    assert found["before"] == "Mon 2017-01-23 08:30"
    assert found["due"] == "Thu 2017-01-26 18:00"
    assert found["late_1"] == "Fri 2017-02-03 08:30"
    assert found["late_7"] == "Tue 2017-02-07 08:30"


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2016, 10, 8), True),  # a Saturday, shifted
        (date(2016, 10, 7), False),
        (date(2016, 5, 2), False),
        (date(2016, 4, 2), False),  # a Saturday beside a single holiday
        (date(2017, 1, 22), True),
        (date(2017, 1, 27), False),
    ],
)
def test_holidays_are_free_and_shifted_weekends_are_worked(day: date, is_worked: bool) -> None:
    assert CALENDAR.is_working(day) is is_worked


def test_the_published_days_are_those_of_domain_5_4() -> None:
    def days(year: int, kind: str) -> str:
        return " ".join(f"{day:%m-%d}" for day, (what, _) in published(year).items() if what == kind)

    assert days(2016, "shifted_work") == "02-06 02-14 06-12 09-18 10-08 10-09"
    assert days(2017, "shifted_work") == "01-22 02-04 04-01 05-27 09-30"
    spring, national = range(7, 14), range(1, 8)
    assert days(2016, "holiday") == " ".join(
        [
            "01-01",
            *(f"02-{day:02}" for day in spring),
            "04-04 05-01 05-02 06-09 06-10 06-11 09-15 09-16 09-17",
            *(f"10-{day:02}" for day in national),
        ]
    )


def test_a_year_without_a_calendar_counts_weekends_only_and_warns_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    calendar = Calendar({}, frozenset())
    assert not calendar.is_working(date(2091, 10, 6))  # a Saturday
    assert calendar.is_working(date(2091, 10, 1))
    assert len([record for record in caplog.records if "2091" in record.message]) == 1


@pytest.mark.parametrize(
    ("unit", "start", "day", "first", "last"),
    [
        ("month", date(2015, 3, 9), date(2016, 2, 29), date(2016, 2, 1), date(2016, 2, 29)),
        ("month", date(2016, 9, 12), date(2016, 9, 20), date(2016, 9, 12), date(2016, 9, 30)),
        ("quarter", date(2015, 3, 9), date(2016, 11, 5), date(2016, 10, 1), date(2016, 12, 31)),
        ("quarter", date(2015, 3, 9), date(2016, 12, 31), date(2016, 10, 1), date(2016, 12, 31)),
    ],
)
def test_a_period_is_a_month_or_a_quarter_cut_at_the_start(
    unit: str, start: date, day: date, first: date, last: date
) -> None:
    assert cadence.period_of(start, 1, unit, "hand_in_hand", day) == (first, last)


def test_a_starter_is_contacted_twice_a_month_for_three_months() -> None:
    start = date(2016, 7, 15)
    assert cadence.contacts_wanted(start, 2, "model_1to1", date(2016, 9, 30)) == 2
    assert cadence.contacts_wanted(start, 2, "model_1to1", date(2016, 10, 1)) == 1
    assert cadence.contacts_wanted(start, 3, "model_1to1", date(2016, 10, 1)) == 3


def test_stages_of_one_moment_come_together() -> None:
    come, after = cadence.reached(
        "pairing", date(2016, 9, 30), "late_1", in_town("2016-10-08T08:30"), CALENDAR
    )
    assert [stage for stage, _ in come] == ["late_1", "late_7"]
    assert after is not None
    assert after[0] == "late_15"


def test_a_task_begins_with_the_next_digest_and_goes_on_with_what_lies_ahead() -> None:
    evening = in_town("2016-09-29T19:00")
    assert cadence.first_stage("task", date(2016, 9, 30), evening, CALENDAR) == (
        "assigned",
        in_town("2016-09-30T08:30"),
    )
    digest = in_town("2016-09-30T08:30")
    come, after = cadence.reached("task", date(2016, 9, 30), "assigned", digest, CALENDAR)
    assert [stage for stage, _ in come] == ["assigned"]
    assert after == ("due", in_town("2016-09-30T18:00"))


def test_an_event_after_a_holiday_is_told_on_the_last_working_day_before() -> None:
    assert moments(date(2016, 10, 8), "event") == {
        "eve": "Fri 2016-09-30 08:30",
        "over": "Sun 2016-10-09 00:00",
    }
    late = cadence.first_stage("event", date(2016, 10, 8), in_town("2016-10-01T09:00"), CALENDAR)
    assert late == ("over", in_town("2016-10-09T00:00"))


def test_what_is_overdue_when_it_is_made_is_told_at_once() -> None:
    now = in_town("2016-10-15T12:00")
    assert cadence.first_stage("pairing", date(2016, 8, 31), now, CALENDAR) == (
        "late_15",
        in_town("2016-10-17T08:30"),
    )


def test_nothing_goes_out_at_night() -> None:
    assert not cadence.is_quiet(in_town("2016-10-08T08:30"))
    assert not cadence.is_quiet(in_town("2016-10-08T20:59"))
    assert cadence.is_quiet(in_town("2016-10-08T21:00"))
    assert cadence.is_quiet(in_town("2016-10-08T08:29"))


def test_a_missed_digest_waits_for_the_next_one() -> None:
    digest = in_town("2016-09-27T08:30")
    assert not cadence.is_too_late("before", digest, digest + timedelta(minutes=59))
    assert cadence.is_too_late("before", digest, digest + timedelta(minutes=61))
    notice = in_town("2016-09-30T18:00")
    assert not cadence.is_too_late("due", notice, in_town("2016-09-30T20:59"))
    assert cadence.is_too_late("due", notice, in_town("2016-09-30T21:01"))
    assert cadence.next_digest(in_town("2016-09-30T09:00"), CALENDAR) == in_town("2016-10-08T08:30")
    assert cadence.next_digest(in_town("2016-09-30T08:00"), CALENDAR) == in_town("2016-09-30T08:30")
    assert cadence.next_digest(in_town("2016-09-29T08:30"), CALENDAR) == in_town("2016-09-30T08:30")
