"""An .xlsx file -> the cells that hold a formula whose value was never stored: programs write such files.

Nothing is computed here. Excel stores the value of each formula when it saves.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from forms.errors import ErrorList
from forms.xml import attribute, read_xml

_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b([^<>]*?\br="([A-Z]+)(\d+)"[^<>]*)>\s*'
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_IS_TEXT = b't="str"'  # an empty text is a value
_LETTERS = 26
_MOST_BYTES = 32 * 1024 * 1024  # of a sheet; no form comes near


def find_formulas(source: bytes) -> dict[str, list[tuple[int, int]]]:
    """Sheet title -> (row, column) of each such cell, both from 1; the file was read before."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        found = {title: _cells(archive.read(path)) for title, path in _sheets(archive)}
    return {title: cells for title, cells in found.items() if cells}


def _cells(sheet: bytes) -> list[tuple[int, int]]:
    found = (match for match in _FORMULA.finditer(sheet) if _IS_TEXT not in match[1])
    return [(int(match[3]), _number(match[2].decode())) for match in found]


def _number(letters: str) -> int:
    """`A` is column 1, `AA` column 27."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Titles of the sheets and where they are in the archive."""
    relations = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {attribute(each, "Id"): attribute(each, "Target") for each in relations}
    for each in _elements(archive, "xl/workbook.xml", "sheet"):
        path = str(PurePosixPath("/xl") / targets.get(attribute(each, "id"), ""))[1:]
        if path in archive.namelist() and archive.getinfo(path).file_size <= _MOST_BYTES:
            yield attribute(each, "name"), path


def _elements(archive: zipfile.ZipFile, path: str, name: str) -> Iterator[etree._Element]:
    if path in archive.namelist():
        root = read_xml(archive.read(path), ErrorList())
        yield from () if root is None else root.iter(f"{{*}}{name}")
