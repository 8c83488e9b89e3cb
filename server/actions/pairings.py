"""Pairings: made by records or by the office, shown on phones, and what their contacts mean for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from server.access import holds
from server.actions.deadlines import KEPT_IN_TIME, MADE_UP_LATE, close_deadlines, open_days, open_deadline
from server.actions.list_views import show
from server.actions.told import Told
from server.cadence import contacts_wanted, period_of
from server.clock import today
from server.contact_rules import Counted, Weighed, count
from server.database import db
from server.models import Contact, Deadline, Entity, Mute, Pairing, User
from server.pairing_kinds import KINDS, LIVING
from server.rows import RowWriter
from server.table_lists import hide_row

LIST = "pairing"
DAYS_A_YEAR = 365
# Column -> question of F17, for what is taken as it stands.
ANSWERS = {"mentor_2": "mentor_2", "mentor_unit": "mentor_unit", "goal": "goal"}


def follow_record(writer: RowWriter, root_id: str, told: Told | None) -> None:
    """Let the pairing say what its record says; one whose record no longer counts is taken off."""
    pairing = db.session.get(Pairing, (writer.town_id, root_id))
    if told is None:
        for one in line_of(pairing):
            drop(writer, one)
        return
    kind = KINDS.get(told.text("kind"))
    if kind is None or not (told.text("mentor") and told.text("mentee")):
        return
    if pairing is None:
        pairing = new_pairing(writer, root_id, kind.name)
        pairing.root_id = root_id
    for name, value in read_record(told).items():
        setattr(pairing, name, value)
    for one in line_of(pairing):
        if told.is_approved and one.state == "proposed":
            one.state = "active"
        settle(writer, one)


def line_of(pairing: Pairing | None) -> list[Pairing]:
    """A pairing and those that took its place while it was only proposed: one record decides on all."""
    line = []
    while pairing is not None:
        line.append(pairing)
        heir = select(Pairing).filter_by(
            town_id=pairing.town_id, replaces=pairing.pairing_id, state="proposed"
        )
        pairing = db.session.scalar(heir.limit(1))
    return line


def read_record(told: Told) -> dict[str, Any]:
    """The columns that a record of F17 sets."""
    kind = KINDS[told.text("kind")]
    return {
        "kind": kind.name,
        "mentor_list": kind.mentor_list,
        "mentor_id": told.text("mentor"),
        "mentee_list": kind.mentee_list,
        "mentee_id": told.text("mentee"),
        "village": told.text("village") or told.village,
        "start_on": told.text("start_on"),
        "end_plan_on": told.text("end_plan_on") or a_year_after(told.text("start_on")),
        "cadence_n": int(told.number("cadence_n") or kind.cadence_n),
        "cadence_unit": kind.cadence_unit,
        "agreement": told.file("agreement"),
        "is_mentee_agreed": told.text("mentee_agreed") == "yes",
        "is_posted": told.text("posted") == "yes",
        **{column: told.text(name) for column, name in ANSWERS.items()},
    }


def a_year_after(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + DAYS_A_YEAR).isoformat()


def new_pairing(writer: RowWriter, pairing_id: str, kind: str, **columns: Any) -> Pairing:
    """Add a pairing, proposed unless `columns` say otherwise; `settle` completes it."""
    about = KINDS[kind]
    pairing = Pairing(
        town_id=writer.town_id,
        pairing_id=pairing_id,
        **{
            "kind": kind,
            "mentor_list": about.mentor_list,
            "mentee_list": about.mentee_list,
            "cadence_n": about.cadence_n,
            "cadence_unit": about.cadence_unit,
            "state": "proposed",
            "due_on": "",
            "supervisor": "",
            "pairing_no": "",
            "last_contact_on": "",
            "seq": 0,
            "updated_at": writer.at,
            **columns,
        },
    )
    db.session.add(pairing)
    return pairing


def drop(writer: RowWriter, pairing: Pairing) -> None:
    """Take a pairing back whose record no longer counts."""
    hide_row(writer, LIST, pairing.pairing_id)
    close_deadlines(pairing.town_id, LIST, pairing.pairing_id, "cancelled")
    db.session.delete(pairing)
    db.session.flush()


def settle(writer: RowWriter, pairing: Pairing, left: str = "") -> None:
    """Work out what the contacts so far mean, and let phones see the pairing as it stands.

    Args: left: a person who is not to be named its supervisor.
    """
    contacts = contacts_of(pairing)
    if not pairing.supervisor or has_left(pairing.town_id, pairing.supervisor):
        pairing.supervisor = find_supervisor(pairing, left)
    db.session.flush()
    counted = count_contacts(pairing, contacts)
    pairing.last_contact_on = counted.last_on
    follow_deadlines(pairing, counted)
    show_pairing(writer, pairing, contacts[-1].content if contacts else "")


def count_contacts(pairing: Pairing, contacts: Sequence[Contact]) -> Counted:
    """Which of a pairing's contacts count, and in which periods."""
    weighed = [Weighed(one.contact_id, one.on, one.weight, one.why, one.is_confirmed) for one in contacts]
    return count(weighed, lambda day: period_at(pairing, day)[0], lambda day: wanted_at(pairing, day))


def period_at(pairing: Pairing, day: str) -> tuple[str, str]:
    """First and last day of the pairing's period that a day lies in; what was before is the first."""
    start = date.fromisoformat(pairing.start_on)
    on = max(start, date.fromisoformat(day))
    first, last = period_of(start, pairing.cadence_n, pairing.cadence_unit, pairing.kind, on)
    return first.isoformat(), last.isoformat()


def wanted_at(pairing: Pairing, day: str) -> int:
    start = date.fromisoformat(pairing.start_on)
    return contacts_wanted(start, pairing.cadence_n, pairing.kind, date.fromisoformat(day))


