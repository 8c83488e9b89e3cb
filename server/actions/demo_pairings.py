"""What the demo's office does about pairings and tasks: imports the ones, asks for the others."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import select

from server.access import scope_of
from server.actions import tasks
from server.actions.demo_play import Play
from server.actions.entities import desk_writer
from server.actions.mutes import Wish, ask, decide
from server.actions.pairing_imports import import_pairings
from server.database import db, write_transaction
from server.demo.deeds import new_id
from server.demo.pairings import Circle, away, person_rows
from server.demo.people import villages
from server.demo.reviews import REVIEWER
from server.demo.story import Story, key_of, keys_of
from server.models import Entity, Submission, User

TASKS_ON = date(2016, 10, 10)
RESTS_ON = date(2016, 10, 15)
AWAY_UNTIL = date(2016, 11, 12)
SECRETARY = "secretary01"
CHECK_BY, VISIT_BY = date(2016, 10, 21), date(2016, 10, 14)


def pair_up(stage: Play, circle: Circle) -> None:
    """Import the town's pairings, and the persons they need."""
    stage.import_rows("person", person_rows(circle.persons))
    rows = circle.rows()
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    import_pairings(stage.town_id, office().user_id, "pairings.csv", file.getvalue().encode())


def give_tasks(stage: Play, story: Story) -> None:
    """Ask for the checks that are still to come, and for visits of the key enterprises."""
    homes = [keys_of(one)[0] for one in story.families]
    firms = [key_of(one) for one in story.enterprises() if one.is_key]
    checks = tasks.Order(
        "秋季脱贫核查", "exit_check", "household", iso(story, CHECK_BY), {"status": "candidate"}
    )
    visits = tasks.Order("重点企业走访", "enterprise_visit", "business", iso(story, VISIT_BY), {"key": "yes"})
    checked = checked_this_year(stage)
    give(
        stage,
        story,
        checks,
        [row for row in read_rows(stage, "household", homes) if row.entity_id not in checked],
    )
    give(stage, story, visits, read_rows(stage, "business", firms))


def let_rest(stage: Play, circle: Circle) -> None:
    """The village's secretary grants a leave and notes that a household is away."""
    village = villages()[0].code
    head = scope_of(db.session.scalars(select(User).filter_by(username=SECRETARY)).one())
    granted = new_id("leave", circle.story.cadres(village, "field")[1].username)
    decide(head, granted, "approve")
    days = (iso(circle.story, RESTS_ON), iso(circle.story, AWAY_UNTIL))
    ask(head, Wish("away", away(circle), *days, "夫妻到苏州务工，期满返回"))


def iso(story: Story, day: date) -> str:
    return (day + story.shift).isoformat()


def checked_this_year(stage: Play) -> set[str]:
    query = select(Submission.subject_id).where(
        Submission.town_id == stage.town_id,
        Submission.form_id == "exit_check",
        Submission.received_at > stage.clock.now() - timedelta(days=180),
    )
    return set(db.session.scalars(query))


def read_rows(stage: Play, list_name: str, names: list[str]) -> list[Entity]:
    query = select(Entity).where(
        Entity.town_id == stage.town_id, Entity.list_name == list_name, Entity.entity_id.in_(names)
    )
    return list(db.session.scalars(query.order_by(Entity.village, Entity.entity_id)))


def give(stage: Play, story: Story, order: tasks.Order, rows: list[Entity]) -> None:
    """Spread the rows of each village over its field cadres."""
    by_village: dict[str, list[Entity]] = defaultdict(list)
    for row in rows:
        by_village[row.village].append(row)
    wanted = []
    for village, own in by_village.items():
        cadres = story.cadres(village, "field")
        wanted += [
            tasks.Assignment(
                row.entity_id, row.label, village, cadres[at * len(cadres) // len(own)].person_id
            )
            for at, row in enumerate(own)
        ]
    user_id = office().user_id
    with write_transaction():
        writer = desk_writer(stage.town_id, user_id)
        tasks.make(writer, order, wanted)
        writer.save()


def office() -> User:
    return db.session.scalars(select(User).filter_by(username=REVIEWER)).one()
