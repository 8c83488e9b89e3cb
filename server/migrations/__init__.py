"""Bring a database to the tables this version needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from server.config import ConfigError
from server.database import db


def upgrade(app: Flask) -> None:
    """Apply the migrations that are missing, in one transaction.

    Raises: ConfigError, its text one line, if the database can't be opened or brought up to date.
    """
    with app.app_context():
        try:
            with db.engine.begin() as connection:
                settings = read_alembic()
                settings.attributes["connection"] = connection
                command.upgrade(settings, "head")
        except (SQLAlchemyError, CommandError, OSError) as error:
            raise ConfigError(
                f"The database {db.engine.url} can't be opened or migrated: {first_line(error)}"
            ) from error


def read_alembic() -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    return settings


def head() -> str:
    """The revision this version of the code needs."""
    return ScriptDirectory.from_config(read_alembic()).get_current_head() or ""


def first_line(error: Exception) -> str:
    """The cause in the driver's own words, without SQLAlchemy's notes and links."""
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0]
