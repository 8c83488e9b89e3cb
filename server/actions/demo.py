"""Load the fictional town into an empty database: accounts, forms, lists, its years through the ingest."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from flask import current_app
from sqlalchemy import select

from forms import compile_form
from server.access import Post
from server.actions import forms
from server.actions.demo_events import hold_events
from server.actions.demo_pairings import RESTS_ON, TASKS_ON, give_tasks, let_rest, pair_up
from server.actions.demo_play import Act, Play, Report, at_hour
from server.actions.demo_reminders import catch_up, reminding_days
from server.actions.users import Account, insert_town, insert_user
from server.clock import TOWN_ZONE, SetClock
from server.database import db, write_transaction
from server.demo.businesses import as_row, businesses
from server.demo.businesses import move as move_business
from server.demo.households import households
from server.demo.households import move as move_household
from server.demo.incomes import LINE, as_columns, earlier
from server.demo.pairings import PAIRED_ON, Circle, leaves, logs
from server.demo.people import Cadre, cadres, villages
from server.demo.planted import Truth, plant
from server.demo.reviews import settle
from server.demo.sampling import sample
from server.demo.scenes import Scenes, find_cast
from server.demo.shares import part_of
from server.demo.story import CHECKED_ON, Story, check_id, key_of, keys_of
from server.models import Town
from server.passwords import digest_password

TOWN_NAME, COUNTY_NAME = "溱东镇(演示)", "东台市(演示)"
PASSWORD = "lingyan-demo"  # noqa: S105 - printed on the welcome page: everything here is made up
SEED = 2016
LITE = 0.1  # the lite set of domain.md section 10
LIBRARY = Path(__file__).parents[2] / "forms" / "library"
FORMS = (
    "household_register",
    "business_register",
    "enterprise_visit",
    "exit_check",
    "pairing",
    "contact_log",
    "event",
    "check_in",
    "leave",
)
MORNING, NOON = time(8), time(12)
FOUNDED_ON = date(2013, 1, 7)
DIRECTORY_ON = date(2015, 12, 14)  # the directory of trade and industry is imported
YEAR_BEGAN_ON = date(2016, 1, 25)  # candidates of the year are listed, incomes of last year added
NOTICES_ON = date(2016, 10, 12)
IN_NOTICE = 95  # households in village notice at 2016-10-15
TRUTH_FILE = "demo_truth.csv"


def is_begun() -> bool:
    return db.session.scalar(select(Town.town_id).where(Town.is_demo)) is not None


def load(full: bool, as_of: date | None, report: Report = lambda done, total: None) -> None:
    """Make the town; `as_of` keeps the dates of 2016 up to that day, else the story ends about today.

    Args: report: told how many records were just handed in, and of how many in all.
    """
    shift = timedelta(0) if as_of else weeks_since(CHECKED_ON)
    share = 1.0 if full else LITE
    people = cadres(Random(SEED))  # noqa: S311 - the same town every time
    story = make_story(people, share, shift)
    with stopped_clock() as clock:
        clock.at = at_hour(FOUNDED_ON + shift, NOON)
        stage = Play(found(people), clock, report)
        for form_id in FORMS:
            forms.publish(compile_form((LIBRARY / f"{form_id}.md").read_bytes(), f"{form_id}.md"))
        import_lists(stage, people)
        until = as_of or CHECKED_ON + shift
        keep_truth(play(stage, story, share, until))
        moment = at_hour(as_of, MORNING) if as_of else datetime.now(TOWN_ZONE)
        hold_events(stage.town_id, share, shift, until, moment)
        catch_up(clock, until + timedelta(days=1), moment.date())


def weeks_since(day: date) -> timedelta:
    """The whole weeks since a day, so that weekdays stay when dates are moved."""
    return (datetime.now(TOWN_ZONE).date() - day) // timedelta(weeks=1) * timedelta(weeks=1)


def make_story(people: list[Cadre], share: float, shift: timedelta) -> Story:
    families = households(Random(SEED))  # noqa: S311 - the same town every time
    firms = businesses(Random(SEED), share)  # noqa: S311 - the same town every time
    if share < 1:
        families = sample(families, share)
    for family in families:
        move_household(family, shift)
    for firm in firms:
        move_business(firm, shift)
    return Story(people, families, firms, shift)


def play(stage: Play, story: Story, share: float, until: date) -> list[Truth]:
    """Hand in everything up to a day; on some days the office imports what it keeps in tables."""
    cast = find_cast(story)
    story.checked = cast.checked
    planted, truths = plant(story, share)
    every = settle([*Scenes(story, cast).play(story.usual_course()), *planted], until)
    circle = Circle(story, share)
    acts: list[Act] = [
        (PAIRED_ON, lambda: pair_up(stage, circle)),
        (TASKS_ON, lambda: give_tasks(stage, story)),
        (RESTS_ON, lambda: let_rest(stage, circle)),
        (DIRECTORY_ON, lambda: import_directory(stage, story)),
        (YEAR_BEGAN_ON, lambda: begin_year(stage, story)),
        (NOTICES_ON, lambda: post_notices(stage, story, part_of(IN_NOTICE, share))),
    ]
    every += logs(circle, until)
    every += [deed for deed in leaves(circle) if deed.on <= until]
    planned = [(on + story.shift, act) for on, act in acts if on + story.shift <= until]
    planned += reminding_days(stage.clock, PAIRED_ON + story.shift + timedelta(days=1), until)
    stage.perform(every, planned)
    return truths


@contextmanager
def stopped_clock() -> Iterator[SetClock]:
    """Put a clock that the story moves into the app, and the real one back."""
    real = current_app.config["CLOCK"]
    clock = SetClock(datetime.now(UTC))
    current_app.config["CLOCK"] = clock
    try:
        yield clock
    finally:
        current_app.config["CLOCK"] = real


def found(people: Sequence[Cadre]) -> str:
    """Make the town and its accounts; the town's id."""
    digest = digest_password(PASSWORD)
    with write_transaction() as session:
        town_id = insert_town(session, TOWN_NAME, is_demo=True)
        session.get_one(Town, town_id).county = COUNTY_NAME
        for cadre in people:
            account = Account(cadre.username, cadre.name, (Post(cadre.role, cadre.village),), cadre.person_id)
            insert_user(session, town_id, account, digest)
    return town_id


