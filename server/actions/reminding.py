"""One round of the reminder engine: sweep, digest, send, by the one process that holds the lease."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from datetime import datetime

from server.actions.digests import deliver
from server.actions.leases import Hold, LeaseLost, believe_clock, clock_leap, renew, take_lease
from server.actions.outgoing import send_waiting
from server.actions.pauses import follow_pauses
from server.actions.sweep import sweep
from server.clock import TOWN_ZONE
from server.database import write_transaction
from server.workdays import fill_years

LEASE = "reminders"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """What one round did."""

    is_ours: bool = True
    leap: str = ""
    n_moved: int = 0
    n_messages: int = 0
    n_sent: int = 0


def holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def remind(now: datetime, who: str = "") -> Round:
    """Do one round, if this process may and the clock can be believed."""
    hold = take_lease(LEASE, who or holder())
    if hold is None:
        return Round(is_ours=False)
    leap = clock_leap(LEASE, now)
    if leap == "ahead":
        logger.error(
            "The server's clock says %s, far ahead of the last reminders: none are made until the clock is"
            " set, or somebody confirms it in the desk's reminder settings.",
            now.date(),
        )
        return Round(leap=leap)
    try:
        follow_pauses(now.astimezone(TOWN_ZONE).date())
        n_moved = sweep(now, hold)
        n_messages = deliver(now, hold)
        if not leap:
            finish(now, hold)
    except LeaseLost:
        logger.warning("Another process took over the reminders.")
        return Round(is_ours=False)
    return Round(leap=leap, n_moved=n_moved, n_messages=n_messages, n_sent=send_waiting(now))


def finish(now: datetime, hold: Hold) -> None:
    """Remember up to when the work is done; who slept must not set this back. Raises: LeaseLost."""
    with write_transaction():
        renew(hold)
        believe_clock(LEASE, now)
        year = now.astimezone(TOWN_ZONE).year
        fill_years(range(year - 1, year + 2))
