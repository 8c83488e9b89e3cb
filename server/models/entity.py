"""Entity lists and their rows, every change with its `seq`, and rows that left a phone's scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base


class EntityList(Base):
    """A list: its columns with their class, and how its rows are scoped."""

    __tablename__ = "entity_list"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[dict[str, Any]]  # column -> {"class": "public|personal|sensitive", "label": {language: text}}
    village_column: Mapped[str] = mapped_column(default="")  # '' : everybody in the town sees all rows
    mentor_columns: Mapped[list[Any]]  # columns naming persons who see the row in full


class Entity(Base):
    """A row as it stands now."""

    __tablename__ = "entity"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    data: Mapped[dict[str, Any]]  # property -> text
    village: Mapped[str] = mapped_column(default="")
    pinyin: Mapped[str] = mapped_column(default="")  # initials and full readings of the label, space separated
    version: Mapped[int] = mapped_column(default=1)
    is_unreviewed: Mapped[bool] = mapped_column(default=False)
    is_deleted: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int]
    updated_at: Mapped[datetime]
    __table_args__ = (Index("entity_seq", "town_id", "seq"), Index("entity_village", "town_id", "list_name", "village"))


class EntityChange(Base):
    """One change of one row: applied, waiting for approval or for its base, or undone."""

    __tablename__ = "entity_change"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    change_id: Mapped[str] = mapped_column(primary_key=True)  # UUIDv7
    list_name: Mapped[str]
    entity_id: Mapped[str]
    kind: Mapped[str]  # create update
    state: Mapped[str]  # applied pending waiting undone
    instance_id: Mapped[str] = mapped_column(default="", index=True)  # '' for imports
    base_version: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]]  # property -> new text; label under 'label'
    before: Mapped[dict[str, Any]]  # property -> text it replaced
    conflict: Mapped[str] = mapped_column(default="")  # '' soft hard
    seq: Mapped[int]
    changed_at: Mapped[datetime]
    user_id: Mapped[str]
    __table_args__ = (Index("entity_change_row", "town_id", "list_name", "entity_id", "seq"),)


class Departure(Base):
    """A row that left a village (moved or deleted): phones of that village must drop it."""

    __tablename__ = "departure"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    village: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(index=True)
