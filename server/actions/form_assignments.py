"""Who in a town gets a form on the phone: roles and villages; a form without any goes to everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, true

from server.access import SENDING_ROLES, Scope
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


def is_assigned(scope: Scope) -> ColumnElement[bool]:
    """The condition for forms this person gets."""
    of_form = and_(FormAssignment.town_id == scope.town_id, FormAssignment.form_id == Form.form_id)
    theirs = or_(*(is_met(role, village) for role, village in scope.posts))
    return or_(~exists().where(of_form), exists().where(of_form, theirs))


def is_met(role: str, village: str) -> ColumnElement[bool]:
    """Whether an assignment names a post; who serves the whole town is in every village."""
    is_there = FormAssignment.village.in_(("", village)) if village else true()
    return and_(FormAssignment.role.in_(("", role)), is_there)
