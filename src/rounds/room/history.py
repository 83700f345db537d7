"""The store of edits of a team's room: who has had a document's present history, and what of it the file holds.

jupyter-collaboration keeps every edit of a document, and writes the file a moment later.  After a server was killed the
two say different things.  So the store notes what it is about to write into the file: a file that says one of these
things is older than the store, and the store is right; a file that says anything else was written by somebody else.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from contextlib import closing
from typing import Any, ClassVar

from jupyter_server_ydoc.stores import SQLiteYStore
from pycrdt import Decoder

BUSY_S = 30  # how long a statement waits for the transactions of other documents
# Each key is a transaction.  Without a wait for the disk at each a kill loses none; a power cut may lose the last ones.
QUICK = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL")
TABLES = (
    "CREATE TABLE IF NOT EXISTS rounds_sessions (path TEXT, session TEXT, PRIMARY KEY (path, session))",
    "CREATE TABLE IF NOT EXISTS rounds_saved (path TEXT, digest TEXT, state BLOB, PRIMARY KEY (path, digest))",
)

Statement = tuple[str, tuple[Any, ...]]


class HistoryStore(SQLiteYStore):  # type: ignore[misc]
    """The store of edits, which knows the sessions that have had a document's history, and what its file may hold."""

    _making: ClassVar[asyncio.Lock] = asyncio.Lock()

    async def _init_db(self) -> None:
        """Open the database, one document after the other: who finds it half made takes it for one of another version.

        Twenty notebooks opened at once in a new room moved it away under each other, or waited for ever.
        """
        async with self._making:
            await super()._init_db()
            for setting in QUICK:
                await self._db.execute(setting)

    async def knows(self, session: str) -> bool:
        """Return whether a session has had this document's present history."""
        asked = "SELECT 1 FROM rounds_sessions WHERE path = ? AND session = ?"
        return bool(await self._run((asked, (self.path, session))))

    async def note(self, session: str) -> None:
        """Remember that a session has this document's present history."""
        await self._run(("INSERT OR IGNORE INTO rounds_sessions VALUES (?, ?)", (self.path, session)))

    async def forget(self) -> None:
        """Begin another history: no session knows it, and the file holds nothing of it yet."""
        sessions, saved = "DELETE FROM rounds_sessions WHERE path = ?", "DELETE FROM rounds_saved WHERE path = ?"
        await self._run((sessions, (self.path,)), (saved, (self.path,)))

    async def note_saving(self, digest: str, state: bytes, held: str) -> None:
        """Remember what the file may hold from now on beside what it held before (fingerprints).

        `state` is how far the edits are (a state vector of Yjs); the edits so far are stored first, or a kill leaves a
        file that goes beyond them.
        """
        async with self.lock:
            pass  # it is fair: who has it waits for every edit that came before
        outdated = "DELETE FROM rounds_saved WHERE path = ? AND digest NOT IN (?, ?)"
        noted = "INSERT OR REPLACE INTO rounds_saved VALUES (?, ?, ?)"
        await self._run((outdated, (self.path, digest, held)), (noted, (self.path, digest, state)))

    async def goes_beyond(self, digest: str, state: bytes) -> bool:
        """Return whether the edits up to `state` begin with what the file holds: it is older than they are."""
        asked = "SELECT state FROM rounds_saved WHERE path = ? AND digest = ?"
        noted = await self._run((asked, (self.path, digest)))
        reached = _clocks(state)
        return any(all(reached.get(who, 0) >= clock for who, clock in _clocks(then).items()) for (then,) in noted)

    async def _run(self, *statements: Statement) -> list[Any]:
        """Return the rows of the last statement; all are one transaction, in a thread that waits for other documents'.

        Asked in the event loop it waited for a transaction that waited for the loop, until SQLite gave up after 10 s.
        """
        return await asyncio.to_thread(self._ask, statements)

    def _ask(self, statements: tuple[Statement, ...]) -> list[Any]:
        with closing(sqlite3.connect(self.db_path, timeout=BUSY_S)) as database, database:
            for prepared in (*QUICK, *TABLES):
                database.execute(prepared)
            *before, (last, values) = statements
            for statement, given in before:
                database.execute(statement, given)
            return database.execute(last, values).fetchall()


def digest_of(content: Any) -> str:
    """Return the fingerprint of what a document says, the same for what is read from its file."""
    return hashlib.sha256(json.dumps(_plain(content), sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Leave out what says nothing: whether a cell is trusted changes with each save, and Yjs has no whole numbers."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != "trusted"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _clocks(state: bytes) -> dict[int, int]:
    """Return how many edits of each page a state vector has seen."""
    decoder = Decoder(state)
    return {decoder.read_var_uint(): decoder.read_var_uint() for _ in range(decoder.read_var_uint())}
