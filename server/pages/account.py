"""One's own account: a new password, where one is signed in, and ending that."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.actions.account import change_password, end_phones, end_sessions, mark_of, phones_of
from server.actions.desk_sessions import COOKIE, digest_secret, sessions_of
from server.actions.users import SHORTEST_PASSWORD
from server.pages.door import desk_blueprint, in_language, say, visitor
from server.problems import Problem

account_pages = desk_blueprint("account")


def this_session() -> str:
    """The digest of the session of this browser."""
    return digest_secret(request.cookies.get(COOKIE, ""))


@account_pages.get("/account")
def show() -> str:
    """One's own password, sessions and phones."""
    return show_account()


def show_account(problem: Problem | None = None) -> str:
    user = visitor().user
    return render_template(
        "desk/account.html",
        person=user,
        sessions=sessions_of(user.user_id),
        mark_of=mark_of,
        this=this_session(),
        phones=phones_of(user.user_id),
        shortest=SHORTEST_PASSWORD,
        problem=in_language(problem) if problem else None,
    )


@account_pages.post("/account/password")
def take_password() -> Response | tuple[str, int]:
    """Change one's own password; other desk sessions end, phones stay signed in."""
    present, new, again = (request.form.get(name, "") for name in ("present", "new", "again"))
    try:
        if new != again:
            raise Problem("passwords_differ", field="again")
        change_password(visitor().user, present, new, this_session(), request.remote_addr or "")
    except Problem as problem:
        return show_account(problem), problem.status
    return back("password_is_changed")


@account_pages.post("/account/sessions-ending")
def take_sessions_end() -> Response:
    """End one of one's desk sessions, or all but this one."""
    user = visitor().user
    end_sessions(user, user.user_id, request.form.get("session", ""), this_session())
    return back("session_is_ended")


@account_pages.post("/account/phones-ending")
def take_phones_end() -> Response:
    """Sign one of one's phones out, or all."""
    end_phones(visitor().user, request.form.get("phone", ""))
    return back("phone_is_signed_out")


def back(done: str) -> Response:
    flash(say(done))
    return redirect(url_for("desk_account.show"))
