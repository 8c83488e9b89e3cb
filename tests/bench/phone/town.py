"""The demo town with 1,200 households in one village: what a phone of a large village holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random
from uuid import UUID

from server.access import scope_of
from server.app import create_app
from server.clock import now
from server.config import Config
from server.counter import seq_taker
from server.database import db, write_transaction
from server.demo.identifiers import full_name
from server.models import Entity, User
from server.rows import RowWriter, Write
from tests.serving import run_command

USERNAME = "cadre01"
N_HOUSEHOLDS = 1200

Family = tuple[Entity, list[Entity]]  # a household and its members


@dataclass(frozen=True)
class Subject:
    """A household to check."""

    name: str
    label: str


def build(data: Path) -> list[Subject]:
    """Load the demo and fill one village; gives the households with four members or more."""
    done = run_command(data, "demo", "load", "--as-of", "2016-10-15")
    if done.returncode:
        raise RuntimeError(done.stderr)
    app = create_app(Config(data=data))
    with app.app_context():
        user = db.session.scalars(db.select(User).filter_by(username=USERNAME)).one()
        subjects = settle(user.town_id, scope_of(user).village)
        db.session.remove()
        db.engine.dispose()
    return subjects


def settle(town_id: str, village: str) -> list[Subject]:
    """Let families like those of the whole town live in the village, under names of their own."""
    random = Random(1)
    families = read_families()
    n_there = sum(household.village == village for household, _ in families)
    subjects = []
    with write_transaction():
        writer = RowWriter(town_id, "", now(), seq_taker(town_id))
        for family in islice(cycle(families), N_HOUSEHOLDS - n_there):
            subject = copy(writer, family, village, random)
            if len(family[1]) >= 4:
                subjects.append(subject)
        writer.save()
    return subjects


def read_families() -> list[Family]:
    rows = db.session.scalars(
        db.select(Entity).where(Entity.list_name.in_(("household", "member"))).order_by(Entity.seq)
    ).all()
    members: dict[str, list[Entity]] = {}
    for row in rows:
        if row.list_name == "member":
            members.setdefault(row.data["household"], []).append(row)
    return [(row, members[row.entity_id]) for row in rows if row.list_name == "household"]


def copy(writer: RowWriter, family: Family, village: str, random: Random) -> Subject:
    household, members = family
    key, names = new_id(random), list(named(members, random))
    data = {**household.data, "village": village, "label": names[0]}
    del data["hh_no"]  # the village numbers it anew
    writer.apply(Write(("household", key), "create", data))
    for member, name in zip(members, names, strict=True):
        data = {**member.data, "household": key, "village": village, "label": name}
        writer.apply(Write(("member", new_id(random)), "create", data))
    return Subject(key, names[0])


def named(members: list[Entity], random: Random) -> Iterator[str]:
    for member in members:
        yield full_name(random, member.data["m_sex"], born=int(member.data["m_birth"][:4]))


def new_id(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
