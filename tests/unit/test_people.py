"""Invitations, passwords, lock-out: who gets in, who does not, and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import rounds.people.sign_in
from rounds.errors import SignInError
from rounds.people.invitations import (
    MESSAGES,
    LinkState,
    NewPassword,
    accept_invitation,
    find_invitation,
    issue_invitation,
    state_for,
    state_of,
)
from rounds.people.sign_in import LockOut, TryLimit, sign_in
from rounds.store.database import open_database
from rounds.store.tables import Account, Invitation

NOW = datetime(2027, 2, 21, 9, 0)
RULE = LockOut(failures=3, minutes=15)
GOOD = NewPassword("a quiet ward at night", "a quiet ward at night", terms_accepted=True)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Return a new Rounds database."""
    engine = open_database(f"sqlite:///{tmp_path / 'rounds.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return a session on a new Rounds database."""
    with Session(engine) as session:
        yield session


def test_a_link_sets_a_password_that_signs_in(session: Session) -> None:
    secret = issue_invitation(session, "noa", 24, NOW)
    assert accept_invitation(session, secret, GOOD, NOW) == "noa"
    assert sign_in(session, "noa", GOOD.password, RULE, NOW) == "noa"


def test_a_link_works_once(session: Session) -> None:
    secret = issue_invitation(session, "noa", 24, NOW)
    accept_invitation(session, secret, GOOD, NOW)
    with pytest.raises(SignInError, match="used before"):
        accept_invitation(session, secret, GOOD, NOW)


def test_a_link_expires(session: Session) -> None:
    secret = issue_invitation(session, "noa", 24, NOW)
    with pytest.raises(SignInError, match="expired"):
        accept_invitation(session, secret, GOOD, NOW + timedelta(hours=24))


def test_a_forged_link_is_not_ours(session: Session) -> None:
    with pytest.raises(SignInError, match="not one of ours"):
        accept_invitation(session, "forged-secret", GOOD, NOW)


def test_a_new_link_revokes_the_older_one(session: Session) -> None:
    older = issue_invitation(session, "noa", 24, NOW)
    issue_invitation(session, "noa", 24, NOW)
    assert state_of(find_invitation(session, older), NOW) is LinkState.REVOKED


def test_no_secret_of_a_link_and_no_password_is_kept(session: Session) -> None:
    secret = issue_invitation(session, "noa", 24, NOW)
    accept_invitation(session, secret, GOOD, NOW)
    kept = [i.secret_hash for i in session.scalars(select(Invitation))]
    assert secret not in kept
    assert (session.get_one(Account, "noa").password_hash or "").startswith("$argon2id$")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (NewPassword("short", "short", True), "10 to 256"),
        (NewPassword("aaaaaaaaaaaa", "aaaaaaaaaaaa", True), "5 different"),
        (NewPassword("my name is noa really", "my name is noa really", True), "user name"),
        (NewPassword("a quiet ward at night", "a quiet ward at nigth", True), "differ"),
        (NewPassword("a quiet ward at night", "a quiet ward at night", False), "terms"),
    ],
)
def test_a_form_that_is_not_accepted_leaves_the_link_open(session: Session, form: NewPassword, said: str) -> None:
    secret = issue_invitation(session, "noa", 24, NOW)
    with pytest.raises(SignInError, match=said):
        accept_invitation(session, secret, form, NOW)
    assert state_of(find_invitation(session, secret), NOW) is LinkState.OPEN


def test_wrong_passwords_lock_an_account_for_a_while(session: Session) -> None:
    accept_invitation(session, issue_invitation(session, "noa", 24, NOW), GOOD, NOW)
    for _ in range(RULE.failures):
        with pytest.raises(SignInError, match="not right"):
            sign_in(session, "noa", "wrong", RULE, NOW)
    with pytest.raises(SignInError, match="must wait 15 minutes"):
        sign_in(session, "noa", GOOD.password, RULE, NOW)
    assert sign_in(session, "noa", GOOD.password, RULE, NOW + timedelta(minutes=16)) == "noa"


def test_who_is_refused_reads_the_same_words_for_every_name(session: Session) -> None:
    accept_invitation(session, issue_invitation(session, "noa", 24, NOW), GOOD, NOW)
    issue_invitation(session, "tal", 24, NOW)
    said = {answer(session, name) for name in ("noa", "tal", "nobody") for _ in range(RULE.failures + 2)}
    assert len(said) == 1


def answer(session: Session, name: str) -> str:
    with pytest.raises(SignInError) as refused:
        sign_in(session, name, "wrong", RULE, NOW)
    return str(refused.value)


def test_a_new_link_opens_a_locked_account(session: Session) -> None:
    accept_invitation(session, issue_invitation(session, "noa", 24, NOW), GOOD, NOW)
    for _ in range(RULE.failures):
        with pytest.raises(SignInError):
            sign_in(session, "noa", "wrong", RULE, NOW)
    accept_invitation(session, issue_invitation(session, "noa", 24, NOW), GOOD, NOW)
    assert sign_in(session, "noa", GOOD.password, RULE, NOW) == "noa"


@pytest.mark.parametrize("name", ["noa", "nobody"])
def test_an_account_without_a_password_is_not_told_from_one_that_is_not_there(session: Session, name: str) -> None:
    issue_invitation(session, "noa", 24, NOW)
    with pytest.raises(SignInError, match="not right"):
        sign_in(session, name, "", RULE, NOW)


def test_one_name_must_wait_after_many_tries_from_one_address() -> None:
    limit = TryLimit(tries=3, window=timedelta(minutes=1))
    for _ in range(3):
        limit.check("127.0.0.1", "noa", NOW)
    with pytest.raises(SignInError, match="Wait 60 seconds"):
        limit.check("127.0.0.1", "noa", NOW)
    limit.check("127.0.0.2", "noa", NOW)
    limit.check("127.0.0.1", "noa", NOW + timedelta(seconds=61))


def test_nobody_shuts_out_the_others_who_share_an_address() -> None:
    limit = TryLimit(tries=3, window=timedelta(minutes=1))
    for _ in range(100):
        with suppress(SignInError):
            limit.check("127.0.0.1", "vandal", NOW)
    limit.check("127.0.0.1", "noa", NOW)


def test_names_that_nobody_has_fill_no_memory_and_forget_no_fresh_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds.people.sign_in, "MOST_REMEMBERED", 10)
    limit = TryLimit(tries=1, window=timedelta(minutes=1))
    for number in range(100):
        limit.check("127.0.0.1", f"nobody-{number}", NOW + timedelta(minutes=number))
    assert len(limit._seen) <= 10
    with pytest.raises(SignInError):
        limit.check("127.0.0.1", "nobody-99", NOW + timedelta(minutes=99))


def test_the_link_of_who_left_the_event_says_so(session: Session) -> None:
    link = find_invitation(session, issue_invitation(session, "noa", 24, NOW))
    assert state_for(link, {"noa"}, NOW) is LinkState.OPEN
    assert state_for(link, {"tal"}, NOW) is LinkState.LEFT
    assert "not part of the event now" in MESSAGES[LinkState.LEFT]
    assert state_for(None, {"tal"}, NOW) is LinkState.UNKNOWN
    assert state_for(link, set(), NOW + timedelta(hours=25)) is LinkState.EXPIRED