def import_lists(stage: Play, people: Sequence[Cadre]) -> None:
    """Give the town its villages and persons, and the reference lists that the forms read."""
    lists: dict[str, list[dict[str, str]]] = {
        "village": [{"name": village.code, "label": village.name} for village in villages()],
        "person": [person_row(cadre) for cadre in people],
    }
    for path in sorted((LIBRARY / "lists").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            lists[path.stem] = list(csv.DictReader(file))
    with write_transaction():
        for name, rows in lists.items():
            # Everybody in the town may need any person or village, so these lists have no village scope.
            forms.define_list(stage.town_id, name, public([*rows[0]]))
        forms.define_list(stage.town_id, "household", {}, ("mentor_1", "mentor_2"))
        forms.define_list(stage.town_id, "business", public(["established", "started_by"]))
    for name, rows in lists.items():
        stage.import_rows(name, rows)


def public(columns: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    return {column: {"class": "public"} for column in columns if column not in ("name", "label")}


def person_row(cadre: Cadre) -> dict[str, str]:
    place = next((village.name for village in villages() if village.code == cadre.village), "镇")
    return {
        "name": cadre.person_id,
        "label": cadre.name,
        "username": cadre.username,
        "place": place,
        "position": cadre.position,
        "phone": cadre.phone,
    }


def import_directory(stage: Play, story: Story) -> None:
    """The many small businesses, which have no register of their own."""
    small = (firm for firm in story.firms if firm.kind != "enterprise")
    stage.import_rows("business", (as_row(firm, key_of(firm)) for firm in small))


def begin_year(stage: Play, story: Story) -> None:
    """Everybody is a candidate again; last year's income of those nobody checked comes from a table."""
    last_year = str(stage.clock.at.astimezone(TOWN_ZONE).year - 1)
    names = {family.ordinal: keys_of(family)[0] for family in story.families}
    stage.import_rows("household", ({"name": name, "status": "candidate"} for name in names.values()))
    unknown = (family for family in story.families if not story.knew(family))
    stage.import_rows(
        "household",
        (
            {
                "name": names[family.ordinal],
                "last_year": last_year,
                **as_columns(earlier(family.items, family.growth), len(family.members)),
            }
            for family in unknown
        ),
    )


def post_notices(stage: Play, story: Story, count: int) -> None:
    """The first households whose exit was approved stand on the village's notice board."""
    approved = stage.approved("exit_check")
    chosen = [family for family in story.families if check_id(family, CHECKED_ON.year) in approved]
    out = [family for family in chosen if family.per_capita >= LINE][:count]
    stage.import_rows(
        "household", ({"name": keys_of(family)[0], "status": "village_notice"} for family in out)
    )


def keep_truth(truths: Sequence[Truth]) -> None:
    """Say beside the database which duplicates were planted."""
    path = current_app.config["SETTINGS"].data / TRUTH_FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in fields(Truth))
        writer.writerows(astuple(truth) for truth in truths)
