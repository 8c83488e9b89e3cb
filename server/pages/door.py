"""The desk's door: who is signed in, in which language, and whether a form was sent from our own page."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from server.access import Scope, scope_of
from server.actions.desk_sessions import COOKIE, find_session, touch_session
from server.actions.doubts import count_doubts
from server.database import db
from server.models import DeskSession, Town, User
from server.pages.words import day_in_words, in_words, visible
from server.permissions import may_use
from server.problems import Problem
from server.texts import LANGUAGES, text

FORM_COOKIE = "lingyan_form"  # ties the sign-in form to this browser before there is a session
LANGUAGE_COOKIE = "lingyan_language"

# What stands in the menu, page -> route, for those who may use the route.
MENU = {
    "queue": "desk_queue.show",
    "doubts": "desk_doubts.show",
    "inbox": "desk_inbox.show",
    "tasks": "desk_tasks.show",
    "pairings": "desk_pairings.show",
    "events": "desk_events.show",
    "cards": "desk_cards.show",
    "start": "desk_start.show",
    "forms": "desk_forms.show",
    "lists": "desk_lists.show",
    "organisation": "desk_organisation.show",
    "people": "desk_people.show",
    "devices": "desk_devices.show",
    "reminders": "desk_reminders.show",
    "audit": "desk_audit.show",
}


@dataclass(frozen=True)
class Visitor:
    """Who asks; copied out of the rows, since a write transaction lets go of them."""

    user: User
    scope: Scope
    session: DeskSession
    csrf: str
    language: str


def desk_blueprint(name: str, page: str = "") -> Blueprint:
    """A blueprint under /desk whose routes need somebody who may use them; the menu stands at `page`."""
    blueprint = Blueprint(f"desk_{name}", __name__, url_prefix="/desk")

    @blueprint.before_request
    def enter() -> BaseResponse | None:
        g.page = page
        return admit()

    blueprint.context_processor(words_for_templates)
    blueprint.register_error_handler(Problem, show_problem)
    return blueprint


def open_blueprint(name: str) -> Blueprint:
    """A blueprint under /desk for those who aren't signed in yet; forms are tied to the browser's cookie."""
    blueprint = Blueprint(f"desk_{name}", __name__, url_prefix="/desk")
    blueprint.before_request(check_form_cookie)
    blueprint.context_processor(words_for_templates)
    blueprint.register_error_handler(Problem, show_problem)
    return blueprint


def admit() -> BaseResponse | None:
    """Let a signed-in user in; send others to the sign-in page."""
    found = find_session(request.cookies.get(COOKIE, ""))
    if found is None:
        if request.method == "GET":
            return redirect(url_for("desk_session.sign_in", next=request.full_path.rstrip("?")))
        back = urlsplit(request.referrer or "").path
        return redirect(url_for("desk_session.sign_in", next=safe_next(back) or None, lost="yes"))
    session, user = found
    scope = scope_of(user)
    g.visitor = Visitor(user, scope, session, session.csrf, session.language)
    if request.method == "POST":
        check_origin()
        check_token(session.csrf)
    touch_session(session)
    if not may_use(scope, request.endpoint or ""):
        raise Problem("not_allowed")
    return None


def check_form_cookie() -> None:
    """Before signing in the token is the browser's cookie; on signed-in pages it is the session's."""
    if request.method != "POST":
        return
    check_origin()
    found = find_session(request.cookies.get(COOKIE, ""))
    if found is None or not is_token(found[0].csrf):
        check_token(request.cookies.get(FORM_COOKIE, ""))


def check_origin() -> None:
    """A browser says where a form stood; another site's is refused. Absent in clients without pages."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Problem("csrf")


def check_token(expected: str) -> None:
    if not is_token(expected):
        raise Problem("csrf")


def is_token(expected: str) -> bool:
    sent = request.form.get("csrf", "")
    return bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())


def visitor() -> Visitor:
    found: Visitor = g.visitor
    return found


def language() -> str:
    """The language of this page: the session's, else the browser's last choice, else Chinese."""
    here: Visitor | None = g.get("visitor")
    chosen = here.language if here else request.cookies.get(LANGUAGE_COOKIE, LANGUAGES[0])
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def say(key: str, **words: object) -> str:
    return text(key, language(), **words)


def words_for_templates() -> dict[str, Any]:
    """What every template of the desk may name."""
    here: Visitor | None = g.get("visitor")
    return {
        "t": say,
        "language": language(),
        "visible": visible,
        "when": lambda moment: in_words(moment, language()),
        "day": lambda iso: day_in_words(iso, language()),
        "visitor": here,
        "csrf": here.csrf if here else form_token(),
        "menu": menu(here),
        "here": g.get("page", ""),
        "may": lambda endpoint: here is not None and may_use(here.scope, endpoint),
        "n_doubts": n_doubts,
        "town": town_of(here),
    }


def menu(here: Visitor | None) -> list[tuple[str, str]]:
    """(page, address) of what this person may open."""
    if here is None:
        return []
    return [(page, url_for(endpoint)) for page, endpoint in pages_of(here.scope)]


def pages_of(scope: Scope) -> list[tuple[str, str]]:
    """(page, route) of what somebody may open, in the menu's order."""
    there = current_app.view_functions
    return [(page, name) for page, name in MENU.items() if name in there and may_use(scope, name)]


def n_doubts() -> int:
    """How much waits that a machine can't decide; the menu shows it."""
    if "n_doubts" not in g:
        g.n_doubts = sum(count_doubts(visitor().user).values())
    found: int = g.n_doubts
    return found


def town_of(here: Visitor | None) -> Town | None:
    return db.session.get(Town, here.user.town_id) if here else None


def form_token() -> str:
    """The token of this browser's sign-in form; `keep_form_token` sends it as a cookie."""
    if "form_token" not in g:
        g.form_token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    token: str = g.form_token
    return token


def keep_form_token(page: str) -> Response:
    response = make_response(page)
    response.set_cookie(
        FORM_COOKIE, form_token(), httponly=True, secure=request.is_secure, samesite="Strict", path="/desk"
    )
    return response


def show_problem(problem: Problem) -> tuple[str, int]:
    """A problem as a page of the desk."""
    return render_template("desk/problem.html", problem=in_language(problem)), problem.status


def count_pages(n_rows: int, size: int) -> int:
    """How many pages of this size; one also when there is nothing."""
    return max(1, -(-n_rows // size))


def page_number(limit: int) -> int:
    """The address's `page`, from 1 to the last one."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
    return max(1, min(number, limit))


def in_language(problem: Problem) -> dict[str, str]:
    """A problem's code, message and remedy in the page's language."""
    told = problem.as_json()
    here = language()
    return {"code": problem.code, "message": told[f"message_{here}"], "fix": told[f"fix_{here}"]}


def first_page(scope: Scope) -> str:
    """Where somebody begins."""
    pages = pages_of(scope)
    if not pages:
        raise Problem("not_allowed")
    return url_for(pages[0][1])


def safe_next(address: str) -> str:
    """An address within the desk, or ''."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/desk/")
    return address if is_ours and "\\" not in address else ""
