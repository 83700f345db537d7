"""What each challenge opens, and what it is scored against: one table of the event's database.

Rooms may not read the database: the file that they read is written from the table, in the transaction that changes it,
and again by the next command when it is not what the table says.

An act is on record as intended when its files are ready, before they get their place.  The next command finishes what
was killed after that, or takes it back, and says so.  One lock, that of the data folder, lets one act run at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from rounds.audit import Act, append
from rounds.data.shelf.attachments import FILE, read_attached, write_attached
from rounds.data.shelf.old_files import move_old, read_old
from rounds.data.shelf.shelf import HOLD_OUT as SUFFIX
from rounds.errors import DataError
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder
from rounds.store.lock import locked
from rounds.store.manifest import hash_all, hash_folder
from rounds.store.staging import remove_folder, stage, sweep_stale
from rounds.store.tables import Attachment

INTENDED, DONE = "intended", "done"
TABLE, HELD = "table", "hold-out"  # the parts that are no size


def find_registered(engine: Engine, challenge: str) -> Attachment | None:
    """Return the hold-out that a challenge is scored against, None when it has none."""
    return next((row for row in find_opened(engine, challenge) if row.part == HELD), None)


def find_current(engine: Engine, challenge: str, dataset: str) -> Attachment | None:
    """Return a challenge's hold-out when it is one of the dataset that its teams open now; None otherwise.

    Whoever attaches another dataset leaves the hold-out of the first behind: a model of one is not scored on the other.
    """
    found = find_registered(engine, challenge)
    return found if found and found.dataset == dataset + SUFFIX else None


def find_opened(engine: Engine, challenge: str) -> Sequence[Attachment]:
    """Return what a challenge opens, the earliest first."""
    with Session(engine) as session:
        wanted = select(Attachment).filter_by(challenge=challenge, state=DONE).order_by(Attachment.id)
        return session.scalars(wanted).all()


@contextmanager
def open_ledger(folders: Folders, by: str, now: datetime) -> Iterator[Ledger]:
    """Be the only one who changes what challenges open; who comes second waits."""
    with locked(make_folder(folders.data), wait=True):
        engine = open_database(folders.database_url)
        try:
            ledger = Ledger(folders, engine, by, now)
            ledger.settle()
            yield ledger
        finally:
            engine.dispose()


def settle_ledger(folders: Folders, by: str, now: datetime) -> Sequence[str]:
    """Finish or take back what was killed, and return what became of it; nothing while somebody changes the ledger."""
    with locked(make_folder(folders.data)) as is_free:
        pass
    if not is_free:
        return ()
    with open_ledger(folders, by, now) as ledger:
        return ledger.said


@dataclass(frozen=True)
class Ledger:
    """The table in the hands of one process; ``said`` tells what was found unfinished, and what became of it."""

    folders: Folders
    engine: Engine
    by: str
    now: datetime
    said: list[str] = field(default_factory=list)

    @contextmanager
    def attach(self, entry: Attachment, target: Path) -> Iterator[Path]:
        """Yield an empty folder for the dataset's files; when the block ends well, they have their place on record."""
        entry.by, entry.place = self.by, target.relative_to(self.folders.root).as_posix()
        with stage(target) as staging:
            yield staging
            self._intend(entry, staging)
        self._finish(entry)

    def close(self, entries: Sequence[Attachment]) -> None:
        """Take datasets away from rooms; what was killed on the way is closed by closing it again."""
        for entry in entries:
            remove_folder(self.folders.root / entry.place)
        with Session(self.engine) as session, session.begin():
            for entry in entries:
                why = f"{entry.part} of publication {entry.publication} for {entry.challenge}"
                append(session, Act(self.by, "data closed", entry.dataset, why), self.now)
            session.execute(delete(Attachment).where(Attachment.id.in_([entry.id for entry in entries])))
            write_attached(self.folders.data, _opens(session))

    def settle(self) -> None:
        """Take older files over, finish or take back what was killed, and tell the rooms what the table says."""
        self._take_over()
        with Session(self.engine) as session:
            waiting = session.scalars(select(Attachment).filter_by(state=INTENDED)).all()
        for entry in waiting:
            self._settle(entry)
        self._tell_rooms()

    def _intend(self, entry: Attachment, staging: Path) -> None:
        entry.state, entry.content = INTENDED, entry.content or hash_all(hash_folder(staging))
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.add(entry)

    def _finish(self, entry: Attachment) -> None:
        """Put an act on record, in place of the one before it, and tell the rooms: all in one transaction."""
        by_name = Attachment.asked_for == entry.asked_for
        same = by_name if entry.part == TABLE else Attachment.challenge == entry.challenge
        with Session(self.engine) as session, session.begin():
            for act in _acts(entry):
                append(session, act, self.now)
            older = delete(Attachment).where(Attachment.id != entry.id, Attachment.part == entry.part, same)
            session.execute(older)
            session.get_one(Attachment, entry.id).state = DONE
            session.flush()
            write_attached(self.folders.data, _opens(session))

    def _settle(self, entry: Attachment) -> None:
        """Finish an act whose files had got their place when it was killed; take any other back."""
        target = self.folders.root / entry.place
        stopped = f"{entry.dataset} was being attached to {entry.challenge} when that was stopped"
        sweep_stale(target)
        if target.is_dir() and hash_all(hash_folder(target)) == entry.content:
            self._finish(entry)
            self.said.append(f"{stopped}: it is attached now.")
            return
        with Session(self.engine) as session, session.begin():
            session.execute(delete(Attachment).where(Attachment.id == entry.id))
        self.said.append(f"{stopped}: it was taken back. Run that command again.")

    def _take_over(self) -> None:
        """Read what older versions of Rounds wrote into files, once; the files stay under another name."""
        with Session(self.engine) as session, session.begin():
            if session.scalars(select(Attachment.id).limit(1)).first() is None:
                session.add_all(Attachment(**row, state=DONE) for row in read_old(self.folders))
        move_old(self.folders)

    def _tell_rooms(self) -> None:
        with Session(self.engine) as session:
            opens = _opens(session)
        try:
            is_told = read_attached(self.folders.data) == opens
        except DataError:
            is_told = False
            self.said.append(f"{FILE} could not be read. It was written again from the database.")
        if not is_told:
            write_attached(self.folders.data, opens)


def _opens(session: Session) -> dict[str, str]:
    """Return which dataset stands in for which: of each name the latest."""
    rows = session.scalars(select(Attachment).filter_by(state=DONE).order_by(Attachment.id))
    return {row.asked_for: row.dataset for row in rows}


def _acts(entry: Attachment) -> Iterator[Act]:
    """Yield what the audit trail says of an act."""
    if entry.part == TABLE:
        yield Act(entry.by, "data imported", entry.dataset, f"{entry.source} for {entry.challenge}")
    if entry.part == HELD:
        why = f"{entry.rows} rows, hash {entry.hash[:16]}"
        yield Act(entry.by, "hold-out registered", entry.challenge, why)
    if entry.publication:
        why = f"{entry.part} of publication {entry.publication} for {entry.challenge}"
        yield Act(entry.by, "data attached", entry.dataset, why)
