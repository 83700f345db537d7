"""The pages of help: a learner asks and reads the answer, a mentor takes, answers and closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine

from rounds.desk.access import NotAllowedError, check_can
from rounds.desk.desk import desk_of
from rounds.desk.help.shown import HelpView, ShownRequest, find_waiting, load_shown, name_of
from rounds.desk.pages import may_at_all, render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.errors import HelpError
from rounds.event import Person
from rounds.help import queue
from rounds.help.requests import LONGEST_ANSWER, LONGEST_WORDS, HelpRequest, Wish, asker_of
from rounds.roles import Action

router = APIRouter()
Text = Annotated[str, Form()]
HelpAct = Callable[[Engine, Person, HelpRequest, datetime], None]
ONLY_LEARNERS = "Participants ask for help here, and mentors answer."
NOT_YOURS = "There is no such request for you."
KEPT = 20  # of those that are answered or closed, the newest


@router.get("/help")
async def show_help(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show who waits for the viewer, the own requests, and the form to ask with."""
    return await _render_help(request, viewer)


@router.post("/help")
async def ask(request: Request, viewer: FormViewer, words: Text = "", about: Text = "") -> Response:
    """Put the viewer's request into the queue."""
    check_can(viewer.event, viewer.person, Action.ASK_FOR_HELP, sentence=ONLY_LEARNERS, whom=viewer.person.username)
    lesson, _, exercise = about.partition("/")
    try:
        wish, asker = Wish(words, lesson, exercise), asker_of(viewer.person)
        if about not in dict(_topics(await _view(request, viewer))):
            raise HelpError("Choose from the list what you want to know about.")
        number = await asyncio.to_thread(queue.ask, desk_of(request).engine, asker, wish, datetime.now(UTC))
    except HelpError as error:
        return await _render_help(request, viewer, 422, problem=str(error), words=words, about=about)
    await desk_of(request).watch.refresh()
    return _go_to(request, f"help/{number}")


@router.get("/help/{number}")
async def show_request(request: Request, viewer: CurrentViewer, number: int) -> HTMLResponse:
    """Show one request with its answers."""
    return _render_request(request, viewer, await _find(request, viewer, number))


@router.post("/help/{number}/claim")
async def claim(request: Request, viewer: FormViewer, number: int) -> Response:
    """Say that the viewer takes the request."""
    shown = await _find_to_answer(request, viewer, number)
    return await _do(request, viewer, shown, queue.claim)


@router.post("/help/{number}/answer")
async def answer(request: Request, viewer: FormViewer, number: int, text: Text = "") -> Response:
    """Add an answer."""
    shown = await _find_to_answer(request, viewer, number)

    def add(engine: Engine, person: Person, asked: HelpRequest, now: datetime) -> None:
        queue.answer(engine, person, asked, text, now)

    return await _do(request, viewer, shown, add, text)


@router.post("/help/{number}/close")
async def close(request: Request, viewer: FormViewer, number: int) -> Response:
    """Close the request."""
    shown = await _find(request, viewer, number)
    if not (shown.is_own or shown.may_answer):
        raise NotAllowedError(NOT_YOURS)
    return await _do(request, viewer, shown, queue.close)


async def _do(request: Request, viewer: Viewer, shown: ShownRequest, act: HelpAct, text: str = "") -> Response:
    """Do one act and show the request; a refusal is said on its page, and what was typed stays there."""
    engine = desk_of(request).engine
    try:
        await asyncio.to_thread(act, engine, viewer.person, shown.request, datetime.now(UTC))
    except HelpError as error:
        again = await _find(request, viewer, shown.request.id)
        return _render_request(request, viewer, again, problem=str(error), text=text)
    await desk_of(request).watch.refresh()
    return _go_to(request, f"help/{shown.request.id}")


async def _find(request: Request, viewer: Viewer, number: int) -> ShownRequest:
    """Return a request that the viewer may see; raise the same for one that is not there."""
    found = await asyncio.to_thread(queue.find_request, desk_of(request).engine, number)
    shown = (await _view(request, viewer)).show(found) if found else None
    if shown is None:
        raise NotAllowedError(NOT_YOURS)
    return shown


async def _find_to_answer(request: Request, viewer: Viewer, number: int) -> ShownRequest:
    shown = await _find(request, viewer, number)
    if not shown.may_answer:
        raise NotAllowedError("The mentors of the team and the organisers answer this.")
    return shown


async def _view(request: Request, viewer: Viewer) -> HelpView:
    progress = await desk_of(request).progress(viewer.event)
    return HelpView(viewer.event, viewer.person, progress.lessons, datetime.now(UTC))


def _topics(view: HelpView) -> list[tuple[str, str]]:
    """Return what can be asked about, as the form sends it and as people read it: exercises, and the team's work."""
    lessons = [
        (f"{lesson.id}/{exercise}", f"{lesson.title}{title}")
        for lesson in view.lessons
        for exercise, title in [("", ""), *((one.id, f": {one.title}") for one in lesson.exercises)]
    ]
    return [*lessons, ("/", "my team’s own work, or something else")]


def _go_to(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(f"{desk_of(request).settings.prefix}{path}", 303)


async def _render_help(request: Request, viewer: Viewer, status: int = 200, **typed: str) -> HTMLResponse:
    view = await _view(request, viewer)
    if not any(may_at_all(viewer, action) for action in (Action.ASK_FOR_HELP, Action.SEE_HELP)):
        raise NotAllowedError(ONLY_LEARNERS)
    shown = await load_shown(desk_of(request), view)
    waiting = find_waiting(shown)
    rest = [one for one in reversed(shown) if one not in waiting]
    return render_page(
        request,
        viewer,
        "help.html",
        status,
        waiting=waiting,
        own=[one for one in rest if one.is_own],
        others=[one for one in rest if not one.is_own][:KEPT],
        may_ask=may_at_all(viewer, Action.ASK_FOR_HELP),
        may_answer=may_at_all(viewer, Action.GIVE_HELP),
        topics=_topics(view),
        longest=LONGEST_WORDS,
        **{"problem": "", "words": "", "about": request.query_params.get("about", ""), **typed},
    )


def _render_request(
    request: Request, viewer: Viewer, shown: ShownRequest, problem: str = "", text: str = ""
) -> HTMLResponse:
    return render_page(
        request,
        viewer,
        "help_request.html",
        422 if problem else 200,
        one=shown,
        problem=problem,
        text=text,
        longest=LONGEST_ANSWER,
        by_name={answer.by: name_of(viewer.event, answer.by) for answer in shown.request.answers},
    )
