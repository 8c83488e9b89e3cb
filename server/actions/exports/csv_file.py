"""An export as CSV, in pieces as they are made: one file, or a zip of one for each table.

UTF-8 with a byte order mark, so that Excel reads Chinese; commas and CRLF, as RFC 4180 says.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from server.actions.exports.columns import Table
from server.actions.exports.records import Batch
from server.actions.exports.sheets import Sheets

BYTE_ORDER_MARK = "\ufeff".encode()
FASTEST = 1  # of zip's levels: the others cost more time than they save on a town's network
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # of files, on Windows
PIECE_BYTES = 256 * 1024


def write_csv(sheets: Sheets, batches: Iterable[Batch]) -> Iterator[bytes]:
    """The records' table; for forms without repeats."""
    yield BYTE_ORDER_MARK + format_rows([sheets.headings(sheets.tables[0])])
    for batch in batches:
        for _, rows in sheets.rows(batch):
            yield format_rows(rows)


def write_zip(sheets: Sheets, batches: Iterable[Batch]) -> Iterator[bytes]:
    """Every table as a file of a zip; repeats wait on the disk while the records' table is on its way."""
    outlet, names = Outlet(), file_names(sheets.tables)
    with ExitStack() as stack:
        archive = stack.enter_context(ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=FASTEST))
        waiting = {table.path: stack.enter_context(TemporaryFile()) for table in sheets.tables[1:]}
        for table in sheets.tables[1:]:
            waiting[table.path].write(BYTE_ORDER_MARK + format_rows([sheets.headings(table)]))
        root = sheets.tables[0]
        with archive.open(names[root.path], "w", force_zip64=True) as file:
            file.write(BYTE_ORDER_MARK + format_rows([sheets.headings(root)]))
            for batch in batches:
                for table, rows in sheets.rows(batch):
                    target: IO[bytes] = waiting[table.path] if table.path else file
                    target.write(format_rows(rows))
                yield outlet.take()
        for table in sheets.tables[1:]:
            waiting[table.path].seek(0)
            with archive.open(names[table.path], "w", force_zip64=True) as file:
                for piece in iter(partial(waiting[table.path].read, PIECE_BYTES), b""):
                    file.write(piece)
                    yield outlet.take()
    yield outlet.take()


def file_names(tables: Sequence[Table]) -> dict[str, str]:
    """Table's path -> file name, in the order of the sheets, so that no two are the same."""
    return {
        table.path: f"{n} {NOT_IN_NAMES.sub(' ', table.title).strip()}.csv"
        for n, table in enumerate(tables, 1)
    }


def format_rows(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


class Outlet(io.RawIOBase):
    """Where the zip is written: what has come so far can be taken away; it can't go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)
