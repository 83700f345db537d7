"""Ask about a column, and answer: a participant asks the challenge's clinicians, both teams read the answer."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine

from rounds.data.entry import Entry, build_entries
from rounds.desk.access import NotAllowedError, is_allowed
from rounds.desk.asked import ANSWERED, ASKED, Asked, Place, ask, find_asked, load_asked, say, share_answers
from rounds.desk.datasets import KnownDataset, challenges_within, open_known, reaches
from rounds.desk.desk import Desk, desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.desk.wording import LONGEST
from rounds.errors import DataError
from rounds.event import Challenge, Event, Person
from rounds.event.model import Background
from rounds.roles import Action

router = APIRouter()
log = logging.getLogger("rounds.desk")
Text = Annotated[str, Form()]


def challenges_to_answer(event: Event, person: Person) -> tuple[Challenge, ...]:
    """Return the challenges whose questions wait for this person: a clinician who is attached to a team of it."""
    if person.background is not Background.CLINICIAN:
        return ()
    return challenges_within(event, person, Action.ANSWER_QUESTION)


def may_reword(event: Event, person: Person, one: Asked) -> bool:
    """Return whether a person may change the wording of a question: the team that asked it."""
    return is_allowed(event, person, Action.ASK_CLINICIAN, one.team)


@router.get("/data/{dataset}/ask")
async def show_column(
    request: Request, viewer: CurrentViewer, dataset: str, table: str = "", column: str = "", again: int = 0
) -> HTMLResponse:
    """Show one column with what was asked about it, and a form to ask."""
    found, entry = await _open_column(request, viewer, dataset, table, column)
    return await _render_column(request, viewer, found, entry, again=again)


@router.post("/data/{dataset}/ask")
async def ask_about_column(
    request: Request, viewer: FormViewer, dataset: str, table: Text, column: Text, text: Text = ""
) -> Response:
    """Store a question; one that was asked before is shown in its place."""
    found, entry = await _open_column(request, viewer, dataset, table, column)
    event, person, engine = viewer.event, viewer.person, desk_of(request).engine
    asked_for = [c for c in found.challenges if reaches(event, person, Action.ASK_CLINICIAN, c)]
    if not asked_for:
        raise NotAllowedError("You may ask about the columns of your own team's challenge.")
    place = Place(asked_for[0].id, found.name, table, column)
    try:
        number, is_new = await asyncio.to_thread(ask, engine, person, place, text, datetime.now(UTC))
    except DataError as error:
        return await _render_column(request, viewer, found, entry, problem=str(error), text=text)
    again = {} if is_new else {"again": number}
    return _to(request, _address(dataset, table, column, **again), f"question-{number}")


@router.get("/questions")
async def show_questions(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show a clinician the questions of the challenge: those that wait first."""
    return await _render_questions(request, viewer)


@router.post("/questions/{number}/answer")
async def answer(request: Request, viewer: FormViewer, number: int, text: Text = "") -> Response:
    """Store an answer, or another wording of it, and share it with both teams."""
    desk, one = desk_of(request), await _find(request, viewer, number)
    if one.place.challenge not in {c.id for c in challenges_to_answer(viewer.event, viewer.person)}:
        raise NotAllowedError("The clinicians of the challenge answer this question.")
    try:
        await asyncio.to_thread(say, desk.engine, viewer.person, number, ANSWERED, text, datetime.now(UTC))
    except DataError as error:
        return await _render_questions(request, viewer, number, str(error), text)
    await asyncio.to_thread(_share, desk, desk.engine, viewer.event, one.place.dataset)
    return _to(request, "questions", f"question-{number}")


@router.post("/questions/{number}/question")
async def reword(request: Request, viewer: FormViewer, number: int, text: Text = "") -> Response:
    """Store another wording of a question of the viewer's own team."""
    desk, one = desk_of(request), await _find(request, viewer, number)
    if not may_reword(viewer.event, viewer.person, one):
        raise NotAllowedError("The team that asked this question may change its words.")
    place = one.place
    try:
        await asyncio.to_thread(say, desk.engine, viewer.person, number, ASKED, text, datetime.now(UTC))
    except DataError as error:
        found, entry = await _open_column(request, viewer, place.dataset, place.table, place.column)
        return await _render_column(request, viewer, found, entry, problem=str(error))
    await asyncio.to_thread(_share, desk, desk.engine, viewer.event, place.dataset)
    return _to(request, _address(place.dataset, place.table, place.column), f"question-{number}")


def _share(desk: Desk, engine: Engine, event: Event, dataset: str) -> None:
    """Bring the answers to the notebooks; the page has them already, so a full disk must not undo an answer."""
    try:
        with desk.sharing:
            share_answers(engine, event, dataset, desk.settings.folders.data)
    except OSError as error:
        log.error("the answers about %s did not reach the notebooks: %s", dataset, error.strerror)


async def _open_column(
    request: Request, viewer: Viewer, dataset: str, table: str, column: str
) -> tuple[KnownDataset, Entry]:
    folders = desk_of(request).settings.folders
    found = await asyncio.to_thread(open_known, viewer.event, viewer.person, folders, dataset)
    entries = build_entries(found.package, found.prediction_time)
    entry = next((e for e in entries if (e.table, e.name) == (table, column)), None)
    if entry is None:
        raise NotAllowedError("There is no column of this name for you.")
    return found, entry


async def _find(request: Request, viewer: Viewer, number: int) -> Asked:
    one = await asyncio.to_thread(find_asked, desk_of(request).engine, viewer.event, number)
    if one is None:
        raise NotAllowedError("There is no such question for you.")
    return one


async def _render_column(
    request: Request,
    viewer: Viewer,
    found: KnownDataset,
    entry: Entry,
    *,
    again: int = 0,
    problem: str = "",
    text: str = "",
) -> HTMLResponse:
    event, person, challenges = viewer.event, viewer.person, found.challenges
    every = await asyncio.to_thread(load_asked, desk_of(request).engine, event, [c.id for c in challenges], found.name)
    here = [one for one in every if (one.table, one.column) == (entry.table, entry.name)]
    return render_page(
        request,
        viewer,
        "column.html",
        422 if problem else 200,
        dataset=found,
        entry=entry,
        asked=here,
        again=again,
        problem=problem,
        text=text,
        longest=LONGEST,
        may_ask=any(reaches(event, person, Action.ASK_CLINICIAN, c) for c in challenges),
        may_reword={one.id for one in here if may_reword(event, person, one)},
    )


async def _render_questions(
    request: Request, viewer: Viewer, wrong: int = 0, problem: str = "", text: str = ""
) -> HTMLResponse:
    challenges = challenges_to_answer(viewer.event, viewer.person)
    if not challenges:
        raise NotAllowedError("Questions about columns wait for the clinicians who are attached to a team.")
    engine, ids = desk_of(request).engine, [c.id for c in challenges]
    every = await asyncio.to_thread(load_asked, engine, viewer.event, ids)
    return render_page(
        request,
        viewer,
        "questions.html",
        422 if problem else 200,
        waiting=[one for one in every if one.answer is None],
        answered=[one for one in reversed(every) if one.answer is not None],
        challenges=challenges,
        wrong=wrong,
        problem=problem,
        text=text,
        longest=LONGEST,
    )


def _address(dataset: str, table: str, column: str, **more: int) -> str:
    return f"data/{dataset}/ask?{urlencode({'table': table, 'column': column, **more})}"


def _to(request: Request, path: str, place: str) -> RedirectResponse:
    return RedirectResponse(f"{desk_of(request).settings.prefix}{path}#{place}", 303)
