"""A team's tries against one hold-out: at most three that were scored, each on record.

A refused file leaves no trace here.  Another hold-out holds other people: against it a team has three tries again, and
those against the first stay on record.

A file is scored first and a try is spent after, in one transaction.  A lock for each team keeps a second member's file
from being compared with too few earlier ones; the database refuses a fourth try even without it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rounds.audit import Act, append
from rounds.custody.scoring.score import Score, parse_score
from rounds.custody.scoring.scorer import ScoringOrder, run_scorer
from rounds.data.shelf.ledger import find_current
from rounds.errors import DataError
from rounds.store.folders import make_folder
from rounds.store.lock import locked
from rounds.store.manifest import hash_file
from rounds.store.moments import from_stored, to_stored
from rounds.store.tables import Attachment, ScoreTry

MOST = 3  # what three may tell of people: docs/adr/0008-features-out-predictions-in.md


@dataclass(frozen=True)
class Try:
    """One scored file of a team."""

    team: str
    challenge: str
    number: int
    file_hash: str
    by: str
    at: datetime
    score: Score
    hold_out: str


@dataclass(frozen=True)
class HandIn:
    """A file that a member of a team hands in; ``dataset`` is what the team's notebooks open now."""

    file: Path
    team: str
    challenge: str
    dataset: str
    by: str
    least: int


def hand_in(engine: Engine, home: Path, handed: HandIn, now: datetime) -> tuple[Try, bool]:
    """Score a file and spend a try; the same file again gives the old result and spends none (False)."""
    registered = find_current(engine, handed.challenge, handed.dataset)
    if registered is None:
        raise DataError(
            f'The challenge "{handed.challenge}" has no hold-out of the dataset "{handed.dataset}" yet: '
            "the custodian has not prepared it."
        )
    file_hash = hash_file(handed.file)
    with locked(make_folder(home / handed.team), wait=True):
        before = load_tries(engine, [handed.team], handed.challenge, registered.hash)
        same = [one for one in before if one.file_hash == file_hash]
        if same:
            return same[0], False
        _check_left(len(before))
        earlier = {one.number: one.file_hash for one in before}
        order = ScoringOrder(Path(registered.folder), registered.hash, handed.file, handed.team, earlier, handed.least)
        return _spend(engine, handed, registered, file_hash, run_scorer(order), now), True


def load_tries(engine: Engine, teams: list[str], challenge: str = "", hold_out: str = "") -> list[Try]:
    """Return the tries of some teams in the order of time; of one challenge and one hold-out, when they are named."""
    wanted = select(ScoreTry).where(ScoreTry.team.in_(teams)).order_by(ScoreTry.id)
    wanted = wanted.where(ScoreTry.challenge == challenge) if challenge else wanted
    wanted = wanted.where(ScoreTry.hold_out_hash == hold_out) if hold_out else wanted
    with Session(engine) as session:
        return [_try(row) for row in session.scalars(wanted)]


def _spend(engine: Engine, handed: HandIn, registered: Attachment, file_hash: str, score: Score, now: datetime) -> Try:
    same = {"team": handed.team, "challenge": handed.challenge, "hold_out_hash": registered.hash}
    try:
        with Session(engine) as session, session.begin():
            why = f"file {file_hash[:16]}, hold-out {registered.hash[:16]}"
            append(session, Act(handed.by, "predictions scored", f"{handed.team}/{handed.challenge}", why), now)
            spent = len(session.scalars(select(ScoreTry.id).filter_by(**same)).all())
            _check_left(spent)
            row = ScoreTry(
                **same,
                number=spent + 1,
                file_hash=file_hash,
                by=handed.by,
                at=to_stored(now),
                result=json.dumps(score.as_json()),
            )
            session.add(row)
            session.flush()
            return _try(row)
    except IntegrityError:
        raise DataError("Another member handed in at the same moment. Look at the result, then try again.") from None


def _check_left(spent: int) -> None:
    if spent >= MOST:
        raise DataError(f"Your team has used its {MOST} tries. The file was not scored.")


def _try(row: ScoreTry) -> Try:
    score, at = parse_score(json.loads(row.result)), from_stored(row.at)
    return Try(row.team, row.challenge, row.number, row.file_hash, row.by, at, score, row.hold_out_hash)
