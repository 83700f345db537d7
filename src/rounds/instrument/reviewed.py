"""The answered questions about earlier lessons, in the event's database."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rounds.instrument.reviews import Reviewed
from rounds.store.moments import from_stored, to_stored
from rounds.store.tables import ReviewRow


def load_reviewed(engine: Engine, username: str) -> list[Reviewed]:
    """Return what somebody answered, the oldest first."""
    with Session(engine) as session:
        rows = session.scalars(select(ReviewRow).where(ReviewRow.username == username).order_by(ReviewRow.id))
        return [Reviewed(row.lesson, row.seed, row.right, from_stored(row.at)) for row in rows]


def save_reviewed(engine: Engine, username: str, answered: Iterable[Reviewed]) -> bool:
    """Keep answers; return False, with none of them kept, where one was there already: a form that was sent twice."""
    rows = [
        ReviewRow(username=username, lesson=one.lesson, seed=one.seed, right=one.right, at=to_stored(one.at))
        for one in answered
    ]
    try:
        with Session(engine) as session, session.begin():
            session.add_all(rows)
    except IntegrityError:
        return False
    return True
