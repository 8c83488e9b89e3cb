"""What accounts and phones need besides a name: enrolment codes, throttles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base


class Enrolment(Base):
    """A code that makes one phone somebody's; shown once, kept as a digest, used once."""

    __tablename__ = "enrolment"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(unique=True)
    prefix: Mapped[str] = mapped_column(index=True)  # its beginning: guesses are counted by it
    user_id: Mapped[str] = mapped_column(index=True)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    device_id: Mapped[str] = mapped_column(default="")


class Throttle(Base):
    """How often something was tried lately: counted in the database, so that a restart forgets nothing."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(primary_key=True)  # what is counted, such as `enrol:203.0.113.7`
    n_tries: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime]
    locked_until: Mapped[datetime | None]
    __table_args__ = (Index("throttle_since", "since"),)
