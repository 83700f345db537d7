"""The migrations make exactly the tables that the code expects, from nothing and from an older database."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from rounds.store.database import open_database
from rounds.store.tables import Base


def test_the_newest_form_is_what_the_code_expects(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def _make(url: str, revision: str) -> Engine:
    """Return a database of an older form."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(files("rounds.store") / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def test_the_tries_of_an_older_database_stay_and_another_hold_out_counts_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    engine = _make(url, "0003")
    row = (
        "INSERT INTO score_try (team, challenge, number, file_hash, hold_out_hash, by, at, result) "
        "VALUES ('stork', 'birthweight', 1, :file, :held, 'noa', '2027-03-03 09:00:00', '{}')"
    )
    with engine.begin() as connection:
        connection.execute(text(row), {"file": "f1", "held": "h1"})
    engine.dispose()
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text(row), {"file": "f1", "held": "h2"})
        found = connection.execute(text("SELECT id, file_hash, hold_out_hash FROM score_try ORDER BY id")).all()
        assert found == [(1, "f1", "h1"), (2, "f1", "h2")]
    for file, held in (("f2", "h1"), ("f1", "h2")):  # the number and the file of one hold-out stay unique
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(row), {"file": file, "held": held})
    engine.dispose()


def test_a_database_of_the_first_form_keeps_its_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    engine = _make(url, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO account (username, failures) VALUES ('noa', 2)"))
    engine.dispose()
    engine = open_database(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT username, failures FROM account")).all() == [("noa", 2)]
        assert {"question", "wording", "score_try"} <= set(inspect(connection).get_table_names())
    engine.dispose()
