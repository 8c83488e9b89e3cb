"""A workbook brought to the desk: checked in a child with limits, kept as a draft, tested, published.

What was found is a document: `name` of the workbook, `lists` (names of the other files), `version` (where the
desk gave one), `form` (the compiled form as JSON, None when there are errors), `errors` (and warnings). An
upload holds the files' bytes as well, a draft the rows that `form_files` keeps of them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from forms import CompiledForm, FormError, FormErrors, compile_in_child
from server.actions.files import path_of
from server.actions.form_files import Kept, as_address, keep_files, sort_out
from server.actions.forms import publish, refuse_blocked
from server.actions.staged import read_staged, stage
from server.audit import audit
from server.clock import TOWN_ZONE, now
from server.database import db, write_transaction
from server.models import Form, FormDraft, FormVersion, Town
from server.problems import Problem

KIND = "workbook"
DOCUMENT = ("name", "lists", "version", "form", "errors")
LIBRARY = Path(__file__).parents[2] / "forms" / "library"
LONGEST_RETENTION_DAYS = 36_500
# A check holds a thread of the server until its child ends: others must find one free.
children = BoundedSemaphore(2)


@dataclass(frozen=True)
class Checked:
    """What was brought, and the form if it has no errors; `files` are on disk when it is a draft."""

    document: dict[str, Any]
    form: CompiledForm | None
    files: tuple[Kept, ...] = ()
    is_test: bool = False

    @property
    def errors(self) -> list[FormError]:
        return [FormError(**error) for error in self.document["errors"]]

    def whole(self) -> CompiledForm:
        """The form. Raises: Problem form_not_compiled."""
        if self.form is None:
            raise Problem("form_not_compiled", n_errors=len(self.document["errors"]))
        return self.form


@dataclass(frozen=True)
class Seen:
    """What a page showed to whoever pressed its button; None where it didn't say."""

    digest: str | None = None  # of the form
    over: str | None = None  # the version in use that it was compared with, '' for none

    def refuse_other(self, form: CompiledForm) -> None:
        """Raises: Problem draft_changed: somebody kept another one under this form id meanwhile."""
        if self.digest is not None and self.digest != form.digest:
            raise Problem("draft_changed")


@dataclass(frozen=True)
class Duties:
    """What a form is for, by language, and how long its records are kept; empty: as the workbook says."""

    purpose: Mapping[str, str] = field(default_factory=dict)
    retention_days: int = 0

    def put_on(self, form: CompiledForm) -> CompiledForm:
        outline = dict(form.outline)
        if self.purpose:
            outline["purpose"] = dict(self.purpose)
        if 0 < self.retention_days <= LONGEST_RETENTION_DAYS:
            outline["retention_days"] = self.retention_days
        return replace(form, outline=outline)


def check_workbook(
    folder: Path, user_id: str, name: str, source: bytes, others: Mapping[str, bytes], version: str = ""
) -> str:
    """Compile it with what came along, keep what came of it, and give the token of that.

    Args: version: given at the desk, in place of the workbook's.
    Raises: Problem checks_busy.
    """
    form: dict[str, Any] | None = None
    if not children.acquire(blocking=False):
        raise Problem("checks_busy")
    try:
        compiled = compile_in_child(
            source, name, others, is_draft=True, default_version=today_as_version(), version=version
        )
        form, found = compiled.as_json(), compiled.warnings
    except FormErrors as refused:
        found = refused.errors
    finally:
        children.release()
    contents = {name: source, **others}
    document = {
        "name": name,
        "lists": [*others],
        "version": version,
        "form": form,
        "errors": [error.as_json() for error in found],
        "contents": {each: base64.b64encode(content).decode() for each, content in contents.items()},
    }
    return stage(folder, user_id, KIND, document)


def today_as_version() -> str:
    """The version of a form that names none, as authors write it by hand: the day and the minute."""
    return now().astimezone(TOWN_ZONE).strftime("%Y%m%d%H%M")


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


def read_checked(folder: Path, user_id: str, token: str) -> Checked:
    """An upload that waits. Raises: Problem upload_gone."""
    return as_checked(read_staged(folder, user_id, KIND, token))


def read_draft(form_id: str) -> Checked:
    """What was kept of a form. Raises: Problem draft_gone."""
    draft = find_draft(form_id)
    files = tuple(Kept(**file) for file in draft.files)
    return replace(as_checked(draft.document), files=files, is_test=draft.is_test)


