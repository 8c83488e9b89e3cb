"""What becomes of a pairing: approved, paused, resumed, extended, ended or given to another mentor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy import select

from server.access import Scope
from server.actions.entities import desk_writer
from server.actions.hand_over import replace
from server.actions.pairings import settle
from server.audit import audit
from server.clock import today
from server.database import db, write_transaction
from server.ids import new_id
from server.models import Mute, Pairing
from server.pairing_kinds import ACTIVE
from server.problems import Problem
from server.rows import RowWriter

END_REASONS = ("exit", "achieved", "move", "death", "refuse", "other")
MET_WITHIN = timedelta(days=45)  # before it may end
LONGEST_PAUSE = timedelta(days=60)  # beyond, the town approves
EXTENSION = timedelta(days=365)
REVIEWED_BEFORE = timedelta(days=30)  # the end of its term
DECIDERS = frozenset({"village_head", "town_office", "town_leader"})
TOWN_DECIDERS = frozenset({"town_office", "town_leader"})
UNMET = frozenset({"death", "refuse", "move"})  # reasons for which nobody can be asked any more

Values = Mapping[str, str]


def act(scope: Scope, pairing_id: str, action: str, values: Values) -> None:
    """Do one of ACTIONS with a pairing. Raises: Problem, with nothing stored."""
    do = ACTIONS.get(action)
    if do is None:
        raise Problem("request_invalid", field="action")
    with write_transaction():
        pairing = db.session.get(Pairing, (scope.town_id, pairing_id))
        if pairing is None:
            raise Problem("record_unknown")
        if not scope.has_at(DECIDERS, pairing.village):
            raise Problem("not_allowed")
        writer = desk_writer(scope.town_id, scope.user_id)
        do(writer, scope, pairing, values)
        audit(scope.town_id, scope.user_id, action, "pairing", pairing_id, note=values.get("note", "")[:500])
        writer.save()


def approve(writer: RowWriter, scope: Scope, pairing: Pairing, values: Values) -> None:
    """Let a proposed pairing hold; nobody approves their own."""
    refuse_unless(pairing.state == "proposed")
    refuse_own(scope, pairing)
    pairing.state = "active"
    settle(writer, pairing)


def pause(writer: RowWriter, scope: Scope, pairing: Pairing, values: Values) -> None:
    """Let contacts rest until a day; the town decides on more than 60 days."""
    refuse_unless(pairing.state == "active")
    until = read_day(values, "until_on")
    note = read_note(values)
    if until <= today():
        raise Problem("field_invalid", field="until_on")
    if until - today() > LONGEST_PAUSE and not scope.has(TOWN_DECIDERS):
        raise Problem("pause_too_long", days=LONGEST_PAUSE.days)
    db.session.add(
        Mute(
            town_id=scope.town_id,
            mute_id=new_id(),
            kind="pause",
            subject_kind="pairing",
            subject_id=pairing.pairing_id,
            from_on=today().isoformat(),
            until_on=until.isoformat(),
            reason=note,
            state="approved",
            asked_by=scope.user_id,
            decided_by=scope.user_id,
            seq=writer.next_seq(),
        )
    )
    pairing.state = "paused"
    settle(writer, pairing)


def resume(writer: RowWriter, scope: Scope, pairing: Pairing, values: Values) -> None:
    """Let contacts be due again from today."""
    refuse_unless(pairing.state == "paused")
    query = select(Mute).filter_by(
        town_id=scope.town_id, subject_kind="pairing", subject_id=pairing.pairing_id, state="approved"
    )
    for mute in db.session.scalars(query):
        mute.state, mute.until_on = "ended", min(mute.until_on, today().isoformat())
    pairing.state = "active"
    db.session.flush()
    settle(writer, pairing)


def extend(writer: RowWriter, scope: Scope, pairing: Pairing, values: Values) -> None:
    """Give it another year, once its term is about to end."""
    refuse_unless(pairing.state in ACTIVE)
    end = date.fromisoformat(pairing.end_plan_on)
    if end - today() > REVIEWED_BEFORE:
        raise Problem("extended_too_early", days=REVIEWED_BEFORE.days)
    pairing.end_plan_on = (max(end, today()) + EXTENSION).isoformat()
    settle(writer, pairing)


def end(writer: RowWriter, scope: Scope, pairing: Pairing, values: Values) -> None:
    """End it as domain.md 5.5 wants: met lately, the mentee asked, a closing note; nobody ends their own."""
    refuse_unless(pairing.state in ACTIVE)
    refuse_own(scope, pairing)
    reason = values.get("end_reason", "")
    if reason not in END_REASONS:
        raise Problem("field_invalid", field="end_reason")
    read_note(values)
    if reason not in UNMET:
        refuse_unless_met(pairing)
        if values.get("mentee_agreed") != "yes":
            raise Problem("mentee_not_asked")
    pairing.state, pairing.end_reason, pairing.ended_on = "ended", reason, today().isoformat()
    settle(writer, pairing)


def refuse_unless_met(pairing: Pairing) -> None:
    last = pairing.last_contact_on
    if not last or today() - date.fromisoformat(last) > MET_WITHIN:
        raise Problem("not_met_lately", days=MET_WITHIN.days)


def give(writer: RowWriter, scope: Scope, pairing: Pairing, values: Values) -> None:
    """Give it to another mentor."""
    refuse_unless(pairing.state in ACTIVE)
    mentor = values.get("mentor", "")
    if not mentor or mentor == pairing.mentor_id:
        raise Problem("field_invalid", field="mentor")
    replace(writer, pairing, mentor, today())


ACTIONS: dict[str, Callable[[RowWriter, Scope, Pairing, Values], None]] = {
    "approve": approve,
    "pause": pause,
    "resume": resume,
    "extend": extend,
    "end": end,
    "replace": give,
}


def refuse_unless(is_so: bool) -> None:
    if not is_so:
        raise Problem("review_stale")


def refuse_own(scope: Scope, pairing: Pairing) -> None:
    if scope.person and scope.person in (pairing.mentor_id, pairing.mentor_2):
        raise Problem("self_review")


def read_day(values: Values, field: str) -> date:
    try:
        return date.fromisoformat(values.get(field, ""))
    except ValueError as error:
        raise Problem("field_invalid", field=field) from error


def read_note(values: Values) -> str:
    note = values.get("note", "").strip()
    if not note:
        raise Problem("reason_missing")
    return note
