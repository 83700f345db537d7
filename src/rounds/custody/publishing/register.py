"""The custodian's register: which publications were made, and where, so that none is forgotten that lies elsewhere.

It is ``register.sqlite`` in the custodian's folder, apart from any event.  Nothing of a person stands in it.

A publication is on record as intended before its hold-out is begun.  What a kill leaves of it, the next one takes away;
when it has its name already, it is put on record.  When it was moved away by hand, its hold-out stays: the outcomes
exist only once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rounds.custody.publishing.publication import read_publication
from rounds.errors import DataError
from rounds.store.folders import make_folder
from rounds.store.lock import locked
from rounds.store.staging import remove_folder, stage, sweep_stale

FILE, OLD_FILE = "register.sqlite", "publications.json"
TABLE = """CREATE TABLE IF NOT EXISTS publication (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, challenge TEXT NOT NULL, folder TEXT NOT NULL, hold_out TEXT NOT NULL,
    published TEXT NOT NULL, staging TEXT NOT NULL) WITHOUT ROWID"""
VALUES = "INTO publication VALUES (:id, :name, :challenge, :folder, :hold_out, :published, :staging)"


@dataclass(frozen=True)
class Registered:
    """One publication: what it is of, the folder that it went to, and the name of its hold-out or nothing.

    ``staging`` is the folder that it is written in as long as it is only intended, and then empty.
    """

    id: str
    name: str
    challenge: str
    folder: str
    hold_out: str
    published: str
    staging: str = ""


@contextmanager
def open_register(custodian: Path) -> Iterator[Register]:
    """Be the only one who publishes with this custodian's folder; raise when somebody does already."""
    with locked(make_folder(custodian)) as is_mine:
        if not is_mine:
            raise DataError(
                f"Another publication is being made with {custodian}; two at once could each publish whom the other "
                "holds out. Run this one again when that one has ended."
            )
        with closing(_connect(custodian)) as connection:
            register = Register(custodian, connection)
            register.settle()
            yield register


def read_register(custodian: Path) -> tuple[Registered, ...]:
    """Return the publications that were made, the earliest first."""
    if not (custodian / FILE).exists() and not (custodian / OLD_FILE).exists():
        return ()
    with closing(_connect(custodian)) as connection:
        return tuple(one for one in _read(connection) if not one.staging)


@dataclass(frozen=True)
class Register:
    """The register in the hands of the one who publishes."""

    custodian: Path
    connection: sqlite3.Connection

    @contextmanager
    def publish(self, entry: Registered, target: Path) -> Iterator[Path]:
        """Yield the folder to write a publication in; all of it gets its name and is on record, or nothing stays."""
        try:
            with stage(target) as staging:
                self._write(replace(entry, staging=str(staging.resolve())))
                yield staging
            self._write(entry)
        except BaseException:
            self._settle(entry)
            raise

    def settle(self) -> None:
        """Take away what was killed; put on record what was whole by then."""
        for entry in (one for one in _read(self.connection) if one.staging):
            staging, held = Path(entry.staging), self.custodian / entry.hold_out
            was_moved = bool(entry.hold_out) and held.is_dir() and not staging.is_dir()
            remove_folder(staging)
            self._settle(entry, is_kept=was_moved)

    def _settle(self, entry: Registered, *, is_kept: bool = False) -> None:
        if is_kept or _is_published(entry):
            self._write(replace(entry, staging=""))
            return
        if entry.hold_out:
            remove_folder(self.custodian / entry.hold_out)
            sweep_stale(self.custodian / entry.hold_out)
        with self.connection:
            self.connection.execute("DELETE FROM publication WHERE id = ?", (entry.id,))

    def _write(self, entry: Registered) -> None:
        with self.connection:
            self.connection.execute(f"REPLACE {VALUES}", asdict(entry))


def _is_published(entry: Registered) -> bool:
    try:
        return read_publication(Path(entry.folder)).id == entry.id
    except DataError:
        return False


def _read(connection: sqlite3.Connection) -> list[Registered]:
    return [Registered(*row) for row in connection.execute("SELECT * FROM publication ORDER BY published, id")]


def _connect(custodian: Path) -> sqlite3.Connection:
    """Return the register's database, with what an earlier version wrote into a file; raise when it cannot be read."""
    path = custodian / FILE
    try:
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=10)
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("its pages are damaged")
        connection.execute(TABLE)
    except (sqlite3.Error, OSError) as error:
        raise _unreadable(path, error) from error
    _take_over_file(custodian / OLD_FILE, connection)
    return connection


def _take_over_file(old: Path, connection: sqlite3.Connection) -> None:
    """Read the file of an earlier version, once; it stays under another name."""
    if not old.exists():
        return
    try:
        entries = [Registered(**entry) for entry in json.loads(old.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise _unreadable(old, error) from error
    with connection:
        connection.executemany(f"INSERT OR IGNORE {VALUES}", map(asdict, entries))
    old.rename(f"{old}.old")


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path}: the register of publications cannot be read ({error}). Mend it, or move it away; then only the "
        "publications below the state folder and the hold-outs beside the register are looked at."
    )
