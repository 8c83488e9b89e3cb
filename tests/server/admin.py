"""Accounts and towns that door tests need beside the common one, and what the audit log says."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from server.database import db, write_transaction
from server.models import Audit, Town, User, UserRole
from tests.server.desk import Desk, sign_in_desk
from tests.server.town import PASSWORD, TOWN, digest_once

__all__ = [
    "OTHER_TOWN",
    "STAFF",
    "acts",
    "found_other_town",
    "hire",
    "sign_in_at_desk",
]

OTHER_TOWN = "town-2"
STAFF = ("admin", "publisher", "town_leader", "village_head", "county")


def hire(app: Flask, username: str, role: str, town_id: str = TOWN, village: str = "") -> str:
    """Add an account; its id."""
    with app.app_context(), write_transaction() as session:
        user = User(user_id=f"u-{username}", username=username, name=f"{username}(演示)")
        user.town_id, user.password_digest = town_id, digest_once()
        user.posts = [UserRole(role=role, village=village)]
        session.add(user)
    return f"u-{username}"


def found_other_town(app: Flask) -> None:
    with app.app_context(), write_transaction() as session:
        session.add(Town(town_id=OTHER_TOWN, name="邻镇(演示)", epoch="epoch-2"))


def sign_in_at_desk(app: Flask, username: str, password: str = PASSWORD) -> Desk:
    """The same desk in Chinese."""
    return sign_in_desk(app, username, "zh", password)


def acts(app: Flask, action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(who, about whom or what, detail) of each row of the audit log for an act."""
    with app.app_context():
        query = select(Audit).where(Audit.action == action).order_by(Audit.audit_id)
        return [(row.user_id, row.subject_id, row.detail) for row in db.session.scalars(query)]
