"""The queue of requests, in the event's database: each step is whole, survives a kill, and is in `rounds backup`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, select, update
from sqlalchemy.orm import Session

from rounds.audit import Act, append
from rounds.errors import HelpError
from rounds.event import Person
from rounds.help.requests import (
    LONGEST_ANSWER,
    MOST_OPEN,
    NEXT,
    Asker,
    HelpAnswer,
    HelpRequest,
    HelpState,
    Move,
    Wish,
    check_wish,
    check_words,
)
from rounds.store.moments import from_stored, to_stored
from rounds.store.tables import HelpAnswerRow, HelpRequestRow

TOO_MANY = f"You have {MOST_OPEN} open requests, so that others are seen too: wait for an answer, or close one first."
SAID = {Move.CLAIM: "help claimed", Move.ANSWER: "help answered", Move.CLOSE: "help closed"}
GONE_ON = "Somebody else was quicker: this request is {state} now. Load the page again."
WAITING = (HelpState.OPEN.value, HelpState.CLAIMED.value)


def ask(engine: Engine, asker: Asker, wish: Wish, now: datetime) -> int:
    """Put a request into the queue and return its number; raise `HelpError` with what is wrong."""
    wish = check_wish(wish)
    with Session(engine) as session, session.begin():
        row = HelpRequestRow(
            state=HelpState.OPEN.value,
            asked_by=asker.account,
            team=asker.team,
            room=asker.room,
            lesson=wish.lesson,
            exercise=wish.exercise,
            words=wish.words,
            cell=wish.cell,
            asked_at=to_stored(now),
        )
        session.add(row)
        session.flush()  # takes the lock before the count, so that two at once are not both the third
        mine = HelpRequestRow.asked_by == asker.account, HelpRequestRow.state.in_(WAITING)
        if (session.scalar(select(func.count()).where(*mine)) or 0) > MOST_OPEN:
            raise HelpError(TOO_MANY)
        return row.id


def load_requests(engine: Engine) -> list[HelpRequest]:
    """Return all requests, the oldest first."""
    return _load(engine)


def load_own(engine: Engine, accounts: Sequence[str], room: str = "") -> list[HelpRequest]:
    """Return the requests of some accounts, the oldest first; those from one room where it is named."""
    own = [HelpRequestRow.asked_by.in_(accounts), *([HelpRequestRow.room == room] if room else [])]
    return _load(engine, *own)


def find_request(engine: Engine, number: int) -> HelpRequest | None:
    """Return one request, None when there is none of this number."""
    return next(iter(_load(engine, HelpRequestRow.id == number)), None)


def claim(engine: Engine, person: Person, request: HelpRequest, now: datetime) -> None:
    """Say that a person takes a request; raise `HelpError` when somebody was quicker."""
    with Session(engine) as session, session.begin():
        _move(session, person, request, Move.CLAIM, now, claimed_by=person.username, claimed_at=to_stored(now))


def answer(engine: Engine, person: Person, request: HelpRequest, text: str, now: datetime) -> None:
    """Add an answer; raise `HelpError` when it is empty or too long, or the request is closed."""
    text = check_words(text, LONGEST_ANSWER)
    with Session(engine) as session, session.begin():
        _move(session, person, request, Move.ANSWER, now)
        session.add(HelpAnswerRow(request=request.id, text=text, by=person.username, at=to_stored(now)))


def close(engine: Engine, person: Person, request: HelpRequest, now: datetime) -> None:
    """Close a request; raise `HelpError` when it is closed."""
    with Session(engine) as session, session.begin():
        _move(session, person, request, Move.CLOSE, now, closed_by=person.username, closed_at=to_stored(now))


def _move(session: Session, person: Person, request: HelpRequest, move: Move, now: datetime, **values: object) -> None:
    """Change the state where the move is allowed from the present one, and note the act without the words."""
    append(session, Act(person.username, SAID[move], f"request {request.id}", request.asker.team), now)
    row = session.get_one(HelpRequestRow, request.id)
    before = HelpState(row.state)
    if before not in NEXT[move]:
        raise HelpError(GONE_ON.format(state=before.value))
    same = HelpRequestRow.id == request.id, HelpRequestRow.state == before.value
    session.execute(update(HelpRequestRow).where(*same).values(state=NEXT[move][before].value, **values))


def _load(engine: Engine, *where: ColumnElement[bool]) -> list[HelpRequest]:
    with Session(engine) as session:
        rows = session.scalars(select(HelpRequestRow).where(*where).order_by(HelpRequestRow.id)).all()
        chosen = HelpAnswerRow.request.in_([row.id for row in rows])
        answers: dict[int, list[HelpAnswer]] = {}
        for row in session.scalars(select(HelpAnswerRow).where(chosen).order_by(HelpAnswerRow.id)):
            answers.setdefault(row.request, []).append(HelpAnswer(row.text, row.by, from_stored(row.at)))
        return [_request(row, answers.get(row.id, [])) for row in rows]


def _request(row: HelpRequestRow, answers: Sequence[HelpAnswer]) -> HelpRequest:
    return HelpRequest(
        row.id,
        HelpState(row.state),
        Asker(row.asked_by, row.team, row.room),
        Wish(row.words, row.lesson, row.exercise, row.cell),
        from_stored(row.asked_at),
        row.claimed_by or "",
        from_stored(row.closed_at) if row.closed_at else None,
        tuple(answers),
    )
