"""The desk's inbox: what one is told, what is overdue in one's place, the month's list, and what rests."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import scope_of
from server.actions.calendar_feeds import has_feed, make_feed, revoke_feed
from server.actions.inbox import (
    WATCHERS,
    mark_read,
    month_list,
    months_listed,
    mutes_shown,
    overdue_in,
    own_reminders,
)
from server.actions.mutes import LEAVE_KINDS, Wish, ask, decide
from server.clock import today
from server.pages.door import desk_blueprint, in_language, language, say, visitor
from server.problems import Problem

inbox_pages = desk_blueprint("inbox", "inbox")

# Kind of subject -> (page, name of its argument); a page that isn't there is no link.
PAGES = {
    "pairing": ("desk_pairings.show_one", "pairing_id"),
    "event": ("desk_event.show", "event_id"),
    "ticket": ("desk_tickets.show_one", "ticket_id"),
    "returned": ("desk_record.show", "root_id"),
}


def address_of(kind: str, subject_id: str) -> str:
    """Where the desk shows a subject, '' for nowhere."""
    endpoint, name = PAGES.get(kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return ""
    values: dict[str, Any] = {name: subject_id}
    return url_for(endpoint, **values)


@inbox_pages.get("/inbox")
def show() -> str:
    """Reminders and escalations."""
    return show_inbox()


def show_inbox(problem: Problem | None = None, feed: str = "") -> str:
    scope = scope_of(visitor().user)
    months = months_listed(scope)
    month = request.args.get("month", "")
    month = month if month in months else (months[0] if months else today().isoformat()[:7])
    return render_template(
        "desk/inbox.html",
        lines=own_reminders(scope, language()),
        overdue=overdue_in(scope),
        watches=scope.has(WATCHERS),
        month=month,
        months=months,
        listed=month_list(scope, month),
        mutes=mutes_shown(scope) if scope.has(WATCHERS) else [],
        person=scope.person,
        feed=feed,
        has_feed=has_feed(scope.town_id, scope.user_id),
        address_of=address_of,
        leave_kinds=LEAVE_KINDS,
        values=request.form,
        problem=in_language(problem) if problem else None,
    )


@inbox_pages.post("/inbox/reading")
def take_reading() -> Response:
    """Mark one reminder as read, or all."""
    mark_read(scope_of(visitor().user), request.form.get("reminder_id", ""))
    return redirect(url_for("desk_inbox.show"))


@inbox_pages.post("/inbox/calendar")
def take_calendar() -> str | Response:
    """Make the calendar's address, shown this once, or end it."""
    user = visitor().user
    town_id, user_id = user.town_id, user.user_id
    if request.form.get("action") == "end":
        revoke_feed(town_id, user_id)
        flash(say("feed_ended"))
        return redirect(url_for("desk_inbox.show"))
    return show_inbox(feed=url_for("calendar.read", token=make_feed(town_id, user_id), _external=True))


@inbox_pages.post("/inbox/mutes")
def take_wish() -> Response | tuple[str, int]:
    """Ask for leave, or for a grace window of the whole town."""
    scope, values = scope_of(visitor().user), request.form
    kind = values.get("kind", "")
    wish = Wish(
        kind,
        scope.person if kind == "leave" else values.get("subject_id", ""),
        values.get("from_on", ""),
        values.get("until_on", ""),
        values.get("reason", "").strip(),
        values.get("leave_kind", "") if kind == "leave" else "",
    )
    try:
        state = ask(scope, wish)
    except Problem as problem:
        return show_inbox(problem), problem.status
    flash(say(f"mute_is_{state}"))
    return redirect(url_for("desk_inbox.show"))


@inbox_pages.post("/inbox/mutes/<mute_id>/decision")
def take_decision(mute_id: str) -> Response | tuple[str, int]:
    """Approve or refuse a mute, or end one."""
    try:
        state = decide(scope_of(visitor().user), mute_id, request.form.get("action", ""))
    except Problem as problem:
        return show_inbox(problem), problem.status
    flash(say(f"mute_is_{state}"))
    return redirect(url_for("desk_inbox.show"))
