"""Publishing a compiled form: its version, the lists it writes to, and word to every phone.

What a list's columns are is taken from the questions saved to them: their class, and their kind from the
rule they declare (R01: an ID number) or from their name (`lat`, `lon`, `…_removed`). A note that is saved
is a number the server gives: the village's code and four digits. `village` scopes the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from forms import CompiledForm, FormError
from server.access import read_lists
from server.actions.form_files import Kept, add_rows
from server.audit import audit
from server.clock import now
from server.counter import next_seq, next_seq_everywhere
from server.database import db, write_transaction
from server.form_changes import setting
from server.models import EntityList, Form, FormDraft, FormVersion, Town
from server.problems import Problem
from server.quality.areas import VALID_ID_RULE
from server.table_lists import TABLE_LISTS

VILLAGE = "village"
KIND_BY_NAME = {"lat": "lat", "lon": "lon"}
REMOVED_SUFFIX = "_removed"


def find_blockers(compiled: CompiledForm, town_id: str) -> list[FormError]:
    """Why a form that compiled must not be published: its own, and lists that nobody brought or has."""
    made = {entity["list_name"] for entity in compiled.outline["entities"] if entity["kind"] != "update"}
    here = made | TABLE_LISTS | read_lists(town_id).keys()
    nowhere = [error for name, error in compiled.unmet.items() if name not in here]
    return sorted([*compiled.blockers, *nowhere], key=lambda error: (error.sheet, error.row))


def refuse_blocked(compiled: CompiledForm, town_id: str) -> None:
    """Raises: Problem form_blocked."""
    if blockers := find_blockers(compiled, town_id):
        raise Problem("form_blocked", n_errors=len(blockers))


def publish(
    compiled: CompiledForm, user_id: str = "", files: Iterable[Kept] = (), over: str | None = None
) -> bool:
    """Publish a compiled form; False if this very version is published already.

    Args:
        files: what came with it, on disk already.
        over: the version in use that its publisher compared it with, '' for none; None if that wasn't asked.
    Raises: Problem form_blocked, form_purpose_missing, form_version_exists, form_moved_on.
    """
    if compiled.blockers:
        raise Problem("form_blocked", n_errors=len(compiled.blockers))
    purpose, retention_days = read_duties(compiled.outline)
    with write_transaction() as session:
        known = session.get(FormVersion, (compiled.form_id, compiled.version))
        if known is not None and known.digest == compiled.digest and known.python == compiled.python:
            return False
        if known is not None:
            raise Problem("form_version_exists", version=compiled.version)
        refuse_overtaken(compiled.form_id, over)
        session.add(as_row(compiled, purpose, retention_days, user_id))
        add_rows(compiled.form_id, compiled.version, files)
        session.execute(
            delete(FormDraft).where(FormDraft.form_id == compiled.form_id, is_done(compiled, user_id))
        )
        make_current(compiled)
        for town_id in session.scalars(select(Town.town_id)).all():
            extend_lists(town_id, compiled.outline)
            audit(town_id, user_id, "publish", "form", compiled.form_id, version=compiled.version)
    return True


def refuse_overtaken(form_id: str, over: str | None) -> None:
    """Raises: Problem form_moved_on: another version came into use since somebody looked."""
    form = db.session.get(Form, form_id)
    current = form.current_version if form else ""
    if over is not None and over != current:
        raise Problem("form_moved_on", version=current)


def is_done(compiled: CompiledForm, user_id: str) -> ColumnElement[bool]:
    """The condition for drafts that publishing ends: this one, and older tries of the same person."""
    return or_(FormDraft.digest == compiled.digest, FormDraft.saved_by == user_id)


def read_duties(outline: Mapping[str, Any]) -> tuple[str, int]:
    """What the form is for and how long its records are kept."""
    purpose, days = outline.get("purpose"), outline.get("retention_days")
    text = purpose if isinstance(purpose, str) else next(iter((purpose or {}).values()), "")
    if not text or not str(days or "").isdecimal() or int(days or 0) < 1:
        raise Problem("form_purpose_missing")
    return text, int(days or 0)


def as_row(compiled: CompiledForm, purpose: str, retention_days: int, user_id: str) -> FormVersion:
    return FormVersion(
        form_id=compiled.form_id,
        version=compiled.version,
        digest=compiled.digest,
        title=dict(compiled.title),
        xform=compiled.xform,
        javascript=compiled.javascript,
        python=compiled.python,
        outline=dict(compiled.outline),
        purpose=purpose,
        retention_days=retention_days,
        published_at=now(),
        published_by=user_id,
    )


def make_current(compiled: CompiledForm) -> None:
    seq = next_seq_everywhere()
    form = db.session.get(Form, compiled.form_id) or Form(form_id=compiled.form_id)
    form.title, form.current_version = dict(compiled.title), compiled.version
    form.is_closed, form.seq = False, seq
    form.review = setting(compiled.outline, "review")
    db.session.add(form)


def close_form(form_id: str, user_id: str) -> None:
    """Take a form off the phones; records filled with it are held from now on."""
    set_closed(form_id, user_id, is_closed=True)


def reopen_form(form_id: str, user_id: str) -> None:
    """Give a closed form back to the phones; what was held meanwhile waits for a decision."""
    set_closed(form_id, user_id, is_closed=False)


def set_closed(form_id: str, user_id: str, *, is_closed: bool) -> None:
    with write_transaction() as session:
        form = session.get(Form, form_id)
        if form is None:
            raise Problem("form_unknown", form_id=form_id)
        if form.is_closed == is_closed:
            return
        form.is_closed, form.seq = is_closed, next_seq_everywhere()
        for town_id in session.scalars(select(Town.town_id)).all():
            audit(town_id, user_id, "close" if is_closed else "reopen", "form", form_id)


def is_closed(form_id: str) -> bool:
    form = db.session.get(Form, form_id)
    return form is not None and form.is_closed


def extend_lists(town_id: str, outline: Mapping[str, Any]) -> None:
    """Make the lists the form writes to, and give them the columns it saves."""
    nodes = {node["path"].strip("/"): node for node in outline["nodes"]}
    for entity in outline.get("entities", ()):
        columns = {
            name: describe_column(name, nodes.get(path.strip("/"), {}))
            for name, path in entity["properties"].items()
        }
        define_list(town_id, entity["list_name"], columns)


def describe_column(name: str, node: Mapping[str, Any]) -> dict[str, Any]:
    rules = (node.get("rule") or "").split()
    kind = "id_number" if VALID_ID_RULE in rules else KIND_BY_NAME.get(name, "")
    if name.endswith(REMOVED_SUFFIX):
        kind = "removed"
    if node.get("is_note"):
        kind = "serial"
    return {"class": node.get("class") or "public", "kind": kind, "label": dict(node.get("label") or {})}


def define_list(
    town_id: str,
    name: str,
    columns: Mapping[str, Mapping[str, Any]],
    mentor_columns: tuple[str, ...] | None = None,
    village_column: str = "",
) -> None:
    """Make or extend a list; what is known of it already stays. Inside a write transaction.

    Args:
        village_column: scopes the rows if nothing does yet; without it a column `village` does.
    """
    row = db.session.get(EntityList, (town_id, name))
    if row is None:
        row = EntityList(town_id=town_id, name=name, columns={}, village_column="", mentor_columns=[])
        db.session.add(row)
    merged = {**{column: dict(about) for column, about in columns.items()}, **row.columns}
    mentors = list(mentor_columns) if mentor_columns is not None else row.mentor_columns
    village_column = row.village_column or village_column or (VILLAGE if VILLAGE in merged else "")
    if (merged, mentors, village_column) != (row.columns, row.mentor_columns, row.village_column):
        row.columns, row.mentor_columns, row.village_column = merged, mentors, village_column
        row.seq = next_seq(town_id)
