"""Uploads that were looked at and wait for a yes: a file each, for whoever uploaded it, for an hour."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from server.clock import now
from server.problems import Problem

STAGED_FOR_S = 3600
MOST_WAITING = 10  # uploads of one person
MOST_BYTES = 100_000_000  # of one person's; the largest upload takes a quarter
# When it was staged, in s since 1970, whose it is, and a secret.
TOKEN = re.compile(r"(\d{1,12})-[0-9a-f]{48}")


def stage(folder: Path, user_id: str, kind: str, document: Mapping[str, Any]) -> str:
    """Keep what JSON can hold, and give its token."""
    folder.mkdir(mode=0o700, exist_ok=True)
    content = orjson.dumps({**document, "kind": kind, "user_id": user_id})
    owner = hashlib.sha256(user_id.encode()).hexdigest()[:16]
    make_room(folder, owner, len(content))
    token = f"{int(now().timestamp())}-{owner}{secrets.token_hex(16)}"
    handle = os.open(folder / f"{token}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return token


def make_room(folder: Path, owner: str, n_bytes: int) -> None:
    """Forget a person's oldest uploads where they are too many or too large with this one."""
    waiting = sorted(_weighed(folder.glob(f"*-{owner}*.json")), reverse=True)
    for n_kept, (_, size, path) in enumerate(waiting, 1):
        n_bytes += size
        if n_kept >= MOST_WAITING or n_bytes > MOST_BYTES:
            path.unlink(missing_ok=True)


def _weighed(paths: Iterable[Path]) -> Iterator[tuple[int, int, Path]]:
    """When each was written, and its bytes; another upload of that person may forget some meanwhile."""
    for path in paths:
        with suppress(FileNotFoundError):
            facts = path.stat()
            yield facts.st_mtime_ns, facts.st_size, path


def read_staged(folder: Path, user_id: str, kind: str, token: str) -> dict[str, Any]:
    """What was staged. Raises: Problem upload_gone, also for what somebody else uploaded."""
    path = folder / f"{token}.json"
    if is_stale(token) or not path.is_file():
        raise Problem("upload_gone")
    document: dict[str, Any] = orjson.loads(path.read_bytes())
    if (document["kind"], document["user_id"]) != (kind, user_id):
        raise Problem("upload_gone")
    return document


def drop_staged(folder: Path, token: str) -> None:
    """Forget it: it was taken."""
    (folder / f"{token}.json").unlink(missing_ok=True)


def drop_stale(folder: Path) -> None:
    """Forget what nobody said yes to in time; it may hold what lists hold."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if is_stale(path.stem):
            path.unlink(missing_ok=True)


def folder_in(data: Path) -> Path:
    """Where uploads wait within the instance folder."""
    return data / "staged"


def is_stale(token: str) -> bool:
    """Whether its hour is over; what isn't a token counts as that."""
    found = TOKEN.fullmatch(token)
    return found is None or now().timestamp() - int(found[1]) > STAGED_FOR_S
