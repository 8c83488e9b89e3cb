"""What the server does by itself: one round of each job, called as the scheduler would."""

from datetime import timedelta

from flask import Flask

from server import jobs
from server.clock import SetClock
from server.database import db, write_transaction
from server.models import DeskSession
from server.scheduler import start_scheduler


def add_session(clock: SetClock, name: str, days_ago: int) -> None:
    at = clock.now() - timedelta(days=days_ago)
    with write_transaction() as session:
        session.add(
            DeskSession(
                session_digest=name, user_id="u", csrf="c", created_at=at, last_seen_at=at, language="zh"
            )
        )


def test_forgets_sessions_that_nobody_uses(app: Flask, clock: SetClock) -> None:
    with app.app_context():
        add_session(clock, "old", 31)
        add_session(clock, "new", 1)
    jobs.forget_sessions(app)
    with app.app_context():
        assert [row.session_digest for row in db.session.query(DeskSession)] == ["new"]


def test_tidying_leaves_the_rows_alone(app: Flask, clock: SetClock) -> None:
    with app.app_context():
        add_session(clock, "new", 1)
    jobs.tidy_database(app)
    with app.app_context():
        assert db.session.query(DeskSession).count() == 1


def test_every_job_is_scheduled_to_run_once_however_late(app: Flask) -> None:
    scheduler = start_scheduler(app)
    try:
        planned = scheduler.get_jobs()
        assert {job.func for job in planned} == {
            jobs.forget_sessions,
            jobs.drop_uploads,
            jobs.tidy_database,
            jobs.remind,
        }
        assert all(job.coalesce and job.max_instances == 1 for job in planned)
        assert all(job.misfire_grace_time is None for job in planned)
    finally:
        scheduler.shutdown()
