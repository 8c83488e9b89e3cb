"""The clockwork of a serving process; started by the server's entry, never by the factory."""

from __future__ import annotations

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from server import jobs
from server.clock import TOWN_ZONE


def start_scheduler(app: Flask) -> BackgroundScheduler:
    """Run each job in its turn until the scheduler is shut down."""
    scheduler = BackgroundScheduler(
        timezone=TOWN_ZONE,
        # After a sleep or a stall a job runs once, however often it was due.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(jobs.forget_sessions, "cron", args=[app], hour=3, minute=10)
    scheduler.add_job(jobs.drop_uploads, "cron", args=[app], minute=30)
    scheduler.add_job(jobs.tidy_database, "cron", args=[app], hour=3, minute=20)
    scheduler.add_job(jobs.remind, "cron", args=[app], second=0)
    scheduler.start()
    return scheduler
