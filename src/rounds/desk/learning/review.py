"""Two questions about earlier lessons, now and then: answered in half a minute, and told at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rounds.desk.access import check_can, is_allowed
from rounds.desk.desk import Desk, desk_of
from rounds.desk.learning.own_path import path_lessons
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.event import Event, Person
from rounds.instrument.reviewed import load_reviewed, save_reviewed
from rounds.instrument.reviews import Review, Reviewed, find_due, next_review
from rounds.progress.model import EventMarks
from rounds.roles import Action

router = APIRouter()
PAGE = "lessons/reviews"


@dataclass(frozen=True)
class Told:
    """One answered question: the number of the option chosen (None: not sure), and whether it was right."""

    review: Review
    chosen: int | None
    right: bool


@router.get(f"/{PAGE}")
async def show_reviews(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show what is due."""
    _check(viewer)
    desk = desk_of(request)
    progress = await desk.progress(viewer.event)
    return _render(request, viewer, progress, await load_due(desk, viewer.event, viewer.person, progress), ())


@router.post(f"/{PAGE}")
async def answer(request: Request, viewer: FormViewer) -> Response:
    """Keep the answers to what is due, and tell at once; a form that was sent before changes nothing."""
    _check(viewer)
    desk, form = desk_of(request), dict(await request.form())
    progress = await desk.progress(viewer.event)
    due = await load_due(desk, viewer.event, viewer.person, progress)
    told = [_tell(one, str(form.get(f"{one.item.lesson}-{one.seed}", ""))) for one in due]
    now = datetime.now(UTC)
    kept = [Reviewed(one.review.item.lesson, one.review.seed, one.right, now) for one in told]
    if not kept or not await asyncio.to_thread(save_reviewed, desk.engine, viewer.person.username, kept):
        return RedirectResponse(f"{desk.settings.prefix}{PAGE}", 303)
    return _render(request, viewer, progress, [], told)


async def load_due(desk: Desk, event: Event, person: Person, progress: EventMarks) -> list[Review]:
    """Return the questions that are due for somebody; none for who has no reviews."""
    passed = find_passed(progress, person.username)
    if not passed or not is_allowed(event, person, Action.FIND_OWN_PATH, whom=person.username):
        return []
    answered = await asyncio.to_thread(load_reviewed, desk.engine, person.username)
    due = find_due(passed, answered, datetime.now(UTC))
    return [next_review(person.username, lesson, answered) for lesson in due]


def find_passed(progress: EventMarks, username: str) -> dict[str, datetime]:
    """Return when somebody last passed an exercise of each lesson, by the lesson's id."""
    moments = {
        lesson.partition("-")[0]: [mark.work.passed_at for mark in marks.values() if mark.work.passed_at]
        for lesson, marks in progress.marks.get(username, {}).items()
    }
    return {lesson: max(found) for lesson, found in moments.items() if found}


def _tell(review: Review, number: str) -> Told:
    options = review.item.options
    chosen = int(number) if number in map(str, range(len(options))) else None
    return Told(review, chosen, chosen is not None and options[chosen] == review.item.right)


def _render(
    request: Request, viewer: Viewer, progress: EventMarks, due: Sequence[Review], told: Sequence[Told]
) -> HTMLResponse:
    lessons = {lesson.id: lesson for lesson in path_lessons(progress.lessons)}
    return render_page(request, viewer, "reviews.html", due=due, told=told, lessons=lessons)


def _check(viewer: Viewer) -> None:
    sentence = "Only participants are asked about earlier lessons."
    check_can(viewer.event, viewer.person, Action.FIND_OWN_PATH, "", sentence, whom=viewer.person.username)
