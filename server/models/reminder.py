"""The reminder engine's tables: deadlines, reminders, messages, the sweeper's lease, calendars, texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base


class Deadline(Base):
    """A day by which something is due; sweeps look at open ones whose `remind_at` has come."""

    __tablename__ = "deadline"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)  # pairing task returned ticket event
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]  # open closed
    # The next one: assigned returned before due over late_1 late_7 late_15 eve; '' when none is left.
    stage: Mapped[str]
    remind_at: Mapped[datetime | None]  # when that stage comes; None when there is nothing more to say
    closed_at: Mapped[datetime | None]
    why_closed: Mapped[str] = mapped_column(default="")  # done late cancelled ended muted ...
    listed_on: Mapped[str] = mapped_column(default="")  # when it came on the month's list 通报名单, '' if not
    __table_args__ = (
        Index("deadline_remind_at", "remind_at"),
        Index("deadline_listed", "town_id", "listed_on"),
    )


class Reminder(Base):
    """That somebody is told of a stage of a deadline; there is one at most, and it shows in the inbox."""

    __tablename__ = "reminder"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)  # a row of list `person`
    reminder_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # the message template: remind due overdue escalate returned assigned ticket event
    words: Mapped[dict[str, Any]]  # what fills the template
    deliver_at: Mapped[datetime]  # in the digest of this moment
    state: Mapped[str]  # waiting delivered closed muted
    closed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    seq: Mapped[int]
    __table_args__ = (
        Index("reminder_deliver", "state", "deliver_at"),
        Index("reminder_person", "town_id", "person", "seq"),
    )


class Message(Base):
    """One digest to one person through one channel, with its tries."""

    __tablename__ = "message"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str]
    channel: Mapped[str]  # inbox, or the name of a configured channel
    title: Mapped[str]
    body: Mapped[str]
    n_reminders: Mapped[int]
    state: Mapped[str]  # waiting sending sent given_up off
    n_tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    __table_args__ = (
        Index("message_next_try", "state", "next_try_at"),
        Index("message_person", "town_id", "person", "made_at"),
    )


class Lease(Base):
    """Who does a job alone; the fencing number grows each time somebody else takes it."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    fence: Mapped[int]
    expires_at: Mapped[datetime]
    # How far the work was brought, by the server's clock: a leap from here is not believed unasked.
    done_until: Mapped[datetime | None]


class MessageText(Base):
    """A message template that the office wrote anew; without a row our own text stands."""

    __tablename__ = "message_text"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class CalendarFeed(Base):
    """Somebody's private calendar address; the token is kept as a digest."""

    __tablename__ = "calendar_feed"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class Workday(Base):
    """A day that is not what its weekday says: holiday or shifted working day."""

    __tablename__ = "workday"
    day: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # work rest holiday shifted_work
    name: Mapped[str] = mapped_column(default="")
