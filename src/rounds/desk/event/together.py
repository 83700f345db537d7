"""A lesson for two: one person shows a code, the other types it in, and what either does counts for both."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rounds.desk.access import NotAllowedError, check_can
from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.errors import PairError
from rounds.pairs import joining
from rounds.progress.model import BoardLesson
from rounds.roles import Action

router = APIRouter()


@router.get("/lessons/{lesson}/together")
async def show_together(request: Request, viewer: CurrentViewer, lesson: str) -> HTMLResponse:
    """Show with whom the viewer does a lesson, or how to join."""
    return await _render(request, viewer, await _find(request, viewer, lesson))


@router.post("/lessons/{lesson}/together/code")
async def show_code(request: Request, viewer: FormViewer, lesson: str) -> Response:
    """Show a new code."""
    shown, engine = await _find(request, viewer, lesson), desk_of(request).engine
    now = datetime.now(UTC)
    try:
        code = await asyncio.to_thread(joining.show_code, engine, shown.id, viewer.person.username, now)
    except PairError as error:
        return await _render(request, viewer, shown, problem=str(error))
    return await _render(request, viewer, shown, code=code)


@router.post("/lessons/{lesson}/together")
async def join(request: Request, viewer: FormViewer, lesson: str, code: Annotated[str, Form()] = "") -> Response:
    """Join who showed a code."""
    shown, engine = await _find(request, viewer, lesson), desk_of(request).engine
    now = datetime.now(UTC)
    try:
        await asyncio.to_thread(joining.join, engine, shown.id, viewer.person.username, code[:40], now)
    except PairError as error:
        return await _render(request, viewer, shown, problem=str(error), typed=code)
    return await _go_back(request, shown)


@router.post("/lessons/{lesson}/together/leave")
async def leave(request: Request, viewer: FormViewer, lesson: str) -> Response:
    """End the viewer's pair."""
    shown = await _find(request, viewer, lesson)
    await asyncio.to_thread(joining.leave, desk_of(request).engine, shown.id, viewer.person.username)
    return await _go_back(request, shown)


async def _find(request: Request, viewer: Viewer, lesson: str) -> BoardLesson:
    """Return a lesson for two that the viewer may do; raise the same for any other."""
    check_can(viewer.event, viewer.person, Action.USE_LEARNING_SERVER, whom=viewer.person.username)
    progress = await desk_of(request).progress(viewer.event)
    found = next((one for one in progress.lessons if one.id == lesson and one.for_two), None)
    if found is None:
        raise NotAllowedError("This event has no such lesson for two. Choose one on the lessons board.")
    return found


async def _go_back(request: Request, lesson: BoardLesson) -> RedirectResponse:
    await desk_of(request).watch.refresh()
    return RedirectResponse(f"{desk_of(request).settings.prefix}lessons/{lesson.id}/together", 303)


async def _render(request: Request, viewer: Viewer, lesson: BoardLesson, **said: str) -> HTMLResponse:
    pairs = await asyncio.to_thread(joining.load_pairs, desk_of(request).engine)
    pair = joining.find_pair(pairs, lesson.id, viewer.person.username)
    other = viewer.event.person_by_name.get(pair.other(viewer.person.username)) if pair else None
    status = 422 if said.get("problem") else 200
    known = {"code": "", "problem": "", "typed": "", **said}
    return render_page(request, viewer, "together.html", status, lesson=lesson, pair=pair, other=other, **known)
