"""Close the open pages of a person who has lost access, and leave everyone else's open.

Jupyter's handlers ask the hub once, when a websocket opens.  A page that stays open keeps its kernel, co-editing and
event websockets for as long as it likes.  So every open websocket of this server is known here, and the person behind
each is asked about again every `ASK_EVERY_S`.  An unreachable hub closes nothing: a hub that restarts must not throw
a class out.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

ASK_EVERY_S = 10  # who is removed is out within 60 s, open pages included (SECURITY.md)
NO_LONGER_ALLOWED = 4403

log = logging.getLogger(__name__)


class HubAuth(Protocol):
    """What is used of JupyterHub's `HubOAuth`."""

    access_scopes: set[str]
    cache: MutableMapping[str, Any]

    def get_token(self, handler: WebSocketHandler) -> str | None:
        """Return the token that came with a request."""

    def user_for_token(self, token: str, use_cache: bool, *, sync: bool) -> Awaitable[dict[str, Any] | None]:
        """Return the hub's word on a token."""

    def check_scopes(self, required: set[str], user: dict[str, Any]) -> set[str]:
        """Return the scopes of `required` that a user has."""


class Doors:
    """The open websockets of this server."""

    def __init__(self, hub_auth: HubAuth) -> None:
        self._hub_auth = hub_auth
        self._open: set[WebSocketHandler] = set()

    def watch(self, handler_class: type[WebSocketHandler] = WebSocketHandler) -> None:
        """Know every websocket from now on; the base class is wrapped, because each extension has its own."""
        original: Callable[..., Awaitable[None]] = handler_class.get

        doors = self._open

        async def get(self: WebSocketHandler, *args: Any, **kwargs: Any) -> None:
            doors.add(self)
            try:
                await original(self, *args, **kwargs)
            finally:
                doors.discard(self)

        handler_class.get = get  # type: ignore[method-assign]

    async def close_lost(self) -> int:
        """Close the websockets of everyone whom the hub no longer lets in; return how many.

        What the hub said before is forgotten with them: a page's next request would be believed for `HUB_CACHE_S` else.
        """
        by_token: dict[str, list[WebSocketHandler]] = {}
        for handler in list(self._open):
            by_token.setdefault(self._hub_auth.get_token(handler) or "", []).append(handler)
        closed = 0
        for token, handlers in by_token.items():
            if await self._is_allowed(token):
                continue
            for handler in handlers:
                handler.close(NO_LONGER_ALLOWED, "You no longer have access to this room.")
                closed += 1
        if closed:
            self._hub_auth.cache.clear()
            log.warning("Closed %d websockets of people without access", closed)
        return closed

    async def _is_allowed(self, token: str) -> bool:
        if not token:
            return False
        try:
            user = await self._hub_auth.user_for_token(token, use_cache=False, sync=False)
        except HTTPError as error:
            log.warning("The hub does not answer (%s): open pages stay open", error.status_code)
            return True
        return bool(user) and bool(self._hub_auth.check_scopes(self._hub_auth.access_scopes, user or {}))
