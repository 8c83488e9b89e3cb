"""An item that was stored apart, beside the record it is about if there is one, and the decision on it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import scope_of
from server.actions.doubts import get_held_in_scope
from server.actions.held import (
    dismiss,
    fault_in,
    find_target,
    take_in,
    undo_dismissal,
    version_of,
)
from server.actions.records import files_arrived, read_payload, user_names
from server.actions.reveal import may_reveal, reveal
from server.models import HeldItem, Submission, User
from server.pages.blocked import why_not_held, why_not_taken
from server.pages.door import desk_blueprint, in_language, language, visitor
from server.pages.queue import form_titles, village_names
from server.pages.sides import compare, only_different, side_of, side_of_held
from server.problems import Problem, describe

held_pages = desk_blueprint("held", "doubts")
ADDRESS = "/doubts/held/<instance_id>/<digest>"


@held_pages.get(ADDRESS)
def show(instance_id: str, digest: str) -> str:
    """The item and what it is about, sensitive answers masked."""
    return show_held(instance_id, digest)


@held_pages.post(f"{ADDRESS}/reveal")
def open_masked(instance_id: str, digest: str) -> str:
    """The same page with sensitive answers open, after the reason is in the audit log."""
    user, reason = visitor().user, request.form.get("reason", "")
    held = get_held_in_scope(user, instance_id, digest)
    target = target_in_scope(user, held)
    reveal(user, "held_item", instance_id, held.village, reason)
    if target:
        reveal(user, "submission", target.root_id, target.village, reason)
    return show_held(instance_id, digest, is_open=True)


@held_pages.post(f"{ADDRESS}/decision")
def take_decision(instance_id: str, digest: str) -> Response | tuple[str, int]:
    """Take the item in, or dismiss it."""
    user, values = visitor().user, request.form
    get_held_in_scope(user, instance_id, digest)  # in scope, or unknown
    held_id, seen_id = (instance_id, digest), values.get("seen", "")
    try:
        if values.get("action") == "take":
            take_in(user, held_id, seen_id)
        elif values.get("action") == "dismiss":
            dismiss(user, held_id, seen_id, values.get("reason", ""))
        elif values.get("action") == "undo":
            undo_dismissal(user, held_id)
        else:
            raise Problem("request_invalid", field="action")
    except Problem as problem:
        return show_held(instance_id, digest, problem=problem), problem.status
    return redirect(url_for("desk_held.show", instance_id=instance_id, digest=digest))


def target_in_scope(user: User, held: HeldItem) -> Submission | None:
    target = find_target(held)
    return target if target and scope_of(user).covers(target.village) else None


def show_held(instance_id: str, digest: str, *, is_open: bool = False, problem: Problem | None = None) -> str:
    user = visitor().user
    held = get_held_in_scope(user, instance_id, digest)
    target, shown = find_target(held), target_in_scope(user, held)
    forms = form_titles()
    item = side_of_held(held, language())
    stored = side_of(shown) if shown and held.state != "taken" else None
    left, right = (stored, item) if stored else (item, None)
    found = compare(user.town_id, language(), left, right, is_open=is_open)
    shows_all = stored is None or request.values.get("only") != "different"
    return render_template(
        "desk/held.html",
        held=held,
        left=left,
        right=right,
        item=item,
        target=shown,
        seen_id=version_of(target),
        sections=found.sections if shows_all else only_different(found.sections),
        n_different=found.n_different,
        shows_all=shows_all,
        unfit=why_not_taken(held),
        is_readable=bool(read_payload(held.payload).get("answers")),
        address=url_for("desk_held.show", instance_id=instance_id, digest=digest),
        why=reason_in_words(held, forms.get(held.form_id, held.form_id), fault_in(held)),
        arrived=files_arrived(user.town_id, shown.current_id) if shown else set(),
        file_note="file_apart",
        forms=forms,
        villages=village_names(user),
        people=user_names({held.decided_by}),
        is_open=is_open,
        may_open=may_reveal(user, held.village) and not is_open,
        blocked=why_not_held(user, held, target, is_target_shown=shown is not None),
        problem=in_language(problem) if problem else None,
        typed=request.form if problem else {},
    )


def reason_in_words(held: HeldItem, form: str, fault: str = "") -> str:
    """The reason as the problem's table says it; `fault` is where a text can't be read."""
    told = describe(held.reason, {"form_id": form, "version": held.version, "field": fault})
    return str(told[f"message_{language()}"]).rstrip(": ")
