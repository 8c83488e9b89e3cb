"""Words for list columns: what the choices of any current form say about the values it saves there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, select

from server.database import db
from server.models import Form, FormVersion
from server.outline import Outline

Words = Mapping[str, Mapping[str, str]]  # value -> language -> text


def column_words() -> dict[str, Words]:
    """List column, as `household#status` -> its words, of every column that a question with choices fills."""
    found: dict[str, Words] = {}
    for outline in map(Outline, current_outlines()):
        for path, column in outline.saved_to.items():
            node = outline.by_path.get(path)
            if node and node.choice_list in outline.choices:
                found.setdefault(column, outline.choices[node.choice_list])
    return found


def current_outlines() -> list[dict[str, Any]]:
    """Of every form's current version, in order of form id."""
    query = select(FormVersion.outline).join(
        Form, and_(Form.form_id == FormVersion.form_id, Form.current_version == FormVersion.version)
    )
    return list(db.session.scalars(query.order_by(Form.form_id)))


def find_outline(form_id: str, version: str) -> Outline:
    """The outline a record was filled with; an empty one for a form or version that isn't there."""
    form = db.session.get(FormVersion, (form_id, version))
    return Outline(form.outline if form else {"form_id": form_id}, column_words())
