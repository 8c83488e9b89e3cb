"""The command line, `flask --app wsgi …`: each command brings the database up to date, then acts."""

from __future__ import annotations

import glob
import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from forms import CompiledForm, FormError, FormErrors, compile_form
from server.access import ROLES, Post
from server.actions import backup, demo, forms, imports, signing_keys, users
from server.actions.form_files import keep_files
from server.config import Config, ConfigError
from server.database import Base, db, write_transaction
from server.migrations import revise, upgrade
from server.models import Town
from server.problems import Problem
from server.tables import TableError

demo_commands = AppGroup("demo", help="The fictional town.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
DEMO_MARK = "demo_loaded"  # a file beside the database: the demo was loaded to its end

form_commands = AppGroup("forms", help="Workbooks.")
list_commands = AppGroup("lists", help="Lists that forms read.")
user_commands = AppGroup("user", help="Accounts.")
database_commands = AppGroup("database", help="The tables.")
code_commands = AppGroup("codes", help="Keys that sign badges and door cards.")


def register(app: Flask) -> None:
    """Add our commands to `flask`."""
    groups = (demo_commands, form_commands, list_commands, user_commands, database_commands, code_commands)
    for command in (*groups, back_up, restore):
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
        except OperationalError as error:  # a full disk, a database somebody holds
            raise click.ClickException(f"The database failed: {error.orig}.") from error
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
    with click.progressbar(length=1, label="Loading the demo town") as bar:

        def report(done: int, total: int) -> None:
            bar.length = total
            bar.update(done)

        demo.load(full, as_of.date() if as_of else None, report)
    mark.touch()


def empty_database() -> None:
    """Delete what half a demo left; nobody's real data is in a database that began as a demo."""
    db.session.remove()
    Base.metadata.drop_all(db.engine)
    Base.metadata.create_all(db.engine)


@form_commands.command("check")
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=FILE)
@click.option("--json", "is_json", is_flag=True, help="For programs: every error with its place and words.")
def check_forms(paths: tuple[Path, ...], is_json: bool) -> None:
    """Say everything that is wrong with workbooks; publishes nothing. Exit status 1 if anything is."""
    with click.progressbar(paths, label="Checking", file=sys.stderr, hidden=len(paths) == 1) as bar:
        found = {path: find_errors(path) for path in bar}
    if is_json:
        told = [{"file": str(path), "errors": [each.as_json() for each in found[path]]} for path in paths]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for path in paths:
            tell_errors(path, found[path])
    if any(each.severity == "error" for errors in found.values() for each in errors):
        raise click.exceptions.Exit(1)


@form_commands.command("publish")
@click.argument("path", metavar="FILE", type=FILE)
@on_database
def publish_form(path: Path) -> None:
    """Check a workbook and publish it; phones get it with their next exchange."""
    beside = find_beside(path)
    try:
        compiled = compile_form(path.read_bytes(), path.name, beside)
    except FormErrors as refused:
        tell_errors(path, refused.errors)
        raise ConfigError("Nothing was published.") from refused
    blockers = forms.find_blockers(compiled, the_town().town_id)
    tell_errors(path, [*compiled.warnings, *blockers])
    if blockers:
        raise ConfigError("Nothing was published.")
    shown = {name: beside[name] for name in compiled.outline["media"] if name in beside}
    is_new = forms.publish(compiled, files=keep_files(path.name, {path.name: path.read_bytes(), **shown}))
    click.echo(
        f"{compiled.form_id} {compiled.version} {'is published.' if is_new else 'was published already.'}"
    )


def compile_file(path: Path) -> CompiledForm:
    """Compile a workbook with what lies beside it."""
    return compile_form(path.read_bytes(), path.name, find_beside(path))


def find_beside(path: Path) -> dict[str, bytes]:
    """CSV files beside a workbook and in a folder `lists`; everything in the folder `<name>-media`."""
    media = (each for each in path.parent.glob(f"{glob.escape(path.stem)}-media/*") if each.is_file())
    found = [*path.parent.glob("*.csv"), *path.parent.glob("lists/*.csv"), *media]
    return {each.name: each.read_bytes() for each in found}


def find_errors(path: Path) -> list[FormError]:
    """Everything wrong with a workbook, warnings too."""
    try:
        return compile_file(path).warnings
    except FormErrors as refused:
        return refused.errors


