"""County, town, villages and groups: who is where, who is missing; the county chooses its town here."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.actions.organisation import choose_town, put_village, read_places, read_towns, rename_town
from server.pages.door import desk_blueprint, in_language, say, visitor
from server.problems import Problem

organisation_pages = desk_blueprint("organisation", "organisation")


@organisation_pages.get("/organisation")
def show() -> str:
    """The places within reach, with their people, figures and gaps."""
    return show_places()


def show_places(problem: Problem | None = None) -> str:
    here = visitor()
    is_county = here.scope.has({"county"})
    return render_template(
        "desk/organisation.html",
        places=read_places(here.scope),
        towns=read_towns(here.user) if is_county else [],
        typed=request.form if problem else {},
        problem=in_language(problem) if problem else None,
    )


@organisation_pages.post("/organisation/places")
def take_place() -> Response | tuple[str, int]:
    """Add a village, or rename a village or the town."""
    user, values = visitor().user, request.form
    town_id, by, code = user.town_id, user.user_id, values.get("code", "").strip()
    try:
        if values.get("is_town"):
            rename_town(town_id, values.get("name", ""), by)
        else:
            put_village(town_id, code, values.get("name", ""), by, is_new=bool(values.get("is_new")))
    except Problem as problem:
        return show_places(problem), problem.status
    flash(say("saved"))
    return redirect(url_for("desk_organisation.show"))


@organisation_pages.post("/organisation/town")
def take_town() -> Response:
    """Look at another town of the county."""
    here = visitor()
    choose_town(here.user, here.session.session_digest, request.form.get("town_id", ""))
    return redirect(url_for("desk_organisation.show"))
