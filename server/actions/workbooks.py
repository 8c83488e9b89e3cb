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
LIBRARY = Path(__file__).parents[2] / "forms" / "library"


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


def list_library() -> dict[str, dict[str, str]]:
    """The forms that come with the server: form id -> title by language, as its first line says."""
    titles = {}
    for path in sorted(LIBRARY.glob("*.md")):
        zh, _, en = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").partition(" · ")
        titles[path.stem] = {"zh": zh, "en": en}
    return dict(sorted(titles.items(), key=lambda item: item[1]["zh"]))


def check_library_form(folder: Path, user_id: str, form_id: str) -> str:
    """The same as an upload; its lists are the town's own. Raises: Problem form_unknown."""
    if form_id not in list_library():
        raise Problem("form_unknown", form_id=form_id)
    path = LIBRARY / f"{form_id}.md"
    return check_workbook(folder, user_id, path.name, path.read_bytes(), {})


def find_library_list(list_name: str) -> bytes | None:
    """The rows that come with the server for a list that its forms read, as CSV."""
    paths = {path.stem: path for path in LIBRARY.glob("lists/*.csv")}
    return paths[list_name].read_bytes() if list_name in paths else None


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
