"""Events with sessions and rosters, signed codes, check-ins as they came and attendance as it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base


class SigningKey(Base):
    """An Ed25519 key of the town; the private half is encrypted with the server's secret."""

    __tablename__ = "signing_key"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[str]  # base64url
    private: Mapped[str]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # signs no more; what it signed is still accepted
    revoked_at: Mapped[datetime | None]  # what it signed is refused


class Card(Base):
    """A badge or a door card that was issued; the opaque id is all that its code says."""

    __tablename__ = "card"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    card_id: Mapped[str] = mapped_column(primary_key=True)  # 32 hex digits
    purpose: Mapped[str]  # badge door
    list_name: Mapped[str]
    entity_id: Mapped[str]
    key_id: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (Index("card_entity", "town_id", "list_name", "entity_id", "purpose"),)


class Event(Base):
    """A class, tour, pairing day or meeting (F15)."""

    __tablename__ = "event"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    event_no: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    # training study_tour pairing_day salon activity_day meeting appraisal job_fair
    kind: Mapped[str]
    series: Mapped[str] = mapped_column(default="")
    series_no: Mapped[int | None]  # 期次 within the series
    topic: Mapped[str] = mapped_column(default="")
    teacher: Mapped[str] = mapped_column(default="")
    host_unit: Mapped[str] = mapped_column(default="")
    organiser: Mapped[str]  # a person
    helpers: Mapped[list[Any]] = mapped_column(default=list)  # further persons who may scan
    village: Mapped[str] = mapped_column(default="")  # '' for a town's event
    place: Mapped[str]
    lat: Mapped[str] = mapped_column(default="")
    lon: Mapped[str] = mapped_column(default="")
    radius_m: Mapped[int] = mapped_column(default=300)
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    hours: Mapped[str] = mapped_column(default="")  # a decimal, '' when it gives none
    capacity: Mapped[int | None]
    fee: Mapped[str] = mapped_column(default="")  # 万元, a decimal
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # destination, visited_units, materials ...
    position_reason: Mapped[str] = mapped_column(default="")  # why a position is asked; '' asks for none
    minutes: Mapped[str] = mapped_column(default="")
    photos: Mapped[list[Any]] = mapped_column(default=list)  # SHA-256 of each
    state: Mapped[str]  # planned open held closed cancelled
    wall_key: Mapped[str]  # the secret of its rotating code, base64url; organisers' phones hold it
    root_id: Mapped[str] = mapped_column(default="")  # the F15 record, '' when made at the desk
    made_by: Mapped[str]
    seq: Mapped[int]
    updated_at: Mapped[datetime]
    __table_args__ = (
        Index("event_start", "town_id", "start_at"),
        Index("event_seq", "town_id", "seq"),
        Index("event_organiser", "town_id", "organiser"),
    )


class EventSession(Base):
    """A part of an event with a code of its own: a morning, an afternoon."""

    __tablename__ = "event_session"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    session_no: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    hours: Mapped[str] = mapped_column(default="")
    has_check_out: Mapped[bool] = mapped_column(default=False)


class RosterEntry(Base):
    """Somebody expected at an event, or a walk-in who was added there."""

    __tablename__ = "roster_entry"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    attendee_id: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(default="")  # person, household, member; '' for a walk-in
    entity_id: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    position: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    village: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="trainee")
    state: Mapped[str] = mapped_column(default="expected")  # expected leave walk_in
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (Index("roster_entity", "town_id", "list_name", "entity_id"),)


class CheckIn(Base):
    """One check-in or check-out as it came, never deleted; `attendance` says which one counts."""

    __tablename__ = "check_in"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    check_in_id: Mapped[str] = mapped_column(primary_key=True)  # made by whoever sends it: the nonce
    event_id: Mapped[str]
    session_no: Mapped[int]
    direction: Mapped[str]  # in out
    attendee_id: Mapped[str]
    way: Mapped[str]  # wall badge manual
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[str] = mapped_column(default="")  # the user who scanned; '' for oneself
    device: Mapped[str] = mapped_column(default="")  # a digest of the device or browser
    address: Mapped[str] = mapped_column(default="")  # a digest of the network address
    time_device: Mapped[datetime | None]
    time_server: Mapped[datetime]
    lat: Mapped[str] = mapped_column(default="")
    lon: Mapped[str] = mapped_column(default="")
    distance_m: Mapped[int | None]
    photo: Mapped[str] = mapped_column(default="")  # SHA-256 of what the person took at the spot
    flags: Mapped[list[Any]] = mapped_column(default=list)  # late same_device burst far same_photo ...
    state: Mapped[str]  # valid unconfirmed merged dismissed
    decided_by: Mapped[str] = mapped_column(default="")
    root_id: Mapped[str] = mapped_column(default="")  # the F16 record of a phone
    seq: Mapped[int]
    __table_args__ = (
        Index("check_in_event", "town_id", "event_id", "session_no", "time_server"),
        Index("check_in_attendee", "town_id", "attendee_id"),
        Index("check_in_device", "town_id", "event_id", "device"),
        Index("check_in_address", "town_id", "event_id", "address", "time_server"),
        Index("check_in_record", "town_id", "root_id"),
        Index("check_in_photo", "town_id", "photo"),
        Index("check_in_seq", "town_id", "seq"),
    )


class Attendance(Base):
    """Who was there: the first valid check-in by server order, one for each person and session."""

    __tablename__ = "attendance"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    session_no: Mapped[int] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    attendee_id: Mapped[str] = mapped_column(primary_key=True)
    check_in_id: Mapped[str]
    at: Mapped[datetime]
    is_late: Mapped[bool] = mapped_column(default=False)
