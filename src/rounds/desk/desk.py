"""The desk's working parts, made once when it starts and found again through the request."""

from __future__ import annotations

import asyncio
import math
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property

from fastapi import Request
from jinja2 import Environment
from sqlalchemy import Engine

from rounds.desk.assets import Assets
from rounds.desk.live.watch import Look, Watch, look_at
from rounds.desk.remembered import Remembered
from rounds.desk.servers.hub_api import HubAccount, HubApi, HubRefusedError, HubUnreachableError
from rounds.desk.servers.starts import Starts
from rounds.desk.settings import Settings
from rounds.desk.signing_in.oauth import Logins
from rounds.desk.signing_in.sessions import Sessions
from rounds.errors import DataError
from rounds.event import AppliedEvent, Event
from rounds.grading.course import course_of
from rounds.help.queue import load_requests
from rounds.help.requests import HelpRequest
from rounds.progress.model import EventMarks
from rounds.store.database import open_database

KEEP_S = 5.0
SCORED_AT_ONCE = 2  # a score takes a processor for seconds; the other pages must not wait for it
IN_TURN = "A file of your team is being scored at this moment. Wait until its figures are on this page."
LoadProgress = Callable[[Event], EventMarks]


@dataclass
class Desk:
    """Everything that the pages share."""

    settings: Settings
    load_progress: LoadProgress
    applied: AppliedEvent
    hub: HubApi
    starts: Starts
    assets: Assets
    templates: Environment
    sessions: Sessions = field(default_factory=Sessions)
    logins: Logins = field(default_factory=Logins)
    sharing: threading.Lock = field(default_factory=threading.Lock)
    scoring: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SCORED_AT_ONCE))
    listeners: Counter[str] = field(default_factory=Counter)
    _scored: set[str] = field(default_factory=set)
    _progress: Remembered[EventMarks] = field(default_factory=lambda: Remembered(math.inf))
    _requests: Remembered[list[HelpRequest]] = field(default_factory=lambda: Remembered(math.inf))
    _accounts: Remembered[dict[str, HubAccount] | None] = field(default_factory=lambda: Remembered(KEEP_S))

    @cached_property
    def engine(self) -> Engine:
        """The Rounds database, opened at the first question."""
        return open_database(self.settings.folders.database_url)

    @asynccontextmanager
    async def score_of(self, team_id: str) -> AsyncIterator[None]:
        """Hold one of the places where scores are made; raise `DataError` at once when the team has one."""
        if team_id in self._scored:
            raise DataError(IN_TURN)
        self._scored.add(team_id)
        try:
            async with self.scoring:
                yield
        finally:
            self._scored.discard(team_id)

    @cached_property
    def watch(self) -> Watch:
        """What live pages are told of."""
        return Watch(self._look)

    async def progress(self, event: Event) -> EventMarks:
        """Return every mark of the event as it is now: read again when something changed since."""
        made_from = (event, await self.watch.newest())
        return await self._progress.get(made_from, lambda: asyncio.to_thread(self.load_progress, event))

    async def requests(self) -> list[HelpRequest]:
        """Return every request for help as it is now; who shows one asks the table of roles."""
        made_from = await self.watch.newest()
        return await self._requests.get(made_from, lambda: asyncio.to_thread(load_requests, self.engine))

    async def accounts(self) -> dict[str, HubAccount] | None:
        """Return what the hub knows of every account, or None when it does not say."""
        return await self._accounts.get("all", self._fetch_accounts)

    async def close(self) -> None:
        """Close what was opened."""
        await self.hub.close()
        if "engine" in vars(self):
            self.engine.dispose()

    def _look(self) -> Look:
        event, folders = self.applied.current(), self.settings.folders
        return (event, *look_at(folders, course_of(event, folders)))

    async def _fetch_accounts(self) -> dict[str, HubAccount] | None:
        try:
            return await self.hub.fetch_accounts()
        except (HubUnreachableError, HubRefusedError):
            return None


def desk_of(request: Request) -> Desk:
    """Return the desk that answers this request."""
    desk = request.app.state.desk
    if not isinstance(desk, Desk):
        raise TypeError("the application was not made by create_desk")
    return desk
