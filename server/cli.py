"""The command line, `flask --app wsgi …`: each command brings the database up to date, then acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from server.actions import backup, demo, users
from server.config import Config, ConfigError
from server.database import Base, db, write_transaction
from server.migrations import revise, upgrade
from server.models import Town
from server.problems import Problem

demo_commands = AppGroup("demo", help="The fictional town.")
DEMO_MARK = "demo_loaded"  # a file beside the database: the demo was loaded to its end

user_commands = AppGroup("user", help="Accounts.")
database_commands = AppGroup("database", help="The tables.")


def register(app: Flask) -> None:
    """Add our commands to `flask`."""
    for command in (demo_commands, user_commands, database_commands, back_up, restore):
        app.cli.add_command(command)


def on_database(function: Callable[..., None]) -> Callable[..., None]:
    """Run a command on a database that is up to date; what goes wrong is one line and exit status 1."""

    @wraps(function)
    def run(*args: Any, **options: Any) -> None:
        try:
            upgrade(current_app._get_current_object())  # type: ignore[attr-defined] # the app behind the proxy
            function(*args, **options)
        except ConfigError as error:
            raise click.ClickException(str(error)) from error
        except Problem as problem:
            text = problem.as_json()
            raise click.ClickException(f"{text['message_en']}. {text['fix_en']}") from problem

    return run


def settings() -> Config:
    found: Config = current_app.config["SETTINGS"]
    return found


def the_town() -> Town:
    """The town commands act on. Raises: ConfigError if there is none, or more than one."""
    towns = db.session.scalars(select(Town)).all()
    if len(towns) != 1:
        raise ConfigError(f"There are {len(towns)} towns here; this command is for servers of one.")
    return towns[0]


@demo_commands.command("load")
@click.option("--full", is_flag=True, help="The whole town instead of a tenth of it.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Keep the dates as of this day of 2016.")
@click.option("--first", is_flag=True, help="Do nothing where people or a demo town are already.")
@on_database
def load_demo(full: bool, as_of: datetime | None, first: bool) -> None:
    """Load the demo town into an empty database."""
    mark = settings().data / DEMO_MARK
    is_cut_short = demo.is_begun() and not mark.exists()
    if first and users.has_users() and not is_cut_short:
        return
    if is_cut_short:
        click.echo("Loading the demo was cut short the last time: starting over.")
        empty_database()
    elif users.has_users():
        raise ConfigError("The demo is loaded into an empty database only.")
    demo.load(full, as_of.date() if as_of else None)
    mark.touch()


def empty_database() -> None:
    """Delete what half a demo left; nobody's real data is in a database that began as a demo."""
    db.session.remove()
    Base.metadata.drop_all(db.engine)
    Base.metadata.create_all(db.engine)


@user_commands.command("add")
@click.argument("username")
@click.option("--name", required=True, help="As people know them: 王建国.")
@click.option("--role", required=True, type=click.Choice(users.ROLES))
@click.option("--village", default="", help="A village's code; for field, village_clerk and village_head.")
@click.option("--person", default="", help="Their row in the list `person`, for pairings.")
@click.option("--town", "town_name", default="", help="Found this town first, on a new server.")
@click.password_option()
@on_database
def add_user(
    username: str, name: str, role: str, village: str, person: str, town_name: str, password: str
) -> None:
    """Make an account; asks for its password."""
    account = users.Account(username, name, role, village, person)
    users.check_account(account, password)
    if town_name:
        with write_transaction() as session:
            users.insert_town(session, town_name)
    users.add_user(the_town().town_id, account, password)
    click.echo(f"{username} can sign in.")


@user_commands.command("reset-password")
@click.argument("username")
@click.password_option()
@on_database
def reset_password(username: str, password: str) -> None:
    """Set a new password and sign the person out everywhere."""
    users.reset_password(username, password)
    click.echo(f"{username} has a new password and must sign in again; unsent records stay on the phone.")


@database_commands.command("upgrade")
@with_appcontext
@on_database
def upgrade_database() -> None:
    """Bring the tables up to date; serving does it too."""
    click.echo("The database is up to date.")


@database_commands.command("revise")
@click.argument("message")
@on_database
def revise_database(message: str) -> None:
    """Write the migration that leads to the models as they are now (for developers)."""
    revise(current_app._get_current_object(), message)  # type: ignore[attr-defined] # the app behind the proxy


@click.command("backup")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Default: instance/backups.")
@with_appcontext
@on_database
def back_up(into: Path | None) -> None:
    """Copy the database and the files, with their digests, while the server runs."""
    config = settings()
    total = sum((config.data / path).stat().st_size for path in backup.list_files(config))
    with click.progressbar(length=max(total, 1), label="Files") as bar:
        copied = backup.back_up(config, into or config.data / "backups", bar.update)
        bar.update(max(total, 1))
    click.echo(f"{copied.folder}: {copied.n_files} files, {copied.n_bytes} bytes")


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@with_appcontext
def restore(folder: Path) -> None:
    """Check a backup and bring it back into an empty folder; phones then offer again what they keep."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # the app behind the proxy
    try:
        n_files = backup.restore(settings(), folder)
        upgrade(app)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    backup.renew_epochs()
    click.echo(f"{n_files} files are back.")
