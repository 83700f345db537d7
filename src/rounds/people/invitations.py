"""Invitations: personal sign-in links that work once, for a while, for one person.

Only the hash of a link's secret is kept.  The states of a link and the sentence for each are `MESSAGES`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from rounds.errors import SignInError
from rounds.people.passwords import check_password, hash_password
from rounds.store.tables import Account, Invitation


class LinkState(StrEnum):
    """What a link is good for now."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    LEFT = "left"


MESSAGES = {
    LinkState.USED: "This link was used before. Sign in with your password, or ask an organiser for a new link.",
    LinkState.EXPIRED: "This link has expired. Ask an organiser for a new one.",
    LinkState.REVOKED: "A newer link was sent to you, so this one no longer works. Use the newest one.",
    LinkState.UNKNOWN: "This link is not one of ours. Copy the whole link from your invitation.",
    LinkState.LEFT: "You are not part of the event now, so this link opens nothing. Ask an organiser.",
}


@dataclass(frozen=True)
class NewPassword:
    """What a person types into the invitation's form."""

    password: str
    repeated: str
    terms_accepted: bool


def issue_invitation(session: Session, username: str, valid_h: float, now: datetime) -> str:
    """Return the secret of a new link for `username` and revoke the person's older open links; the caller commits."""
    if session.get(Account, username) is None:
        session.add(Account(username=username, failures=0))
        session.flush()
    for older in session.scalars(select(Invitation).where(Invitation.username == username)):
        if state_of(older, now) is LinkState.OPEN:
            older.revoked_at = now
    secret = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            secret_hash=_hash(secret),
            username=username,
            issued_at=now,
            expires_at=now + timedelta(hours=valid_h),
        )
    )
    session.flush()
    return secret


def find_invitation(session: Session, secret: str) -> Invitation | None:
    """Return the invitation of a link's secret, whatever its state."""
    return session.get(Invitation, _hash(secret))


def state_for(invitation: Invitation | None, people: Container[str], now: datetime) -> LinkState:
    """Return what a link is good for at `now` (naive UTC) in an event of these usernames."""
    state = state_of(invitation, now)
    left = invitation is not None and state is LinkState.OPEN and invitation.username not in people
    return LinkState.LEFT if left else state


def state_of(invitation: Invitation | None, now: datetime) -> LinkState:
    """Return what a link is good for at `now` (naive UTC), as far as the link itself says."""
    if invitation is None:
        return LinkState.UNKNOWN
    if invitation.used_at is not None:
        return LinkState.USED
    if invitation.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if invitation.expires_at <= now else LinkState.OPEN


def accept_invitation(session: Session, secret: str, form: NewPassword, now: datetime) -> str:
    """Set the password of the link's person, close the link, and return the username; the caller commits."""
    invitation = find_invitation(session, secret)
    state = state_of(invitation, now)
    if invitation is None or state is not LinkState.OPEN:
        raise SignInError(MESSAGES[state])
    if not form.terms_accepted:
        raise SignInError("Accept the terms of the event to go on.")
    check_password(form.password, invitation.username, form.repeated)
    account = session.get_one(Account, invitation.username)
    account.password_hash = hash_password(form.password)
    account.terms_accepted_at = now
    account.failures, account.locked_until = 0, None
    invitation.used_at = now
    return account.username


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
