"""The review queue: what waits for a decision, filtered, newest first, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from urllib.parse import urlencode

from flask import redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from server.actions.exports import may_export
from server.actions.records import PAGE_SIZE, Filters, count, findings_of, queue, read_filters, user_names
from server.clock import now
from server.database import db
from server.models import Entity, Form, Submission, User
from server.outline import pick
from server.pages.door import count_pages, desk_blueprint, language, visitor

STATES = (
    "open",
    "mine",
    "received",
    "edited",
    "returned",
    "approved",
    "rejected",
    "set_aside",
    "withdrawn",
    "all",
)
# About the 3, 5 and 10 working days of domain.md section 7, in natural days.
LATE_DAYS = {"village": 5, "town": 7, "county": 14}
FLAGS = ("any", "E", "W", "Q", "files", "none")

queue_pages = desk_blueprint("queue", "queue")


@queue_pages.get("/queue")
def show() -> str | Response:
    """The queue under the filters of the address."""
    user, filters = visitor().user, read_filters(request.args)
    n_records = count(user, filters)
    n_pages = count_pages(n_records, PAGE_SIZE)
    if filters.page > n_pages:
        return redirect(f"{request.path}?{urlencode(filters.as_query(page=n_pages))}")
    rows = read_page(user, filters)
    return render_template(
        "desk/queue.html",
        rows=rows,
        filters=filters,
        n_records=n_records,
        n_pages=n_pages,
        counts=count_states(user, filters),
        senders=user_names({row.user_id for row in rows}),
        forms=form_titles(),
        villages=village_names(user),
        states=STATES,
        flags=FLAGS,
        may_export=may_export(user),
        findings=tell_findings(user.town_id, [row.current_id for row in rows]),
        now=now(),
        late_days=LATE_DAYS,
    )


def read_page(user: User, filters: Filters) -> list[Submission]:
    query = queue(user, filters).limit(PAGE_SIZE).offset((filters.page - 1) * PAGE_SIZE)
    return list(db.session.scalars(query))


def count_states(user: User, filters: Filters) -> dict[str, int]:
    """How many records each state has under the other filters."""
    return {state: count(user, replace(filters, state=state)) for state in STATES}


def tell_findings(town_id: str, instance_ids: list[str]) -> dict[str, list[str]]:
    """Instance -> what its checks found, the gravest first."""
    here = language()
    found: dict[str, list[str]] = defaultdict(list)
    for violation in findings_of(town_id, instance_ids):
        found[violation.instance_id].append(pick(violation.message, here) or violation.code)
    return found


def form_titles() -> dict[str, str]:
    """Form id -> title, in order of id."""
    here = language()
    forms = db.session.scalars(select(Form).order_by(Form.form_id))
    return {form.form_id: pick(form.title, here) or form.form_id for form in forms}


def village_names(user: User) -> dict[str, str]:
    """Code -> name of the town's villages, as the list `village` has them."""
    rows = db.session.execute(
        select(Entity.entity_id, Entity.label)
        .where(Entity.town_id == user.town_id, Entity.list_name == "village", Entity.is_deleted.is_(False))
        .order_by(Entity.entity_id)
    )
    return dict(rows.all())
