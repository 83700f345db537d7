"""The audit trail: who did what, on what, when and why; no patient values.

Each record carries the hash of the one before, so that a changed or missing record shows
(`find_broken_record`).  The table lives in the Rounds database; here is only its chain.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rounds.store.database import open_database
from rounds.store.tables import AuditRecord

FIRST = "0" * 64


@dataclass(frozen=True)
class Act:
    """One act worth a record."""

    who: str
    what: str
    on: str
    why: str


def append(session: Session, act: Act, now: datetime) -> AuditRecord:
    """Add `act` to the end of the chain; the caller commits."""
    _hold_the_end(session)
    last = session.scalars(select(AuditRecord).order_by(AuditRecord.number.desc()).limit(1)).first()
    previous = last.hash if last else FIRST
    at = now.isoformat(timespec="seconds")
    record = AuditRecord(
        at=at,
        who=act.who,
        what=act.what,
        on=act.on,
        why=act.why,
        previous_hash=previous,
        hash=_hash(act, at, previous),
    )
    session.add(record)
    session.flush()
    return record


def _hold_the_end(session: Session) -> None:
    """Let nobody else append before the caller commits: two records after the same one would break the chain."""
    session.execute(update(AuditRecord).where(AuditRecord.number < 0).values(who=""))  # changes nothing, takes the lock


def record(url: str, act: Act, now: datetime) -> None:
    """Add `act` to the trail in the database at `url`, and commit it."""
    with Session(open_database(url)) as session:
        append(session, act, now)
        session.commit()


def find_broken_record(session: Session) -> int | None:
    """Return the number of the first record that does not follow from the one before, or None."""
    previous = FIRST
    for record in session.scalars(select(AuditRecord).order_by(AuditRecord.number)):
        act = Act(record.who, record.what, record.on, record.why)
        expected = _hash(act, record.at, previous)
        if (record.previous_hash, record.hash) != (previous, expected):
            return record.number
        previous = record.hash
    return None


def _hash(act: Act, at: str, previous: str) -> str:
    text = json.dumps([previous, at, act.who, act.what, act.on, act.why], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
