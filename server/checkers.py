"""Published form versions ready for use: outline and checker, loaded once and kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, select

from forms import Checker, UnsafeSource, load_checker
from server.database import db, fetch
from server.models import Form, FormVersion
from sync.shape import Shape, make_shape
from sync.store import KnownForm

LOADED_FORMS = 64  # a checker of F02 takes about 1 MB

PUBLISHED = (
    select(FormVersion.digest, Form.is_closed)
    .join(Form, Form.form_id == FormVersion.form_id)
    .where(FormVersion.form_id == bindparam("form_id"), FormVersion.version == bindparam("version"))
)

log = logging.getLogger(__name__)
loading = Lock()  # F02 takes a quarter of a second to load: who else wants it waits instead of doing the same


@dataclass(frozen=True)
class LoadedForm:
    """What does not change with the form's being open or closed."""

    title: str
    files: Shape
    entered: Shape
    on_approval: frozenset[str]
    checker: Checker
    outline: dict[str, Any]
    rules: dict[str, list[dict[str, Any]]]  # rule number -> the nodes that declare it
    pictures: list[dict[str, Any]]  # the questions that ask for one


def find_form(form_id: str, version: str) -> tuple[KnownForm, LoadedForm] | None:
    """A published version; None when there is none."""
    found = fetch(PUBLISHED, {"form_id": form_id, "version": version})
    if not found:
        return None
    (row,) = found
    with loading:
        loaded = load_form(form_id, version, row.digest)
    known = KnownForm(
        form_id,
        version,
        loaded.title,
        row.is_closed,
        loaded.files,
        loaded.entered,
        loaded.on_approval,
        loaded.checker,
    )
    return known, loaded


def load_current_forms() -> None:
    """Load what phones fill in now, so that none waits for it after a start."""
    for form in db.session.scalars(select(Form).where(Form.is_closed.is_(False)).limit(LOADED_FORMS)).all():
        try:
            find_form(form.form_id, form.current_version)
        except UnsafeSource:
            log.exception("The checker of %s %s can't be loaded", form.form_id, form.current_version)


@lru_cache(maxsize=LOADED_FORMS)
def load_form(form_id: str, version: str, digest: str) -> LoadedForm:
    """`digest` is only for the cache's key: a version never changes, but a test's database does."""
    row = db.session.get_one(FormVersion, (form_id, version))
    questions = [node for node in row.outline["nodes"] if node["kind"] == "question"]
    return LoadedForm(
        pick_title(row.title),
        make_shape(node["path"].strip("/") for node in questions if is_file(node)),
        make_shape(node["path"] for node in questions if is_entered(node)),
        approval_lists(row.outline),
        load_checker(row.python),
        row.outline,
        rules_of(row.outline),
        [node for node in questions if (node.get("media_type") or "").startswith("image")],
    )


def approval_lists(outline: dict[str, Any]) -> frozenset[str]:
    """Lists whose updates wait for approval."""
    entities = outline.get("entities", ())
    return frozenset(entity["list_name"] for entity in entities if entity["when"] == "approval")


def rules_of(outline: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """`ly:rule` may name several, space separated."""
    found: dict[str, list[dict[str, Any]]] = {}
    for node in outline["nodes"]:
        for rule in (node.get("rule") or "").split():
            found.setdefault(rule, []).append(node)
    return found


def is_file(node: dict[str, Any]) -> bool:
    return bool(node.get("media_type")) or node.get("type") in {"file", "binary"}


def is_entered(node: dict[str, Any]) -> bool:
    """Whether a person answers the question; calculations and notes are not answers."""
    return bool(node.get("control")) and not node.get("is_note")


def pick_title(title: dict[str, str]) -> str:
    """The Chinese title, else whichever there is; authors write `zh` or `中文 (zh)`."""
    for language, text in title.items():
        if language == "zh" or "(zh)" in language:
            return text
    return next(iter(title.values()), "")
