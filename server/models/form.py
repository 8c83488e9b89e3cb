"""Forms and their immutable published versions (reference tables: no town)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base


def review_levels(review: str) -> tuple[str, ...]:
    """The levels that records pass, in order, as their form says; the town where it says nothing."""
    return tuple(review.split()) or ("town",)


class Form(Base):
    """What authors call one form; its current version is the newest one."""

    __tablename__ = "form"
    form_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[dict[str, Any]]  # language -> text
    current_version: Mapped[str]
    is_closed: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int] = mapped_column(index=True)  # when phones must look again
    review: Mapped[str] = mapped_column(default="")  # levels in order, with spaces; none; '' is the town


class FormVersion(Base):
    """One published compilation; never changes."""

    __tablename__ = "form_version"
    form_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(index=True)  # of the JavaScript module, its public name
    title: Mapped[dict[str, Any]]
    xform: Mapped[str]
    javascript: Mapped[str]
    python: Mapped[str]
    outline: Mapped[dict[str, Any]]  # CompiledForm.outline: what the desk, exports and lists need to know
    purpose: Mapped[str]
    retention_days: Mapped[int]
    published_at: Mapped[datetime]
    published_by: Mapped[str]  # user_id, '' for the command line


class FormFile(Base):
    """A file that came with a version: workbook, list, picture or sound; its bytes lie by digest."""

    __tablename__ = "form_file"
    form_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)  # as the form names it
    kind: Mapped[str]  # workbook list media
    sha256: Mapped[str] = mapped_column(index=True)
    bytes: Mapped[int]
    type: Mapped[str]


class FormDraft(Base):
    """A checked upload that was kept, one per form; no phone gets it by itself."""

    __tablename__ = "form_draft"
    form_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(index=True)  # of its module, which a test hands out under this name
    version: Mapped[str]
    title: Mapped[dict[str, Any]]  # language -> text
    files: Mapped[list[Any]]  # of `form_files.Kept` as JSON
    # Of `workbooks.Checked`, without the bytes of files; holds the whole compiled form, so read on demand.
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    is_test: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


class FormAssignment(Base):
    """Who in a town gets a form on the phone; a form without any goes to everybody."""

    __tablename__ = "form_assignment"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)  # '' for every role
    village: Mapped[str] = mapped_column(primary_key=True)  # '' for everywhere
