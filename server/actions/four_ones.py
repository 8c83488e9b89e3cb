"""The four ones 四个一: which of them a pairing has done, and how many pairings of each village have.

Source: domain.md section 1, row 56: pairings with each one done, and with all four. One is done once a
contact log ticks it and says what was done; where nobody was met, nothing was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select

from server.access import Scope
from server.actions.pairing_views import in_scope
from server.database import db
from server.models import Contact, Pairing
from server.pairing_kinds import ACTIVE

ONES = ("learn", "project", "people", "area")
ALL = "all"
WANTED = (*ONES, ALL)


@dataclass
class Tally:
    """Of one village: pairings that hold, and those with each of the four done, or all of them."""

    n_pairings: int = 0
    n_done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WANTED, 0))


def deeds_of(contacts: Iterable[Contact]) -> dict[str, Contact]:
    """One of the four -> the last contact that did it, of a pairing's contacts in their order."""
    return {
        one: contact
        for contact in contacts
        if contact.evidence and contact.why != "absent"
        for one in ONES
        if one in contact.four_ones
    }


def done_in(scope: Scope, village: str = "") -> dict[tuple[str, str], set[str]]:
    """(pairing, village) -> which of the four are done, of the pairings that hold and did any."""
    query = living(scope, village).join(
        Contact, (Contact.town_id == Pairing.town_id) & (Contact.pairing_id == Pairing.pairing_id)
    )
    ticked = query.add_columns(Contact.four_ones).where(Contact.evidence != "", Contact.why != "absent")
    found: dict[tuple[str, str], set[str]] = {}
    for pairing_id, place, ones in db.session.execute(ticked):
        found.setdefault((pairing_id, place), set()).update(one for one in ones if one in ONES)
    return found


def living(scope: Scope, village: str) -> Select[str, str]:
    query = select(Pairing.pairing_id, Pairing.village).where(in_scope(scope), Pairing.state.in_(ACTIVE))
    return query.where(Pairing.village == village) if village else query


def tally(scope: Scope, village: str = "") -> dict[str, Tally]:
    """Village -> how far its pairings are."""
    rows = living(scope, village).subquery()
    counted = select(rows.c.village, func.count()).group_by(rows.c.village).order_by(rows.c.village)
    tallies = {place: Tally(n) for place, n in db.session.execute(counted)}
    for (_, place), ones in done_in(scope, village).items():
        for one in counts_as(ones):
            tallies[place].n_done[one] += 1
    return tallies


def sum_up(tallies: Mapping[str, Tally]) -> Tally:
    """All villages together."""
    whole = Tally(sum(one.n_pairings for one in tallies.values()))
    for one in WANTED:
        whole.n_done[one] = sum(each.n_done[one] for each in tallies.values())
    return whole


def counts_as(ones: set[str]) -> set[str]:
    return ones | {ALL} if ones.issuperset(ONES) else ones


def pairings_with(scope: Scope, wanted: str, village: str = "") -> list[str]:
    """The pairings behind a figure."""
    return [
        pairing_id for (pairing_id, _), ones in done_in(scope, village).items() if wanted in counts_as(ones)
    ]
