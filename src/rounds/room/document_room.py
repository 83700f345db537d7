"""A document that several people edit: it begins where its store of edits ends, and never with half a file.

jupyter-collaboration begins with the store, and where the file says another thing puts that into the document as new
edits.  After a kill the file is merely older, by the save delay: a page that came back with its last lines was merged
into a text taken back and written anew, and lines were lost or stood in another order, in silence.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import Any

from jupyter_server.services.contents.fileio import path_to_intermediate
from jupyter_server_ydoc.rooms import DocumentRoom
from pycrdt.store import YDocNotFound

from rounds.room.history import HistoryStore, digest_of

STOP_S = 3
log = logging.getLogger(__name__)


class NotedFile:
    """A document's file; what is about to be written into it is noted in the store first."""

    def __init__(self, file: Any, ydoc: Any, store: HistoryStore) -> None:
        self._file, self._ydoc, self._store = file, ydoc, store
        self._held = ""  # the fingerprint of what the file is known to hold

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    async def maybe_save_content(self, model: dict[str, Any]) -> dict[str, Any] | None:
        """Note what the file may hold from now on, and write it."""
        try:
            await self.note(model["content"])
        except sqlite3.Error:  # on a full disk the file is tried all the same: its own error is the one that is told
            log.exception("What the file %s will hold could not be noted", self._file.path)
        saved: dict[str, Any] | None = await self._file.maybe_save_content(model)
        if saved is not None:
            self._held = digest_of(model["content"])
        return saved

    async def note(self, content: Any) -> None:
        """Note what the file may hold from now on."""
        await self._store.note_saving(digest_of(content), self._ydoc.get_state(), self._held)

    async def load_whole(self, file_format: str, kind: str, state: bytes) -> Any:
        """Return the file's content; one that a kill cut off in the middle of a save is put back as it was before.

        jupyter_server does this for a notebook that is no JSON, while it reads it, and tells the time of the file that
        was cut off: read again, or the first save takes its own file for somebody else's.  A text is left as it is.
        """
        left = self._left_by_a_save()
        content = (await self._file.load_content(file_format, kind))["content"]
        if left is None:
            return content
        if kind != "notebook" and not await self._store.goes_beyond(digest_of(content), state):
            await self._put_back(left, state)
        return (await self._file.load_content(file_format, kind))["content"]

    async def _put_back(self, left: Path, state: bytes) -> None:
        """Put back what a save had set aside, where it is what the store knows the file to have been."""
        text = left.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
        if await self._store.goes_beyond(digest_of(text), state):
            left.replace(left.with_name(left.name.removeprefix(".~")))

    def _left_by_a_save(self) -> Path | None:
        path = Path(path_to_intermediate(self._file._contents_manager._get_os_path(self._file.path)))  # type: ignore[no-untyped-call]
        return path if path.is_file() else None


class HistoryRoom(DocumentRoom):  # type: ignore[misc]
    """A document's room in the history of its store."""

    _failed: Exception | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file: NotedFile = NotedFile(self._file, self.ydoc, self.ystore)

    async def initialize(self) -> None:
        """Fill the document, once; a room in which that failed halfway is never used."""
        if self._failed is not None:
            raise self._failed
        if self.ready:
            return
        try:
            await self._begin()
        except Exception as error:
            self._failed = error
            raise

    async def stop_store(self) -> None:
        """Let go of the store; its thread ends with the task that began it, and kept the server's process for ever."""
        if self.ystore.started.is_set() and not self.ystore.stopped.is_set():
            await self.ystore.stop()
            await asyncio.wait([*self._background_tasks, asyncio.create_task(asyncio.sleep(0))], timeout=STOP_S)

    async def _begin(self) -> None:
        async with self._update_lock:
            stored = await self._take_store()
            content = await self._file.load_whole(self._file_format, self._file_type, self.ydoc.get_state())
            behind = stored and await self._is_behind(content)
            if not behind:
                await self._take_file(content, stored=stored)
            self.ready = True
        if behind:
            await self._maybe_save_document(None, save_now=True)

    async def _take_store(self) -> bool:
        """Fill the document with the stored edits; return whether there are any."""
        async with self.ystore.start_lock:
            if not self.ystore.started.is_set():
                self.create_task(self.ystore.start())
                await self.ystore.started.wait()
        try:
            await self.ystore.apply_updates(self.ydoc)
        except YDocNotFound:
            return False
        return True

    async def _is_behind(self, content: Any) -> bool:
        """Return whether the file holds what this history was before."""
        digest = digest_of(content)
        is_same = digest == digest_of(await self._document.aget())
        return not is_same and await self.ystore.goes_beyond(digest, self.ydoc.get_state())

    async def _take_file(self, content: Any, *, stored: bool) -> None:
        """Fill the document with what the file holds; where the store says another thing, that is another history."""
        if not stored or digest_of(content) != digest_of(await self._document.aget()):
            await self.ystore.forget()
            await self._fill(content, stored=stored)
            await self.ystore.encode_state_as_update(self.ydoc)
        await self._file.note(content)

    async def _fill(self, content: Any, *, stored: bool) -> None:
        if not stored:
            await self._apply_deterministic_source_content(content)
        else:
            self.log.warning("The file %s was written by somebody else: another history begins", self._file.path)
            await self._document.aset(content)
