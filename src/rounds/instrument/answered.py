"""What a person answered to the ten questions, in the event's database; the newest answers count."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from rounds.instrument.placement import Answers, Track
from rounds.store.moments import to_stored
from rounds.store.tables import PlacementRow


def save_answers(engine: Engine, username: str, answers: Answers, now: datetime) -> None:
    """Keep a person's answers in place of earlier ones; a track that was chosen by hand is chosen no more."""
    with Session(engine) as session, session.begin():
        session.execute(delete(PlacementRow).where(PlacementRow.username == username))
        session.add(PlacementRow(username=username, answers=json.dumps(dict(answers)), at=to_stored(now)))


def choose_track(engine: Engine, username: str, track: Track) -> None:
    """Keep the track that a person chose against the answers; nothing for who answered none."""
    with Session(engine) as session, session.begin():
        row = session.get(PlacementRow, username)
        if row is not None:
            row.track = track.value


def load_answers(engine: Engine, username: str) -> tuple[Answers, Track | None] | None:
    """Return a person's answers and the track that was chosen by hand; None for who answered none."""
    with Session(engine) as session:
        row = session.get(PlacementRow, username)
        return (json.loads(row.answers), Track(row.track) if row.track else None) if row else None
