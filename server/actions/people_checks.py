"""A row of a table of people held against the town and the rows before: whom it lets in, what is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from sqlalchemy import select

from server.access import ROLES, VILLAGE_ROLES, Post
from server.actions.forms import VILLAGE
from server.actions.users import PERSONS, Account, roles_given_by
from server.clock import today
from server.database import db
from server.identifiers import bare_phone, is_id_number, is_phone
from server.models import Entity, Town, User
from server.quality.identities import bare_number
from server.tables import Row, TableError, table_error
from server.texts import TEXTS

COLUMNS = ("name", "username", "role", "village", "person", "phone", "position", "id_number")
LONGEST = 100  # characters, as the form for one person takes
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # also marks that turn the direction of writing
ROLE_WORDS = {word.casefold(): role for role in ROLES for word in (role, *TEXTS[f"role_{role}"])}
OF_PERSON = {  # what a list of persons without these columns gets
    "username": {"class": "public"},
    "place": {"class": "public"},
    "position": {"class": "public"},
    "phone": {"class": "personal", "kind": "phone"},
    "id_number": {"class": "sensitive", "kind": "id_number"},
}
Cells = dict[str, str]
Tell = Callable[..., None]  # code, column, words of the message


@dataclass(frozen=True)
class Newcomer:
    """Who a row would let in; `cells` goes to their row of the list of persons, or to a new one."""

    row: int
    account: Account
    cells: dict[str, str]


@dataclass
class Known:
    """What rows are held against: the town as it is, and the rows before."""

    is_demo: bool
    roles: tuple[str, ...]  # that may be given
    villages: dict[str, str]
    persons: dict[str, Entity]
    holders: dict[str, str]  # row of the list of persons -> the username of whoever is it
    taken: set[str]  # usernames
    first: dict[tuple[str, ...], int] = field(default_factory=dict)  # a thing said once only -> its row


def look_around(town_id: str, by: str) -> Known:
    persons = rows_of(town_id, PERSONS)
    accounts = db.session.execute(select(User.person, User.username).where(User.town_id == town_id)).all()
    holders = {name: row.data["username"] for name, row in persons.items() if row.data.get("username")}
    return Known(
        is_demo=db.session.get_one(Town, town_id).is_demo,
        roles=roles_given_by(by),
        villages={code: row.label for code, row in rows_of(town_id, VILLAGE).items()},
        persons=persons,
        holders=holders | {person: username for person, username in accounts if person},
        taken=set(db.session.scalars(select(User.username))),  # they are one for all towns
    )


def rows_of(town_id: str, list_name: str) -> dict[str, Entity]:
    query = select(Entity).filter_by(town_id=town_id, list_name=list_name, is_deleted=False)
    return {row.entity_id: row for row in db.session.scalars(query)}


def check_row(row: Row, known: Known, errors: list[TableError]) -> Newcomer:
    """Who the row lets in; what is wrong with it is added to `errors`."""

    def tell(code: str, column: str, **words: object) -> None:
        errors.append(table_error(code, row.number, column, **words))

    cells = {column: row.cells.get(column, "") for column in COLUMNS}
    check_texts(cells, tell)
    cells |= {"phone": bare_phone(cells["phone"]), "id_number": bare_number(cells["id_number"])}
    check_numbers(cells, known.is_demo, tell)
    post = read_post(cells, known, tell)
    cells["person"] = find_person(cells, known, tell)
    cells["username"] = find_username(cells, known.taken, tell)
    check_first(row.number, cells, known.first, tell)
    of_person = {column: cells[column] for column in OF_PERSON if cells.get(column)}
    if post.village:
        of_person["place"] = known.villages[post.village]
    return Newcomer(
        row.number, Account(cells["username"], cells["name"], (post,), cells["person"]), of_person
    )


def check_texts(cells: Cells, tell: Tell) -> None:
    if not cells["name"]:
        tell("name_missing", "name")
    for column, text in cells.items():
        if len(text) > LONGEST:
            tell("text_too_long", column, limit=LONGEST)
        if any(unicodedata.category(letter) in UNSEEN for letter in text):
            tell("char_invalid", column)


def check_numbers(cells: Cells, is_demo: bool, tell: Tell) -> None:
    if cells["phone"] and not is_phone(cells["phone"], is_demo):
        tell("phone_invalid", "phone")
    if cells["id_number"] and not is_id_number(cells["id_number"], today(), is_demo):
        tell("id_number_invalid", "id_number")


def read_post(cells: Cells, known: Known, tell: Tell) -> Post:
    """The role at its village; what can't be one is told, and is '' here."""
    role = ROLE_WORDS.get(cells["role"].casefold(), "")
    village = find_village(cells["village"], known.villages, tell)
    if not cells["role"]:
        tell("role_missing", "role")
    elif not role:
        words = " ".join(TEXTS[f"role_{one}"][0] for one in known.roles)
        tell("role_unknown", "role", text=cells["role"], known=words)
    elif role not in known.roles:
        tell("county_gives_role", "role")
    elif role in VILLAGE_ROLES and not cells["village"]:
        tell("role_needs_village", "village")
    elif role not in VILLAGE_ROLES and cells["village"]:
        tell("role_without_village", "village")
    return Post(role, village)


