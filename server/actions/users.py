"""Towns and accounts: the first administrator, further people, new passwords."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.access import COUNTY, ROLES, VILLAGE_ROLES, Post, scope_of
from server.actions.desk_sessions import end_sessions_of
from server.actions.forms import define_list
from server.audit import audit
from server.clock import now
from server.counter import seq_taker
from server.database import db, write_transaction
from server.ids import new_id
from server.models import Device, Town, User, UserRole
from server.passwords import digest_password
from server.problems import Problem
from server.rows import RowWriter, Write
from server.setup import accepts_code, spend_code

PERSONS = "person"  # the list whose rows are cadres and users
SHORTEST_PASSWORD = 10  # NIST SP 800-63B asks for 8; a town's households are worth two more


@dataclass(frozen=True)
class Account:
    """Who somebody is to be; a post has a village for the village roles, and for them only."""

    username: str
    name: str
    posts: tuple[Post, ...]
    person: str = ""


def has_users() -> bool:
    return db.session.scalar(select(User.user_id).limit(1)) is not None


def set_up(folder: Path, code: str, town_name: str, account: Account, password: str) -> str:
    """Found the town and make its first administrator, for whoever has the code from the terminal.

    Returns: the new user's id.
    """
    if has_users() or not accepts_code(folder, code):
        raise Problem("setup_code_wrong", field="code")
    check_account(account, password)
    digest = digest_password(password)
    with write_transaction() as session:
        if has_users():
            raise Problem("setup_code_wrong", field="code")
        town_id = insert_town(session, town_name)
        user_id = insert_user(session, town_id, account, digest)
        audit(town_id, user_id, "set_up", "town", town_id)
    spend_code(folder)
    return user_id


def insert_town(session: Session, name: str, *, is_demo: bool = False) -> str:
    """Add a town inside a write transaction and give its id."""
    if not name.strip():
        raise Problem("field_invalid", field="town_name")
    town = Town(town_id=new_id(), name=name.strip(), epoch=new_id(), is_demo=is_demo)
    session.add(town)
    session.flush()
    return town.town_id


def add_user(town_id: str, account: Account, password: str, by: str = "") -> str:
    """Make an account; `by` is the user who does it, '' for the command line. Returns: the new user's id."""
    check_account(account, password)
    digest = digest_password(password)
    with write_transaction() as session:
        user_id = insert_user(session, town_id, account, digest)
        audit(town_id, by, "add_user", "user", user_id, posts=say_posts(account.posts))
    return user_id


def insert_user(session: Session, town_id: str, account: Account, password_digest: str) -> str:
    if session.scalar(select(User.user_id).filter_by(username=account.username)):
        raise Problem("username_taken", field="username")
    user = make_user(town_id, account, password_digest)
    session.add(user)
    session.flush()
    link_person(town_id, account.person, account.username)
    return user.user_id


def make_user(town_id: str, account: Account, password_digest: str) -> User:
    """Somebody to be added; no password opens an account whose digest is ''."""
    return User(
        user_id=new_id(),
        town_id=town_id,
        username=account.username,
        name=account.name,
        posts=[UserRole(role=post.role, village=post.village) for post in account.posts],
        person=account.person,
        password_digest=password_digest,
    )


def roles_given_by(by: str) -> tuple[str, ...]:
    """The roles that a user may give, the command line ('') all; the county's reaches beyond the town."""
    if not by or scope_of(db.session.get_one(User, by)).has(COUNTY):
        return ROLES
    return tuple(role for role in ROLES if role not in COUNTY)


def say_posts(posts: Iterable[Post]) -> str:
    """Posts as the audit log keeps them: `field@320981100901, publisher`."""
    return ", ".join(sorted("@".join(filter(None, post)) for post in posts))


def link_person(town_id: str, person: str, username: str, by: str = "") -> None:
    """Tell the list of persons who signs in as whom: forms begin with the person who fills them."""
    key = (PERSONS, person)
    writer = RowWriter(town_id, by, now(), seq_taker(town_id))
    writer.fetch([key])
    if writer.living(key):
        define_list(town_id, PERSONS, {"username": {"class": "public"}})
        writer.apply(Write(key, "update", {"username": username}))
        writer.save()


def check_account(account: Account, password: str) -> None:
    check_identity(account)
    check_password_strength(account.username, password)


def check_identity(account: Account) -> None:
    """Refuse a nameless account, an unknown role or none, a village too many or too few."""
    for field in ("username", "name"):
        text = getattr(account, field)
        if not text or text != text.strip():
            raise Problem("field_invalid", field=field)
    if not account.posts:
        raise Problem("field_invalid", field="role")
    for post in account.posts:
        if post.role not in ROLES:
            raise Problem("field_invalid", field="role")
        if (post.role in VILLAGE_ROLES) != bool(post.village):
            raise Problem("field_invalid", field="village")


def check_password_strength(username: str, password: str) -> None:
    if len(password) < SHORTEST_PASSWORD or password == username:
        raise Problem("password_weak", field="password", shortest=SHORTEST_PASSWORD)


def reset_password(username: str, password: str, by: str = "") -> None:
    """Give somebody a new password and sign them out everywhere; what is unsent stays on their phone."""
    check_password_strength(username, password)
    digest = digest_password(password)
    with write_transaction() as session:
        user = session.scalar(select(User).filter_by(username=username))
        if user is None:
            raise Problem("user_unknown", field="username")
        user.password_digest, user.n_failures, user.locked_until = digest, 0, None
        end_sessions_of(user.user_id)
        ended = "signed out by a new password "
        session.execute(
            update(Device).filter_by(user_id=user.user_id).values(token_digest=ended + Device.device_id)
        )
        audit(user.town_id, by, "reset_password", "user", user.user_id)
