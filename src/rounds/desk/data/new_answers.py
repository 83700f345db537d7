"""Which answers are new to a member of a team: those that stood on no page of questions which this person opened."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rounds.desk.data.datasets import challenges_within
from rounds.desk.data.question_store import Asked, load_asked
from rounds.event import Event, Person
from rounds.roles import Action
from rounds.store.tables import AnswersSeen


def count_new(engine: Engine, event: Event, person: Person) -> int:
    """Return how many answers are new to a person."""
    own = [challenge.id for challenge in challenges_within(event, person, Action.ASK_CLINICIAN)]
    return len(find_new(engine, event, person, load_asked(engine, event, own))) if own else 0


def find_new(engine: Engine, event: Event, person: Person, asked: Sequence[Asked]) -> frozenset[int]:
    """Return the ids of the questions whose answer, or its newest wording, is new to a person; only members ask."""
    own = {challenge.id for challenge in challenges_within(event, person, Action.ASK_CLINICIAN)}
    with Session(engine) as session:
        rows = session.scalars(select(AnswersSeen).where(AnswersSeen.username == person.username))
        seen = {row.challenge: row.wording for row in rows}
    return frozenset(
        one.id for one in asked if one.place.challenge in own and one.answer_id > seen.get(one.place.challenge, 0)
    )


def mark_seen(engine: Engine, person: Person, asked: Sequence[Asked]) -> None:
    """Remember that a person saw these answers; one that came meanwhile stays new, and no mark goes back."""
    newest: dict[str, int] = {}
    for one in asked:
        newest[one.place.challenge] = max(one.answer_id, newest.get(one.place.challenge, 0))
    for challenge, number in newest.items():
        try:
            _raise_mark(engine, person.username, challenge, number)
        except IntegrityError:  # another page of this person made the row in the same moment
            _raise_mark(engine, person.username, challenge, number)


def _raise_mark(engine: Engine, username: str, challenge: str, number: int) -> None:
    mark = update(AnswersSeen).where(AnswersSeen.username == username, AnswersSeen.challenge == challenge)
    with Session(engine) as session, session.begin():
        session.execute(mark.where(AnswersSeen.wording < number).values(wording=number))
        if session.get(AnswersSeen, (username, challenge)) is None:
            session.add(AnswersSeen(username=username, challenge=challenge, wording=number))
