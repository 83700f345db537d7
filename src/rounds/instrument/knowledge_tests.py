"""Consent and the tests of knowledge in the event's database; without consent nothing is kept, leaving deletes all."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from rounds.errors import DataError
from rounds.instrument.bank import ItemForm, load_bank
from rounds.instrument.occasions import Occasion, find_form
from rounds.store.moments import from_stored, to_stored
from rounds.store.tables import AgainLinkRow, ConsentRow, ItemAnswerRow, KnowledgeTestRow

NOT_OPEN = "This test is not open for you, or you handed it in already."
Answers = Mapping[str, int | None]  # by item: the number of the option, from 0; None is "I do not know"


@dataclass(frozen=True)
class KnowledgeTest:
    """One test of one person: its form, and the option chosen for each item answered (None: "I do not know")."""

    username: str
    profession: str
    occasion: Occasion
    form: ItemForm
    answers: Answers
    began: datetime
    finished: datetime | None

    def is_right(self, item_id: str) -> bool:
        """Return whether the item was answered rightly; what was left open was not."""
        item = next(one for one in load_bank() if one.id == item_id)
        return item.forms[self.form].is_right(self.answers.get(item_id))


def load_consent(engine: Engine, username: str) -> bool | None:
    """Return whether somebody takes part; None for who has not said."""
    with Session(engine) as session:
        row = session.get(ConsentRow, username)
        return row.given if row else None


def save_consent(engine: Engine, username: str, words: str, now: datetime) -> None:
    """Keep that somebody takes part, with the hash of the words that were read."""
    _decide(engine, username, ConsentRow(given=True, words_hash=_hash(words), at=to_stored(now)))


def refuse(engine: Engine, username: str, now: datetime) -> None:
    """Keep that somebody takes no part, and delete every test, answer and link of that person."""
    _decide(engine, username, ConsentRow(given=False, words_hash="", at=to_stored(now)))


def _decide(engine: Engine, username: str, row: ConsentRow) -> None:
    row.username = username
    with Session(engine) as session, session.begin():
        session.merge(row)
        if not row.given:
            own = select(KnowledgeTestRow.id).where(KnowledgeTestRow.username == username)
            session.execute(delete(ItemAnswerRow).where(ItemAnswerRow.test.in_(own)))
            session.execute(delete(KnowledgeTestRow).where(KnowledgeTestRow.username == username))
            session.execute(delete(AgainLinkRow).where(AgainLinkRow.username == username))


def begin(engine: Engine, username: str, profession: str, occasion: Occasion, now: datetime) -> KnowledgeTest:
    """Return a person's test of this occasion, begun now unless it was before; its form is drawn at its beginning."""
    with Session(engine) as session, session.begin():
        rows = session.scalars(select(KnowledgeTestRow).with_for_update()).all()
        own = {Occasion(row.occasion): row for row in rows if row.username == username}
        if occasion not in own:
            drawn = Counter(
                ItemForm(row.form) for row in rows if (row.occasion, row.profession) == ("before", profession)
            )
            finished = {when: ItemForm(row.form) for when, row in own.items() if row.finished_at}
            form = find_form(occasion, finished, drawn, secrets.randbits(32))
            made = KnowledgeTestRow(username=username, occasion=occasion.value, form=form.value, profession=profession)
            made.began_at = to_stored(now)
            session.add(made)
            session.flush()
            own[occasion] = made
        return _test_of(session, own[occasion])


def save_answers(
    engine: Engine, username: str, occasion: Occasion, answers: Answers, handed_in: datetime | None = None
) -> None:
    """Keep these answers of a test, and hand it in where a moment is given; raise `DataError` for one that is in."""
    with Session(engine) as session, session.begin():
        own = KnowledgeTestRow.username == username, KnowledgeTestRow.occasion == occasion.value
        row = session.scalars(select(KnowledgeTestRow).where(*own).with_for_update()).first()
        if row is None or row.finished_at is not None:
            raise DataError(NOT_OPEN)
        for item, chosen in answers.items():
            session.merge(ItemAnswerRow(test=row.id, item=item, chosen=chosen))
        row.finished_at = to_stored(handed_in) if handed_in else None


def load_tests(engine: Engine, usernames: Iterable[str] | None = None) -> list[KnowledgeTest]:
    """Return the tests of everybody who takes part, or of these people."""
    with Session(engine) as session:
        given = select(ConsentRow.username).where(ConsentRow.given)
        wanted = select(KnowledgeTestRow).where(KnowledgeTestRow.username.in_(given)).order_by(KnowledgeTestRow.id)
        if usernames is not None:
            wanted = wanted.where(KnowledgeTestRow.username.in_(list(usernames)))
        return [_test_of(session, row) for row in session.scalars(wanted)]


def issue_link(engine: Engine, username: str, now: datetime) -> str:
    """Return the secret of a new personal link to the last test; an older one opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    with Session(engine) as session, session.begin():
        session.execute(delete(AgainLinkRow).where(AgainLinkRow.username == username))
        session.add(AgainLinkRow(secret_hash=_hash(secret), username=username, issued_at=to_stored(now)))
    return secret


def find_link(engine: Engine, secret: str) -> str | None:
    """Return whose link this secret opens; None for what is no link."""
    with Session(engine) as session:
        row = session.get(AgainLinkRow, _hash(secret))
        return row.username if row else None


def _test_of(session: Session, row: KnowledgeTestRow) -> KnowledgeTest:
    answers = session.scalars(select(ItemAnswerRow).where(ItemAnswerRow.test == row.id))
    return KnowledgeTest(
        row.username,
        row.profession,
        Occasion(row.occasion),
        ItemForm(row.form),
        {answer.item: answer.chosen for answer in answers},
        from_stored(row.began_at),
        from_stored(row.finished_at) if row.finished_at else None,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
