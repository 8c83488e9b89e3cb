"""Plays the demo's deeds: hands them in through the real ingest, and decides as each level does."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import select

from server.access import Scope, holds, scope_of
from server.actions import files, ingest, review
from server.actions.imports import import_list
from server.actions.levels import levels_of
from server.actions.sessions import digest_token
from server.clock import TOWN_ZONE, SetClock
from server.database import db, write_transaction
from server.demo.answers import shape
from server.demo.deeds import Deed, new_id
from server.demo.filling import complete
from server.demo.pictures import draw
from server.demo.reviews import COUNTY_REVIEWER, REVIEWER, REVIEWERS, rulings
from server.models import Device, FormVersion, Submission, User
from server.schemas.batch import Batch
from server.store import SqlReader
from sync.decide import Outcome

Report = Callable[[int, int], None]
Act = tuple[date, Callable[[], None]]  # what the office does on a day
Event = tuple[tuple[date, time, str], Deed | Callable[[], None]]

UTC_OFFSET_MIN = 480
DECISIONS, IMPORTS, SENDINGS = time(9, 30), time(12), time(17, 20)  # phones find a network in the evening
PHONE, LOST_PHONE = "演示手机", "已挂失的手机"


def at_hour(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, TOWN_ZONE).astimezone(UTC)


@dataclass
class Play:
    """Hands in the deeds day by day; whoever reviews decides in the mornings."""

    town_id: str
    clock: SetClock
    report: Report
    total: int = 0
    phones: dict[tuple[str, bool], tuple[Scope, Device, User]] = field(default_factory=dict)

    def perform(self, deeds: Sequence[Deed], acts: Sequence[Act]) -> None:
        """Play the story in order: decisions in the morning, imports at noon; phones send later."""
        self.total = len(deeds)
        events: list[Event] = [((on, IMPORTS, ""), act) for on, act in acts]
        events += [
            ((on, DECISIONS, ""), partial(self.decide, deed))
            for deed in deeds
            for on in rulings(deed, levels_of(deed.form_id))
        ]
        events += [((deed.on, SENDINGS, deed.username), deed) for deed in deeds]
        events.sort(key=in_order)
        for (day, hour, _), of_hour in groupby(events, key=lambda event: event[0]):
            self.clock.at = at_hour(day, hour)
            happening = [what for _, what in of_hour]
            if hour == SENDINGS:
                self.hand_in_all([deed for deed in happening if isinstance(deed, Deed)])
            for what in happening:
                if not isinstance(what, Deed):
                    what()

    def hand_in_all(self, deeds: Sequence[Deed]) -> None:
        """Hand in what one person filled on a day, with their own phone and with a lost one."""
        for is_lost, of_phone in groupby(deeds, key=lambda deed: deed.is_lost_phone):
            handed_in = list(of_phone)
            self.hand_in(handed_in[0].username, is_lost, handed_in)
            self.report(len(handed_in), self.total)

    def hand_in(self, username: str, is_lost: bool, deeds: Sequence[Deed]) -> None:
        """Fill records against the lists as this person's phone holds them, and send them in one batch."""
        scope, device, user = self.phone(username, is_lost)
        sender = ingest.sender_of(device, user, scope, is_revoked=is_lost)
        seq = ingest.read_town(self.town_id).seq
        reader = SqlReader(scope, sender, seq)
        items = [self.item(scope, reader, deed, seq) for deed in deeds]
        self.send(scope, sender, seq, items, deeds)
        mistaken = [deed.instance_id for deed in deeds if deed.withdrawn_on]
        if mistaken:
            self.clock.advance(minutes=20)
            ingest.store_batch(scope, sender, Batch("demo", 0, "", seq, [], mistaken, "", 1))

    def send(self, scope: Scope, sender: Any, seq: int, items: list[Any], deeds: Sequence[Deed]) -> None:
        outcomes = ingest.store_batch(scope, sender, Batch("demo", 0, "", seq, items, [], "", 1))[0]
        for outcome, deed in zip(outcomes, deeds, strict=True):
            expected = Outcome.NEW_VERSION if deed.corrects else deed.outcome
            if outcome.outcome is not expected:
                raise ValueError(f"{deed.form_id} {deed.instance_id} was {outcome.outcome}: {outcome.code}")

    def item(self, scope: Scope, reader: SqlReader, deed: Deed, seq: int) -> dict[str, Any]:
        version = self.version(deed.form_id)
        known = reader.find_form(deed.form_id, version)
        if known is None:
            raise ValueError(f"{deed.form_id} is not published")
        outline = reader.outlines[deed.form_id, version]
        meta = {
            "started_at": wire(deed.begun),
            "ended_at": wire(deed.begun + timedelta(minutes=deed.minutes)),
            "utc_offset_min": UTC_OFFSET_MIN,
            "lists_cursor": seq,
        }
        claims = {name: self.picture(scope, deed, name) for name in deed.pictures}
        answers = shape(outline, {**deed.flat, **claims})
        complete(known.checker, outline, answers, reader.lists_at(seq), meta, deed.meant)
        envelope = {"instance_id": deed.instance_id, "form_id": deed.form_id, "version": version}
        envelope |= {"deprecated_id": deed.corrects} if deed.corrects else {}
        payload = orjson.dumps({**envelope, "answers": answers, "meta": meta}).decode()
        named = find_claims(answers)
        return {**envelope, "payload": payload, "files": named}

    def version(self, form_id: str) -> str:
        found = db.session.scalars(select(FormVersion.version).filter_by(form_id=form_id)).one()
        return str(found)

    def picture(self, scope: Scope, deed: Deed, name: str) -> dict[str, Any]:
        """Draw a picture and upload it, unless the phone still holds it back; what the answer says of it."""
        drawn = draw(deed.pictures[name], f"{deed.seeds.get(name, deed.instance_id)} {name}")
        digest = hashlib.sha256(drawn).hexdigest()
        is_here = name in deed.late or files.begin(scope, digest, len(drawn)).is_complete
        if not is_here:
            files.append(scope, digest, 0, drawn)
        return {"sha256": digest, "bytes": len(drawn), "type": "image/png", "name": f"{name}.png"}

    def phone(self, username: str, is_lost: bool) -> tuple[Scope, Device, User]:
        """A person with their phone, enrolled when they first need it; a lost one was revoked since."""
        key = (username, is_lost)
        if key not in self.phones:
            user = db.session.scalars(select(User).filter_by(username=username)).one()
            scope, device_id = scope_of(user), self.enrol(user.user_id, is_lost)
            device = db.session.get_one(Device, (self.town_id, device_id))
            self.phones[key] = scope, device, db.session.get_one(User, scope.user_id)
        return self.phones[key]

    def enrol(self, user_id: str, is_lost: bool) -> str:
        name, moment = LOST_PHONE if is_lost else PHONE, self.clock.now()
        device = Device(town_id=self.town_id, device_id=new_id("phone", user_id, name), user_id=user_id)
        device.token_digest, device.name = digest_token(new_id("token", user_id, name)), name
        device.enrolled_at, device.last_seen_at = moment, moment
        device.revoked_at = moment if is_lost else None
        device_id = device.device_id
        with write_transaction() as session:
            session.add(device)
        return device_id

    def decide(self, deed: Deed) -> None:
        """Put the verdict of the level where it waits on a record."""
        if deed.verdict is None:
            return
        reviewer = self.reviewer(db.session.get_one(Submission, (self.town_id, deed.root)))
        paths = self.paths(deed.form_id)
        comments = {paths[name]: text for name, text in deed.verdict.comments.items()}
        verdict = review.Verdict(deed.instance_id, deed.verdict.action, deed.verdict.comment, comments)
        review.decide(reviewer, deed.root, verdict)

    def reviewer(self, record: Submission) -> User:
        """The village's secretary, an office of the town by its line of business, or the county."""
        query = select(User).filter_by(town_id=self.town_id)
        if record.review_level == "village":
            return db.session.scalars(query.where(holds("village_head", record.village))).one()
        office = REVIEWERS.get(record.form_id, REVIEWER)
        username = COUNTY_REVIEWER if record.review_level == "county" else office
        return db.session.scalars(query.filter_by(username=username)).one()

    def paths(self, form_id: str) -> dict[str, str]:
        """Question -> where it stands in its form."""
        outline = db.session.get_one(FormVersion, (form_id, self.version(form_id))).outline
        return {node["name"]: node["path"].strip("/") for node in outline["nodes"]}

    def import_rows(self, list_name: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Import a list as the office does: a table of rows, in a file."""
        table = list(rows)
        if not table:
            return
        file = io.StringIO(newline="")
        writer = csv.DictWriter(file, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)
        import_list(self.town_id, "", list_name, f"{list_name}.csv", file.getvalue().encode())

    def approved(self, form_id: str) -> set[str]:
        """The records of a form that the office has approved."""
        query = select(Submission.root_id).filter_by(form_id=form_id, review_state="approved")
        return set(db.session.scalars(query))


def in_order(event: Event) -> tuple[Any, ...]:
    """A person's records as they were begun, two of one moment by their ids."""
    place, what = event
    return (*place, what.is_lost_phone, what.begun, what.instance_id) if isinstance(what, Deed) else place


def find_claims(answers: Any) -> list[dict[str, Any]]:
    """The files that answers still name; what is not asked for was dropped with its question."""
    if isinstance(answers, dict):
        if "sha256" in answers:
            return [answers]
        return [claim for child in answers.values() for claim in find_claims(child)]
    return [claim for child in answers for claim in find_claims(child)] if isinstance(answers, list) else []


def wire(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
