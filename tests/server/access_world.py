"""Four places around one village, and something of every kind at each, for the tests of permissions.csv."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import orjson
from flask import current_app

from server.access import VILLAGE_ROLES
from server.actions import staged
from server.actions.files import path_of, store_bytes
from server.actions.people_imports import stage_people
from server.actions.previews import stage_table
from server.clock import now
from server.database import db
from server.models import (
    Contact,
    Device,
    Duplicate,
    Enrolment,
    Entity,
    Event,
    EventSession,
    File,
    FormDraft,
    FormFile,
    HeldItem,
    Message,
    Mute,
    Pairing,
    Submission,
    SubmissionFile,
    SubmissionVersion,
    Task,
    TaskBatch,
    Ticket,
    Town,
    User,
    UserRole,
)
from server.reminder_words import TEMPLATES
from server.wall_codes import make_key
from tests.server.town import EAST, TOWN, WEST, compiled

NEAR, FAR = "town-near", "town-far"  # in the same county, and in another one
COUNTY = "东台市(演示)"
AWAY = "320981101901"
SENDER = "u-sender"
PLACES = ("own", "child", "sibling", "parent", "none")

Place = tuple[str, str]  # town, village
Values = dict[str, str]  # of an address


def where(role: str, place: str) -> Place | None:
    """What lies in this relation to the place where somebody has the role; None for what no town holds."""
    if role in VILLAGE_ROLES:
        return {
            "own": (TOWN, EAST),
            "child": (TOWN, EAST),  # a group's rows carry their village
            "sibling": (TOWN, WEST),
            "parent": (TOWN, ""),
            "none": (FAR, AWAY),
        }[place]
    towns = {"own": (TOWN, ""), "child": (TOWN, EAST), "sibling": (NEAR, AWAY), "none": (FAR, AWAY)}
    return towns.get(place)


def settle() -> None:
    """Two more towns, somebody who sends from each, and an account for every role."""
    db.session.get_one(Town, TOWN).county = COUNTY
    for town_id, county in ((NEAR, COUNTY), (FAR, "别县(演示)")):
        db.session.add(Town(town_id=town_id, name=town_id, epoch="e", county=county))
    for town_id in (TOWN, NEAR, FAR):
        add_user(f"{SENDER}-{town_id}", town_id, "field", EAST)


def add_user(user_id: str, town_id: str, role: str, village: str = "") -> str:
    user = User(user_id=user_id, username=user_id, name=f"{user_id}(演示)", town_id=town_id)
    user.person = user_id
    user.password_digest, user.posts = "", [UserRole(role=role, village=village)]
    db.session.add(user)
    db.session.flush()
    return user_id


def add_record(place: Place, level: str, user_id: str = "", is_child: bool = False) -> Submission:
    town_id, village = place
    root_id = str(uuid4())
    user_id = user_id or f"{SENDER}-{town_id}"
    household = add_household(place) if is_child else ""
    text = orjson.dumps({"answers": {}, "meta": {}}).decode()
    row = Submission(
        town_id=town_id, root_id=root_id, form_id="register", current_id=root_id, review_state="received"
    )
    row.review_level, row.title, row.village = level, f"record {root_id}", village
    row.subject_list, row.subject_id = ("household", household) if household else ("", "")
    row.user_id, row.received_at, row.changed_at, row.seq = user_id, now(), now(), 1
    version = SubmissionVersion(town_id=town_id, instance_id=root_id, root_id=root_id, form_id="register")
    version.version, version.payload, version.digest = "1", text, hashlib.sha256(text.encode()).hexdigest()
    version.fingerprint, version.calculated, version.seq = root_id, {}, 1
    version.received_at, version.user_id, version.device_id = now(), user_id, "d"
    db.session.add_all([row, version])
    db.session.flush()
    return row


def add_household(place: Place) -> str:
    """A household of a group of the village."""
    household = f"h-{uuid4()}"
    row = Entity(town_id=place[0], list_name="household", entity_id=household, label="户", seq=1)
    row.village, row.data, row.updated_at = place[1], {"village": place[1], "group": "1"}, now()
    db.session.add(row)
    return household


@dataclass(frozen=True)
class Wanted:
    """What a test needs: something at a place, to be decided at a level, by or for somebody."""

    place: Place
    level: str
    is_child: bool
    user_id: str


def make_record(wanted: Wanted) -> Values:
    return {"root_id": add_record(wanted.place, wanted.level, is_child=wanted.is_child).root_id}


def make_pair(wanted: Wanted) -> Values:
    rows = [add_record(wanted.place, wanted.level, is_child=wanted.is_child).root_id for _ in "ab"]
    left, right = sorted(rows)
    pair = Duplicate(town_id=wanted.place[0], left_id=left, right_id=right, kind="content", found_at=now())
    db.session.add(pair)
    return {"left_id": left, "right_id": right}


def make_held(wanted: Wanted) -> Values:
    (town_id, village), instance_id = wanted.place, str(uuid4())
    row = HeldItem(town_id=town_id, instance_id=instance_id, digest="d" * 64, form_id="register")
    row.version, row.outcome, row.reason, row.payload = "1", "held", "out_of_scope", '{"answers": {}}'
    row.village, row.user_id, row.device_id, row.files = village, f"{SENDER}-{town_id}", "d", []
    row.seq, row.received_at = 1, now()
    db.session.add(row)
    return {"instance_id": instance_id, "digest": "d" * 64}


def make_file(wanted: Wanted) -> Values:
    record = add_record(wanted.place, wanted.level, is_child=wanted.is_child)
    content = record.root_id.encode()
    digest = hashlib.sha256(content).hexdigest()
    with db.session.no_autoflush:
        path_of(digest).parent.mkdir(parents=True, exist_ok=True)
        path_of(digest).write_bytes(content)
    file = File(town_id=record.town_id, sha256=digest, bytes=len(content), type="image/png")
    file.user_id, file.completed_at = record.user_id, now()
    named = SubmissionFile(town_id=record.town_id, instance_id=record.root_id, path="photo", sha256=digest)
    named.name, named.type = "photo.png", "image/png"
    db.session.add_all([file, named])
    return {"sha256": digest}


def make_user(wanted: Wanted) -> Values:
    role = "field" if wanted.place[1] else "publisher"
    return {"user_id": add_user(f"u-{uuid4()}", wanted.place[0], role, wanted.place[1])}


def make_device(wanted: Wanted) -> Values:
    user_id = make_user(wanted)["user_id"]
    return {"device_id": add_device(wanted.place[0], user_id)[0]}


def add_device(town_id: str, user_id: str) -> tuple[str, str]:
    """A phone; its id and token."""
    device_id, token = f"device-{uuid4()}", str(uuid4())
    row = Device(town_id=town_id, device_id=device_id, user_id=user_id, name="Test")
    row.token_digest = hashlib.sha256(token.encode()).hexdigest()
    row.enrolled_at = row.last_seen_at = now()
    db.session.add(row)
    return device_id, token


def make_code(wanted: Wanted) -> Values:
    enrolment_id = str(uuid4())
    row = Enrolment(
        town_id=wanted.place[0], enrolment_id=enrolment_id, code_digest=enrolment_id, prefix="abc"
    )
    row.user_id, row.made_by, row.made_at = make_user(wanted)["user_id"], "", now()
    row.expires_at = now().replace(year=2017)
    db.session.add(row)
    return {"enrolment_id": enrolment_id}


def make_form(wanted: Wanted) -> Values:
    return {"form_id": "register"}


def make_own(wanted: Wanted) -> Values:
    """A record somebody sent, and an upload of theirs that is under way."""
    row = add_record(wanted.place, wanted.level, wanted.user_id)
    digest = hashlib.sha256(row.root_id.encode()).hexdigest()
    folder = current_app.config["FILES"] / "partial" / wanted.user_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / digest).write_bytes(b"")
    (folder / f"{digest}.length").write_text("36")
    return {"instance_id": row.root_id, "sha256": digest}


def make_workbook(wanted: Wanted) -> Values:
    """A workbook that somebody uploaded and that had errors."""
    document = {"name": "form.md", "lists": [], "form": None, "errors": [], "contents": {}}
    return {
        "token": staged.stage(
            staged.folder_in(current_app.config["DATA"]), wanted.user_id, "workbook", document
        )
    }


def make_draft(wanted: Wanted) -> Values:
    """A form that is kept as a draft."""
    form = compiled("register", "2")
    document = {"name": "register.md", "lists": [], "errors": [], "form": form.as_json()}
    draft = FormDraft(form_id="register", digest=form.digest, version="2", title=form.title, files=[])
    draft.document, draft.saved_by, draft.saved_at = document, wanted.user_id, now()
    db.session.merge(draft)
    return {"form_id": "register"}


def make_form_file(wanted: Wanted) -> Values:
    """The workbook of a published form."""
    sha256 = store_bytes(b"workbook")
    row = FormFile(form_id="register", version="1", name="register.md", kind="workbook", sha256=sha256)
    row.bytes, row.type = 8, "text/plain"
    db.session.merge(row)
    return {"form_id": "register", "version": "1", "name": "register.md"}


def make_table(wanted: Wanted) -> Values:
    folder = staged.folder_in(current_app.config["DATA"])
    return {"token": stage_table(folder, wanted.user_id, "line", "line.csv", b"name,label\n2017,2017\n")}


def make_people(wanted: Wanted) -> Values:
    folder = staged.folder_in(current_app.config["DATA"])
    table = "name,username,role\n新来(演示),newest,auditor\n".encode()
    return {"token": stage_people(folder, wanted.user_id, "people.csv", table)}


def make_event(wanted: Wanted) -> Values:
    """An event of the place; a field cadre runs only what names them, so it names them where they may."""
    (town_id, village), event_id = wanted.place, str(uuid4())
    row = Event(town_id=town_id, event_id=event_id, name="培训(演示)", kind="training", state="open")
    row.village, row.place, row.made_by, row.seq, row.wall_key = village, "村部", "", 1, make_key()
    row.organiser = wanted.user_id if (town_id, village) == (TOWN, EAST) else "p-somebody"
    row.start_at, row.end_at, row.updated_at = now(), now().replace(hour=10), now()
    row.details, row.photos = {"pin": "123456"}, [make_file(wanted)["sha256"]]
    session = EventSession(town_id=town_id, event_id=event_id, session_no=1, title="上午")
    session.start_at, session.end_at = row.start_at, row.end_at
    db.session.add_all([row, session])
    return {"event_id": event_id, "sha256": row.photos[0], "act": "pin"}


def make_pairing(wanted: Wanted) -> Values:
    """A pairing of the place, with a back-dated contact that waits."""
    (town_id, village), pairing_id = wanted.place, str(uuid4())
    row = Pairing(town_id=town_id, pairing_id=pairing_id, kind="hand_in_hand", state="proposed")
    row.mentor_list, row.mentor_id = "person", "p-somebody"
    row.mentee_list, row.mentee_id = "household", add_household(wanted.place)
    row.village, row.start_on, row.cadence_n, row.cadence_unit = village, "2016-10-01", 1, "month"
    row.is_mentee_agreed, row.is_posted, row.seq, row.updated_at = True, True, 1, now()
    contact = Contact(town_id=town_id, contact_id=str(uuid4()), pairing_id=pairing_id, on="2016-10-10")
    contact.way, contact.weight, contact.is_confirmed, contact.seq = "visit", "full", False, 1
    db.session.add_all([row, contact])
    return {"pairing_id": pairing_id, "contact_id": contact.contact_id}


def make_ticket(wanted: Wanted) -> Values:
    """Something to be settled in the place."""
    (town_id, village), ticket_id = wanted.place, str(uuid4())
    row = Ticket(town_id=town_id, ticket_id=ticket_id, pairing_id="none", root_id="none", kind="house")
    row.village, row.text, row.told_on, row.due_on = village, "厨房屋顶漏雨", "2016-10-01", "2016-10-20"
    row.state, row.owner = "open", ""
    db.session.add(row)
    return {"ticket_id": ticket_id}


def make_batch(wanted: Wanted) -> Values:
    """A batch with one task of the place."""
    (town_id, village), batch_id = wanted.place, str(uuid4())
    row = TaskBatch(
        town_id=town_id, batch_id=batch_id, title="核查", form_id="register", list_name="household"
    )
    row.chosen_by, row.due_on, row.n_tasks, row.made_by, row.made_at = {}, "2016-10-20", 1, "", now()
    task = Task(town_id=town_id, task_id=str(uuid4()), batch_id=batch_id, title="核查", form_id="register")
    task.list_name, task.entity_id, task.village = "household", add_household(wanted.place), village
    task.person, task.due_on, task.made_by, task.made_at, task.seq = "p-somebody", "2016-10-20", "", now(), 1
    db.session.add_all([row, task])
    return {"batch_id": batch_id}


def make_mute(wanted: Wanted) -> Values:
    """Leave that somebody of the place asked for."""
    (town_id, village), mute_id = wanted.place, str(uuid4())
    person = add_user(f"u-{uuid4()}", town_id, "field" if village else "town_office", village)
    row = Mute(town_id=town_id, mute_id=mute_id, kind="leave", subject_kind="person", subject_id=person)
    row.from_on, row.until_on, row.reason = "2016-10-20", "2016-10-22", "探亲"
    row.state, row.asked_by, row.seq = "asked", person, 1
    db.session.add(row)
    return {"mute_id": mute_id}


def make_message(wanted: Wanted) -> Values:
    message_id = str(uuid4())
    row = Message(town_id=wanted.place[0], message_id=message_id, idempotency_key=message_id, channel="x")
    row.person, row.title, row.body, row.n_reminders = "p", "提醒", "提醒", 1
    row.state, row.made_at = "given_up", now()
    db.session.add(row)
    return {"message_id": message_id}


def make_kind(wanted: Wanted) -> Values:
    return {"kind": next(iter(TEMPLATES))}


MAKERS: Mapping[str, Callable[[Wanted], Values]] = {
    "record": make_record,
    "pair": make_pair,
    "held": make_held,
    "file": make_file,
    "event": make_event,
    "pairing": make_pairing,
    "ticket": make_ticket,
    "batch": make_batch,
    "mute": make_mute,
    "message": make_message,
    "kind": make_kind,
    "user": make_user,
    "device": make_device,
    "code": make_code,
    "form": make_form,
    "own": make_own,
    "workbook": make_workbook,
    "draft": make_draft,
    "form_file": make_form_file,
    "table": make_table,
    "people": make_people,
}


def unknown(values: Values) -> Values:
    """The like of it that nobody has."""
    other = {name: text[:-1] + ("0" if text[-1] != "0" else "1") for name, text in values.items()}
    return other | {"act": values["act"]} if "act" in values else other


def level_for(role: str) -> str:
    return {"village_head": "village", "county": "county"}.get(role, "town")
