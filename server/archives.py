"""What an uploaded workbook unpacks to, looked through as a stream: a small one may fill the memory."""

from __future__ import annotations

import io
import zipfile
import zlib

from server.problems import Problem

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
MAX_ENTRIES = 2_000
# Of each part: a row of ten cells has fifty tags, a text four; Excel itself stops at 64,000 styles.
MAX_TAGS = {"xl/worksheets/": 6_000_000, "xl/sharedStrings": 4_000_000, "": 300_000}
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError)


def refuse_bomb(content: bytes) -> None:
    """Raises: Problem unpacked_too_large, list_too_large, list_file_type."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES or len(entries) > MAX_ENTRIES:
                raise Problem("unpacked_too_large", limit_bytes=MAX_UNPACKED_BYTES)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    count_tags(archive, entry)
    except BROKEN as error:
        raise Problem("list_file_type") from error


def count_tags(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """The parser reads a tag that doesn't end again and again from its start: the square of its length."""
    left = next(most for folder, most in MAX_TAGS.items() if entry.filename.startswith(folder))
    with archive.open(entry) as file:
        while piece := file.read(PIECE_BYTES):
            left -= piece.count(b"<")
            if left < 0:
                raise Problem("list_too_large")
            if len(piece) == PIECE_BYTES and b">" not in piece:
                raise Problem("list_file_type")
