"""The pages of a person's path: ten questions, the path that they suggest, and the other track for who wants it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rounds.desk.access import check_can
from rounds.desk.desk import desk_of
from rounds.desk.learning.own_path import load_path, name_parts, path_lessons
from rounds.desk.learning.own_tests import OwnTests, load_own_tests
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.instrument.answered import choose_track, save_answers
from rounds.instrument.occasions import Occasion
from rounds.instrument.placement import Item, Track, load_items
from rounds.roles import Action

router = APIRouter()
PAGE = "lessons/path"
TRACKS = {
    Track.CLINICIANS: "machine learning, for people from medicine and biology",
    Track.ENGINEERS: "the clinic, for people from engineering",
}
NO_PATH = "Only participants have a path. All lessons are on the board."


@router.get(f"/{PAGE}")
async def show_path(request: Request, viewer: CurrentViewer) -> Response:
    """Show the viewer's path; the ten questions to whoever has none yet."""
    _check(viewer)
    desk = desk_of(request)
    own = await load_path(desk, viewer.event, viewer.person, await desk.progress(viewer.event))
    if own is None:
        return RedirectResponse(f"{desk.settings.prefix}{PAGE}/questions", 303)
    lessons = {lesson.id: lesson for lesson in path_lessons(own.progress.lessons)}
    tests = await load_own_tests(desk, viewer.event, viewer.person, own.progress)
    other = next(track for track in Track if track is not own.placement.track)
    known: dict[str, Any] = {"items": load_items(), "lessons": lessons, "tracks": TRACKS, "other": other}
    names = name_parts(viewer.event, datetime.now(UTC))
    return render_page(request, viewer, "path.html", own=own, told=not _waits(tests), names=names, **known)


@router.get(f"/{PAGE}/questions")
async def show_questions(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the ten questions; what was answered before is not filled in."""
    _check(viewer)
    return render_page(request, viewer, "placement.html", items=load_items())


@router.post(f"/{PAGE}")
async def answer(request: Request, viewer: FormViewer) -> Response:
    """Keep the answers, and show the path."""
    _check(viewer)
    form = await request.form()
    answers = {item.lesson: _chosen(item, str(form.get(item.lesson, ""))) for item in load_items()}
    now = datetime.now(UTC)
    await asyncio.to_thread(save_answers, desk_of(request).engine, viewer.person.username, answers, now)
    return _to_path(request)


@router.post(f"/{PAGE}/track")
async def change_track(request: Request, viewer: FormViewer, track: Annotated[Track, Form()]) -> Response:
    """Keep the track that the viewer chose by hand."""
    _check(viewer)
    await asyncio.to_thread(choose_track, desk_of(request).engine, viewer.person.username, track)
    return _to_path(request)


def _waits(tests: OwnTests | None) -> bool:
    """Return whether the first test is still to come: some of its questions are near to the ten of the path.

    Until it is handed in or declined, nobody is told which of the ten were answered rightly.
    """
    return tests is not None and tests.asks and tests.open_now is Occasion.BEFORE


def _check(viewer: Viewer) -> None:
    check_can(viewer.event, viewer.person, Action.FIND_OWN_PATH, "", NO_PATH, whom=viewer.person.username)


def _chosen(item: Item, number: str) -> int | None:
    """Return the number of an option; None for "not sure yet", and for what is no option."""
    return int(number) if number in map(str, range(len(item.options))) else None


def _to_path(request: Request) -> RedirectResponse:
    return RedirectResponse(f"{desk_of(request).settings.prefix}{PAGE}", 303)
