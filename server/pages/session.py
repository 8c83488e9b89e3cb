"""Signing in and out at the desk, the language, and the page that makes the first administrator."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import Post, scope_of
from server.actions.desk_sessions import COOKIE, end_session, find_session, start_session
from server.actions.sessions import check_password
from server.actions.users import Account, has_users, set_up
from server.audit import audit
from server.browsers import browser_name
from server.database import db, write_transaction
from server.models import DeskSession, User
from server.pages.door import (
    LANGUAGE_COOKIE,
    desk_blueprint,
    first_page,
    in_language,
    keep_form_token,
    language,
    open_blueprint,
    safe_next,
)
from server.problems import Problem
from server.texts import LANGUAGES

YEAR_S = 365 * 24 * 3600

session = open_blueprint("session")
leaving = desk_blueprint("leaving")


@session.get("/")
def home() -> Response:
    """Where this visitor begins."""
    found = find_session(request.cookies.get(COOKIE, ""))
    return redirect(first_page(scope_of(found[1])) if found else url_for("desk_session.sign_in"))


@session.get("/sign-in")
def sign_in() -> Response:
    """The sign-in form; a server without users asks for its first administrator instead."""
    if not has_users():
        return redirect(url_for("desk_session.setup"))
    return show_sign_in()


def show_sign_in(problem: Problem | None = None) -> Response:
    told = in_language(problem) if problem else None
    page = render_template(
        "desk/sign_in.html",
        problem=told,
        username=request.form.get("username", ""),
        next=safe_next(request.values.get("next", "")),
        is_lost="lost" in request.args,
    )
    response = keep_form_token(page)
    response.status_code = problem.status if problem else 200
    return response


@session.post("/sign-in")
def take_sign_in() -> Response:
    """Check the password and begin a new session; an old one in this browser ends."""
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    try:
        user = check_password(username, password, request.remote_addr or "")
    except Problem as problem:
        return show_sign_in(problem)
    address = safe_next(request.form.get("next", "")) or first_page(scope_of(user))
    return enter(user.user_id, user.town_id, address)


def enter(user_id: str, town_id: str, address: str) -> Response:
    old = request.cookies.get(COOKIE, "")
    if old:
        end_session(old)
    with write_transaction():
        secret = start_session(user_id, language(), browser_name(request.user_agent.string))
        audit(town_id, user_id, "sign_in", "desk")
    response = redirect(address)
    # The path is the whole site: photos come from /api/v1/files.
    response.set_cookie(COOKIE, secret, httponly=True, secure=request.is_secure, samesite="Lax")
    return response


@session.post("/language")
def switch_language() -> Response:
    """Chinese or English, for this session and this browser."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Problem("request_invalid", field="language")
    found = find_session(request.cookies.get(COOKIE, ""))
    if found:
        key = found[0].session_digest
        with write_transaction() as open_session:
            open_session.get_one(DeskSession, key).language = chosen
    response = redirect(safe_next(request.form.get("next", "")) or url_for("desk_session.home"))
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR_S, samesite="Lax", secure=request.is_secure)
    return response


@leaving.post("/sign-out")
def sign_out() -> Response:
    """End the session on the server, not only in the browser."""
    end_session(request.cookies.get(COOKIE, ""))
    response = redirect(url_for("desk_session.sign_in"))
    response.delete_cookie(COOKIE)
    return response


@session.get("/setup")
def setup() -> Response:
    """The form for the first administrator; there is none once there is a user."""
    if has_users():
        return redirect(url_for("desk_session.sign_in"))
    return show_setup()


def show_setup(problem: Problem | None = None) -> Response:
    told = in_language(problem) if problem else None
    response = keep_form_token(render_template("desk/setup.html", problem=told, values=request.form))
    response.status_code = problem.status if problem else 200
    return response


@session.post("/setup")
def take_setup() -> Response:
    """Make the town and its first administrator, once, for whoever read the code in the terminal."""
    values = request.form
    account = Account(values.get("username", "").strip(), values.get("name", "").strip(), (Post("admin"),))
    try:
        user_id = set_up(
            current_app.config["DATA"],
            values.get("code", ""),
            values.get("town_name", ""),
            account,
            values.get("password", ""),
        )
    except Problem as problem:
        return show_setup(problem)
    user = db.session.get_one(User, user_id)
    return enter(user_id, user.town_id, first_page(scope_of(user)))
