"""Who in a town gets a form on the phone: roles and villages; a form without any goes to everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select

from server.access import SENDING_ROLES
from server.audit import audit
from server.counter import next_seq_everywhere
from server.database import db, write_transaction
from server.models import Form, FormAssignment
from server.problems import Problem


def assign(
    town_id: str, form_id: str, roles: Collection[str], villages: Collection[str], user_id: str
) -> None:
    """Give a form to these roles in these villages; no role or no village means every one.

    Phones hear of it with their next exchange. Records are accepted from whoever still holds the form.
    Raises: Problem form_unknown, not_allowed: a role that never sends.
    """
    if not SENDING_ROLES.issuperset(roles):
        raise Problem("not_allowed")
    wanted = {(role, village) for role in roles or ("",) for village in villages or ("",)} - {("", "")}
    with write_transaction() as session:
        form = session.get(Form, form_id)
        if form is None:
            raise Problem("form_unknown", form_id=form_id)
        if wanted == read_assignments(town_id, form_id):
            return
        session.execute(delete(FormAssignment).filter_by(town_id=town_id, form_id=form_id))
        session.add_all(rows(town_id, form_id, wanted))
        form.seq = next_seq_everywhere()
        audit(town_id, user_id, "assign", "form", form_id, roles=sorted(roles), villages=sorted(villages))


def rows(town_id: str, form_id: str, wanted: Iterable[tuple[str, str]]) -> list[FormAssignment]:
    return [
        FormAssignment(town_id=town_id, form_id=form_id, role=role, village=village)
        for role, village in sorted(wanted)
    ]


def read_assignments(town_id: str, form_id: str) -> set[tuple[str, str]]:
    """(role, village) of each, '' standing for every one."""
    query = select(FormAssignment.role, FormAssignment.village).filter_by(town_id=town_id, form_id=form_id)
    return {(role, village) for role, village in db.session.execute(query)}
