"""Files by their digest: pieces gathered per user, verified whole, on disk before any row says so."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from server.access import Scope, submissions_in
from server.clock import now
from server.counter import lock_town
from server.database import db, insert_missing, write_transaction
from server.models import File, Submission, SubmissionFile, SubmissionVersion
from server.problems import Problem
from sync.attachments import sniff
from sync.pictures import MAX_PIXELS, count_pixels

MAX_FILE_BYTES = 20 * 1024 * 1024
HEAD_BYTES = 16
READ_BYTES = 1024 * 1024
# What forms ask for: photos and signatures, recordings, videos, scanned papers, documents.
ACCEPTED = ("image/", "audio/", "video/", "application/pdf", "application/zip", "application/x-ole-storage")


@dataclass(frozen=True)
class Upload:
    """Where an upload stands."""

    sha256: str
    offset: int
    length: int

    @property
    def is_complete(self) -> bool:
        return self.offset == self.length


def folder() -> Path:
    return Path(current_app.config["FILES"])


def path_of(sha256: str) -> Path:
    """Where a whole file lies."""
    return folder() / sha256[:2] / sha256


def pieces_of(scope: Scope, sha256: str) -> Path:
    """Where a user's pieces of a file are gathered: nobody can spoil another's upload."""
    return folder() / "partial" / scope.user_id / sha256


def begin(scope: Scope, sha256: str, length: int) -> Upload:
    """Declare an upload; one that is under way, or a file that is here, goes on where it stands."""
    if length > MAX_FILE_BYTES:
        raise Problem("file_too_large", limit_bytes=MAX_FILE_BYTES)
    if length < 1:
        raise Problem("upload_invalid", field="Upload-Length")
    size = adopt(scope, sha256)
    if size is not None:
        return Upload(sha256, size, size)
    pieces = pieces_of(scope, sha256)
    pieces.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = declared_length(pieces)
    if known != length:
        pieces.unlink(missing_ok=True)
        pieces.with_suffix(".length").write_text(str(length), encoding="ascii")
    pieces.touch()
    return Upload(sha256, pieces.stat().st_size, length)


def adopt(scope: Scope, sha256: str) -> int | None:
    """The size of a file that is here whole; its row is added if a crash, or another town, left none."""
    path = path_of(sha256)
    if not path.exists():
        return None
    if db.session.get(File, (scope.town_id, sha256)) is None:
        record(scope, sha256)
    return path.stat().st_size


def declared_length(pieces: Path) -> int | None:
    try:
        return int(pieces.with_suffix(".length").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def find_upload(scope: Scope, sha256: str) -> Upload:
    """Where an upload stands. Raises: Problem file_unknown."""
    size = adopt(scope, sha256)
    if size is not None:
        return Upload(sha256, size, size)
    pieces = pieces_of(scope, sha256)
    length = declared_length(pieces)
    if length is None or not pieces.exists():
        raise Problem("file_unknown")
    return Upload(sha256, pieces.stat().st_size, length)


def append(scope: Scope, sha256: str, offset: int, piece: bytes) -> Upload:
    """Add a piece at the offset that the phone believes in; the last one makes the file whole."""
    upload = find_upload(scope, sha256)
    if upload.is_complete:
        return upload
    with locked(pieces_of(scope, sha256)) as handle:
        size = os.fstat(handle).st_size
        if offset != size:
            raise Problem("file_offset", offset=size)
        if size + len(piece) > upload.length:
            raise Problem("file_too_large", limit_bytes=upload.length)
        write_all(handle, piece)
        os.fsync(handle)
    upload = Upload(sha256, offset + len(piece), upload.length)
    if upload.is_complete:
        finish(scope, sha256)
    return upload


@contextmanager
def locked(pieces: Path) -> Iterator[int]:
    """The open file of pieces, for one request at a time."""
    try:
        handle = os.open(pieces, os.O_WRONLY | os.O_APPEND)
    except FileNotFoundError as error:
        raise Problem("file_unknown") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def write_all(handle: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(handle, view) :]


def finish(scope: Scope, sha256: str) -> None:
    """Verify the whole file, put it in its place for good, and tell the records that wait for it."""
    pieces = pieces_of(scope, sha256)
    fault = find_fault(pieces, sha256)
    if fault:
        discard(pieces)
        raise Problem(fault)
    path = path_of(sha256)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.replace(pieces, path)
    sync_folder(path.parent)
    sync_folder(folder())
    discard(pieces)
    record(scope, sha256)


def store_bytes(content: bytes) -> str:
    """Put a file that is here whole in its place for good; gives its digest. It belongs to no town."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{sha256}-{secrets.token_hex(8)}.part")
    with part.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)
    sync_folder(folder())
    return sha256


