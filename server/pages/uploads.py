"""Files that a page's form brought: names without folders, bytes, and where they wait for a yes."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from server.actions import staged
from server.problems import Problem

LONGEST_NAME = 200


def staging() -> Path:
    """The folder of uploads that wait."""
    return staged.folder_in(current_app.config["DATA"])


def take_file(field: str) -> tuple[str, bytes]:
    """The one file of a field. Raises: Problem file_missing."""
    found = take_files(field)
    if not found:
        raise Problem("file_missing", field=field)
    return next(iter(found.items()))


def take_files(field: str) -> dict[str, bytes]:
    """The files of a field by name; an empty field sends one without a name.

    Raises: Problem file_names_same.
    """
    found: dict[str, bytes] = {}
    for file in request.files.getlist(field):
        name = plain_name(file)
        if name in found:
            raise Problem("file_names_same", name=name)
        if file.filename:
            found[name] = file.read()
    return found


def plain_name(file: FileStorage) -> str:
    """Browsers may send a path, in the manner of either system."""
    return PurePosixPath((file.filename or "").replace("\\", "/")).name[-LONGEST_NAME:]
