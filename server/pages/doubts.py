"""What a machine can't decide: duplicate pairs, conflicts and held items, each kind a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for

from server.actions.doubts import KINDS, count_doubts, read_held, read_pairs
from server.actions.records import PAGE_SIZE, user_names
from server.models import HeldItem, Submission, User
from server.pages.door import count_pages, desk_blueprint, page_number, say, visitor
from server.pages.held import reason_in_words, target_in_scope
from server.pages.queue import form_titles, village_names

doubt_pages = desk_blueprint("doubts", "doubts")


@dataclass
class Doubt:
    """One line of the page."""

    address: str
    why: str  # in words
    titles: list[str]
    form_id: str
    village: str
    senders: list[str]
    at: datetime | None
    state: str


@doubt_pages.get("/doubts")
def show() -> str:
    """Open ones of the kind asked for, else of the first kind that has any."""
    user = visitor().user
    is_open = request.args.get("state") != "decided"
    counts = count_doubts(user, is_open)
    first = next((kind for kind in KINDS if counts[kind]), KINDS[0])
    kind = request.args.get("kind", first)
    kind = kind if kind in KINDS else first
    n_pages = count_pages(counts[kind], PAGE_SIZE)
    page = page_number(n_pages)
    rows = read_rows(user, kind, is_open, page)
    return render_template(
        "desk/doubts.html",
        kinds=KINDS,
        kind=kind,
        is_open=is_open,
        counts=counts,
        rows=rows,
        page=page,
        n_pages=n_pages,
        people=user_names({sender for row in rows for sender in row.senders}),
        forms=form_titles(),
        villages=village_names(user),
    )


def read_rows(user: User, kind: str, is_open: bool, page: int) -> list[Doubt]:
    if kind != "duplicate":
        forms = form_titles()
        return [held_row(user, forms, row) for row in read_held(user, kind, is_open, page)]
    return [
        Doubt(
            address=url_for("desk_pair.show", left_id=pair.left.root_id, right_id=pair.right.root_id),
            why=say(f"same_{pair.row.kind}"),
            titles=titles_of(pair.left, pair.right),
            form_id=pair.left.form_id,
            village=pair.left.village,
            senders=list(dict.fromkeys((pair.left.user_id, pair.right.user_id))),
            at=pair.row.found_at if is_open else pair.row.decided_at,
            state=pair.row.state,
        )
        for pair in read_pairs(user, is_open, page)
    ]


def titles_of(left: Submission, right: Submission) -> list[str]:
    return list(dict.fromkeys((left.title, right.title)))


def held_row(user: User, forms: dict[str, str], row: HeldItem) -> Doubt:
    target = target_in_scope(user, row)
    return Doubt(
        address=url_for("desk_held.show", instance_id=row.instance_id, digest=row.digest),
        why=reason_in_words(row, forms.get(row.form_id, row.form_id)),
        titles=[target.title] if target else [],
        form_id=row.form_id,
        village=row.village,
        senders=[row.user_id],
        at=row.received_at if row.state == "open" else row.decided_at,
        state=row.state,
    )
