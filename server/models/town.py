"""Towns with their counter row, places, users, devices, desk sessions and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from server.database import Base


class Town(Base):
    """One town; `seq` and `chain_head` are the counter row that every write transaction locks."""

    __tablename__ = "town"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    epoch: Mapped[str]
    seq: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[str] = mapped_column(default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    is_sending: Mapped[bool] = mapped_column(default=False)  # whether reminders go out through channels
    county: Mapped[str] = mapped_column(
        default=""
    )  # its name; whoever works for the county sees all its towns


class UserRole(Base):
    """A role that somebody has at a place; `village` is a code, '' for the whole town."""

    __tablename__ = "user_role"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    # field village_clerk village_head town_office town_leader county auditor publisher admin
    role: Mapped[str] = mapped_column(primary_key=True)
    village: Mapped[str] = mapped_column(primary_key=True, default="")


class User(Base):
    """Somebody who signs in; what they may do stands in their posts: roles at places."""

    __tablename__ = "user"
    user_id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    town_id: Mapped[str]
    person: Mapped[str] = mapped_column(default="")  # the row of list `person` this user is, if any
    password_digest: Mapped[str]
    is_disabled: Mapped[bool] = mapped_column(default=False)
    n_failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    # Read with the user at once: a write transaction lets go of rows, and every request asks for them.
    posts: Mapped[list[UserRole]] = relationship(
        primaryjoin=lambda: and_(
            User.town_id == foreign(UserRole.town_id), User.user_id == foreign(UserRole.user_id)
        ),
        order_by=(UserRole.role, UserRole.village),
        cascade="all, delete-orphan",
        lazy="selectin",
    )


class Device(Base):
    """A phone that signed in; its token is kept as a digest."""

    __tablename__ = "device"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    enrolled_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    n_unsent: Mapped[int] = mapped_column(default=0)
    app_version: Mapped[str] = mapped_column(default="")
    n_drafts: Mapped[int] = mapped_column(default=0)
    bytes_used: Mapped[int] = mapped_column(default=0)
    bytes_free: Mapped[int] = mapped_column(default=0)
    wipe: Mapped[str] = mapped_column(default="")  # '', asked, waits (something is unsent), done
    wipe_asked_at: Mapped[datetime | None]


class DeskSession(Base):
    """A server-side session of the desk; the cookie holds the secret, the row its digest."""

    __tablename__ = "desk_session"
    session_digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(default="zh")
    town_id: Mapped[str] = mapped_column(default="")  # of the county, that is looked at; '' is the own one
    browser: Mapped[str] = mapped_column(
        default=""
    )  # what it calls itself, shortened, to tell sessions apart


class Audit(Base):
    """One look at personal data, or one change; append-only."""

    __tablename__ = "audit"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    audit_id: Mapped[str] = mapped_column(primary_key=True)  # UUIDv7
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[str]
    action: Mapped[str]  # lower_snake verb: reveal approve return reject publish import export sign_in ...
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    detail: Mapped[dict[str, Any]]
