"""Files that come with a form: its workbook, lists, pictures and sounds, given out as they came."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath

from sqlalchemy import select

from server.actions.files import HEAD_BYTES, path_of, store_bytes
from server.database import db
from server.models import FormDraft, FormFile, FormVersion
from server.problems import Problem
from sync.attachments import sniff

LIST_TYPES = {".csv": "text/csv", ".geojson": "application/geo+json", ".xml": "application/xml"}
MEDIA = ("image/", "audio/", "video/")


@dataclass(frozen=True)
class Kept:
    """A file of a form as the database tells it; `kind` is workbook, list or media."""

    name: str
    kind: str
    sha256: str
    bytes: int
    type: str

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)


def sort_out(workbook: str, name: str, content: bytes) -> tuple[str, str]:
    """Kind and media type of a file. Raises: Problem form_file_type: it is nothing that forms use."""
    if name == workbook:
        return "workbook", "application/octet-stream"
    if listed := LIST_TYPES.get(PurePath(name).suffix.lower()):
        return "list", listed
    media_type = sniff(content[:HEAD_BYTES])
    if not media_type.startswith(MEDIA):
        raise Problem("form_file_type", name=name)
    return "media", media_type


def keep_files(workbook: str, files: Mapping[str, bytes]) -> list[Kept]:
    """Put the files on disk; rows that name them come after."""
    sorted_out = {name: sort_out(workbook, name, content) for name, content in files.items()}
    return [
        Kept(name, kind, store_bytes(files[name]), len(files[name]), media_type)
        for name, (kind, media_type) in sorted_out.items()
    ]


def add_rows(form_id: str, version: str, files: Iterable[Kept]) -> None:
    """Inside a write transaction."""
    for file in files:
        db.session.add(FormFile(form_id=form_id, version=version, **file.as_json()))


def list_files(form_id: str, version: str) -> list[FormFile]:
    query = (
        select(FormFile).filter_by(form_id=form_id, version=version).order_by(FormFile.kind, FormFile.name)
    )
    return list(db.session.scalars(query))


def find_file(form_id: str, version: str, name: str) -> tuple[FormFile, Path]:
    """One file and where it lies. Raises: Problem file_unknown."""
    row = db.session.get(FormFile, (form_id, version, name))
    if row is None:
        raise Problem("file_unknown")
    return row, path_of(row.sha256)


def find_media(sha256: str) -> tuple[str, Path] | None:
    """Media type and place of a picture or sound of a form that is published or being tested."""
    published = select(FormFile.type).where(FormFile.sha256 == sha256, FormFile.kind == "media").limit(1)
    media_type = db.session.scalar(published) or find_tested(sha256)
    return (media_type, path_of(sha256)) if media_type else None


def find_media_of(digest: str) -> dict[str, str]:
    """Name -> digest of the pictures and sounds of a version, or of a form that is being tested."""
    version = db.session.scalar(select(FormVersion).where(FormVersion.digest == digest).limit(1))
    if version is not None:
        files = list_files(version.form_id, version.version)
        return {file.name: file.sha256 for file in files if file.kind == "media"}
    tested = select(FormDraft.files).where(FormDraft.digest == digest, FormDraft.is_test).limit(1)
    kept = [Kept(**file) for file in db.session.scalar(tested) or ()]
    return {file.name: file.sha256 for file in kept if file.kind == "media"}


def as_address(content: bytes, media_type: str) -> str:
    """A picture or sound as an address that holds it, for trying out what lies nowhere public yet."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def find_tested(sha256: str) -> str | None:
    """Media type of a picture or sound of a form that is being tested."""
    drafts = db.session.scalars(select(FormDraft.files).where(FormDraft.is_test))
    files = (Kept(**file) for draft in drafts for file in draft)
    return next((file.type for file in files if (file.sha256, file.kind) == (sha256, "media")), None)
