"""The people of the town: accounts, new passwords, phones."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.access import ROLES, VILLAGE_ROLES, Post
from server.actions.account import end_sessions, mark_of
from server.actions.desk_sessions import sessions_of
from server.actions.enrolments import open_codes
from server.actions.people import (
    PEOPLE_PER_PAGE,
    Wanted,
    change_account,
    count_people,
    devices_of,
    get_person,
    last_seen,
    list_people,
    renew_password,
    set_disabled,
    welcome,
)
from server.actions.people_imports import MAX_PEOPLE
from server.actions.users import Account, roles_given_by
from server.models import User
from server.pages.door import count_pages, desk_blueprint, in_language, page_number, say, visitor
from server.pages.enrolments import lifetimes
from server.pages.queue import village_names
from server.problems import Problem

MAX_POSTS = 50  # nobody has more; a form with more is no form of ours

people_pages = desk_blueprint("people", "people")


@people_pages.get("/people")
def show() -> str:
    """Everybody who may sign in, and the form for one more."""
    return show_people()


def show_people(problem: Problem | None = None) -> str:
    user = visitor().user
    wanted = Wanted(request.args.get("q", "").strip()[:100], request.args.get("role", ""))
    n_people = count_people(user.town_id, wanted)
    n_pages = count_pages(n_people, PEOPLE_PER_PAGE)
    wanted = replace(wanted, page=page_number(n_pages))
    rows = list_people(user.town_id, wanted)
    user_ids = [row.user_id for row in rows]
    devices = devices_of(user.town_id, user_ids)
    return render_template(
        "desk/people.html",
        rows=rows,
        devices=devices,
        seen=last_seen(user_ids, devices),
        villages=village_names(user),
        roles=ROLES,
        roles_given=roles_given_by(user.user_id),
        filters=wanted,
        n_people=n_people,
        n_pages=n_pages,
        max_people=MAX_PEOPLE,
        values=with_blank(read_account()),
        problem=in_language(problem) if problem else None,
    )


@people_pages.post("/people")
def take_person() -> str | tuple[str, int]:
    """Make an account, and show its password this once: no address shows it again."""
    user = visitor().user
    by, town_id, account = user.user_id, user.town_id, read_account()
    try:
        user_id, password = welcome(town_id, account, by)
    except Problem as problem:
        return show_people(problem), problem.status
    return show_person(user_id, password=password)


def read_account(username: str = "") -> Account:
    values = request.form
    return Account(
        username or values.get("username", "").strip(),
        values.get("name", "").strip(),
        read_posts(values.getlist("role"), values.getlist("village")),
        values.get("person", "").strip(),
    )


def read_posts(roles: list[str], villages: list[str]) -> tuple[Post, ...]:
    """The roles that were chosen, each with the village beside it where the role has one."""
    pairs = zip_longest(roles[:MAX_POSTS], villages[: len(roles)], fillvalue="")
    posts = [Post(role, village.strip() if role in VILLAGE_ROLES else "") for role, village in pairs if role]
    return tuple(dict.fromkeys(posts))


def account_of(person: User) -> Account:
    posts = tuple(Post(row.role, row.village) for row in person.posts)
    return Account(person.username, person.name, posts, person.person)


def with_blank(account: Account) -> Account:
    """The account with room for one more post in its form."""
    return replace(account, posts=(*account.posts, Post("")))


@people_pages.get("/people/<user_id>")
def show_one(user_id: str) -> str:
    """One account with its phones."""
    return show_person(user_id)


def show_person(user_id: str, *, password: str = "", problem: Problem | None = None) -> str:
    user = visitor().user
    person = get_person(user.town_id, user_id)
    devices = devices_of(user.town_id, [user_id])
    roles = {*roles_given_by(user.user_id), *(post.role for post in person.posts)}
    return render_template(
        "desk/person.html",
        here="people",
        person=person,
        password=password,
        devices=devices[user_id],
        seen=last_seen([user_id], devices).get(user_id),
        sessions=sessions_of(user_id),
        mark_of=mark_of,
        villages=village_names(user),
        lifetimes=lifetimes(),
        open_code=open_codes(user.town_id, [user_id]).get(user_id),
        roles_given=[role for role in ROLES if role in roles],
        values=with_blank(read_account(person.username) if problem else account_of(person)),
        app_address=url_for("desk_session.home", _external=True).removesuffix("desk/") + "app/",
        problem=in_language(problem) if problem else None,
    )


@people_pages.post("/people/<user_id>")
def take_change(user_id: str) -> Response | tuple[str, int]:
    """Change name, posts or person."""
    user = visitor().user
    by, town_id = user.user_id, user.town_id
    account = read_account(get_person(town_id, user_id).username)
    try:
        change_account(town_id, user_id, account, by)
    except Problem as problem:
        return show_person(user_id, problem=problem), problem.status
    flash(say("saved"))
    return redirect(url_for("desk_people.show_one", user_id=user_id))


@people_pages.post("/people/<user_id>/password")
def take_password(user_id: str) -> str | tuple[str, int]:
    """Give a new password, shown this once."""
    user = visitor().user
    try:
        password = renew_password(user.town_id, user_id, user.user_id)
    except Problem as problem:
        return show_person(user_id, problem=problem), problem.status
    return show_person(user_id, password=password)


@people_pages.post("/people/<user_id>/disabling")
def take_disabling(user_id: str) -> Response | tuple[str, int]:
    """Let somebody in no longer, or again."""
    user = visitor().user
    is_disabled = request.form.get("disabled") == "yes"
    try:
        set_disabled(user.town_id, user_id, user.user_id, is_disabled=is_disabled)
    except Problem as problem:
        return show_person(user_id, problem=problem), problem.status
    flash(say("person_is_disabled" if is_disabled else "person_is_enabled"))
    return redirect(url_for("desk_people.show_one", user_id=user_id))


@people_pages.post("/people/<user_id>/sessions-ending")
def take_sessions_end(user_id: str) -> Response:
    """End one desk session of somebody, or all."""
    user = visitor().user
    by = user.user_id
    end_sessions(get_person(user.town_id, user_id), by, request.form.get("session", ""))
    flash(say("session_is_ended"))
    return redirect(url_for("desk_people.show_one", user_id=user_id))
