"""The SQLAlchemy handle, its base class and its transactions; imports nothing of ours.

Reads run in a deferred transaction. Every write runs in `write_transaction()`: on SQLite one at a time, in
the order in which they asked, and with the write lock taken before the first read, so nothing read is stale.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any, cast

import orjson
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Executable, Table, event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

WRITE_WAIT_S = 20.0  # then the phone is told to come back; phones give up after 60 s
BUSY_TIMEOUT_MS = 5000  # another process (a command line, a backup) holds the file
SYNCHRONOUS_FULL = 2
CHECKPOINT_PAGES = 4000  # 16 MB of log; at the default of 1000 a batch in six waits for a checkpoint

# An INSERT, and each of its columns with the function that makes a value fit the driver, if one is needed.
InsertPlan = tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]


class Busy(Exception):
    """Too many writers are waiting: try again a little later."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC; SQLite has no zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Columns typed `datetime` are aware UTC; `dict[str, Any]` and `list[Any]` are JSON."""

    registry = registry(type_annotation_map={datetime: UtcDateTime(), dict[str, Any]: JSON, list[Any]: JSON})


def dump_json(value: Any) -> str:
    return orjson.dumps(value).decode()


class Database(SQLAlchemy):
    """Flask-SQLAlchemy whose engines are set up for durable writes before their first use."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        with app.app_context():
            for engine in self.engines.values():
                configure_engine(engine)


db = Database(
    model_class=Base, engine_options={"json_serializer": dump_json, "json_deserializer": orjson.loads}
)


def configure_engine(engine: Engine) -> None:
    """Make a SQLite engine durable and let us begin its transactions; PostgreSQL's defaults are right."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", begin)


def set_pragmas(connection: Any, _record: object) -> None:
    """Source: promises.md finding 2: WAL with NORMAL lost acknowledged commits on a power cut, FULL none."""
    connection.isolation_level = None  # the driver must not begin or commit behind our back
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    connection.execute("PRAGMA synchronous=FULL")
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal" or level != SYNCHRONOUS_FULL:
        raise RuntimeError(f"SQLite is not durable here: journal_mode={mode}, synchronous={level}.")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")


def begin(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("is_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


class Turnstile:
    """A lock that is handed on in the order of arrival; `threading.Lock` lets newcomers overtake."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_taken = False

    @contextmanager
    def turn(self, timeout_s: float) -> Iterator[None]:
        self._enter(timeout_s)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, timeout_s: float) -> None:
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return
            gate = Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=timeout_s):
            return
        with self._mutex:
            if gate in self._waiting:
                self._waiting.remove(gate)
                raise Busy
        # The turn was handed over between the timeout and the mutex: it is ours.

    def _leave(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


writers = Turnstile()


@contextmanager
def write_transaction() -> Iterator[Session]:
    """Run the block as one transaction that holds the write lock from its first statement.

    Raises: Busy when the turn doesn't come in time; RuntimeError when nested or when changes are pending.
    """
    session = db.session()
    if session.info.get("is_writing"):
        raise RuntimeError("a write transaction is open already")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made before the write transaction began")
    session.rollback()  # ends the read transaction, whose snapshot could not be written upon
    with writers.turn(WRITE_WAIT_S):
        session.info["is_writing"] = True
        try:
            session.connection(execution_options={"is_writer": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["is_writing"] = False


def fetch(statement: Executable, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement that was written once and takes its values by name, past the ORM.

    To write a SELECT anew for each call takes SQLAlchemy longer than SQLite takes to answer it.
    """
    return db.session.connection().execute(statement, values).all()


def insert_rows(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """One INSERT for many rows that have every column, past the ORM's bookkeeping."""
    if not rows:
        return
    connection = db.session.connection()
    plan = plan_insert(table_of(model), connection.dialect)
    if plan is None:
        connection.execute(insert(table_of(model)), rows)
        return
    statement, columns = plan
    values = [
        tuple([row[name] if bind is None else bind(row[name]) for name, bind in columns]) for row in rows
    ]
    connection.exec_driver_sql(statement, values)


@lru_cache(maxsize=64)
def plan_insert(table: Table, dialect: Dialect) -> InsertPlan | None:
    """The statement, and each column with what makes its value fit the driver; None for named parameters.

    SQLAlchemy would find this out again for every row, which takes as long as SQLite does to store it.
    """
    compiled = insert(table).compile(dialect=dialect)
    if not compiled.positiontup:
        return None
    binds = {
        column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns
    }
    return str(compiled), tuple((name, binds[name]) for name in compiled.positiontup)


def insert_missing(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """The same, but rows whose key exists are skipped; the same words in both databases' dialects."""
    if not rows:
        return
    connection = db.session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table_of(model)).on_conflict_do_nothing(), rows)


def table_of(model: type[Base]) -> Table:
    return cast(Table, model.__table__)
