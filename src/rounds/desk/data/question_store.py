"""Questions about columns in the Rounds database: asked by a team, answered by a clinician, every wording kept.

The answers go to a file beside the dataset as well, where notebooks read them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rounds.audit import Act, append
from rounds.data.answers import Answer, write_answers
from rounds.desk.data.wording import check_text
from rounds.event import Challenge, Event, Person
from rounds.store.moments import from_stored, to_stored
from rounds.store.tables import Question, Wording

ASKED, ANSWERED = "question", "answer"


@dataclass(frozen=True)
class Place:
    """What a question is about: one column of a dataset, within a challenge."""

    challenge: str
    dataset: str
    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.dataset}.{self.table}.{self.column}"[:255]


@dataclass(frozen=True)
class Said:
    """One wording: the text, the person's name, when (UTC)."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """A question with its newest answer, if there is one, and how often either was reworded."""

    id: int
    place: Place
    team: str
    question: Said
    answer: Said | None
    older: tuple[Said, ...]
    answer_id: int = 0  # the number of the answer's newest wording; 0 without an answer

    @property
    def table(self) -> str:
        """The table of the column."""
        return self.place.table

    @property
    def column(self) -> str:
        """The column."""
        return self.place.column


def ask(engine: Engine, person: Person, place: Place, text: str, now: datetime) -> tuple[int, bool]:
    """Store a question and return its id; the same one asked before is not stored again (False)."""
    text = check_text(text, ASKED)
    fingerprint = hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()
    own = {
        "challenge": place.challenge,
        "dataset": place.dataset,
        "table_name": place.table,
        "column_name": place.column,
        "fingerprint": fingerprint,
    }
    try:
        with Session(engine) as session, session.begin():
            append(session, Act(person.username, "question asked", str(place), place.challenge), now)
            question = Question(**own, team=person.team)
            session.add(question)
            session.flush()
            session.add(_wording(question.id, ASKED, text, person, now))
            return question.id, True
    except IntegrityError:
        with Session(engine) as session:
            return session.scalars(select(Question.id).filter_by(**own)).one(), False


def say(engine: Engine, person: Person, question_id: int, kind: str, text: str, now: datetime) -> None:
    """Add a wording of a question or of its answer; the older ones stay."""
    text = check_text(text, kind)
    with Session(engine) as session, session.begin():
        question = session.get_one(Question, question_id)
        what = "question answered" if kind == ANSWERED else "question reworded"
        append(session, Act(person.username, what, str(_place(question)), question.challenge), now)
        session.add(_wording(question_id, kind, text, person, now))


def load_asked(engine: Engine, event: Event, challenges: Sequence[str], dataset: str = "") -> list[Asked]:
    """Return the questions of some challenges, the oldest first; of one dataset when it is named."""
    chosen = select(Question).where(Question.challenge.in_(challenges)).order_by(Question.id)
    chosen = chosen.where(Question.dataset == dataset) if dataset else chosen
    with Session(engine) as session:
        questions = session.scalars(chosen).all()
        ids = [question.id for question in questions]
        words: dict[int, list[Wording]] = {}
        for word in session.scalars(select(Wording).where(Wording.question.in_(ids)).order_by(Wording.id)):
            words.setdefault(word.question, []).append(word)
        return [_asked(question, words.get(question.id, []), event) for question in questions]


def find_asked(engine: Engine, event: Event, question_id: int) -> Asked | None:
    """Return one question, None when there is none of this number."""
    with Session(engine) as session:
        question = session.get(Question, question_id)
        if question is None:
            return None
        words = session.scalars(select(Wording).where(Wording.question == question_id).order_by(Wording.id))
        return _asked(question, list(words), event)


def share_answers(engine: Engine, event: Event, dataset: str, folder: Path) -> None:
    """Write what is answered about a dataset to where notebooks read it."""
    every = [challenge.id for challenge in event.challenge]
    found = [one for one in load_asked(engine, event, every, dataset) if one.answer]
    write_answers(folder, dataset, [_shared(one, one.answer) for one in found if one.answer])


def count_waiting(engine: Engine, event: Event, challenges: Sequence[Challenge]) -> int:
    """Return how many questions of these challenges have no answer yet."""
    return sum(one.answer is None for one in load_asked(engine, event, [c.id for c in challenges]))


def _wording(question: int, kind: str, text: str, person: Person, now: datetime) -> Wording:
    return Wording(question=question, kind=kind, text=text, by=person.username, at=to_stored(now))


def _place(question: Question) -> Place:
    return Place(question.challenge, question.dataset, question.table_name, question.column_name)


def _asked(question: Question, words: Sequence[Wording], event: Event) -> Asked:
    asked = [_said(word, event) for word in words if word.kind == ASKED]
    answered = [_said(word, event) for word in words if word.kind == ANSWERED]
    return Asked(
        question.id,
        _place(question),
        question.team,
        question=asked[-1],
        answer=answered[-1] if answered else None,
        older=(*asked[:-1], *answered[:-1]),
        answer_id=max((word.id for word in words if word.kind == ANSWERED), default=0),
    )


def _said(word: Wording, event: Event) -> Said:
    person = event.person_by_name.get(word.by)
    return Said(word.text, person.name if person else word.by, from_stored(word.at))


def _shared(one: Asked, answer: Said) -> Answer:
    at = answer.at.isoformat(timespec="seconds")
    return Answer(one.table, one.column, one.question.text, answer.text, answer.by, at)
