"""The servers that people have asked for, and what became of it."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from rounds.desk.servers.hub_api import HubApi, HubBusyError, HubRefusedError

SHORT_S = 1.0


class StartOutcome(StrEnum):
    """What came of asking the hub to start a server."""

    NONE = "nobody asked"
    UNDER_WAY = "under way"
    OVER = "over"
    BUSY = "busy"
    REFUSED = "refused"


class Starts:
    """Each person's newest request to start an account's server.

    The hub answers a request up to ten seconds later; the page does not wait for it.
    """

    def __init__(self, hub: HubApi) -> None:
        self._hub = hub
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def ask(self, person: str, token: str, account: str) -> StartOutcome:
        """Ask the hub to start a server, unless that is under way, and wait a moment for its answer."""
        task = self._tasks.get((person, account))
        if task is None or task.done():
            task = asyncio.create_task(self._hub.start_server(token, account))
            self._tasks[person, account] = task
        await asyncio.wait({task}, timeout=SHORT_S)
        return self.outcome(person, account)

    def outcome(self, person: str, account: str) -> StartOutcome:
        """Return what is known about the newest request."""
        task = self._tasks.get((person, account))
        if task is None:
            return StartOutcome.NONE
        if not task.done():
            return StartOutcome.UNDER_WAY
        error = None if task.cancelled() else task.exception()
        if isinstance(error, HubRefusedError):
            return StartOutcome.REFUSED
        return StartOutcome.BUSY if isinstance(error, HubBusyError) else StartOutcome.OVER
