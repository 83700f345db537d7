"""Open the Rounds database and bring it to the newest form."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from rounds.errors import StartError


def open_database(url: str) -> Engine:
    """Return an engine on `url` whose tables are of the newest form.

    Raises
    ------
    StartError
        When the database cannot be used.  Its file is left as it is.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        if engine.url.database not in (None, "", ":memory:"):
            _touch(Path(str(engine.url.database)))
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        _check_pages(engine)
        _migrate(engine)
    except (DatabaseError, CommandError) as error:
        engine.dispose()
        raise StartError(_say_why(engine, error)) from error
    return engine


def _touch(path: Path) -> None:
    """Make the file where it is missing, for its owner only: it names people.  A file that is there keeps its mode."""
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise StartError(
            f"{path}: the event's database cannot be written here ({error.strerror}). "
            "Name a folder of your own: --state FOLDER"
        ) from error


def _check_pages(engine: Engine) -> None:
    """Raise `DatabaseError` when a SQLite file is damaged, also behind a sound first page."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if found != "ok":
        raise DatabaseError("PRAGMA quick_check", None, ValueError(" ".join(found.split())))


def _cause(error: Exception) -> object:
    return error.orig if isinstance(error, DatabaseError) else error


def _say_why(engine: Engine, error: Exception) -> str:
    """Return what is wrong with the database, and what to do."""
    where = engine.url.render_as_string(hide_password=True).removeprefix("sqlite:///")
    if isinstance(error, CommandError):
        return (
            f"{where}: this database was made by another version of Rounds ({error}). Start that version, "
            "or name another folder: --state FOLDER"
        )
    if isinstance(error, OperationalError):
        return f"{where}: the event's database cannot be opened now ({_cause(error)}). Mend this, then run it again."
    return (
        f"{where}: the event's database is damaged ({_cause(error)}). It was left as it is. Stop the event, "
        "move this file away (with its -wal and -shm files, when there are any), and put its backup in its place; "
        "or begin anew in another folder: --state FOLDER"
    )


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Let several processes write: wait for each other, and keep the log beside the file."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("rounds.store") / "migrations"))
    config.set_main_option("path_separator", "os")
    newest = ScriptDirectory.from_config(config).get_heads()
    with engine.connect() as connection:
        if set(MigrationContext.configure(connection).get_current_heads()) == set(newest):
            return
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # where each table would be kept at once, also when the next one fails
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
