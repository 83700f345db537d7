"""The tables of the Rounds database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The tables that the migrations make."""


class Account(Base):
    """One person's way in: a password hash, and how often it was missed."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    terms_accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))


class Invitation(Base):
    """One sign-in link; only the hash of its secret is kept."""

    __tablename__ = "invitation"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True)
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))


class AuditRecord(Base):
    """One act that changed access, data, phases, exports or scores; carries the hash of the one before."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(64))
    on: Mapped[str] = mapped_column(String(255))
    why: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Question(Base):
    """A question about one column of a dataset; what was asked and answered stands in its wordings."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("challenge", "dataset", "table_name", "column_name", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    challenge: Mapped[str] = mapped_column(String(64), index=True)
    dataset: Mapped[str] = mapped_column(String(255))
    table_name: Mapped[str] = mapped_column(String(255))
    column_name: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    team: Mapped[str] = mapped_column(String(64))


class Wording(Base):
    """One wording of a question or of its answer; the newest counts, the older ones stay."""

    __tablename__ = "wording"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    question: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=False))


class AnswersSeen(Base):
    """How far a person has read the answers of a challenge: the newest wording that stood on the page of questions."""

    __tablename__ = "answers_seen"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    challenge: Mapped[str] = mapped_column(String(64), primary_key=True)
    wording: Mapped[int] = mapped_column()


class HelpRequestRow(Base):
    """A request for help: who asked from which account, about what, and how it stands; ``cell`` only with the tick."""

    __tablename__ = "help_request"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    state: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[str] = mapped_column(String(64), index=True)
    team: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(64))
    lesson: Mapped[str] = mapped_column(String(64))
    exercise: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    cell: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    closed_by: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))


class HelpAnswerRow(Base):
    """One answer to a request for help."""

    __tablename__ = "help_answer"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    request: Mapped[int] = mapped_column(ForeignKey("help_request.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=False))


class PairRow(Base):
    """Who does a lesson with whom: ``opener`` showed a code, ``partner`` typed it in and is empty until then."""

    __tablename__ = "lesson_pair"
    __table_args__ = (UniqueConstraint("lesson", "opener"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    lesson: Mapped[str] = mapped_column(String(64))
    opener: Mapped[str] = mapped_column(String(64))
    partner: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(16))
    shown_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))


class PlacementRow(Base):
    """What a person answered to the ten questions, as JSON; ``track`` is empty unless it was chosen by hand."""

    __tablename__ = "placement"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    answers: Mapped[str] = mapped_column(Text)
    track: Mapped[str] = mapped_column(String(16), default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=False))


class ScoreTry(Base):
    """One scored predictions file of a team; a refused file leaves no row."""

    __tablename__ = "score_try"
    __table_args__ = (
        UniqueConstraint("team", "challenge", "hold_out_hash", "number"),
        UniqueConstraint("team", "challenge", "hold_out_hash", "file_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    team: Mapped[str] = mapped_column(String(64), index=True)
    challenge: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column()
    file_hash: Mapped[str] = mapped_column(String(64))
    hold_out_hash: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    result: Mapped[str] = mapped_column(Text)


class Attachment(Base):
    """A dataset that a challenge opens: a whole table, or a part of a publication; of a name the newest row counts.

    ``state`` is "intended" from when its files are ready until they have their ``place``, below the state folder, and
    all is on record.  ``content`` is the hash of the files, ``source`` where they came from.  The last four are
    those of a hold-out: the folder of its outcomes, their hash, how many rows there are to predict, the outcome's unit.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    state: Mapped[str] = mapped_column(String(16))
    challenge: Mapped[str] = mapped_column(String(64), index=True)
    part: Mapped[str] = mapped_column(String(16))
    asked_for: Mapped[str] = mapped_column(String(255))
    dataset: Mapped[str] = mapped_column(String(255))
    place: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(String(64), default="")
    publication: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(64), default="")
    folder: Mapped[str] = mapped_column(Text, default="")
    hash: Mapped[str] = mapped_column(String(64), default="")
    rows: Mapped[int] = mapped_column(default=0)
    outcome_unit: Mapped[str] = mapped_column(String(64), default="")


class ConsentRow(Base):
    """Whether somebody takes part in the tests of knowledge, to which words (their hash), and since when."""

    __tablename__ = "knowledge_consent"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    given: Mapped[bool] = mapped_column()
    words_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=False))


class KnowledgeTestRow(Base):
    """One test of knowledge of one person: before, after or again; ``finished_at`` is empty until it is handed in."""

    __tablename__ = "knowledge_test"
    __table_args__ = (UniqueConstraint("username", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(String(64), index=True)
    occasion: Mapped[str] = mapped_column(String(16))
    form: Mapped[str] = mapped_column(String(1))
    profession: Mapped[str] = mapped_column(String(16))
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))


class ItemAnswerRow(Base):
    """What was chosen for one item of a test: the option's number, empty for "I do not know"."""

    __tablename__ = "knowledge_answer"

    test: Mapped[int] = mapped_column(ForeignKey("knowledge_test.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(32), primary_key=True)
    chosen: Mapped[int | None] = mapped_column()


class AgainLinkRow(Base):
    """A personal link to the last test, for who signs in no more; only the hash of its secret is kept."""

    __tablename__ = "knowledge_link"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), index=True)
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))


class ReviewRow(Base):
    """One answered question about an earlier lesson: the seed that makes it again, and whether the answer was right."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("username", "lesson", "seed"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(String(64), index=True)
    lesson: Mapped[str] = mapped_column(String(16))
    seed: Mapped[int] = mapped_column()
    right: Mapped[bool] = mapped_column()
    at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
