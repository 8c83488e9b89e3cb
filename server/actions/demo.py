"""Load the fictional town into an empty database: accounts, forms, lists, its years through the ingest."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import select

from forms import compile_form
from server.access import Scope, scope_of
from server.actions import files, forms, ingest, review
from server.actions.sessions import digest_token
from server.actions.users import Account, insert_town, insert_user
from server.clock import TOWN_ZONE, SetClock
from server.counter import next_seq
from server.database import db, write_transaction
from server.demo.answers import shape
from server.demo.businesses import Business, businesses
from server.demo.businesses import sample as sample_businesses
from server.demo.filling import complete
from server.demo.households import CHECKED_ON, Household, households, last_year, move
from server.demo.households import sample as sample_households
from server.demo.people import Cadre, cadres, villages
from server.demo.pictures import signature
from server.demo.story import Deed, Story
from server.ids import new_id
from server.models import Device, FormVersion, Town, User
from server.passwords import digest_password
from server.rows import RowWriter, Write
from server.schemas.batch import Batch
from server.store import SqlReader
from sync.decide import Outcome
from sync.store import Sender

Report = Callable[[int, int], None]

TOWN_NAME = "溱东镇(演示)"
PASSWORD = "lingyan-demo"  # noqa: S105 - printed on the welcome page: everything here is made up
SEED = 2016
SHARE = 0.1  # the lite set of domain.md section 10
LIBRARY = Path(__file__).parents[2] / "forms" / "library"
FORMS = ("household_register", "business_register", "enterprise_visit", "exit_check")
DAYS_TO_REVIEW = 6
INCOMES_IMPORTED_ON = date(2016, 1, 25)
UTC_OFFSET_MIN = 480
REVIEWER = "office01"
RETURNED = "收入明细与上年差异较大,请与户主核对后重新填写"


def is_begun() -> bool:
    return db.session.scalar(select(Town.town_id).filter_by(is_demo=True)) is not None


def load(full: bool, as_of: date | None, report: Report = lambda done, total: None) -> None:
    """Make the town; `as_of` keeps the dates of 2016 up to that day, else the story ends about today.

    Args: report: told how many records were just handed in, and of how many in all.
    """
    shift = timedelta(0) if as_of else weeks_since(CHECKED_ON)
    until = as_of or CHECKED_ON + shift
    people = cadres(Random(SEED))  # noqa: S311 - the same town every time
    with stopped_clock() as clock:
        clock.at = at_noon(date(2013, 1, 7) + shift)
        town = found(people)
        for form_id in FORMS:
            forms.publish(compile_form((LIBRARY / f"{form_id}.md").read_bytes(), f"{form_id}.md"))
        import_lists(town, people)
        play(Play(town, clock, report), people, shift, 1.0 if full else SHARE, until)


def weeks_since(day: date) -> timedelta:
    """The whole weeks since a day, so that weekdays stay when dates are moved."""
    return (datetime.now(TOWN_ZONE).date() - day) // timedelta(weeks=1) * timedelta(weeks=1)


def play(stage: Play, people: list[Cadre], shift: timedelta, share: float, until: date) -> None:
    """Hand in everything up to a day; last year's incomes are imported when the year begins."""
    families, firms = inhabitants(shift, share)
    story = Story(Random(SEED), people, shift)  # noqa: S311 - the same town every time
    every = [deed for deed in story.deeds(families, firms) if deed.on <= until]
    stage.total = len(every)
    year_began = INCOMES_IMPORTED_ON + shift
    stage.perform([deed for deed in every if deed.on < year_began], year_began)
    stage.import_incomes([(story.household_keys[family.ordinal][0], family) for family in families])
    stage.perform([deed for deed in every if deed.on >= year_began], until)


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


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), TOWN_ZONE).astimezone(UTC)


def found(people: Sequence[Cadre]) -> str:
    """Make the town and its accounts; the town's id."""
    digest = digest_password(PASSWORD)
    with write_transaction() as session:
        town_id = insert_town(session, TOWN_NAME, is_demo=True)
        for cadre in people:
            if cadre.username:
                account = Account(cadre.username, cadre.name, cadre.role, cadre.village, cadre.person_id)
                insert_user(session, town_id, account, digest)
    return town_id


def import_lists(town_id: str, people: Sequence[Cadre]) -> None:
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
            columns = {column: {"class": "public"} for column in rows[0] if column not in ("name", "label")}
            forms.define_list(town_id, name, columns)
        forms.define_list(town_id, "household", {}, ("mentor_1", "mentor_2"))
        writer = RowWriter(town_id, "", at_noon(date(2013, 1, 7)), lambda: next_seq(town_id))
        for name, rows in lists.items():
            for row in rows:
                data = {column: text for column, text in row.items() if column != "name"}
                writer.apply(Write((name, row["name"]), "create", data))
        writer.save()


def person_row(cadre: Cadre) -> dict[str, str]:
    place = next((village.name for village in villages() if village.code == cadre.village), "镇")
    return {
        "name": cadre.person_id,
        "label": cadre.name,
        "place": place,
        "position": cadre.position,
        "phone": cadre.phone,
    }


def inhabitants(shift: timedelta, share: float) -> tuple[list[Household], list[Business]]:
    random = Random(SEED)  # noqa: S311 - the same town every time
    families, firms = households(random), businesses(random)
    if share < 1:
        families, firms = sample_households(families, share), sample_businesses(firms, share)
    for family in families:
        move(family, shift)
    for firm in firms:
        firm.established += shift
    return families, firms