def find_fault(pieces: Path, sha256: str) -> str:
    """The code of what is wrong with a whole upload, '' if nothing is."""
    digest = hashlib.sha256()
    with pieces.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        while piece := file.read(READ_BYTES):
            digest.update(piece)
        media_type = sniff(head)
        n_pixels = count_pixels(file, media_type)
    if digest.hexdigest() != sha256:
        return "file_digest"
    if n_pixels > MAX_PIXELS:
        return "file_image_too_big"
    return "" if media_type.startswith(ACCEPTED) else "file_type"


def discard(pieces: Path) -> None:
    pieces.unlink(missing_ok=True)
    pieces.with_suffix(".length").unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Put the folder's entries on disk: a file's own fsync doesn't include its name."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def record(scope: Scope, sha256: str) -> None:
    """Add the file's row and number every submission that waited for it, so that phones hear."""
    path = path_of(sha256)
    with path.open("rb") as file:
        media_type = sniff(file.read(HEAD_BYTES))
    row = {
        "town_id": scope.town_id,
        "sha256": sha256,
        "bytes": path.stat().st_size,
        "type": media_type,
        "user_id": scope.user_id,
        "completed_at": now(),
    }
    with write_transaction():
        town = lock_town(scope.town_id)
        insert_missing(File, [row])
        for submission in waiting_for(scope.town_id, sha256):
            town.seq += 1
            submission.n_files_missing = count_missing(scope.town_id, submission.current_id)
            submission.seq = town.seq


def waiting_for(town_id: str, sha256: str) -> list[Submission]:
    query = (
        select(Submission)
        .join(
            SubmissionFile,
            (SubmissionFile.town_id == Submission.town_id)
            & (SubmissionFile.instance_id == Submission.current_id),
        )
        .where(
            Submission.town_id == town_id,
            SubmissionFile.sha256 == sha256,
            Submission.n_files_missing > 0,
        )
        .distinct()
    )
    return list(db.session.scalars(query))


def count_missing(town_id: str, instance_id: str) -> int:
    query = (
        select(func.count(SubmissionFile.sha256.distinct()))
        .outerjoin(File, (File.town_id == SubmissionFile.town_id) & (File.sha256 == SubmissionFile.sha256))
        .where(
            SubmissionFile.town_id == town_id,
            SubmissionFile.instance_id == instance_id,
            File.sha256.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def open_file(scope: Scope, sha256: str) -> tuple[Path, str]:
    """A whole file of a record in scope, and its media type. Raises: Problem file_unknown."""
    query = (
        select(File.type)
        .join(
            SubmissionFile,
            (SubmissionFile.town_id == File.town_id) & (SubmissionFile.sha256 == File.sha256),
        )
        .join(
            SubmissionVersion,
            (SubmissionVersion.town_id == SubmissionFile.town_id)
            & (SubmissionVersion.instance_id == SubmissionFile.instance_id),
        )
        .join(
            Submission,
            (Submission.town_id == SubmissionVersion.town_id)
            & (Submission.root_id == SubmissionVersion.root_id),
        )
        .where(File.sha256 == sha256, File.completed_at.is_not(None))
        .limit(1)
    )
    own = (Submission.town_id == scope.town_id) & (Submission.user_id == scope.user_id)
    media_type = db.session.scalar(query.where(submissions_in(scope) | own))
    if media_type is None:
        raise Problem("file_unknown")
    return path_of(sha256), media_type
