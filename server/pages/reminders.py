"""The settings of reminders: ways out, texts, working days, the town's grace window, a clock that leapt."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import scope_of
from server.actions import reminder_settings as settings
from server.actions.mutes import Wish, ask
from server.actions.outgoing import try_again
from server.clock import now, today
from server.pages.door import desk_blueprint, in_language, say, visitor
from server.problems import Problem
from server.reminder_words import GAPS, LANGUAGES, TEMPLATES
from server.working_days import KINDS

reminder_pages = desk_blueprint("reminders", "reminders")


@reminder_pages.get("/reminders")
def show() -> str:
    """How reminders go out, and what was given up."""
    return show_settings()


def show_settings(problem: Problem | None = None) -> str:
    town_id = visitor().user.town_id
    ways, trouble = settings.read_ways(town_id)
    return render_template(
        "desk/reminders.html",
        ways=ways,
        trouble=trouble,
        settings_town=settings.read_town(town_id),
        given_up=settings.given_up(town_id),
        leap=settings.leap(),
        kinds=list(TEMPLATES),
        changed=settings.changed_kinds(town_id),
        graces=settings.graces(town_id),
        values=request.form,
        problem=in_language(problem) if problem else None,
    )


@reminder_pages.post("/reminders/sending")
def take_sending() -> Response:
    """Switch sending on or off."""
    user = visitor().user
    is_on = request.form.get("sending") == "on"
    settings.switch_sending(user.town_id, user.user_id, is_on=is_on)
    flash(say("sending_is_on" if is_on else "sending_is_off"))
    return redirect(url_for("desk_reminders.show"))


@reminder_pages.post("/reminders/test")
def take_test() -> Response | tuple[str, int]:
    """Send a test message through a channel to oneself."""
    user = visitor().user
    name = request.form.get("channel", "")
    try:
        trouble = settings.send_test(user.town_id, user.user_id, user.person, name)
    except Problem as problem:
        return show_settings(problem), problem.status
    flash(say(f"sent_{trouble}" if trouble else "sent_well", channel=name))
    return redirect(url_for("desk_reminders.show"))


@reminder_pages.post("/reminders/messages/<message_id>/again")
def take_again(message_id: str) -> Response:
    """Try a message again that was given up."""
    user = visitor().user
    try_again(user.town_id, message_id, user.user_id, now())
    flash(say("message_again"))
    return redirect(url_for("desk_reminders.show"))


@reminder_pages.post("/reminders/clock")
def take_clock() -> Response:
    """Say that the clock is right, so that reminders go on from here."""
    user = visitor().user
    settings.confirm_clock(user.town_id, user.user_id)
    flash(say("clock_is_right"))
    return redirect(url_for("desk_reminders.show"))


@reminder_pages.post("/reminders/grace")
def take_grace() -> Response | tuple[str, int]:
    """Let all reminders of the town rest for some days."""
    values = request.form
    wish = Wish(
        "grace", "", values.get("from_on", ""), values.get("until_on", ""), values.get("reason", "").strip()
    )
    try:
        state = ask(scope_of(visitor().user), wish)
    except Problem as problem:
        return show_settings(problem), problem.status
    flash(say(f"mute_is_{state}"))
    return redirect(url_for("desk_reminders.show"))


@reminder_pages.get("/reminders/texts/<kind>")
def show_text(kind: str) -> str:
    """One kind of reminder in both languages, with what it would say."""
    return show_kind(kind)


def show_kind(kind: str, problem: Problem | None = None) -> str:
    if kind not in TEMPLATES:
        raise Problem("not_found")
    town_id = visitor().user.town_id
    return render_template(
        "desk/reminder_text.html",
        here="reminders",
        kind=kind,
        texts={
            language: request.form.get(language) or settings.text_of(town_id, kind, language)
            for language in LANGUAGES
        },
        previews={language: settings.preview(town_id, kind, language) for language in LANGUAGES},
        gaps={language: settings.gaps_of(kind, language) for language in LANGUAGES},
        n_gaps=len(GAPS),
        problem=in_language(problem) if problem else None,
    )


@reminder_pages.post("/reminders/texts/<kind>")
def take_text(kind: str) -> Response | tuple[str, int]:
    """Keep the office's own wording, or go back to ours."""
    user = visitor().user
    texts = {language: request.form.get(language, "").strip() for language in LANGUAGES}
    try:
        settings.write_texts(user.town_id, user.user_id, kind, texts)
    except Problem as problem:
        return show_kind(kind, problem), problem.status
    flash(say("saved"))
    return redirect(url_for("desk_reminders.show_text", kind=kind))


@reminder_pages.get("/reminders/days")
def show_days() -> str:
    """The special days of a year."""
    return show_year()


def show_year(problem: Problem | None = None) -> str:
    year = year_asked()
    days, source = settings.days_of(year)
    return render_template(
        "desk/reminder_days.html",
        here="reminders",
        year=year,
        days=days,
        source=source,
        kinds=KINDS,
        weekdays=[day.weekday() for day in days],
        values=request.form,
        problem=in_language(problem) if problem else None,
    )


def year_asked() -> int:
    asked = request.values.get("year", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else today().year


@reminder_pages.post("/reminders/days")
def take_days() -> Response | tuple[str, int]:
    """Set one day, or bring in a year's days as lines of text."""
    user, values = visitor().user, request.form
    year = year_asked()
    try:
        if "lines" in values:
            settings.import_days(user.town_id, user.user_id, year, values["lines"])
        else:
            day = date.fromisoformat(values.get("day", ""))
            year = day.year
            name = values.get("name", "").strip()[:40]
            settings.set_day(user.town_id, user.user_id, day, values.get("kind", ""), name)
    except ValueError:
        problem = Problem("request_invalid", field="day")
        return show_year(problem), problem.status
    except Problem as problem:
        return show_year(problem), problem.status
    flash(say("saved"))
    return redirect(url_for("desk_reminders.show_days", year=year))
