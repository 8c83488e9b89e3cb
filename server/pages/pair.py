"""Two records that may be one case, side by side, and the decision on them."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.actions import aside
from server.actions.aside import Removal
from server.actions.doubts import Pair, get_pair
from server.actions.pairs import Choice, decide_pair, undo_pair
from server.actions.records import files_arrived, user_names
from server.actions.reveal import may_reveal, reveal
from server.pages.blocked import why_not_pair
from server.pages.door import desk_blueprint, in_language, language, visitor
from server.pages.queue import form_titles, village_names
from server.pages.sides import compare, only_different, side_of
from server.problems import Problem

pair_pages = desk_blueprint("pair", "doubts")
ADDRESS = "/doubts/pairs/<left_id>/<right_id>"


@pair_pages.get(ADDRESS)
def show(left_id: str, right_id: str) -> str:
    """Both records as they stand, sensitive answers masked."""
    return show_pair(left_id, right_id)


@pair_pages.post(f"{ADDRESS}/reveal")
def open_masked(left_id: str, right_id: str) -> str:
    """The same page with sensitive answers open, after the reason is in the audit log for both records."""
    user, reason = visitor().user, request.form.get("reason", "")
    pair = get_pair(user, left_id, right_id)
    for root_id, village in [(one.root_id, one.village) for one in (pair.left, pair.right)]:
        reveal(user, "submission", root_id, village, reason)
    return show_pair(left_id, right_id, is_open=True)


@pair_pages.post(f"{ADDRESS}/decision")
def take_decision(left_id: str, right_id: str) -> Response | tuple[str, int]:
    """Keep both, keep one, or undo, for the versions that were on the screen."""
    user, values = visitor().user, request.form
    get_pair(user, left_id, right_id)  # in scope, or unknown
    try:
        if values.get("action") == "undo":
            undo_pair(user, (left_id, right_id), values.get("reason", ""))
        else:
            choice = Choice(*(values.get(name, "") for name in ("action", "reason", "left", "right")))
            decide_pair(user, (left_id, right_id), choice)
    except Problem as problem:
        return show_pair(left_id, right_id, problem=problem), problem.status
    return redirect(url_for("desk_pair.show", left_id=left_id, right_id=right_id))


def show_pair(left_id: str, right_id: str, *, is_open: bool = False, problem: Problem | None = None) -> str:
    user = visitor().user
    pair = get_pair(user, left_id, right_id)
    left, right = side_of(pair.left), side_of(pair.right)
    found = compare(user.town_id, language(), left, right, is_open=is_open)
    shows_all = request.values.get("only") != "different"
    return render_template(
        "desk/pair.html",
        pair=pair,
        left=left,
        right=right,
        sections=found.sections if shows_all else only_different(found.sections),
        n_different=found.n_different,
        shows_all=shows_all,
        address=url_for("desk_pair.show", left_id=left_id, right_id=right_id),
        arrived=files_arrived(user.town_id, pair.left.current_id)
        | files_arrived(user.town_id, pair.right.current_id),
        forms=form_titles(),
        villages=village_names(user),
        people=user_names({pair.row.decided_by}),
        is_open=is_open,
        may_open=may_reveal(user, pair.left.village, pair.right.village) and not is_open,
        removals=find_removals(pair),
        blocked=why_not_pair(user, pair),
        problem=in_language(problem) if problem else None,
        typed=request.form if problem else {},
    )


def find_removals(pair: Pair) -> dict[str, list[Removal]]:
    """Button -> what setting the other record aside would take from the lists."""
    if pair.row.state != "open":
        return {}
    return {"left": aside.find_removals(pair.right), "right": aside.find_removals(pair.left)}
