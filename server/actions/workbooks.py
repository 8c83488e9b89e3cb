"""A workbook uploaded at the desk: checked in a child with limits, kept with what was found, published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forms import CompiledForm, FormError, FormErrors, compile_in_child
from server.actions.forms import publish
from server.actions.staged import drop_staged, read_staged, stage
from server.database import db
from server.models import FormVersion
from server.problems import Problem

KIND = "workbook"


def check_workbook(folder: Path, user_id: str, name: str, source: bytes, lists: Mapping[str, bytes]) -> str:
    """Compile it with its lists, keep what came of it, and give the token of that."""
    form: dict[str, Any] | None = None
    try:
        compiled = compile_in_child(source, name, lists)
        form, found = compiled.as_json(), compiled.warnings
    except FormErrors as refused:
        found = refused.errors
    errors = [error.as_json() for error in found]
    return stage(folder, user_id, KIND, {"name": name, "lists": [*lists], "form": form, "errors": errors})


def read_checked(folder: Path, user_id: str, token: str) -> tuple[dict[str, Any], CompiledForm | None]:
    """What was uploaded, and the form if it has no errors."""
    document = read_staged(folder, user_id, KIND, token)
    document["errors"] = [FormError(**error) for error in document["errors"]]
    form = document["form"]
    if form is None:
        return document, None
    return document, CompiledForm(**{**form, "warnings": document["errors"]})


def find_standing(form: CompiledForm) -> str:
    """What publishing would do: `new` form, new `version`, nothing (`same`), or be refused (`taken`)."""
    known = db.session.get(FormVersion, (form.form_id, form.version))
    if known is not None:
        return "same" if (known.digest, known.python) == (form.digest, form.python) else "taken"
    is_new = not db.session.query(FormVersion.form_id).filter_by(form_id=form.form_id).first()
    return "new" if is_new else "version"


def publish_checked(folder: Path, user_id: str, token: str, *, is_acknowledged: bool) -> CompiledForm:
    """Publish exactly what was checked. Raises: Problem form_not_compiled, warnings_unread, form_…"""
    document, form = read_checked(folder, user_id, token)
    if form is None:
        raise Problem("form_not_compiled", n_errors=len(document["errors"]))
    if form.warnings and not is_acknowledged:
        raise Problem("warnings_unread")
    publish(form, user_id)
    drop_staged(folder, token)
    return form
