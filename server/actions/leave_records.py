"""A leave that somebody asks for on a phone: it waits for its supervisor like one asked for at the desk."""

from __future__ import annotations

from server.actions.mutes import LEAVE_KINDS, MAX_REASON, Wish, days_of
from server.actions.told import Told
from server.audit import audit
from server.database import db
from server.models import Mute, User
from server.problems import Problem
from server.rows import RowWriter

OPEN = frozenset({"asked", "approved"})


def follow_record(writer: RowWriter, root_id: str, told: Told | None) -> None:
    """Let the leave say what its record says; a change of its days must be granted anew."""
    known = db.session.get(Mute, (writer.town_id, root_id))
    wish = read_wish(told) if told else None
    if wish is None:
        take_back(writer, known)
    elif known is None:
        ask(writer, root_id, wish)
    elif known.state == "withdrawn" or is_other(known, wish):
        write(known, wish)
        known.state, known.decided_by, known.seq = "asked", "", writer.next_seq()


def read_wish(told: Told) -> Wish | None:
    """What the record asks for; None when there is nobody it could be for, or no such days."""
    user = db.session.get(User, told.user_id)
    kind = told.text("leave_kind")
    reason = told.text("reason")[:MAX_REASON]
    if user is None or not user.person or not reason:
        return None
    kind = kind if kind in LEAVE_KINDS else "other"
    wish = Wish("leave", user.person, told.text("from_on"), told.text("until_on"), reason, kind)
    try:
        days_of(wish)
    except Problem:
        return None  # the record itself stays, and shows what was written
    return wish


def ask(writer: RowWriter, root_id: str, wish: Wish) -> None:
    row = Mute(
        town_id=writer.town_id,
        mute_id=root_id,
        kind=wish.kind,
        subject_kind="person",
        subject_id=wish.subject_id,
        state="asked",
        asked_by=writer.user_id,
        decided_by="",
        seq=writer.next_seq(),
    )
    write(row, wish)
    db.session.add(row)
    audit(writer.town_id, writer.user_id, "ask_mute", "mute", root_id, kind=wish.kind, state=row.state)


def write(row: Mute, wish: Wish) -> None:
    row.from_on, row.until_on = wish.from_on, wish.until_on
    row.reason, row.leave_kind = wish.reason, wish.leave_kind


def is_other(row: Mute, wish: Wish) -> bool:
    asked = (wish.from_on, wish.until_on, wish.reason, wish.leave_kind)
    return (row.from_on, row.until_on, row.reason, row.leave_kind) != asked


def take_back(writer: RowWriter, row: Mute | None) -> None:
    if row is not None and row.state in OPEN:
        row.state, row.seq = "withdrawn", writer.next_seq()
