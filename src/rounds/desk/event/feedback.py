"""What was handed in of a lesson and what came back: within seconds, on the desk, for its learner and the mentors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.access import NotAllowedError
from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer
from rounds.event import Event, Person
from rounds.grading.attempts import Attempt, find_attempts
from rounds.grading.course import Course, course_of
from rounds.grading.feedback import Feedback, read_feedback
from rounds.grading.service.queue import is_graded, refusal_of
from rounds.progress.model import visible_people

router = APIRouter()
NOT_YOURS = "You see your own hand-ins; mentors see those of the people of their teams."


@dataclass(frozen=True)
class HandedIn:
    """One attempt: when, and whether its mark is there; `refused` says why there will be none."""

    at: datetime
    is_graded: bool
    refused: str


@dataclass(frozen=True)
class LessonFeedback:
    """All attempts of one person at one lesson, the newest first, and the feedback on the newest when it is there."""

    person: Person
    lesson: str
    attempts: tuple[HandedIn, ...]
    feedback: Feedback | None

    @property
    def waits(self) -> bool:
        """Whether the newest attempt is being graded."""
        return bool(self.attempts) and not (self.attempts[0].is_graded or self.attempts[0].refused)


def load_feedback(course: Course, lesson: str, person: Person) -> LessonFeedback:
    """Return what one person handed in of a lesson, and what came back."""
    attempts = tuple(reversed(list(find_attempts(course, person.username, lesson))))
    graded = bool(attempts) and is_graded(course, attempts[0])
    feedback = read_feedback(course, lesson, person.username) if graded else None
    return LessonFeedback(person, lesson, tuple(_describe(course, attempt) for attempt in attempts), feedback)


def _describe(course: Course, attempt: Attempt) -> HandedIn:
    return HandedIn(attempt.at, is_graded(course, attempt), refusal_of(course, attempt))


@router.get("/lessons/{lesson}/feedback")
async def show_feedback(request: Request, viewer: CurrentViewer, lesson: str, who: str = "") -> HTMLResponse:
    """Show what a person handed in, the viewer when nobody is named; it renews itself while a mark is awaited."""
    person = _find(viewer.event, viewer.person, who or viewer.person.username)
    progress = await desk_of(request).progress(viewer.event)
    shown = next((item for item in progress.lessons if item.id == lesson), None)
    if shown is None:
        raise NotAllowedError("This event has no such lesson. Choose one on the lessons board.")
    course = course_of(viewer.event, desk_of(request).settings.folders)
    found = await asyncio.to_thread(load_feedback, course, lesson, person)
    template = "feedback_state.html" if request.headers.get("HX-Request") == "true" else "feedback.html"
    return render_page(request, viewer, template, lesson=shown, found=found)


def _find(event: Event, viewer: Person, username: str) -> Person:
    """Return the viewer, or a person whose presses the viewer may see; raise `NotAllowedError` for anybody else."""
    person = next((one for one in (viewer, *visible_people(event, viewer)) if one.username == username), None)
    if person is None:
        raise NotAllowedError(NOT_YOURS)
    return person