def tell_errors(path: Path, errors: list[FormError]) -> None:
    """A line in each language for each error, below the file's name."""
    click.echo(f"{path}: {len(errors)} to look at" if errors else f"{path}: good")
    for error in errors:
        place = " ".join(filter(None, (error.sheet, f"row {error.row}" if error.row else "", error.column)))
        click.echo(f"  {error.severity} {error.code}, {place or 'form'}")
        for language in ("zh", "en"):
            click.echo(f"    {error.message[language]} {error.remedy[language]}")


def pairs_of(values: tuple[str, ...]) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]:
    """Read COLUMN=VALUE given several times, VALUE being one of `values`."""

    def read(context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
        found = dict(text.rpartition("=")[::2] for text in texts)
        if "" in found or not set(found.values()) <= set(values):
            raise click.BadParameter(f"write COLUMN={'|'.join(values)}.")
        return found

    return read


@list_commands.command("import")
@click.argument("list_name", metavar="NAME")
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--village-column", default="", help="The column that says who sees a row; default: village.")
@click.option("--everybody", is_flag=True, help="A new list without it: the whole town sees every row.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="COLUMN=CLASS",
    callback=pairs_of(imports.CLASSES),
    help="What a new column holds: public, personal (unless said otherwise) or sensitive (masked).",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="COLUMN=KIND",
    callback=pairs_of(imports.KINDS),
    help="That a new column holds an id_number, account, phone, lat or lon.",
)
@on_database
def import_list(
    list_name: str,
    path: Path,
    village_column: str,
    everybody: bool,
    classes: dict[str, str],
    kinds: dict[str, str],
) -> None:
    """Create and change rows of a list from CSV or XLSX: all of them, or every error and none."""
    stated = imports.Stated(village_column, everybody, classes, kinds)
    town_id = the_town().town_id
    with click.progressbar(length=1, label="Importing", file=sys.stderr) as bar:

        def report(done: int, total: int) -> None:
            bar.length = total
            bar.update(done)

        try:
            done = imports.import_list(town_id, "", list_name, path.name, path.read_bytes(), stated, report)
        except Problem as problem:
            tell_row_errors(path, problem.details.get("errors", ()))
            raise
    click.echo(f"{list_name}: {done.n_created} new, {done.n_changed} changed, {done.n_unchanged} as before.")
    if done.assumed:
        click.echo(f"Taken as personal, as --class didn't say: {', '.join(done.assumed)}.")


def tell_row_errors(path: Path, errors: Sequence[TableError]) -> None:
    """A line in each language for each error, below the file's name."""
    if errors:
        click.echo(f"{path}: {len(errors)} to look at")
    for error in errors:
        place = f"row {error.row} {error.column}".strip()
        click.echo(f"  {error.code}, {place}\n    {error.message['zh']}\n    {error.message['en']}")


@user_commands.command("add")
@click.argument("username")
@click.option("--name", required=True, help="As people know them: 王建国.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--village", default="", help="A village's code; for field, village_clerk and village_head.")
@click.option("--person", default="", help="Their row in the list `person`, for pairings.")
@click.option("--town", "town_name", default="", help="Found this town first, on a new server.")
@click.password_option()
@on_database
def add_user(
    username: str, name: str, role: str, village: str, person: str, town_name: str, password: str
) -> None:
    """Make an account; asks for its password."""
    account = users.Account(username, name, (Post(role, village),), person)
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


@code_commands.command("keys")
@on_database
def list_keys() -> None:
    """List the keys, the newest first."""
    for key in signing_keys.list_keys(the_town().town_id):
        click.echo(f"{key.key_id}  made {key.made_at:%Y-%m-%d}  {signing_keys.state_of(key)}")


@code_commands.command("rotate")
@on_database
def rotate_key() -> None:
    """Sign with a new key from now on; cards that are out stay good."""
    key_id = signing_keys.rotate_key(the_town().town_id)
    click.echo(f"{key_id} signs from now on. Phones know it with their next exchange.")


@code_commands.command("revoke")
@click.argument("key_id")
@click.confirmation_option(prompt="Every card that this key signed has to be printed again. Go on?")
@on_database
def revoke_key(key_id: str) -> None:
    """Refuse whatever a key has signed, as after a theft."""
    signing_keys.revoke_key(the_town().town_id, key_id)
    click.echo(
        f"{key_id} is revoked. Print its cards again; phones refuse the old ones after their next exchange."
    )


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
