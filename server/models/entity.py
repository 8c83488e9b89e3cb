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
    # column -> {"class": public|personal|sensitive, "label": {language: text}, "kind": what it holds}.
    # kind: id_number (looked up across rows, masked in the middle), account, phone, lat, lon,
    # serial (given by the server: the village's code and four digits), or '' for plain text.
    columns: Mapped[dict[str, Any]]
    village_column: Mapped[str] = mapped_column(default="")  # '' : everybody in the town sees all rows
    mentor_columns: Mapped[list[Any]]  # columns naming persons who see the row in full
    seq: Mapped[int] = mapped_column(default=0)  # when phones must look again


class Entity(Base):
    """A row as it stands now."""

    __tablename__ = "entity"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    data: Mapped[dict[str, Any]]  # property -> text
    village: Mapped[str] = mapped_column(default="")
    pinyin: Mapped[str] = mapped_column(
        default=""
    )  # initials and full readings of the label, space separated
    version: Mapped[int] = mapped_column(default=1)
    is_unreviewed: Mapped[bool] = mapped_column(default=False)
    is_deleted: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int]
    updated_at: Mapped[datetime]
    __table_args__ = (
        Index("entity_seq", "town_id", "seq"),
        Index("entity_village", "town_id", "list_name", "village", "seq"),
    )


class EntityChange(Base):
    """One change of one row.

    `applied` and `undone` ones took effect at their `seq`, in that order; `pending` waits for approval,
    `waiting` for the row to arrive, `dropped` never takes effect. What undoes a change is a change itself,
    `undone` from the start, so that a list can be shown as it was at any `seq`.
    """

    __tablename__ = "entity_change"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    change_id: Mapped[str] = mapped_column(primary_key=True)  # UUIDv7
    list_name: Mapped[str]
    entity_id: Mapped[str]
    kind: Mapped[str]  # create update delete
    state: Mapped[str]  # applied pending waiting undone dropped aside (undone while its record is set aside)
    instance_id: Mapped[str] = mapped_column(default="", index=True)  # '' for imports
    base_seq: Mapped[int] = mapped_column(default=0)  # what the phone had seen; 0 if unknown
    base_version: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]]  # property -> new text; label under 'label'
    before: Mapped[dict[str, Any]]  # property -> text it replaced
    conflict: Mapped[str] = mapped_column(default="")  # '' soft hard
    seq: Mapped[int]
    changed_at: Mapped[datetime]
    user_id: Mapped[str]
    __table_args__ = (
        Index("entity_change_row", "town_id", "list_name", "entity_id", "seq"),
        Index("entity_change_state", "town_id", "list_name", "state", "seq"),
    )


class Departure(Base):
    """A row that left a village (moved or deleted): phones of that village must drop it."""

    __tablename__ = "departure"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    village: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(index=True)


class EntityIdentifier(Base):
    """A value that should belong to one row only, such as an ID number, found without a scan."""

    __tablename__ = "entity_identifier"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    column: Mapped[str] = mapped_column(primary_key=True)


class Serial(Base):
    """The last number given in a village for a column of kind serial; numbers are never given twice."""

    __tablename__ = "serial"
    town_id: Mapped[str] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(primary_key=True)
    column: Mapped[str] = mapped_column(primary_key=True)
    village: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
