"""Where an ordinary camera arrives: a light page that leads a scanned enrolment code on to the app.

The code stands in the fragment, so it is in no request; the page's script hands it on within the browser.
"""

from __future__ import annotations

from flask import Blueprint, render_template

arrival = Blueprint("arrival", __name__)


def blueprints() -> list[Blueprint]:
    return [arrival]


@arrival.get("/n")
def enrolment() -> str:
    """Lead on to the app; the browsers inside other apps are told how to open the real one."""
    return render_template("arrival.html")


@arrival.get("/d")
def door_card() -> str:
    """Whom to ask about the house whose card was scanned; its script fetches that with the code."""
    return render_template("door_card.html")


@arrival.get("/b")
def badge() -> str:
    """A badge is read by an organiser's app, not by a page."""
    return render_template("badge.html")
