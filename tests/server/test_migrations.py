"""The migrations lead to the models, from nothing and from every earlier revision."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from server.app import create_app
from server.config import Config, ConfigError
from server.database import Base, db
from server.migrations import head, read_alembic, upgrade
from server.models import User


def test_migrated_tables_are_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == head()


def test_upgrading_twice_keeps_the_data(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO town (town_id, name, epoch, seq, chain_head, is_demo, county)"
            " VALUES ('t', 'Town', 'epoch', 7, '', 0, '')"
        )
    upgrade(app)
    with app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT seq FROM town").scalar() == 7


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lingyan.sqlite").write_bytes(b"This is a letter, not a database.\n" * 100)
    with pytest.raises(ConfigError) as caught:
        upgrade(create_app(Config(data=tmp_path)))
    assert str(caught.value).count("\n") == 0
    assert "not a database" in str(caught.value)


def test_a_database_of_a_later_version_is_one_line(config: Config) -> None:
    with sqlite3.connect(config.data / "lingyan.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    app = create_app(config)
    with pytest.raises(ConfigError, match="can't be opened or migrated"):
        upgrade(app)
    with app.app_context():
        db.engine.dispose()


def test_a_database_that_has_our_tables_but_no_revision_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "lingyan.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE town (town_id TEXT)")
    connection.close()
    app = create_app(Config(data=tmp_path))
    with pytest.raises(ConfigError):
        upgrade(app)
    with app.app_context():
        db.engine.dispose()
    with sqlite3.connect(path) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert "submission" not in names


def test_the_role_that_an_account_had_becomes_its_post(tmp_path: Path) -> None:
    app = create_app(Config(data=tmp_path))
    with app.app_context(), db.engine.connect().execution_options(is_writer=True) as connection:
        with connection.begin():
            command.upgrade(read_alembic(connection), "0003")
            connection.exec_driver_sql(
                "INSERT INTO user (user_id, username, name, role, town_id, village, person, password_digest,"
                " is_disabled, n_failures) VALUES ('u', 'cadre', 'Cadre', 'field', 't', 'v', '', '', 0, 0)"
            )
    upgrade(app)
    with app.app_context():
        user = db.session.get_one(User, "u")
        assert [(row.town_id, row.role, row.village) for row in user.posts] == [("t", "field", "v")]
        db.session.remove()
        db.engine.dispose()
