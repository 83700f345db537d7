"""The stream that tells an open page to ask again: server-sent events that hold no content.

The page then asks for itself with the session's secret, and gets what the table of roles gives it at that moment.  A
stream holds no thread, and all share one look.  It ends with the session: who signed out or was removed has none within
30 s.
FastAPI's own `EventSourceResponse` sends a comment every 15 s, so that no proxy takes the stream for dead; htmx's `sse`
extension is not used, for the browser's `EventSource` sends no header and so cannot show the session's secret.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from rounds.desk.desk import Desk, desk_of
from rounds.desk.event.board import BoardChoice, BoardSource, build_board, own_marks
from rounds.desk.help.shown import HelpView, load_shown
from rounds.desk.servers.hub_api import HubUnreachableError
from rounds.desk.viewer import CurrentViewer, NotInEventError, SignInNeededError, signed_in

router = APIRouter()
ASK_EVERY_S = 5.0  # the session is asked about so often, and the hub every 20 s (`Session.needs_check`)
REST_S = 0.5  # after each word to a page, so that a busy class does not keep one page asking
MOST_STREAMS = 12  # of one person: a browser opens six connections to a host, and a person has two browsers
CHANGED = ServerSentEvent(event="changed", raw_data="")


async def take_place(request: Request, viewer: CurrentViewer) -> AsyncIterator[str]:
    """Yield the name of who listens, and count the stream while it is open; refuse one too many."""
    listeners, username = desk_of(request).listeners, viewer.person.username
    if listeners[username] >= MOST_STREAMS:
        raise HTTPException(429)
    listeners[username] += 1
    try:
        yield username
    finally:
        listeners[username] -= 1


@router.get("/live", response_class=EventSourceResponse)
async def listen(request: Request, username: Annotated[str, Depends(take_place)]) -> AsyncIterator[ServerSentEvent]:
    """Say "changed" at once, and whenever what the viewer may see has changed."""
    desk = desk_of(request)
    async with desk.watch.listening():
        yield CHANGED
        seen, shown = desk.watch.version, await _shown(desk, username)
        while await _is_still_here(request):
            seen = await desk.watch.change(seen, ASK_EVERY_S)
            now_shown = await _shown(desk, username)
            if now_shown != shown:
                shown = now_shown
                yield CHANGED
                await asyncio.sleep(REST_S)


async def _is_still_here(request: Request) -> bool:
    """Return whether the session holds; a hub that does not answer ends none, as it ends no page of a room."""
    with suppress(HubUnreachableError):
        try:
            await signed_in(request)
        except (SignInNeededError, NotInEventError):
            return False
    return True


async def _shown(desk: Desk, username: str) -> object:
    """Return what a person's pages show now, to be compared; None for who is not part of the event any more."""
    event = desk.applied.current()
    person = event.person_by_name.get(username)
    if person is None:
        return None
    progress = await desk.progress(event)
    now = datetime.now(UTC)
    board = build_board(BoardSource(event, progress, person, now), BoardChoice())
    asked = await load_shown(desk, HelpView(event, person, progress.lessons, now))
    return board, own_marks(progress, progress.lessons, person), asked
