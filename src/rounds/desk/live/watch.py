"""Look at what pages are made from, twice a second while somebody listens, and wake the listeners when it changed.

What a look costs, and why it is no inotify: docs/explanation/performance.md, "board".
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from rounds.grading.course import Course
from rounds.progress.presses import stamp_of
from rounds.store.folders import Folders
from rounds.store.versions import LINK

LOOK_EVERY_S = 0.5
log = logging.getLogger("rounds.desk")

Look = tuple[object, ...]  # whatever differs when something changed


def look_at(folders: Folders, course: Course) -> Look:
    """Return what differs whenever a check was pressed, a lesson handed in or marked, or the database written."""
    database = Path(folders.database_url.removeprefix("sqlite:///"))
    single = (
        course.root / "gradebook.db",
        course.inbound,
        folders.lessons / LINK,
        database,
        database.with_name(f"{database.name}-wal"),
    )
    return (*_logs(folders.checks("any").parent), *map(stamp_of, single))


def _logs(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield name, time and size of each log, by name."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.stat()) for entry in entries]
    except OSError:
        return
    yield from sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


@dataclass
class Watch:
    """One look for everybody who listens; `look` is called in a thread.

    `version` grows with each change that was seen.
    """

    look: Callable[[], Look]
    version: int = 0
    _newest: Look = ()
    _listeners: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _looking: asyncio.Task[None] | None = None

    @property
    def is_looking(self) -> bool:
        """Whether somebody listens."""
        return self._looking is not None

    async def newest(self) -> Look:
        """Return the newest look: the watch's own, of whose successor all listeners are told, or one of this moment."""
        return self._newest or await asyncio.to_thread(self.look)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Go on looking as long as the block lasts."""
        self._listeners += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners and self._looking:
                self._looking.cancel()
                self._looking, self._newest = None, ()

    async def refresh(self) -> None:
        """Look at once, after the desk itself has changed something: the page that follows must show it."""
        if self._looking is not None:
            await self._tell(await asyncio.to_thread(self.look))

    async def change(self, since: int, within_s: float) -> int:
        """Return the version as soon as it is another one than `since`, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._news:
                await self._news.wait_for(lambda: self.version != since)
        return self.version

    async def _look_on(self) -> None:
        while True:
            try:
                await self._tell(await asyncio.to_thread(self.look))
            except Exception:  # a listener whose watch had died would wait for ever, and nobody would know
                log.exception("looking for changes")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _tell(self, look: Look) -> None:
        if look != self._newest:
            async with self._news:
                self._newest, self.version = look, self.version + 1
                self._news.notify_all()
