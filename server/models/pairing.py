"""Pairings of mentors and mentees, contacts that keep them alive, tasks, and what mutes their reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base


class Pairing(Base):
    """A mentor and a mentee with a cadence and a term; days are ISO texts, '' for none."""

    __tablename__ = "pairing"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    pairing_id: Mapped[str] = mapped_column(primary_key=True)
    pairing_no: Mapped[str] = mapped_column(default="")  # given on receipt, such as P-0123
    # hand_in_hand village_enterprise cadre_member member_household model_1to1
    kind: Mapped[str]
    mentor_list: Mapped[str]  # person or business
    mentor_id: Mapped[str]
    mentor_2: Mapped[str] = mapped_column(default="")  # a household's second mentor, a person
    mentor_unit: Mapped[str] = mapped_column(default="")
    mentee_list: Mapped[str]  # household, person or village
    mentee_id: Mapped[str]
    village: Mapped[str]
    start_on: Mapped[str]
    end_plan_on: Mapped[str] = mapped_column(default="")
    ended_on: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")
    goal: Mapped[str] = mapped_column(default="")
    agreement: Mapped[str] = mapped_column(default="")  # SHA-256 of its photo
    cadence_n: Mapped[int]  # contacts wanted in each unit
    cadence_unit: Mapped[str]  # month or quarter
    supervisor: Mapped[str] = mapped_column(default="")  # a person
    state: Mapped[str]  # proposed active paused ended replaced
    is_mentee_agreed: Mapped[bool] = mapped_column(default=False)
    is_posted: Mapped[bool] = mapped_column(default=False)
    is_neglected: Mapped[bool] = mapped_column(default=False)  # two periods missed in a row
    n_missed: Mapped[int] = mapped_column(default=0)  # periods missed in a row
    last_contact_on: Mapped[str] = mapped_column(default="")
    due_on: Mapped[str] = mapped_column(default="")  # the open period's last day
    replaces: Mapped[str] = mapped_column(default="")  # the pairing that a hand-over ended
    root_id: Mapped[str] = mapped_column(default="")  # the F17 record that made it, '' for an import
    seq: Mapped[int]
    updated_at: Mapped[datetime]
    __table_args__ = (
        Index("pairing_mentor", "town_id", "mentor_id", "state"),
        Index("pairing_mentee", "town_id", "mentee_id", "kind", "state"),
        Index("pairing_village", "town_id", "village", "kind", "state"),
        Index("pairing_record", "town_id", "root_id"),
    )


class Contact(Base):
    """One contact of a pairing: from a contact log (F18), or from an event both came to."""

    __tablename__ = "contact"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)
    pairing_id: Mapped[str]
    on: Mapped[str]  # the day in the town, ISO
    way: Mapped[str]  # visit phone wechat group at_site
    weight: Mapped[str]  # full, light (every second period at most), or none
    why: Mapped[str] = mapped_column(default="")  # why it counts less than full, a code
    is_confirmed: Mapped[bool] = mapped_column(default=True)  # False: back-dated, waits for the supervisor
    root_id: Mapped[str] = mapped_column(default="")  # the F18 record
    event_id: Mapped[str] = mapped_column(default="")
    four_ones: Mapped[list[Any]] = mapped_column(default=list)
    evidence: Mapped[str] = mapped_column(default="")  # what was done of the four ones
    content: Mapped[str] = mapped_column(default="")
    user_id: Mapped[str] = mapped_column(default="")
    seq: Mapped[int]
    __table_args__ = (
        Index("contact_pairing", "town_id", "pairing_id", "on"),
        Index("contact_record", "town_id", "root_id"),
    )


class Ticket(Base):
    """What a mentee needs settled, as a contact log told: who sees to it, by when, what came of it."""

    __tablename__ = "ticket"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(primary_key=True)
    pairing_id: Mapped[str]
    root_id: Mapped[str]  # the F18 record
    village: Mapped[str]
    kind: Mapped[str]  # income house school med water policy other
    text: Mapped[str]
    told_on: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")  # a person, '' until somebody is named
    due_on: Mapped[str]
    is_assigned: Mapped[bool] = mapped_column(
        default=False
    )  # by the desk: then the record changes it no more
    state: Mapped[str] = mapped_column(default="open")  # open closed cancelled
    result: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[str] = mapped_column(default="")
    closed_by: Mapped[str] = mapped_column(default="")  # a user
    __table_args__ = (
        Index("ticket_village", "town_id", "village", "state", "due_on"),
        Index("ticket_pairing", "town_id", "pairing_id"),
        Index("ticket_record", "town_id", "root_id"),
    )


class TaskBatch(Base):
    """Tasks that the office made in one go."""

    __tablename__ = "task_batch"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    form_id: Mapped[str]
    list_name: Mapped[str]
    chosen_by: Mapped[dict[str, Any]]  # the filter: column -> text
    due_on: Mapped[str]
    n_tasks: Mapped[int]
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class Task(Base):
    """One form to be filled about one row by one person; done by the matching submission."""

    __tablename__ = "task"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(default="", index=True)
    title: Mapped[str]
    form_id: Mapped[str]
    list_name: Mapped[str] = mapped_column(default="")
    entity_id: Mapped[str] = mapped_column(default="")
    village: Mapped[str] = mapped_column(default="")
    person: Mapped[str]  # who is to do it, a row of list `person`
    due_on: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")  # open done cancelled
    done_by: Mapped[str] = mapped_column(default="")  # the submission's root_id
    done_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    seq: Mapped[int]
    __table_args__ = (
        Index("task_subject", "town_id", "form_id", "entity_id", "state"),
        Index("task_person", "town_id", "person", "state", "due_on"),
        Index("task_village", "town_id", "village", "state", "due_on"),
        Index("task_done_by", "town_id", "done_by"),
    )


class Mute(Base):
    """A span of days in which reminders rest: leave, household away, pause, or a town-wide grace."""

    __tablename__ = "mute"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    mute_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # leave away pause grace
    subject_kind: Mapped[str]  # person pairing town
    subject_id: Mapped[str]
    from_on: Mapped[str]
    until_on: Mapped[str]
    reason: Mapped[str]
    leave_kind: Mapped[str] = mapped_column(default="")  # of leave: sick personal annual business other
    state: Mapped[str]  # asked approved refused ended withdrawn
    asked_by: Mapped[str]
    decided_by: Mapped[str] = mapped_column(default="")
    seq: Mapped[int]
    __table_args__ = (Index("mute_subject", "town_id", "subject_kind", "subject_id", "until_on"),)
