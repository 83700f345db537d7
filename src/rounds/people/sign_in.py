"""Signing in with a password: what is counted, when an account is locked, when an address must wait."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.orm import Session

from rounds.errors import SignInError
from rounds.people.passwords import is_password
from rounds.store.tables import Account

WRONG = "The user name or the password is not right. Try again, or ask an organiser for a new link."


@dataclass(frozen=True)
class LockOut:
    """How many wrong passwords in a row lock an account, and for how long."""

    failures: int
    minutes: float


def sign_in(session: Session, username: str, password: str, rule: LockOut, now: datetime) -> str:
    """Return the username when the password is right; raise `SignInError` otherwise; the caller commits either way."""
    account = session.get(Account, username)
    if account is not None and account.locked_until is not None and account.locked_until > now:
        left = ceil((account.locked_until - now).total_seconds() / 60)
        raise SignInError(
            f"Too many wrong passwords: this account is locked for {left} more minutes. "
            "An organiser can send a new link."
        )
    right = is_password(password, account.password_hash if account else None)
    if account is not None and right:
        account.failures = 0
        return username
    if account is not None:
        _count_failure(account, rule, now)
    raise SignInError(WRONG)


def _count_failure(account: Account, rule: LockOut, now: datetime) -> None:
    account.failures += 1
    if account.failures >= rule.failures:
        account.failures = 0
        account.locked_until = now + timedelta(minutes=rule.minutes)


@dataclass
class AddressLimit:
    """How often one network address may try to sign in; kept in memory."""

    tries: int
    window: timedelta
    _seen: dict[str, deque[datetime]] = field(default_factory=dict)

    def check(self, address: str, now: datetime) -> None:
        """Count one try from `address`; raise `SignInError` when it must wait."""
        seen = self._seen.setdefault(address, deque())
        while seen and seen[0] <= now - self.window:
            seen.popleft()
        if len(seen) >= self.tries:
            wait = ceil((seen[0] + self.window - now).total_seconds())
            raise SignInError(f"Too many tries from your address. Wait {wait} seconds, then try again.")
        seen.append(now)
