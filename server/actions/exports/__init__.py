"""Export the records that a queue's filters find: checked, logged with their number, read at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import IO

from server.access import OFFICE_ROLES, scope_of
from server.actions.exports.cells import csv_cell, xlsx_cell
from server.actions.exports.columns import CODES, Manner, make_tables
from server.actions.exports.csv_file import write_csv, write_zip
from server.actions.exports.records import Reader
from server.actions.exports.sheets import Finish, Sheets
from server.actions.exports.xlsx_file import write_xlsx
from server.actions.records import Filters
from server.actions.reveal import check_reason, may_reveal
from server.actions.vocabulary import column_words
from server.audit import audit
from server.clock import TOWN_ZONE, now, today
from server.database import db, write_transaction
from server.models import Form, User
from server.outline import Outline
from server.problems import Problem
from server.texts import LANGUAGES
from server.texts import text as say

BULK = 1000  # more records than this need a reason, as sensitive answers do
XLSX_LIMIT = 100_000  # records; more take minutes to write, and Excel minutes to open
FILE_TYPES = ("xlsx", "csv")
WORDS = (*LANGUAGES, CODES)
AT_ONCE = BoundedSemaphore(2)  # each holds a thread and a snapshot; others keep working beside them


@dataclass(frozen=True)
class Wish:
    """What is asked for; `words` is the language of headings and choices, or `codes`."""

    filters: Filters
    file_type: str
    words: str
    is_open: bool = False
    reason: str = ""


def may_export(user: User) -> bool:
    return scope_of(user).has(OFFICE_ROLES)


def open_export(user: User, wish: Wish) -> Export:
    """Begin an export: the audit row is stored before anything is given away.

    Raises: Problem when the role may not, the form isn't known, a reason is missing, or it is too much.
    """
    if not may_export(user) or (wish.is_open and not may_reveal(user)):
        raise Problem("not_allowed")
    if wish.file_type not in FILE_TYPES or wish.words not in WORDS:
        raise Problem("request_invalid", field="file_type" if wish.words in WORDS else "words")
    if db.session.get(Form, wish.filters.form_id) is None:
        raise Problem("form_unknown", form_id=wish.filters.form_id)
    if not AT_ONCE.acquire(blocking=False):
        raise Problem("busy")
    try:
        return Export(user, wish)
    except BaseException:
        AT_ONCE.release()
        raise


class Export:
    """An export under way: it holds a database connection until it is closed."""

    def __init__(self, user: User, wish: Wish) -> None:
        self.wish = wish
        self.manner = Manner(wish.words, wish.is_open)
        self.exporter = user.name
        self.town_id, user_id = user.town_id, user.user_id
        words = column_words()
        self.connection = db.engine.connect()
        try:
            self.reader = Reader(self.connection, user, wish.filters)
            self.n_records = self.reader.count()  # from here on the connection sees one moment
            reason = self.check()
            self.tables = make_tables([Outline(one, words) for one in self.reader.outlines()], self.manner)
            self.log(user_id, reason)
        except BaseException:
            self.connection.close()
            raise

    def check(self) -> str:
        """The reason, where one is needed."""
        if self.wish.file_type == "xlsx" and self.n_records > XLSX_LIMIT:
            raise Problem("export_too_large", limit=XLSX_LIMIT)
        if self.wish.is_open or self.n_records > BULK:
            return check_reason(self.wish.reason)
        return self.wish.reason.strip()

    def log(self, user_id: str, reason: str) -> None:
        filters = {name: value for name, value in self.wish.filters.as_query().items() if name != "form"}
        with write_transaction():
            audit(
                self.town_id,
                user_id,
                "export",
                "form",
                self.wish.filters.form_id,
                n_records=self.n_records,
                file_type=self.wish.file_type,
                is_open=self.wish.is_open,
                reason=reason,
                filters=filters,
            )

    @property
    def has_repeats(self) -> bool:
        return len(self.tables) > 1

    @property
    def file_name(self) -> str:
        kind = "zip" if self.wish.file_type == "csv" and self.has_repeats else self.wish.file_type
        return f"{self.tables[0].title} {today().isoformat()}.{kind}"

    def csv_pieces(self) -> Iterator[bytes]:
        sheets = self.sheets(csv_cell)
        if self.has_repeats:
            return write_zip(sheets, self.reader.batches())
        return write_csv(sheets, self.reader.batches())

    def xlsx(self) -> IO[bytes]:
        about = self.about()
        sheets = self.sheets(xlsx_cell)
        return write_xlsx(sheets, self.reader.batches(), about, say("export_about", self.manner.language))

    def sheets(self, finish: Finish) -> Sheets:
        return Sheets(self.tables, self.reader, self.manner, finish)

    def about(self) -> dict[str, str]:
        """What the file holds, for whoever finds it later."""
        here = self.manner.language
        shown = "export_open" if self.wish.is_open else "export_masked"
        return {
            say("form", here): self.tables[0].title,
            say("export_n", here): str(self.n_records),
            say("export_at", here): now().astimezone(TOWN_ZONE).strftime("%Y-%m-%d %H:%M"),
            say("export_by", here): self.exporter,
            say("export_sensitive", here): say(shown, here),
        }

    def close(self) -> None:
        """Let go of the connection; once only, also when nobody read to the end."""
        if not self.connection.closed:
            self.connection.close()
            AT_ONCE.release()
