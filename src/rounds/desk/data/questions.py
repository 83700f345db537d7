"""The questions about columns, and their answers: who reads a challenge's dictionary reads them, clinicians answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rounds.desk.access import NotAllowedError
from rounds.desk.data.datasets import challenges_within
from rounds.desk.data.new_answers import find_new, mark_seen
from rounds.desk.data.question_store import ANSWERED, Asked, find_asked, load_asked, say, share_answers
from rounds.desk.data.wording import LONGEST
from rounds.desk.desk import Desk, desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
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


@router.get("/questions")
async def show_questions(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the questions: to a clinician those that wait first, to a member the new answers, which are then seen."""
    engine, event, person = desk_of(request).engine, viewer.event, viewer.person
    asked = await _load(request, viewer)
    new = await asyncio.to_thread(find_new, engine, event, person, asked)
    page = _render(request, viewer, asked, new)
    if new:
        await asyncio.to_thread(mark_seen, engine, person, asked)
    return page


@router.post("/questions/{number}/answer")
async def answer(request: Request, viewer: FormViewer, number: int, text: Text = "") -> Response:
    """Store an answer, or another wording of it, and share it with both teams."""
    desk, one = desk_of(request), await find_question(request, viewer, number)
    if one.place.challenge not in {c.id for c in challenges_to_answer(viewer.event, viewer.person)}:
        raise NotAllowedError("The clinicians of the challenge answer this question.")
    try:
        await asyncio.to_thread(say, desk.engine, viewer.person, number, ANSWERED, text, datetime.now(UTC))
    except DataError as error:
        asked = await _load(request, viewer)
        return _render(request, viewer, asked, wrong=number, problem=str(error), text=text)
    await share(desk, viewer.event, one.place.dataset)
    return go_to(request, "questions", f"question-{number}")


async def find_question(request: Request, viewer: Viewer, number: int) -> Asked:
    """Return one question; raise the same for one that is not there."""
    one = await asyncio.to_thread(find_asked, desk_of(request).engine, viewer.event, number)
    if one is None:
        raise NotAllowedError("There is no such question for you.")
    return one


async def share(desk: Desk, event: Event, dataset: str) -> None:
    """Bring the answers to the notebooks; the page has them already, so a full disk must not undo an answer."""
    await asyncio.to_thread(_share, desk, event, dataset)


def go_to(request: Request, path: str, place: str) -> RedirectResponse:
    """Return the answer to a form: the page to read now, at a place of it."""
    return RedirectResponse(f"{desk_of(request).settings.prefix}{path}#{place}", 303)


def _share(desk: Desk, event: Event, dataset: str) -> None:
    try:
        with desk.sharing:
            share_answers(desk.engine, event, dataset, desk.settings.folders.data)
    except OSError as error:
        log.error("the answers about %s did not reach the notebooks: %s", dataset, error.strerror)


async def _load(request: Request, viewer: Viewer) -> list[Asked]:
    challenges = challenges_within(viewer.event, viewer.person, Action.READ_DICTIONARY)
    if not challenges:
        raise NotAllowedError("You read the questions about the data of your own team's challenge here.")
    return await asyncio.to_thread(load_asked, desk_of(request).engine, viewer.event, [c.id for c in challenges])


def _render(
    request: Request,
    viewer: Viewer,
    asked: Sequence[Asked],
    new: frozenset[int] = frozenset(),
    **failed: int | str,
) -> HTMLResponse:
    event, person = viewer.event, viewer.person
    answers = {c.id for c in challenges_to_answer(event, person)}
    return render_page(
        request,
        viewer,
        "questions.html",
        422 if failed else 200,
        new=[one for one in asked if one.id in new],
        waiting=[one for one in asked if one.answer is None],
        answered=[one for one in reversed(asked) if one.answer is not None and one.id not in new],
        may_answer={one.id for one in asked if one.place.challenge in answers},
        is_clinician=bool(answers),
        may_ask=bool(challenges_within(event, person, Action.ASK_CLINICIAN)),
        longest=LONGEST,
        **{"wrong": 0, "problem": "", "text": "", **failed},
    )
