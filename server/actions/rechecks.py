"""An upload checked again: with files added or replaced, with those in use, under another version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from server.actions.files import path_of
from server.actions.form_files import list_files
from server.actions.workbooks import Checked, check_workbook, contents_of, find_current
from server.models import FormFile
from server.problems import Problem

VERSION = re.compile(r"[\w.-]{1,50}")


def check_again(
    folder: Path,
    user_id: str,
    checked: Checked,
    brought: Mapping[str, bytes],
    *,
    workbook: str = "",
    is_reusing: bool = False,
    version: str = "",
) -> str:
    """Check it with what was brought; what wasn't stays as it was. The token of what was found.

    Args:
        workbook: which of the files brought takes the workbook's place, if one does.
        is_reusing: whether files of the version in use come along that this upload lacks.
        version: typed in; left as it was shown, the workbook's own or what was typed before stays.
    Raises: Problem version_invalid, checks_busy.
    """
    shown = checked.form.version if checked.form else ""
    if version in ("", shown):
        version = "" if workbook else checked.document.get("version", "")
    elif not VERSION.fullmatch(version):
        raise Problem("version_invalid")
    files = {**contents_of(checked)}
    name = workbook or checked.document["name"]
    if workbook:
        del files[checked.document["name"]]
    reused = find_reusable(checked) if is_reusing else []
    files |= {file.name: path_of(file.sha256).read_bytes() for file in reused} | dict(brought)
    source = files.pop(name)
    return check_workbook(folder, user_id, name, source, files, version)


def find_reusable(checked: Checked) -> list[FormFile]:
    """Lists, pictures and sounds of the version in use that didn't come along this time."""
    current = find_current(checked.form.form_id) if checked.form else None
    files = list_files(current.form_id, current.version) if current else []
    return [file for file in files if file.kind != "workbook" and file.name not in checked.document["lists"]]