@dataclass
class Play:
    """Hands in the deeds day by day as phones would; the office reviews what waited long enough."""

    town_id: str
    clock: SetClock
    report: Report
    total: int = 0
    senders: dict[str, tuple[Scope, Sender]] = field(default_factory=dict)
    waiting: list[tuple[date, Deed]] = field(default_factory=list)

    def perform(self, every: list[Deed], until: date) -> None:
        for day, of_day in groupby(every, key=lambda deed: deed.on):
            self.review_due(day)
            self.clock.at = at_noon(day)
            for username, of_person in groupby(of_day, key=lambda deed: deed.username):
                handed_in = list(of_person)
                self.hand_in(username, handed_in)
                self.report(len(handed_in), self.total)
        self.review_due(until)

    def import_incomes(self, families: Sequence[tuple[str, Household]]) -> None:
        """Put the year before into the household list, as the office's spreadsheet would."""
        year = {"last_year": str(self.clock.at.astimezone(TOWN_ZONE).year - 1)}
        with write_transaction():
            writer = RowWriter(self.town_id, "", self.clock.now(), lambda: next_seq(self.town_id))
            for key, family in families:
                writer.apply(Write(("household", key), "update", {**year, **last_year(family)}))
            writer.save()

    def hand_in(self, username: str, handed_in: list[Deed]) -> None:
        """Fill records against the lists as this person's phone holds them, and send them in one batch."""
        scope, sender = self.sender(username)
        seq = ingest.read_town(self.town_id).seq
        reader = SqlReader(scope, sender, seq)
        items = [self.item(scope, reader, deed, seq) for deed in handed_in]
        batch = Batch("demo", 0, "", seq, items, [], "", 1)
        for outcome in ingest.store_batch(scope, sender, batch)[0]:
            if outcome.outcome is not Outcome.ACCEPTED:
                raise ValueError(f"{outcome.instance_id} was {outcome.outcome}: {outcome.code}")
        seen = (deed for deed in handed_in if deed.decision)
        self.waiting += [(deed.on + timedelta(days=DAYS_TO_REVIEW), deed) for deed in seen]

    def item(self, scope: Scope, reader: SqlReader, deed: Deed, seq: int) -> dict[str, Any]:
        version, known = (
            self.version(deed.form_id),
            reader.find_form(deed.form_id, self.version(deed.form_id)),
        )
        if known is None:
            raise ValueError(f"{deed.form_id} is not published")
        outline = reader.outlines[deed.form_id, version]
        started = self.clock.now() - timedelta(hours=2, minutes=25)
        meta = {
            "started_at": wire(started),
            "ended_at": wire(started + timedelta(minutes=22)),
            "utc_offset_min": UTC_OFFSET_MIN,
            "lists_cursor": seq,
        }
        signed = {name: self.picture(scope, f"{deed.instance_id} {name}") for name in deed.signatures}
        claims = {name: claim(name, picture) for name, picture in signed.items()}
        answers = shape(outline, {**deed.flat, **claims})
        complete(known.checker, outline, answers, reader.lists_at(seq), meta)
        payload = {
            "instance_id": deed.instance_id,
            "form_id": deed.form_id,
            "version": version,
            "answers": answers,
            "meta": meta,
        }
        return {
            "instance_id": deed.instance_id,
            "form_id": deed.form_id,
            "version": version,
            "payload": orjson.dumps(payload).decode(),
            "files": list(claims.values()),
        }

    def version(self, form_id: str) -> str:
        found = db.session.scalars(select(FormVersion.version).filter_by(form_id=form_id)).one()
        return str(found)

    def picture(self, scope: Scope, seed: str) -> bytes:
        """Draw and upload a signature."""
        drawn = signature(Random(seed))  # noqa: S311 - a scribble
        digest = hashlib.sha256(drawn).hexdigest()
        if not files.begin(scope, digest, len(drawn)).is_complete:
            files.append(scope, digest, 0, drawn)
        return drawn

    def sender(self, username: str) -> tuple[Scope, Sender]:
        """A person's scope and phone; the phone is enrolled when they first need it."""
        if username not in self.senders:
            user = db.session.scalars(select(User).filter_by(username=username)).one()
            scope, device = scope_of(user), self.enrol(user.user_id)
            user = db.session.get_one(User, scope.user_id)
            self.senders[username] = scope, ingest.sender_of(device, user, scope, is_revoked=False)
        return self.senders[username]

    def enrol(self, user_id: str) -> Device:
        device_id, moment = new_id(), self.clock.now()
        with write_transaction() as session:
            session.add(
                Device(
                    town_id=self.town_id,
                    device_id=device_id,
                    user_id=user_id,
                    token_digest=digest_token(new_id()),
                    name="演示手机",
                    enrolled_at=moment,
                    last_seen_at=moment,
                )
            )
        return db.session.get_one(Device, (self.town_id, device_id))

    def review_due(self, day: date) -> None:
        """Decide on everything whose day has come, in the order it arrived."""
        due = [(on, deed) for on, deed in self.waiting if on <= day]
        self.waiting = [(on, deed) for on, deed in self.waiting if on > day]
        for on, deed in due:
            self.clock.at = at_noon(on)
            self.decide(deed)

    def decide(self, deed: Deed) -> None:
        reviewer = db.session.scalars(select(User).filter_by(username=REVIEWER)).one()
        is_return = deed.decision == "returned"
        verdict = review.Verdict(
            deed.instance_id, "return" if is_return else "approve", RETURNED if is_return else ""
        )
        review.decide(reviewer, deed.instance_id, verdict)


def claim(name: str, picture: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(picture).hexdigest()
    return {"sha256": digest, "bytes": len(picture), "type": "image/png", "name": f"{name}.png"}


def wire(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
