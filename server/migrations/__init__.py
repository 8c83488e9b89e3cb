"""Bring a database to the tables this version needs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from server.config import ConfigError
from server.database import db
from server.planner import teach_planner


def upgrade(app: Flask) -> None:
    """Apply the migrations that are missing, in one transaction.

    Raises: ConfigError, its text one line, if the database can't be opened or brought up to date.
    """
    with app.app_context():
        try:
            with db.engine.connect().execution_options(is_writer=True) as connection, connection.begin():
                command.upgrade(read_alembic(connection), "head")
                teach_planner(connection)
        except (SQLAlchemyError, sqlite3.Error, CommandError, OSError, RuntimeError) as error:
            raise ConfigError(
                f"The database {db.engine.url} can't be opened or migrated: {first_line(error)}"
            ) from error


def revise(app: Flask, message: str) -> None:
    """Write the revision that leads from the newest one to today's models; for developers."""
    with app.app_context(), db.engine.connect() as connection:
        command.revision(read_alembic(connection), message, autogenerate=True, rev_id=next_revision())


def next_revision() -> str:
    return f"{int(head() or 0) + 1:04}"


def read_alembic(connection: Connection | None = None) -> AlembicConfig:
    settings = AlembicConfig()
    settings.attributes["connection"] = connection
    settings.set_main_option("script_location", str(Path(__file__).parent))
    return settings


def head() -> str:
    """The revision this version of the code needs."""
    return ScriptDirectory.from_config(read_alembic()).get_current_head() or ""


def first_line(error: Exception) -> str:
    """The cause in the driver's own words, without SQLAlchemy's notes and links."""
    if isinstance(error.__cause__, ResolutionError):
        return "it was written by a newer version of Lingyan"
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0]