def follow_deadlines(pairing: Pairing, counted: Counted) -> None:
    """Close what the contacts fulfil or make up for, and let the first period that still wants one be due."""
    key = (pairing.town_id, LIST, pairing.pairing_id)
    if pairing.state != "active":
        close_deadlines(*key, why="cancelled" if pairing.state == "proposed" else pairing.state)
        pairing.due_on = ""
        return
    due_on = next_due(pairing, counted)
    # The engine opens the period that runs while an earlier one is still overdue; so both may be open.
    latest = max(due_on, period_at(pairing, today().isoformat())[1])
    for was_due_on in open_days(*key):
        if was_due_on < due_on:
            is_kept = counted.n_by_period.get(period_at(pairing, was_due_on)[0], 0) > 0
            close_deadlines(*key, why=KEPT_IN_TIME if is_kept else MADE_UP_LATE, due_on=was_due_on)
        elif was_due_on > latest:
            close_deadlines(*key, why="cancelled", due_on=was_due_on)
    for day in sorted({due_on, latest}):
        open_deadline(*key, day)
    pairing.due_on = due_on


def next_due(pairing: Pairing, counted: Counted) -> str:
    """The last day of the first period after the last contact that still wants one."""
    first, last = period_at(pairing, counted.last_on or first_day(pairing))
    pauses = pauses_of(pairing)
    while is_settled(counted, first, wanted_at(pairing, first)) or is_within(last, pauses):
        first, last = period_at(pairing, day_after(last))
    return last


def is_settled(counted: Counted, first: str, wanted: int) -> bool:
    return counted.n_by_period.get(first, 0) >= wanted


def first_day(pairing: Pairing) -> str:
    """When contacts began to be wanted: not before the pairing was known here, however old it is."""
    key = {"town_id": pairing.town_id, "subject_kind": LIST, "subject_id": pairing.pairing_id}
    earliest = db.session.scalar(select(func.min(Deadline.due_on)).filter_by(**key))
    return earliest or max(pairing.start_on, today().isoformat())


def pauses_of(pairing: Pairing) -> list[tuple[str, str]]:
    """From when until when it was paused."""
    query = select(Mute.from_on, Mute.until_on).filter_by(
        town_id=pairing.town_id, subject_kind=LIST, subject_id=pairing.pairing_id, kind="pause"
    )
    found = db.session.execute(query.where(Mute.state.in_(("approved", "ended")))).all()
    return [(from_on, until_on) for from_on, until_on in found]


def is_within(day: str, spans: Sequence[tuple[str, str]]) -> bool:
    return any(from_on <= day <= until_on for from_on, until_on in spans)


def day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def contacts_of(pairing: Pairing) -> list[Contact]:
    """Its contacts, the earliest first."""
    query = select(Contact).filter_by(town_id=pairing.town_id, pairing_id=pairing.pairing_id)
    return list(db.session.scalars(query.order_by(Contact.on, Contact.contact_id)))


def show_pairing(writer: RowWriter, pairing: Pairing, last_content: str | None = None) -> None:
    """Let phones see the pairing as it stands; one that has ended leaves them."""
    pairing.updated_at = writer.at
    if pairing.state not in LIVING:
        hide_row(writer, LIST, pairing.pairing_id)
    else:
        names = name_rows(pairing)
        data = as_row(pairing, names)
        if last_content is not None:
            data["last_content"] = last_content
        show(writer, LIST, pairing.pairing_id, names["mentee_name"] or pairing.mentee_id, data)
        row = writer.living((LIST, pairing.pairing_id))
        pairing.pairing_no = row.data.get("pairing_no", "") if row else pairing.pairing_no
    pairing.seq = writer.next_seq()


def name_rows(pairing: Pairing) -> dict[str, str]:
    keys = {
        "mentor_name": (pairing.mentor_list, pairing.mentor_id),
        "mentee_name": (pairing.mentee_list, pairing.mentee_id),
    }
    rows = {name: db.session.get(Entity, (pairing.town_id, *key)) for name, key in keys.items()}
    return {name: row.label if row else "" for name, row in rows.items()}


SHOWN = ("kind", "mentor_2", "mentee_list", "village", "start_on", "end_plan_on", "supervisor", "state")


def as_row(pairing: Pairing, names: Mapping[str, str]) -> dict[str, str]:
    """What the list shows of it."""
    return {
        **{name: getattr(pairing, name) for name in SHOWN},
        "mentor": pairing.mentor_id,
        "mentee": pairing.mentee_id,
        **names,
        "cadence": f"{pairing.cadence_n}/{pairing.cadence_unit}",
        "last_contact_on": pairing.last_contact_on,
        "due_on": pairing.due_on,
        "goal": pairing.goal,
        "pairing_no": pairing.pairing_no,
    }


def has_left(town_id: str, person: str) -> bool:
    """Whether somebody had an account and can sign in no longer."""
    accounts = select(User.is_disabled).filter_by(town_id=town_id, person=person)
    found = db.session.scalars(accounts).all()
    return bool(found) and all(found)


def find_supervisor(pairing: Pairing, left: str = "") -> str:
    """The village's Party secretary, or somebody of the town's office for the secretary's own pairings."""
    people = select(User.person).where(
        User.town_id == pairing.town_id, User.person.not_in(("", left)), User.is_disabled.is_(False)
    )
    head = people.where(holds("village_head", pairing.village), User.person != pairing.mentor_id)
    office = people.where(holds("town_office"), User.person != pairing.mentor_id)
    for query in (head, office):
        found = db.session.scalar(query.order_by(User.username).limit(1))
        if found:
            return str(found)
    return ""
