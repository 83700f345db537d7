"""One notebook, one kernel: members who open a notebook at the same moment get the same session.

jupyter_server asks whether a session exists and makes one if not, with nothing in between: two members who open a
notebook while its kernel starts get a kernel each, and one sees neither the other's variables nor widgets.
"""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_server.services.sessions.sessionmanager import SessionManager


class SharedSessions(SessionManager):
    """Sessions of a team: a path that is being opened is waited for, not opened again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._opening: dict[str, asyncio.Lock] = {}

    async def create_session(self, path: str | None = None, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the session of `path` that somebody else has just made, or make it."""
        if path is None:
            return await super().create_session(path, *args, **kwargs)
        async with self._opening.setdefault(path, asyncio.Lock()):
            if await self.session_exists(path):  # type: ignore[no-untyped-call]
                found: dict[str, Any] = await self.get_session(path=path)  # type: ignore[no-untyped-call]
                return found
            return await super().create_session(path, *args, **kwargs)
