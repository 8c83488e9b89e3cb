"""The doors for machines: phones sign in, exchange records, hand in files and fetch forms."""

from __future__ import annotations

from flask import Blueprint

from server.api.calendar import calendar
from server.api.cards import cards
from server.api.check_in import own_check_in
from server.api.enrolments import enrolments
from server.api.files import files
from server.api.forms import modules
from server.api.health import health
from server.api.sessions import sessions
from server.api.submissions import submissions
from server.api.sync import door


def blueprints() -> list[Blueprint]:
    return [sessions, enrolments, door, submissions, files, modules, own_check_in, cards, calendar, health]
