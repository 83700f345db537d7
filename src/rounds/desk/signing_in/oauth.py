"""The sign-in with the hub, as pure functions: what is sent, what must come back.

The flow is OAuth 2 with a code, PKCE (S256), and a state that only the browser which began it can finish.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from rounds.desk.settings import Settings

LOGIN_TIMEOUT_S = 600.0
MOST_LOGINS = 2000


@dataclass(frozen=True)
class Login:
    """One sign-in that has begun and not yet ended."""

    state: str
    verifier: str = field(repr=False)
    next_path: str
    begun_at: float

    @property
    def cookie(self) -> str:
        """The name of the cookie that ties this sign-in to one browser; each tab has its own."""
        return cookie_name(self.state)


def cookie_name(state: str) -> str:
    """Return the name of the cookie for `state`."""
    return "rounds-login-" + hashlib.sha256(state.encode()).hexdigest()[:12]


def begin_login(next_path: str, now: float) -> Login:
    """Return a new sign-in that will end at `next_path`."""
    return Login(secrets.token_urlsafe(32), secrets.token_urlsafe(64), next_path, now)


def code_challenge(verifier: str) -> str:
    """Return the S256 challenge of RFC 7636 for `verifier`."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def build_authorize_url(settings: Settings, login: Login) -> str:
    """Return where the browser asks the hub who it is."""
    query = {
        "client_id": settings.client_id,
        "redirect_uri": settings.callback_url,
        "response_type": "code",
        "state": login.state,
        "code_challenge": code_challenge(login.verifier),
        "code_challenge_method": "S256",
    }
    return f"{settings.hub_url}api/oauth2/authorize?{urlencode(query)}"


def safe_next(path: str, prefix: str) -> str:
    """Return `path` when it is a page of the desk, else the desk's first page."""
    parts = urlsplit(path)
    own = not parts.scheme and not parts.netloc and parts.path.startswith(prefix)
    return path if own and "\\" not in path and "//" not in parts.path else prefix


class Logins:
    """The sign-ins under way, in memory."""

    def __init__(self) -> None:
        self._open: dict[str, Login] = {}

    def begin(self, next_path: str, now: float) -> Login:
        """Start one, and forget those that were left alone."""
        kept = [item for item in self._open.values() if now - item.begun_at < LOGIN_TIMEOUT_S]
        self._open = {item.state: item for item in kept[-MOST_LOGINS:]}
        login = begin_login(next_path, now)
        self._open[login.state] = login
        return login

    def finish(self, state: str, cookie: str, now: float) -> Login | None:
        """Return the sign-in of `state` once, when the browser's cookie belongs to it and it is fresh."""
        if not state or not secrets.compare_digest(state.encode(), cookie.encode()):
            return None
        login = self._open.pop(state, None)
        fresh = login is not None and now - login.begun_at < LOGIN_TIMEOUT_S
        return login if fresh else None
