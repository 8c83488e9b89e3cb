"""The SQLAlchemy handle and its base class; imports nothing of ours, so anything may import it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime
from sqlalchemy.orm import DeclarativeBase, registry


class Base(DeclarativeBase):
    """Columns typed `datetime` are aware UTC; `dict[str, Any]` and `list[Any]` are JSON."""

    registry = registry(type_annotation_map={datetime: DateTime(timezone=True), dict[str, Any]: JSON, list[Any]: JSON})


db = SQLAlchemy(model_class=Base)
