"""The page behind the code on the wall: for any camera's browser, with no account and nothing to install."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from server.texts import LANGUAGES

attend = Blueprint("attend", __name__)


@attend.get("/e")
def show() -> str:
    """The page without the code: that stays in the fragment, which no server and no log sees."""
    language = request.args.get("language") or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    return render_template("attend.html", language=language if language in LANGUAGES else LANGUAGES[0])
