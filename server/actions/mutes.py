"""When reminders rest: leave, a household that is away, a pause, or the town's grace window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, tuple_

from server.access import TOWN_ROLES, VILLAGE_ROLES, Scope
from server.actions.pauses import follow_pause
from server.actions.subjects import Subject
from server.audit import audit
from server.clock import today
from server.counter import next_seq
from server.database import db, write_transaction
from server.ids import new_id
from server.models import Mute, Pairing, User
from server.problems import Problem

SUBJECTS = {"leave": "person", "away": "pairing", "pause": "pairing", "grace": "town"}
LEAVE_KINDS = ("sick", "personal", "annual", "business", "other")
LONG_DAYS = 60  # domain.md 5.3: longer pauses need the town's approval
MAX_DAYS = 366
MAX_REASON = 200
TOWN_DECIDERS = frozenset({"town_office", "town_leader"})


@dataclass(frozen=True)
class Mutes:
    """The mutes of a town that hold on a day: (kind of subject, subject) -> last day."""

    until: Mapping[tuple[str, str], date]

    def is_resting(self, kind: str, subject_id: str, subject: Subject) -> bool:
        """Whether nobody is to be reminded of a subject; events are held all the same."""
        if kind == "event":
            return False
        # With two mentors it rests only while both are away.
        mentors = subject.responsible
        is_left = bool(mentors) and all(("person", one) in self.until for one in mentors)
        is_muted = ("town", "") in self.until or (kind == "pairing" and ("pairing", subject_id) in self.until)
        return is_left or is_muted or subject.is_paused

    def away_until(self, person: str) -> date | None:
        """The last day of somebody's leave."""
        return self.until.get(("person", person))


def read_mutes(town_id: str, day: date) -> Mutes:
    query = select(Mute).where(
        Mute.town_id == town_id,
        Mute.state == "approved",
        Mute.from_on <= day.isoformat(),
        Mute.until_on >= day.isoformat(),
    )
    until: dict[tuple[str, str], date] = {}
    for row in db.session.scalars(query):
        key, end = (row.subject_kind, row.subject_id), date.fromisoformat(row.until_on)
        until[key] = max(end, until.get(key, end))
    return Mutes(until)


@dataclass(frozen=True)
class Wish:
    """A mute that somebody asks for."""

    kind: str  # leave away pause grace
    subject_id: str
    from_on: str
    until_on: str
    reason: str
    leave_kind: str = ""  # one of LEAVE_KINDS


def ask(scope: Scope, wish: Wish) -> str:
    """Ask for a mute; whoever may decide on it has it at once.

    Returns: its state.
    Raises: Problem with nothing stored.
    """
    days = refuse_unfit(wish)
    village = village_of(scope, wish)
    refuse_unless_own(scope, wish, village)
    is_own_leave = wish.kind == "leave" and wish.subject_id == scope.person
    is_decided = not is_own_leave and may_decide(scope, wish.kind, village, days)
    state = "approved" if is_decided else "asked"
    with write_transaction() as session:
        row = Mute(
            town_id=scope.town_id,
            mute_id=new_id(),
            kind=wish.kind,
            subject_kind=SUBJECTS[wish.kind],
            subject_id=wish.subject_id,
            from_on=wish.from_on,
            until_on=wish.until_on,
            reason=wish.reason,
            leave_kind=wish.leave_kind,
            state=state,
            asked_by=scope.user_id,
            decided_by=scope.user_id if state == "approved" else "",
            seq=next_seq(scope.town_id),
        )
        session.add(row)
        audit(scope.town_id, scope.user_id, "ask_mute", "mute", row.mute_id, kind=wish.kind, state=state)
        session.flush()
        follow_pause(row, scope.user_id)
    return state


def refuse_unfit(wish: Wish) -> int:
    """What is wrong with the wish itself. Returns: how many days it lasts."""
    if wish.kind not in SUBJECTS or wish.leave_kind not in ("", *LEAVE_KINDS):
        raise Problem("request_invalid", field="kind")
    days = days_of(wish)
    if wish.until_on < today().isoformat():
        raise Problem("mute_days_invalid")
    if not wish.reason or len(wish.reason) > MAX_REASON:
        raise Problem("reason_missing")
    return days


def days_of(wish: Wish) -> int:
    """How many days it lasts. Raises: Problem mute_days_invalid."""
    try:
        first, last = date.fromisoformat(wish.from_on), date.fromisoformat(wish.until_on)
    except ValueError:
        raise Problem("mute_days_invalid") from None
    if (first.isoformat(), last.isoformat()) != (wish.from_on, wish.until_on):
        raise Problem("mute_days_invalid")
    days = (last - first).days + 1
    if not 0 < days <= MAX_DAYS:
        raise Problem("mute_days_invalid")
    return days


