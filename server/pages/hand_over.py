"""Somebody leaves: the desk shows what would go to a successor, hands it over, and says what moved."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import Scope
from server.actions.hand_over import Part, duties_of
from server.actions.leaving import (
    DISABLERS,
    Group,
    Wanted,
    accounts_of,
    find_done,
    group,
    leave,
    name_rows,
    receipt_of,
    uncovered,
)
from server.actions.records import names_of
from server.pages.door import desk_blueprint, in_language, visitor
from server.pages.pairings import persons_of
from server.pages.queue import village_names
from server.problems import Problem

MAX_NAMES = 30

hand_over_pages = desk_blueprint("hand_over", "pairings")


@hand_over_pages.get("/hand-over")
def show() -> str:
    """Who leaves and who follows; then what would move."""
    return show_plan(read_wanted())


def read_wanted() -> Wanted:
    values = request.values
    parts = (each.partition("|") for each in values.getlist("part"))
    return Wanted(
        values.get("person", ""),
        values.get("to", ""),
        frozenset(Part(what, village) for what, _, village in parts),
        values.get("seen", ""),
        values.get("disable") == "yes",
    )


def show_plan(wanted: Wanted, problem: Problem | None = None) -> str:
    user, scope = visitor().user, visitor().scope
    duties = duties_of(user.town_id, wanted.person, wanted.to_person)
    groups = group(duties) if wanted.person else []
    leaving = accounts_of(user.town_id, wanted.person)
    following = accounts_of(user.town_id, wanted.to_person)
    return render_template(
        "desk/hand_over.html",
        wanted=wanted,
        persons=persons_of(user.town_id),
        names=names_of(user.town_id, "person", {wanted.person, wanted.to_person}),
        groups=groups,
        rows=visible_names(scope, groups),
        max_names=MAX_NAMES,
        villages=village_names(user),
        is_chosen=bool(wanted.person and wanted.to_person) and wanted.person != wanted.to_person,
        has_account=bool(following),
        uncovered=uncovered(following, groups),
        leaving=leaving,
        may_disable=scope.has(DISABLERS),
        seen=receipt_of(wanted, duties, leaving),
        problem=in_language(problem) if problem else None,
    )


def visible_names(scope: Scope, groups: list[Group]) -> dict[tuple[str, str], str]:
    """Names of the rows that this person may see; an administrator alone sees how many there are."""
    rows = {row for one in groups if scope.covers(one.part.village) for row in one.rows}
    return name_rows(scope.town_id, rows)


@hand_over_pages.post("/hand-over")
def take() -> Response | tuple[str, int]:
    """Hand over what was seen."""
    scope, wanted = visitor().scope, read_wanted()
    try:
        if not wanted.person or wanted.to_person in ("", wanted.person):
            raise Problem("hand_over_who")
        receipt = leave(scope, wanted)
    except Problem as problem:
        return show_plan(wanted, problem), problem.status
    return redirect(url_for("desk_hand_over.show_done", receipt=receipt))


@hand_over_pages.get("/hand-over/done")
def show_done() -> str | Response:
    """What moved, and what is left."""
    user, receipt = visitor().user, request.args.get("receipt", "")
    if not receipt:
        return redirect(url_for("desk_hand_over.show"))
    done = find_done(user.town_id, receipt)
    person, to_person = done.subject_id, done.detail["to"]
    return render_template(
        "desk/handed_over.html",
        person=person,
        to=to_person,
        done=done.detail,
        names=names_of(user.town_id, "person", {person, to_person}),
        n_left=sum(len(one.rows) for one in group(duties_of(user.town_id, person))),
        is_off=not accounts_of(user.town_id, person),
    )