def find_draft(form_id: str) -> FormDraft:
    draft = db.session.get(FormDraft, form_id)
    if draft is None:
        raise Problem("draft_gone", form_id=form_id)
    return draft


def as_checked(document: dict[str, Any]) -> Checked:
    form = document["form"]
    return Checked(document, CompiledForm.of_json(form) if form else None)


def find_standing(form: CompiledForm) -> str:
    """What publishing would do: `new` form, new `version`, nothing (`same`), or be refused (`taken`)."""
    known = db.session.get(FormVersion, (form.form_id, form.version))
    if known is not None:
        return "same" if (known.digest, known.python) == (form.digest, form.python) else "taken"
    is_new = not db.session.query(FormVersion.form_id).filter_by(form_id=form.form_id).first()
    return "new" if is_new else "version"


def find_current(form_id: str) -> FormVersion | None:
    """The version in use; also of a closed form."""
    known = db.session.get(Form, form_id)
    return db.session.get(FormVersion, (form_id, known.current_version)) if known else None


def find_other_draft(form: CompiledForm) -> FormDraft | None:
    """What is kept of this form already and is not this."""
    draft = db.session.get(FormDraft, form.form_id)
    return draft if draft and draft.digest != form.digest else None


def contents_of(checked: Checked) -> dict[str, bytes]:
    """Every file by name: an upload holds them, those of a draft are on disk."""
    packed = checked.document.get("contents", {})
    unpacked = {name: base64.b64decode(content) for name, content in packed.items()}
    return unpacked or {file.name: path_of(file.sha256).read_bytes() for file in checked.files}


def put_on_disk(checked: Checked) -> list[Kept]:
    """The files of an upload, or those of a draft, which are there."""
    return [*checked.files] or keep_files(checked.document["name"], contents_of(checked))


def keep_draft(checked: Checked, user_id: str, *, is_test: bool) -> str:
    """Keep it as its form's draft, in place of an older one; a test can be opened by whoever has its address.

    Returns: the form id. Raises: Problem form_not_compiled, form_file_type.
    """
    form = checked.whole()
    files = [file.as_json() for file in put_on_disk(checked)]
    with write_transaction() as session:
        session.merge(
            FormDraft(
                form_id=form.form_id,
                digest=form.digest,
                version=form.version,
                title=dict(form.title),
                files=files,
                document={key: checked.document[key] for key in DOCUMENT},
                is_test=is_test,
                saved_at=now(),
                saved_by=user_id,
            )
        )
        audit_everywhere(user_id, "test" if is_test else "draft", form.form_id, form.version)
    return form.form_id


def drop_draft(form_id: str, user_id: str, seen: Seen) -> None:
    """Raises: Problem draft_gone, draft_changed."""
    with write_transaction() as session:
        draft = find_draft(form_id)
        seen.refuse_other(as_checked(draft.document).whole())
        audit_everywhere(user_id, "drop_draft", form_id, draft.version)
        session.delete(draft)


def audit_everywhere(user_id: str, action: str, form_id: str, version: str) -> None:
    """Forms belong to no town, so every town's log tells."""
    for town_id in db.session.scalars(db.select(Town.town_id)).all():
        audit(town_id, user_id, action, "form", form_id, version=version)


def publish_checked(
    checked: Checked,
    town_id: str,
    user_id: str,
    duties: Duties,
    *,
    is_acknowledged: bool,
    over: str | None = None,
) -> CompiledForm:
    """Publish exactly what was checked, over the version it was compared with.

    Raises: Problem form_not_compiled, form_blocked, warnings_unread, and as `publish`.
    """
    form = checked.whole()
    refuse_blocked(form, town_id)
    if form.warnings and not is_acknowledged:
        raise Problem("warnings_unread")
    form = duties.put_on(form)
    publish(form, user_id, put_on_disk(checked), over)
    return form


def show_media(checked: Checked) -> dict[str, str]:
    """Name -> address of the pictures and sounds of an upload or a draft."""
    shown = {}
    for name, content in contents_of(checked).items():
        kind, media_type = sort_out(checked.document["name"], name, content)
        if kind == "media":
            shown[name] = as_address(content, media_type)
    return shown


def find_module(digest: str) -> str | None:
    """The module of a form that is being tested."""
    document = db.session.scalar(
        db.select(FormDraft.document).where(FormDraft.digest == digest, FormDraft.is_test).limit(1)
    )
    return document["form"]["javascript"] if document else None
