"""Load the fictional town into an empty database."""

from __future__ import annotations

from datetime import date
from random import Random

from sqlalchemy import select

from server.actions.users import Account, insert_town, insert_user
from server.database import db, write_transaction
from server.demo.people import cadres
from server.models import Town
from server.passwords import digest_password

TOWN_NAME = "溱东镇(演示)"
PASSWORD = "lingyan-demo"  # noqa: S105 - printed on the welcome page: everything here is made up
SEED = 2016


def is_begun() -> bool:
    return db.session.scalar(select(Town.town_id).filter_by(is_demo=True)) is not None


def load(full: bool, as_of: date | None) -> None:
    """Make the town and its accounts."""
    digest = digest_password(PASSWORD)
    with write_transaction() as session:
        town_id = insert_town(session, TOWN_NAME, is_demo=True)
        for cadre in cadres(Random(SEED)):  # noqa: S311 - the same town every time
            if cadre.username:
                account = Account(cadre.username, cadre.name, cadre.role, cadre.village, cadre.person_id)
                insert_user(session, town_id, account, digest)