def find_village(text: str, villages: dict[str, str], tell: Tell) -> str:
    """The code of a village that is named by it or by its name."""
    if not text or text in villages:
        return text
    named = [code for code, label in villages.items() if plain(label) == plain(text)]
    if len(named) == 1:
        return named[0]
    tell("village_ambiguous" if named else "village_unknown", "village", text=text)
    return ""


def plain(text: str) -> str:
    """A name without the differences of width and of spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def find_person(cells: Cells, known: Known, tell: Tell) -> str:
    """The row of the list of persons that this is; '' where none is yet. Who has an account is told."""
    is_named = bool(cells["person"])
    found = [cells["person"]] if is_named else same_people(cells, known.persons)
    if is_named and not is_same_name(cells, known.persons, tell):
        return ""
    if len(found) > 1:
        tell("person_ambiguous", "person")
    for person in found:
        if person in known.holders:
            tell("has_account", "name", text=known.holders[person])
    owners = holders_of(cells["id_number"], known.persons)
    if owners - {*found}:
        tell("id_number_taken", "id_number")
    return found[0] if len(found) == 1 else ""


def is_same_name(cells: Cells, persons: dict[str, Entity], tell: Tell) -> bool:
    row = persons.get(cells["person"])
    if row is None:
        tell("person_unknown", "person", text=cells["person"])
    elif plain(row.label) != plain(cells["name"]):
        tell("person_other", "person", text=cells["person"])
    else:
        return True
    return False


def same_people(cells: Cells, persons: dict[str, Entity]) -> list[str]:
    """The rows with this name and the same phone or ID number."""
    return [
        person
        for person, row in persons.items()
        if plain(row.label) == plain(cells["name"])
        and (
            (cells["phone"] and bare_phone(row.data.get("phone", "")) == cells["phone"])
            or (cells["id_number"] and bare_number(row.data.get("id_number", "")) == cells["id_number"])
        )
    ]


def holders_of(number: str, persons: dict[str, Entity]) -> set[str]:
    if not number:
        return set()
    return {name for name, row in persons.items() if bare_number(row.data.get("id_number", "")) == number}


def find_username(cells: Cells, taken: Collection[str], tell: Tell) -> str:
    """The user name, or the mobile number in its place."""
    username = cells["username"] or (cells["phone"] if cells["phone"].startswith("1") else "")
    if not username:
        tell("username_missing", "username")
    elif username in taken:
        tell("username_taken", "username", text=username)
    return username


def check_first(number: int, cells: Cells, first: dict[tuple[str, ...], int], tell: Tell) -> None:
    """What only one row may say was said by none before."""
    once: list[tuple[str, ...]] = [
        (column, cells[column]) for column in ("username", "person", "id_number") if cells[column]
    ]
    if cells["phone"]:
        once.append(("name", plain(cells["name"]), cells["phone"]))
    for mark in once:
        if mark in first:
            tell("twice", mark[0], first=first[mark])
        first.setdefault(mark, number)
