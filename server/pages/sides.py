"""Two sets of answers aligned question by question, for a person who has to choose between them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.actions.records import names_of, read_payload, read_version
from server.actions.vocabulary import find_outline
from server.database import db
from server.models import Device, Form, FormVersion, HeldItem, Submission, SubmissionVersion, User
from server.outline import Outline, merge, plain_path
from server.pages.answers import Cell, Lens, Reader, Section, flatten


@dataclass
class Side:
    """One of the two: where it comes from, and what it says."""

    title: str
    user_id: str
    device_id: str
    version: str
    received_at: datetime
    filled_at: datetime | None
    outline: Outline
    answers: dict[str, Any]
    submission: Submission | None = None  # None for what is stored apart
    sender: str = ""
    phone: str = ""


def side_of(submission: Submission) -> Side:
    """A record as it stands."""
    row = db.session.get_one(SubmissionVersion, (submission.town_id, submission.current_id))
    read = read_version(row)
    side = Side(
        submission.title,
        row.user_id,
        row.device_id,
        row.version,
        row.received_at,
        row.ended_at,
        read.outline,
        read.answers,
        submission,
    )
    return with_names(side, submission.town_id)


def side_of_held(held: HeldItem, language: str) -> Side:
    """An item that was stored apart."""
    outline = outline_for(held)
    answers = read_payload(held.payload).get("answers")
    side = Side(
        outline.title(language),
        held.user_id,
        held.device_id,
        held.version,
        held.received_at,
        None,
        outline,
        answers if isinstance(answers, dict) else {},
    )
    return with_names(side, held.town_id)


def outline_for(held: HeldItem) -> Outline:
    """Of its form version, else of the form's current one: most questions will be the same."""
    known = db.session.get(Form, held.form_id)
    is_there = db.session.get(FormVersion, (held.form_id, held.version)) is not None
    version = held.version if is_there or known is None else known.current_version
    return find_outline(held.form_id, version)


def with_names(side: Side, town_id: str) -> Side:
    user, device = db.session.get(User, side.user_id), db.session.get(Device, (town_id, side.device_id))
    side.sender = user.name if user else side.user_id
    side.phone = device.name if device else side.device_id
    return side


@dataclass
class Comparison:
    """What the page shows: sections whose cells hold the left answer, and the right one as `before`."""

    sections: list[Section]
    n_different: int


def compare(town_id: str, language: str, left: Side, right: Side | None, *, is_open: bool) -> Comparison:
    """Every answer of both, or of the only one there is."""
    outline = merge(left.outline, right.outline) if right else left.outline
    names = names_of_rows(town_id, outline, [side.answers for side in (left, right) if side])
    lens = Lens(language, is_open=is_open, names=names, is_compared=right is not None)
    sections = Reader(outline, lens).sections(left.answers, right.answers if right else None)
    return Comparison(sections, sum(1 for cell in cells_in(sections) if cell.change))


def names_of_rows(town_id: str, outline: Outline, trees: list[Any]) -> dict[str, dict[str, str]]:
    """List -> id -> label, for answers that are rows of a list and not choices of the form."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for answers in trees:
        for path, value in flatten(answers):
            node = outline.by_path.get(plain_path(path))
            if node and node.choice_list and node.choice_list not in outline.choices:
                wanted[node.choice_list].update(map(str, value if isinstance(value, list) else [value]))
    return {name: names_of(town_id, name, ids) for name, ids in wanted.items()}


def cells_in(sections: list[Section]) -> list[Cell]:
    """Every cell, also those of nested repeats."""
    found: list[Cell] = []
    for section in sections:
        found += section.cells
        for instance in section.instances:
            found += [*instance.cells, *cells_in(instance.sections)]
    return found


def only_different(sections: list[Section]) -> list[Section]:
    """What the two sides don't share."""
    kept = []
    for section in sections:
        section.cells = [cell for cell in section.cells if cell.change]
        for instance in section.instances:
            instance.cells = [cell for cell in instance.cells if cell.change]
            instance.sections = only_different(instance.sections)
        section.instances = [one for one in section.instances if one.cells or one.sections]
        if not section.is_empty:
            kept.append(section)
    return kept
