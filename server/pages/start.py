"""Where an administrator begins: what a new town needs, and how far it is."""

from __future__ import annotations

from flask import render_template
from sqlalchemy import func, select

from server.database import db
from server.models import Form, User, UserRole
from server.pages.door import desk_blueprint, visitor
from server.pages.lists import count_rows

start_pages = desk_blueprint("start", "start")


@start_pages.get("/start")
def show() -> str:
    """The three steps, each with what is there already."""
    town_id = visitor().user.town_id
    n_rows = count_rows(town_id)
    n_people = (
        select(func.count())
        .select_from(User)
        .where(User.town_id == town_id, ~User.posts.any(UserRole.role == "admin"))
    )
    n_forms = select(func.count()).select_from(Form).where(Form.is_closed.is_(False))
    return render_template(
        "desk/start.html",
        n_villages=n_rows.get("village", 0),
        n_persons=n_rows.get("person", 0),
        n_forms=db.session.scalar(n_forms) or 0,
        n_people=db.session.scalar(n_people) or 0,
    )
