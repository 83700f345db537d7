"""Who is signed in at the desk: sessions in the server's memory, known to the browser by a random cookie."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

COOKIE = "rounds-desk"
HUB_SESSION_COOKIES = ("jupyterhub-session-id", "__Host-jupyterhub-session-id")
IDLE_S = 12 * 3600.0
CHECK_EVERY_S = 20.0  # who is removed is out within 30 s (SECURITY.md)


@dataclass(frozen=True)
class Session:
    """One browser of one person.

    `hub_session` is the hub's own session at the sign-in: when it is another one, the person has left the hub.
    `checked_at` is when the hub was last asked whether the token still holds.
    """

    username: str
    token: str = field(repr=False)
    csrf: str = field(repr=False)
    hub_session: str = field(repr=False, default="")
    checked_at: float = 0.0
    seen_at: float = 0.0

    def needs_check(self, now: float) -> bool:
        """Return whether the hub must be asked again."""
        return now - self.checked_at >= CHECK_EVERY_S


def hub_session_of(cookies: Mapping[str, str]) -> str:
    """Return the hub's session id among a browser's cookies; empty when there is none."""
    return next((cookies[name] for name in HUB_SESSION_COOKIES if name in cookies), "")


class Sessions:
    """All open sessions by their secret id."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def open(self, username: str, token: str, hub_session: str, now: float) -> str:
        """Start a session and return its id for the cookie."""
        self._forget_idle(now)
        session_id = secrets.token_urlsafe(32)
        csrf = secrets.token_urlsafe(32)
        self._open[session_id] = Session(username, token, csrf, hub_session, now, now)
        return session_id

    def find(self, session_id: str, hub_session: str, now: float) -> Session | None:
        """Return the session of a cookie, unless it was idle too long or the hub's session has changed."""
        session = self._open.get(session_id)
        if session is None:
            return None
        if now - session.seen_at >= IDLE_S or session.hub_session != hub_session:
            self.close(session_id)
            return None
        self._open[session_id] = replace(session, seen_at=now)
        return self._open[session_id]

    def confirm(self, session_id: str, now: float) -> None:
        """Note that the hub has just confirmed the person."""
        if session_id in self._open:
            self._open[session_id] = replace(self._open[session_id], checked_at=now)

    def close(self, session_id: str) -> None:
        """End a session."""
        self._open.pop(session_id, None)

    def _forget_idle(self, now: float) -> None:
        self._open = {k: s for k, s in self._open.items() if now - s.seen_at < IDLE_S}
