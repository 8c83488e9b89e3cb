"""What phones sent: submissions, their versions, violations, decisions, duplicates, held items, files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base

UNREVIEWED = "none"  # the review level of records that nobody reviews


class Submission(Base):
    """The server's record of one case, with all its versions; `root_id` is the first instance's id."""

    __tablename__ = "submission"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    root_id: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    current_id: Mapped[str]  # instance_id of the current version
    approved_id: Mapped[str] = mapped_column(default="")  # the version that was last approved, '' for none
    review_state: Mapped[str]  # received returned edited approved rejected
    review_level: Mapped[str] = mapped_column(default="town")  # UNREVIEWED where nobody decides
    passed_level: Mapped[str] = mapped_column(default="")  # the last to approve this version, '' for none
    title: Mapped[str]  # instance_name, or the form's title
    village: Mapped[str] = mapped_column(default="")
    subject_list: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[str] = mapped_column(default="")  # the list row the filling was about
    user_id: Mapped[str]
    received_at: Mapped[datetime]
    started_at: Mapped[datetime | None]  # by the phone's clock: a remark, not a proof
    changed_at: Mapped[datetime]
    seq: Mapped[int]  # of the last change a phone must hear of
    n_errors: Mapped[int] = mapped_column(default=0)
    n_warnings: Mapped[int] = mapped_column(default=0)
    n_flags: Mapped[int] = mapped_column(default=0)
    n_files_missing: Mapped[int] = mapped_column(default=0)
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False)
    duplicate_of: Mapped[str] = mapped_column(default="")  # the root kept instead of this one, '' for none
    __table_args__ = (
        Index("submission_queue", "town_id", "review_state", "form_id", "village"),
        Index("submission_seq", "town_id", "user_id", "seq"),
        Index("submission_day", "town_id", "user_id", "form_id", "started_at"),
        Index("submission_subject", "town_id", "subject_list", "subject_id", "form_id"),
    )


class SubmissionVersion(Base):
    """One instance as it came; `payload` is the phone's text, byte for byte."""

    __tablename__ = "submission_version"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(primary_key=True)
    root_id: Mapped[str] = mapped_column(index=True)
    form_id: Mapped[str]
    version: Mapped[str]
    deprecated_id: Mapped[str] = mapped_column(default="")
    payload: Mapped[str]
    digest: Mapped[str]
    fingerprint: Mapped[str]
    calculated: Mapped[dict[str, Any]]  # path -> value recomputed by the checker where it differs
    seq: Mapped[int]
    chain: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    user_id: Mapped[str]
    device_id: Mapped[str]
    __table_args__ = (Index("submission_version_content", "town_id", "fingerprint"),)


class Violation(Base):
    """A rule that a version breaks, or a value that could not be checked."""

    __tablename__ = "violation"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    code: Mapped[str]  # required constraint type choice relevance calculation not_checked rule
    rule: Mapped[str] = mapped_column(default="")  # R30, V06 ...
    level: Mapped[str]  # E W Q N (N: not checked)
    message: Mapped[dict[str, Any]]  # language -> text


class Decision(Base):
    """One reviewer's decision on one version."""

    __tablename__ = "decision"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)  # UUIDv7
    root_id: Mapped[str] = mapped_column(index=True)
    instance_id: Mapped[str]
    level: Mapped[str]
    # approved returned rejected; withdrawn; kept_both kept_one set_aside restored (of pairs);
    # taken dismissed reopened (of items stored apart)
    decision: Mapped[str]
    user_id: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    comments: Mapped[dict[str, Any]]  # path -> text
    due_on: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime]


class SubmissionKey(Base):
    """A business key a form declares; two roots with one key are a duplicate pair."""

    __tablename__ = "submission_key"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    root_id: Mapped[str] = mapped_column(primary_key=True)
    __table_args__ = (Index("submission_key_root", "town_id", "root_id"),)


class Duplicate(Base):
    """Two submissions that may be one case; `kind` is content or business_key."""

    __tablename__ = "duplicate"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    left_id: Mapped[str] = mapped_column(primary_key=True)  # root ids, the earlier first
    right_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    found_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")  # open kept_both kept_one
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(default="")  # why, in the decider's words
    __table_args__ = (
        Index("duplicate_state", "town_id", "state", "found_at"),
        Index("duplicate_right", "town_id", "right_id"),
    )


class HeldItem(Base):
    """An item stored apart for a person: a conflict, or something held."""

    __tablename__ = "held_item"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    version: Mapped[str]
    deprecated_id: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str]  # conflict held
    reason: Mapped[str]  # problem code
    payload: Mapped[str]
    village: Mapped[str] = mapped_column(default="")
    user_id: Mapped[str]
    device_id: Mapped[str]
    files: Mapped[list[Any]]  # as the item declared them
    seq: Mapped[int]
    chain: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")  # open taken dismissed
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_seq: Mapped[int] = mapped_column(default=0)  # what the sender's phone hears it under
    comment: Mapped[str] = mapped_column(default="")  # why it was dismissed
    taken_as: Mapped[str] = mapped_column(default="")  # the instance it became
    __table_args__ = (
        Index("held_item_deprecated", "town_id", "deprecated_id"),
        Index("held_item_state", "town_id", "state", "outcome", "received_at"),
        Index("held_item_decided", "town_id", "user_id", "decided_seq"),
    )


class File(Base):
    """A content-addressed file; its bytes lie in the files folder under their SHA-256."""

    __tablename__ = "file"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[int]
    type: Mapped[str]
    user_id: Mapped[str]
    completed_at: Mapped[datetime | None]


class SubmissionFile(Base):
    """A file that a version names."""

    __tablename__ = "submission_file"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    type: Mapped[str]
