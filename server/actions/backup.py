"""Copies of everything an instance holds: made while it serves, checked by digest, brought back whole."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from server.clock import TOWN_ZONE, now
from server.config import Config, ConfigError
from server.database import db, write_transaction
from server.ids import new_id
from server.models import Town

DATABASE = "lingyan.sqlite"
DIGESTS = "digests.txt"  # in the form of sha256sum, so that `sha256sum -c digests.txt` checks a copy anywhere
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Copied:
    """What a backup came to."""

    folder: Path
    n_files: int
    n_bytes: int


def back_up(config: Config, into: Path, step: Callable[[int], None]) -> Copied:
    """Copy the database as of now, then the files it may name, into a new folder below `into`.

    Args: step: told the bytes of each file copied.
    Raises: ConfigError if the database isn't SQLite: PostgreSQL has its own tools.
    """
    if db.engine.dialect.name != "sqlite":
        raise ConfigError("Only SQLite is backed up by this command: use pg_dump, and copy the files folder.")
    folder = into / now().astimezone(TOWN_ZONE).strftime("%Y-%m-%d-%H%M%S")
    folder.mkdir(mode=0o700, parents=True)
    copy_database(folder / DATABASE)
    paths = [Path(DATABASE)]
    for path in list_files(config):
        copy_file(config.data / path, folder / path)
        paths.append(path)
        step((folder / path).stat().st_size)
    lines = [f"{digest_file(folder / path)}  {path.as_posix()}\n" for path in paths]
    (folder / DIGESTS).write_text("".join(lines), encoding="utf-8")
    return Copied(folder, len(paths), sum((folder / path).stat().st_size for path in paths))


def copy_database(target: Path) -> None:
    """One consistent state, without stopping anybody. It can't run inside a transaction."""
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            raise ConfigError("The database was closed.")
        driver.execute("VACUUM INTO ?", (str(target),))


def list_files(config: Config) -> list[Path]:
    """The attachments, relative to the instance folder."""
    found = (path for path in config.files.rglob("*") if path.is_file() and path.suffix != ".part")
    return sorted(path.relative_to(config.data) for path in found)


def copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def digest_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(config: Config, folder: Path) -> int:
    """Bring a backup back into an empty instance folder. Returns: how many files.

    Raises: ConfigError if a file is missing or altered, or if the instance holds data already.
    """
    if (config.data / DATABASE).exists():
        raise ConfigError(f"{config.data} holds a database already: move it away first.")
    paths = list(check_backup(folder))
    for path in sorted(paths, key=lambda path: path == Path(DATABASE)):  # the database last: then it is whole
        copy_file(folder / path, config.data / path)
    return len(paths)


def check_backup(folder: Path) -> Iterator[Path]:
    """Every file the backup names, each compared with its digest."""
    try:
        lines = (folder / DIGESTS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"{folder} is not a backup: it has no {DIGESTS}.") from error
    for line in lines:
        digest, _, name = line.partition("  ")
        path = Path(name)
        if path.is_absolute() or ".." in path.parts:
            raise ConfigError(f"{DIGESTS} names a file outside the backup: {name}")
        if not (folder / path).is_file() or digest_file(folder / path) != digest:
            raise ConfigError(f"{folder / path} is missing or was altered.")
        yield path


def renew_epochs() -> None:
    """Tell phones that the server went back in time, so that they offer again what it may have lost."""
    with write_transaction() as session:
        for town in session.scalars(select(Town)):
            town.epoch = new_id()
