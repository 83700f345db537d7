"""Signing in with a password: what is counted, when an account is locked, when somebody must wait.

Whoever is refused reads the same words for every name: nothing tells an account that is there, or locked, from none.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.orm import Session

from rounds.errors import SignInError
from rounds.people.passwords import is_password
from rounds.store.tables import Account

MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class LockOut:
    """How many wrong passwords in a row lock an account, and for how long."""

    failures: int
    minutes: float

    @property
    def sentence(self) -> str:
        """What everybody reads who is refused, whatever the reason."""
        return (
            f"The user name or the password is not right; or {self.failures} wrong passwords came before, and this "
            f"name must wait {self.minutes:g} minutes. Try again, or ask an organiser for a new link."
        )


def sign_in(session: Session, username: str, password: str, rule: LockOut, now: datetime) -> str:
    """Return the username when the password is right; raise `SignInError` otherwise; the caller commits either way.

    The password is compared in every case, so that the time of an answer tells no more than its words.
    """
    account = session.get(Account, username)
    right = is_password(password, account.password_hash if account else None)
    if account is None or (account.locked_until is not None and account.locked_until > now):
        raise SignInError(rule.sentence)
    if not right:
        _count_failure(account, rule, now)
        raise SignInError(rule.sentence)
    account.failures = 0
    return username


def _count_failure(account: Account, rule: LockOut, now: datetime) -> None:
    account.failures += 1
    if account.failures >= rule.failures:
        account.failures = 0
        account.locked_until = now + timedelta(minutes=rule.minutes)


@dataclass
class TryLimit:
    """How often somebody at one network address may try one user name; kept in memory.

    By both: a class shares its address, so that nobody may use it up for the others.
    """

    tries: int
    window: timedelta
    _seen: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)

    def check(self, address: str, username: str, now: datetime) -> None:
        """Count one try; raise `SignInError` when it must wait."""
        if len(self._seen) >= MOST_REMEMBERED:
            self._forget(now)
        seen = self._seen.setdefault((address, username), deque())
        while seen and seen[0] <= now - self.window:
            seen.popleft()
        if len(seen) >= self.tries:
            wait = ceil((seen[0] + self.window - now).total_seconds())
            raise SignInError(
                f"Too many tries with this user name from your address. Wait {wait} seconds, then try again."
            )
        seen.append(now)

    def _forget(self, now: datetime) -> None:
        """Let go of whoever has not tried for long; the oldest half when all are new."""
        fresh = {key: seen for key, seen in self._seen.items() if seen and seen[-1] > now - self.window}
        self._seen = dict(list(fresh.items())[-MOST_REMEMBERED // 2 :])
