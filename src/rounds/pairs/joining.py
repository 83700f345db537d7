"""Who does which lesson with whom, in the event's database: one shows a code, the other types it in.

A code holds for `VALID` and for one other person.  Either may leave again.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Engine, Result, or_, select, update
from sqlalchemy.orm import Session

from rounds.errors import PairError
from rounds.store.moments import to_stored
from rounds.store.tables import PairRow

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read aloud or written down
LENGTH = 6  # 31 to the sixth: 887 million
VALID = timedelta(hours=2)
NO_CODE = "This code is not right, or it is more than two hours old: ask the other person for a new one."
NOT_ALONE = "You do this lesson with somebody already. Leave that pair first, then type the code in again."
OWN_CODE = "This is your own code. The other person types it in, on the own desk."


@dataclass(frozen=True)
class Pair:
    """Two people, by user name, who do one lesson together; the lesson by its id on the board."""

    lesson: str
    opener: str
    partner: str

    def other(self, username: str) -> str:
        """Return the other one of the two."""
        return self.partner if username == self.opener else self.opener


def show_code(engine: Engine, lesson: str, username: str, now: datetime) -> str:
    """Return a new code for a lesson, in place of an earlier one; raise `PairError` for who is in a pair."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    new = {"code": code, "shown_at": to_stored(now)}
    own = PairRow.lesson == lesson, PairRow.opener == username, PairRow.partner == ""
    with Session(engine) as session, session.begin():
        changed = session.execute(update(PairRow).where(*own).values(**new))  # first: it takes the lock
        if _joined(session, lesson, username):
            raise PairError(NOT_ALONE)
        if not _count(changed):
            session.add(PairRow(lesson=lesson, opener=username, partner="", **new))
    return code


def join(engine: Engine, lesson: str, username: str, code: str, now: datetime) -> Pair:
    """Join who showed a code; raise `PairError` with what is wrong."""
    typed = "".join(code.split()).lower()
    valid = PairRow.lesson == lesson, PairRow.code == typed, PairRow.shown_at >= to_stored(now - VALID)
    with Session(engine) as session, session.begin():
        others = update(PairRow).where(*valid, PairRow.partner == "", PairRow.opener != username)
        if not typed or not _count(session.execute(others.values(partner=username))):
            mine = session.scalars(select(PairRow.id).where(*valid, PairRow.opener == username)).first()
            raise PairError(OWN_CODE if mine and typed else NO_CODE)
        row = session.scalars(select(PairRow).where(*valid)).one()
        row.code = ""
        if any(len(_joined(session, lesson, name)) > 1 for name in (row.opener, username)):
            raise PairError(NOT_ALONE)
        return Pair(lesson, row.opener, username)


def leave(engine: Engine, lesson: str, username: str) -> None:
    """End a person's pair at a lesson; what counts already stays."""
    with Session(engine) as session, session.begin():
        for row in _joined(session, lesson, username):
            session.delete(row)


def load_pairs(engine: Engine) -> tuple[Pair, ...]:
    """Return every pair."""
    with Session(engine) as session:
        rows = session.scalars(select(PairRow).where(PairRow.partner != "").order_by(PairRow.id))
        return tuple(Pair(row.lesson, row.opener, row.partner) for row in rows)


def find_pair(pairs: Sequence[Pair], lesson: str, username: str) -> Pair | None:
    """Return the pair of a person at a lesson; None for who does it alone."""
    return next((pair for pair in pairs if pair.lesson == lesson and username in (pair.opener, pair.partner)), None)


def _joined(session: Session, lesson: str, username: str) -> Sequence[PairRow]:
    either = or_(PairRow.opener == username, PairRow.partner == username)
    return session.scalars(select(PairRow).where(PairRow.lesson == lesson, PairRow.partner != "", either)).all()


def _count(result: Result[Any]) -> int:
    """Return how many rows a statement changed."""
    return int(result.rowcount) if isinstance(result, CursorResult) else 0
