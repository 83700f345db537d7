"""Co-editing in a team's room: a page goes on only in the history that it knows, and typing counts as activity.

jupyter-collaboration lets a page that comes back after a restart merge what it holds into the room's document.  That is
right as long as the room goes on in the same history of edits.  When the store of edits was lost, or somebody else
wrote the file, the room begins a new history from the file; merged with the old one, each line would stand there twice.
So the store knows which sessions have had its history, and a page of any other is told to reload
(jupyter-collaboration's own list of sessions lies beside the store and says nothing about what is in it).
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from jupyter_server_ydoc import handlers as upstream
from jupyter_server_ydoc.app import YDocExtension
from jupyter_server_ydoc.handlers import YDocWebSocketHandler
from jupyter_server_ydoc.rooms import DocumentRoom

from rounds.room.activity import TYPING
from rounds.room.document_room import HistoryRoom

CANNOT_ACCEPT, GOING_AWAY = 1003, 1001
RELOAD = {"reason": "history", "reloadable": True, "errorReason": "Copy your last lines, then reload this page."}
EDIT = bytes([0, 2])  # the first two bytes of a message that holds an edit (y-protocols: sync, update)


class CoEditingHandler(YDocWebSocketHandler):  # type: ignore[misc]
    """One page's connection to one document."""

    async def open(self, room_id: str) -> None:
        """Let a page in whose history this is; tell any other to reload, and merge nothing of it."""
        if isinstance(self.room, DocumentRoom) and not await self._goes_on():
            self.close(CANNOT_ACCEPT, json.dumps(RELOAD, separators=(",", ":")))
            return
        await super().open(room_id)

    async def on_message(self, message: Any) -> None:
        """Count an edit as activity of this server, and pass the message on."""
        if message[:2] == EDIT:
            self.settings["last_activity_times"][TYPING] = datetime.now(UTC)
        await super().on_message(message)

    async def _goes_on(self) -> bool:
        """Return whether this page has the history that its room has, once the room has one."""
        try:
            async with self._room_lock(self._room_id):
                await self.room.initialize()
        except Exception:
            return True  # the room raises it again in the handler below, which says what is wrong with the file
        session = self.get_query_argument("sessionId", "")
        if session != upstream.SERVER_SESSION and not await self.room.ystore.knows(session):
            self.log.warning("A page of another history of %s is told to reload", self._room_id)
            return False
        await self.room.ystore.note(upstream.SERVER_SESSION)
        return True


class CoEditing(YDocExtension):  # type: ignore[misc]
    """jupyter-collaboration's server extension with the handler and the store above."""

    def initialize_handlers(self) -> None:
        """Put this module's handler in the place of its parent."""
        super().initialize_handlers()
        upstream.DocumentRoom = HistoryRoom  # the handler makes its rooms by this name; there is no setting for it
        self.handlers: list[Any] = [_ours(*handler) for handler in self.handlers]

    async def stop_extension(self) -> None:
        """Let every page go before the rooms are closed: a room that is closed under a page never ends its server."""
        for room in list(self.ywebsocket_server.rooms.values()):
            await _save_last_words(room)
            for page in list(room.clients):
                page.close(GOING_AWAY)
                page.on_close()
        await asyncio.sleep(0)
        rooms = [room for room in self.ywebsocket_server.rooms.values() if isinstance(room, HistoryRoom)]
        await super().stop_extension()
        for room in rooms:
            await room.stop_store()


async def _save_last_words(room: Any) -> None:
    """Write what was typed so shortly before a stop that it still waits to be written."""
    waiting = getattr(room, "_saving_document", None)
    if waiting is not None and not waiting.done():
        await room._maybe_save_document(waiting, save_now=True)


def _ours(pattern: str, handler: type[Any], *given: Any) -> tuple[Any, ...]:
    return (pattern, CoEditingHandler if handler is YDocWebSocketHandler else handler, *given)


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Name the extension that jupyter_server loads in the place of jupyter-collaboration's own."""
    return [{"module": "rounds.room.coediting", "app": CoEditing}]
