"""What the archive of an .xlsx holds, looked through as a stream before any of it becomes objects."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from forms.limits import (
    MAX_ENTRIES,
    MAX_FILLED,
    MAX_ROWS,
    MAX_TAGS,
    MAX_UNPACKED_BYTES,
    Refused,
    Unreadable,
    refuse_over_bytes,
    too_many_cells,
    too_many_rows,
)

PIECE_BYTES = 1024 * 1024
EXCEL_ROWS = 1_048_576  # all of them, when a whole column was formatted
# zipfile raises these on damaged, encrypted and exotic archives.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError)
_STRINGS = re.compile(rb"\s*(<\?[^>]*>)?\s*<(\w+:)?sst\b")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# In a formula, [1] is the first of the other workbooks; [Name] is a column of a table.
_ELSEWHERE = re.compile(rb"<(?:\w+:)?f\b[^<>]*>[^<]*\[[1-9]")


def look_through(source: bytes) -> None:
    """Raises: Refused, also for what an office program would open but a form doesn't need."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            _Look(archive).through()
    except _BROKEN as error:
        raise Unreadable(f"{type(error).__name__}: {error}"[:200]) from error


class _Look:
    """Counts roughly, by the ends of tags, since namespaces may have prefixes: over all sheets."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries: Sequence[zipfile.ZipInfo] = archive.infolist()
        self._n_filled = 0
        self._has_links = any("externallinks/" in each.filename.lower() for each in self._entries)

    def through(self) -> None:
        if any(entry.filename.lower().endswith("vbaproject.bin") for entry in self._entries):
            raise Refused("file_with_macros")
        refuse_over_bytes(sum(entry.file_size for entry in self._entries), MAX_UNPACKED_BYTES)
        if len(self._entries) > MAX_ENTRIES:
            raise Refused("too_many_parts", limit=f"{MAX_ENTRIES:,}")
        for entry in self._entries:
            if entry.filename.startswith("xl/worksheets/"):
                self._sheet(entry)
            else:
                self._part(entry)

    def _pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        with self._archive.open(entry) as file:
            while piece := file.read(PIECE_BYTES):
                if is_xml and _DECLARED.search(piece):
                    raise Refused("file_with_entities")
                # The parser reads a tag that doesn't end again and again from its start.
                if is_xml and len(piece) == PIECE_BYTES and b">" not in piece:
                    raise Unreadable("endless tag or text")
                yield piece

    def _sheet(self, entry: zipfile.ZipInfo) -> None:
        n_rows = n_filled_rows = 0
        for piece in self._pieces(entry):
            self._n_filled += piece.count(b"v>") // 2 + piece.count(b"is>") // 2
            n_rows += piece.count(b"row ") + piece.count(b"row>") // 2 + piece.count(b"row/")
            n_filled_rows += sum(b"v>" in row or b"is>" in row for row in piece.split(b"row>"))
            if self._n_filled > MAX_FILLED:
                raise too_many_cells()
            if n_filled_rows > MAX_ROWS + 1 or n_rows > EXCEL_ROWS:
                raise too_many_rows(PurePath(entry.filename).stem)
            if self._has_links and _ELSEWHERE.search(piece):
                raise Refused("file_with_links")

    def _part(self, entry: zipfile.ZipInfo) -> None:
        """Count what would become objects: the texts of all cells, styles and what else there is."""
        n_texts = n_tags = 0
        is_texts = None
        for piece in self._pieces(entry):
            is_texts = bool(_STRINGS.match(piece)) if is_texts is None else is_texts
            n_texts += piece.count(b"si>") // 2 + piece.count(b"si/>")
            n_tags += piece.count(b"<")
            if is_texts and n_texts > MAX_FILLED:
                raise too_many_cells()
            if not is_texts and n_tags > MAX_TAGS and entry.filename.endswith((".xml", ".rels")):
                raise Refused("too_many_parts", limit=f"{MAX_TAGS:,}")
