"""A job that one process does alone: a lease by the database's clock, with a number that fences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from server.database import db, insert_missing, write_transaction
from server.models import Lease

LEASE_S = 150  # rounds come each minute
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# A server that was off for a month is told apart from one whose clock leapt by a person, not by us.
MAX_LEAP = timedelta(days=31)
BACK_LEAP = timedelta(hours=1)


class LeaseLost(Exception):
    """Another process took over: what was begun must not be written."""


@dataclass(frozen=True)
class Hold:
    """That this process holds a lease; the fence grew when it was taken."""

    name: str
    holder: str
    fence: int


def take_lease(name: str, holder: str) -> Hold | None:
    """Take a lease that is free or expired, or keep one's own; None while somebody else holds it."""
    with write_transaction() as session:
        insert_missing(
            Lease, [{"name": name, "holder": "", "fence": 0, "expires_at": LONG_AGO, "done_until": None}]
        )
        row = session.scalars(
            select(Lease).filter_by(name=name).with_for_update().execution_options(populate_existing=True)
        ).one()
        moment = database_now()
        if row.holder != holder:
            if row.expires_at > moment:
                return None
            row.holder, row.fence = holder, row.fence + 1
        row.expires_at = moment + timedelta(seconds=LEASE_S)
        return Hold(name, holder, row.fence)


def renew(hold: Hold) -> None:
    """Hold on for longer; inside the write transaction whose rows it guards. Raises: LeaseLost."""
    expires_at = database_now() + timedelta(seconds=LEASE_S)
    mine = (Lease.name == hold.name, Lease.holder == hold.holder, Lease.fence == hold.fence)
    changed = db.session.execute(update(Lease).where(*mine).values(expires_at=expires_at))
    if getattr(changed, "rowcount", 0) != 1:
        raise LeaseLost(hold.name)


def give_back(hold: Hold) -> None:
    """Let the next process take it at once, without waiting for it to expire."""
    with write_transaction() as session:
        mine = (Lease.name == hold.name, Lease.holder == hold.holder, Lease.fence == hold.fence)
        session.execute(update(Lease).where(*mine).values(expires_at=LONG_AGO))


def database_now() -> datetime:
    """The database's clock, which all processes share, to the second."""
    moment: datetime = db.session.execute(select(func.now())).scalar_one()
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def clock_leap(name: str, now: datetime) -> str:
    """`ahead` or `behind` when the clock is far from where the work was last; '' while it can be believed."""
    done_until = db.session.scalar(select(Lease.done_until).where(Lease.name == name))
    if done_until is None or done_until - BACK_LEAP <= now <= done_until + MAX_LEAP:
        return ""
    return "ahead" if now > done_until else "behind"


def believe_clock(name: str, now: datetime) -> None:
    """Go on from this moment: the work is done up to here, or a person said that the clock is right."""
    db.session.execute(update(Lease).where(Lease.name == name).values(done_until=now))