def village_of(scope: Scope, wish: Wish) -> str:
    """Where the subject is, '' for the town. Raises: Problem record_unknown, of a pairing."""
    if wish.kind == "grace":
        return ""
    if wish.kind == "leave":
        query = select(User).where(User.town_id == scope.town_id, User.person == wish.subject_id)
        user = db.session.scalar(query.limit(1))
        return user.posts[0].village if user and user.posts else ""
    pairing = db.session.get(Pairing, (scope.town_id, wish.subject_id))
    if pairing is None:
        raise Problem("record_unknown")
    return pairing.village


def refuse_unless_own(scope: Scope, wish: Wish, village: str) -> None:
    """Cadres ask for themselves and their own pairings, supervisors for their place."""
    if wish.kind == "leave" and not is_somebody(scope.town_id, wish.subject_id):
        raise Problem("record_unknown")
    if scope.has(TOWN_DECIDERS) or (village and scope.has_at({"village_head"}, village)):
        return
    is_own = wish.kind == "leave" and wish.subject_id == scope.person
    if wish.kind in {"away", "pause"}:
        pairing = db.session.get_one(Pairing, (scope.town_id, wish.subject_id))
        is_own = scope.person in {pairing.mentor_id, pairing.mentor_2}
    if not (scope.person and is_own and scope.has(VILLAGE_ROLES | TOWN_ROLES)):
        raise Problem("not_allowed")


def is_somebody(town_id: str, person: str) -> bool:
    """Whether a person has an account, so that there is something to rest from."""
    known = select(User.user_id).filter_by(town_id=town_id, person=person).limit(1)
    return bool(person) and db.session.scalar(known) is not None


def may_decide(scope: Scope, kind: str, village: str, days: int) -> bool:
    """The village's secretary decides on up to 60 days there; all else is the town's."""
    if scope.has(TOWN_DECIDERS):
        return True
    is_small = kind != "grace" and days <= LONG_DAYS and bool(village)
    return is_small and scope.has_at({"village_head"}, village)


@dataclass(frozen=True)
class Rest:
    """A mute of a pairing, or the leave of one of its mentors."""

    row: Mute
    who: str  # the mentor who is on leave, '' for what is the pairing's own
    is_later: bool
    may_decide: bool


def rests_of(scope: Scope, pairing: Pairing) -> list[Rest]:
    """What lets a pairing rest, holds later or was asked for; the earliest first."""
    subjects = [("pairing", pairing.pairing_id)]
    if pairing.mentor_list == "person":
        subjects += [("person", one) for one in (pairing.mentor_id, pairing.mentor_2) if one]
    query = select(Mute).where(
        Mute.town_id == scope.town_id,
        tuple_(Mute.subject_kind, Mute.subject_id).in_(subjects),
        Mute.state.in_(("asked", "approved")),
        Mute.until_on >= today().isoformat(),
    )
    return [rest_of(scope, row) for row in db.session.scalars(query.order_by(Mute.from_on, Mute.mute_id))]


def rest_of(scope: Scope, row: Mute) -> Rest:
    who = row.subject_id if row.subject_kind == "person" else ""
    return Rest(row, who, row.from_on > today().isoformat(), not may_not_decide(scope, row))


def decide(scope: Scope, mute_id: str, action: str) -> str:
    """Approve or refuse a mute that was asked for, or end one that holds. Raises: Problem."""
    with write_transaction() as session:
        row = session.get(Mute, (scope.town_id, mute_id))
        if row is None:
            raise Problem("record_unknown")
        if code := may_not_decide(scope, row):
            raise Problem(code)
        if (row.state, action) not in TURNS:
            raise Problem("review_stale")
        row.state, row.decided_by, row.seq = TURNS[row.state, action], scope.user_id, next_seq(scope.town_id)
        if row.state == "ended":
            row.until_on = min(row.until_on, (today() - timedelta(days=1)).isoformat())
        audit(scope.town_id, scope.user_id, f"{action}_mute", "mute", mute_id)
        session.flush()
        follow_pause(row, scope.user_id)
        return row.state


def may_not_decide(scope: Scope, row: Mute) -> str:
    """Why this person has no say about a mute, as a problem's code; '' when they have."""
    wish = Wish(row.kind, row.subject_id, row.from_on, row.until_on, row.reason)
    village = village_of(scope, wish)
    is_own = row.kind == "leave" and row.subject_id == scope.person
    if not is_own and may_decide(scope, row.kind, village, days_of(wish)):
        return ""
    return "not_allowed" if scope.covers(village) else "record_unknown"


TURNS = {("asked", "approve"): "approved", ("asked", "refuse"): "refused", ("approved", "end"): "ended"}
