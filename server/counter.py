"""A town's counter row: whoever writes locks it first, so commit order is sequence order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from server.database import db
from server.models import Town

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
LOCKED = (
    select(Town)
    .where(Town.town_id == bindparam("town_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def lock_town(town_id: str) -> Town:
    """The town's row, locked until the write transaction ends."""
    return db.session.scalars(LOCKED, {"town_id": town_id}).one()


def seq_taker(town_id: str) -> Callable[[], int]:
    """What gives one number after another inside the open write transaction, the town locked once."""
    town = lock_town(town_id)

    def take() -> int:
        town.seq += 1
        return town.seq

    return take


def next_seq(town_id: str) -> int:
    """Take one number; only inside `write_transaction()`."""
    town = lock_town(town_id)
    town.seq += 1
    db.session.flush()
    return town.seq


def next_seq_everywhere() -> int:
    """One number later than every town's last: for what all towns share, such as forms."""
    towns = db.session.scalars(select(Town).order_by(Town.town_id).with_for_update()).all()
    seq = 1 + (db.session.scalar(select(func.max(Town.seq))) or 0)
    for town in towns:
        town.seq = seq
    db.session.flush()
    return seq


def after(query: Query, seq: InstrumentedAttribute[Any], cursor: int, limit: int) -> Query:
    """What took its number after the cursor, in order; one row too many tells that there is more."""
    return query.where(seq > cursor).order_by(seq).limit(limit + 1)
