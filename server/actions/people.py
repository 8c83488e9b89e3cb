"""The accounts and phones of a town, as its administrator keeps them; each change leaves an audit row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from server.access import ROLES, Post, scope_of
from server.actions.desk_sessions import end_sessions_of
from server.actions.users import (
    Account,
    add_user,
    check_identity,
    link_person,
    reset_password,
    roles_given_by,
    say_posts,
)
from server.audit import audit
from server.database import db, write_transaction
from server.models import Audit, DeskSession, Device, Entity, User, UserRole
from server.passwords import make_password
from server.problems import Problem

PEOPLE_PER_PAGE = 50
ADMIN = Post("admin")


@dataclass(frozen=True)
class Wanted:
    """Which accounts to list; '' is no limit."""

    text: str = ""
    role: str = ""
    page: int = 1

    def as_query(self, **changes: object) -> dict[str, str]:
        values: dict[str, object] = {"q": self.text, "role": self.role, **changes}
        return {name: str(value) for name, value in values.items() if value != ""}


def matching(town_id: str, wanted: Wanted) -> Select[User]:
    query = select(User).where(User.town_id == town_id)
    if wanted.role:
        query = query.where(User.posts.any(UserRole.role == wanted.role))
    if wanted.text:
        names = (User.name, User.username)
        found = [column.contains(wanted.text, autoescape=True) for column in names]
        query = query.where(or_(*found, User.posts.any(UserRole.village == wanted.text)))
    return query


def count_people(town_id: str, wanted: Wanted) -> int:
    query = select(func.count()).select_from(matching(town_id, wanted).subquery())
    return db.session.scalar(query) or 0


def list_people(town_id: str, wanted: Wanted) -> Sequence[User]:
    """Those who can sign in first, by name."""
    query = matching(town_id, wanted).order_by(User.is_disabled, User.name, User.user_id)
    return db.session.scalars(query.limit(PEOPLE_PER_PAGE).offset((wanted.page - 1) * PEOPLE_PER_PAGE)).all()


def get_person(town_id: str, user_id: str) -> User:
    """An account of the town. Raises: Problem user_unknown, also for other towns' people."""
    user = db.session.scalar(select(User).filter_by(town_id=town_id, user_id=user_id))
    if user is None:
        raise Problem("user_unknown")
    return user


def devices_of(town_id: str, user_ids: Sequence[str]) -> dict[str, list[Device]]:
    """User -> phones, the one used last first."""
    query = (
        select(Device)
        .where(Device.town_id == town_id, Device.user_id.in_(user_ids))
        .order_by(Device.last_seen_at.desc())
    )
    found: dict[str, list[Device]] = {user_id: [] for user_id in user_ids}
    for device in db.session.scalars(query):
        found[device.user_id].append(device)
    return found


def last_seen(user_ids: Sequence[str], devices: dict[str, list[Device]]) -> dict[str, datetime]:
    """When each was last here; signing out ends a session, the audit row of signing in stays."""
    at_desk = select(DeskSession.user_id, DeskSession.last_seen_at.label("at"))
    signed_in = select(Audit.user_id, Audit.at).where(Audit.action == "sign_in")
    seen = union_all(at_desk, signed_in).subquery()
    query = select(seen.c.user_id, func.max(seen.c.at)).where(seen.c.user_id.in_(user_ids))
    found = dict(db.session.execute(query.group_by(seen.c.user_id)).all())
    for user_id, phones in devices.items():
        if phones:
            found[user_id] = max(phones[0].last_seen_at, found.get(user_id, phones[0].last_seen_at))
    return found


def welcome(town_id: str, account: Account, by: str) -> tuple[str, str]:
    """Make an account with a password to hand over. Returns: the user's id and the password."""
    check_place(town_id, account)
    check_giver(by, account.posts)
    password = make_password()
    return add_user(town_id, account, password, by), password


def renew_password(town_id: str, user_id: str, by: str) -> str:
    """A new password to hand over; the person is signed out everywhere."""
    user, password = get_person(town_id, user_id), make_password()
    check_giver(by, scope_of(user).posts)  # with the password they would be that person
    reset_password(user.username, password, by)
    return password


def change_account(town_id: str, user_id: str, account: Account, by: str) -> None:
    """Change who somebody is; their phones start anew with what they may see now."""
    check_identity(account)
    check_place(town_id, account)
    with write_transaction() as session:
        user = get_person(town_id, user_id)
        posts = scope_of(user).posts
        check_giver(by, set(account.posts) - posts)
        if ADMIN not in account.posts:
            keep_an_admin(session, user)
        before = {"name": user.name, "posts": say_posts(posts), "person": user.person}
        after = {"name": account.name, "posts": say_posts(account.posts), "person": account.person}
        changed = {field: text for field, text in after.items() if text != before[field]}
        user.name, user.person = account.name, account.person
        keep_posts(user, account.posts)
        if "person" in changed:
            link_person(town_id, before["person"], "", by)
            link_person(town_id, account.person, user.username, by)
        if changed:
            audit(town_id, by, "change_user", "user", user_id, **changed)


def keep_posts(user: User, posts: Collection[Post]) -> None:
    """Take away the posts that are over and give the new ones."""
    kept = [row for row in user.posts if Post(row.role, row.village) in posts]
    begun = set(posts) - scope_of(user).posts
    user.posts = [*kept, *(UserRole(role=post.role, village=post.village) for post in sorted(begun))]


def set_disabled(town_id: str, user_id: str, by: str, *, is_disabled: bool) -> None:
    """Let somebody sign in no longer, or again; what their phones still hand in meanwhile is held."""
    with write_transaction() as session:
        put_disabled(session, get_person(town_id, user_id), by, is_disabled=is_disabled)


def put_disabled(session: Session, user: User, by: str, *, is_disabled: bool) -> None:
    """The same inside a write transaction."""
    if user.is_disabled == is_disabled:
        return
    if is_disabled:
        keep_an_admin(session, user)
        end_sessions_of(user.user_id)
    user.is_disabled = is_disabled
    audit(user.town_id, by, "disable_user" if is_disabled else "enable_user", "user", user.user_id)


def keep_an_admin(session: Session, leaving: User) -> None:
    """Refuse to let the last administrator go: nobody could let anybody in again."""
    others = select(User.user_id).where(
        User.town_id == leaving.town_id,
        User.posts.any(UserRole.role == ADMIN.role),
        User.is_disabled.is_(False),
        User.user_id != leaving.user_id,
    )
    is_admin = ADMIN in scope_of(leaving).posts
    if is_admin and not leaving.is_disabled and not session.scalar(others.limit(1)):
        raise Problem("last_admin")


def check_giver(by: str, posts: Collection[Post]) -> None:
    """Refuse roles that a user may not give."""
    if not {post.role for post in posts if post.role in ROLES} <= {*roles_given_by(by)}:
        raise Problem("county_gives_role", field="role")


def check_place(town_id: str, account: Account) -> None:
    """A village must be one of the list, if there is a list: a wrong code would see nothing."""
    wanted = [("village", post.village) for post in account.posts] + [("person", account.person)]
    for list_name, row_id in wanted:
        names = select(Entity.entity_id).filter_by(town_id=town_id, list_name=list_name, is_deleted=False)
        if row_id and db.session.scalar(names.limit(1)) is not None:
            if db.session.scalar(names.filter_by(entity_id=row_id)) is None:
                raise Problem("field_invalid", field=list_name)
