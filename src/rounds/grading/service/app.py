"""The service's web application: one address that takes one message and answers it.

Who asks is what the hub says of the token; there is no other way in.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import errno
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from rounds.errors import GradingError, UserError
from rounds.grading.attempts import Attempt, find_attempt, find_attempts, record_attempt
from rounds.grading.course import Course
from rounds.grading.feedback import read_feedback
from rounds.grading.judge.verdict import Verdict
from rounds.grading.marks import read_grades
from rounds.grading.released_feedback import find_feedback
from rounds.grading.service.helping import Helping
from rounds.grading.service.identity import Identity
from rounds.grading.service.messages import (
    LARGEST,
    MESSAGES,
    GradingMessage,
    HandInLesson,
    HelpMessage,
    JudgeAnswer,
    ListAttempts,
    ReadFeedback,
)
from rounds.grading.service.queue import GradingQueue, is_graded, refusal_of

log = logging.getLogger(__name__)
Judge = Callable[[Course, str, str, bytes], Verdict]  # the lesson, the exercise or question, the answer as data
FULL = (errno.ENOSPC, errno.EDQUOT)
DISK_FULL = "The disk of this event is full, so nothing was handed in. Your work is where it was. Tell an organiser."
FAULT = "The grading service could not do this: a fault of Rounds. Your work is where it was. Tell an organiser."
NO_PERSON = "The hub does not know this token as a person's."
UNKNOWN = "This is none of the messages that the grading service takes."


@dataclass(frozen=True)
class GradingService:
    """What the service works with; `find_course` returns the course as the event is applied now.

    `partner_of` returns with whom a person does a lesson; empty for who does it alone.
    """

    find_course: Callable[[], Course]
    queue: GradingQueue
    identity: Identity
    judge: Judge
    helping: Helping
    partner_of: Callable[[str, str], str] = lambda username, lesson: ""
    get_ready: Callable[[], None] = lambda: None

    @property
    def course(self) -> Course:
        """The course as the event is applied now."""
        return self.find_course()

    def answer(self, username: str, message: GradingMessage) -> dict[str, Any]:
        """Return the answer to one message of one person; raise `UserError` with the reason when it is refused."""
        if isinstance(message, JudgeAnswer):
            said = self.judge(self.course, message.lesson, message.exercise, _decode(message.value))
            fault, mistake = bool(said.fault), said.mistake
            return {"passed": said.passed, "sentence": said.sentence, "fault": fault, "mistake": mistake}
        if isinstance(message, ReadFeedback):
            return self._read(find_attempt(self.course, username, message.lesson, message.time))
        if isinstance(message, ListAttempts):
            return {"attempts": self._list(username, message.lesson)}
        return self._hand_in(username, message)

    def _hand_in(self, username: str, message: HandInLesson) -> dict[str, Any]:
        files = {name: _decode(content) for name, content in message.files.items()}
        attempt = record_attempt(self.course, username, message.lesson, files)
        partner = self.partner_of(username, message.lesson)
        if partner:  # what one of a pair hands in counts for both
            record_attempt(self.course, partner, message.lesson, files)
        return {"time": attempt.time, "graded": is_graded(self.course, attempt), "partner": partner}

    def grade_newest(self, lesson: str, *usernames: str) -> None:
        """Let the newest attempt of each of these people be graded, where it is not yet."""
        for username in filter(None, usernames):
            newest = list(find_attempts(self.course, username, lesson))[-1]
            if not is_graded(self.course, newest):
                self.queue.add(newest)

    def _read(self, attempt: Attempt) -> dict[str, Any]:
        """Return the pages of feedback on an attempt and, where it is the one that counts, what they say as data."""
        pages = find_feedback(self.course, attempt)
        files = {name: page.read_text(encoding="utf-8") for name, page in pages.items()}
        newest = list(find_attempts(self.course, attempt.username, attempt.lesson))[-1]
        whose = (attempt.lesson, attempt.username)
        if not pages or newest.time != attempt.time or not read_grades(self.course, *whose):
            return {"files": files, "said": None}
        said = read_feedback(self.course, *whose)
        return {"files": files, "said": {**asdict(said), "points": said.points, "most": said.most}}

    def _list(self, username: str, lesson: str) -> list[dict[str, Any]]:
        return [
            {
                "lesson": attempt.lesson,
                "time": attempt.time,
                "notebooks": sorted(path.stem for path in attempt.folder.glob("*.ipynb")),
                "graded": is_graded(self.course, attempt),
                "refused": refusal_of(self.course, attempt),
                "feedback": sorted(find_feedback(self.course, attempt)),
            }
            for attempt in find_attempts(self.course, username, lesson)
        ]


def create_service(service: GradingService) -> FastAPI:
    """Return the application; it grades as long as it lives."""

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        working = [asyncio.create_task(service.queue.work()), asyncio.create_task(asyncio.to_thread(service.get_ready))]
        yield
        for task in working:
            task.cancel()

    app = FastAPI(title="Rounds grading", docs_url=None, redoc_url=None, openapi_url=None, lifespan=live)

    @app.post("/ask")
    async def ask(request: Request) -> JSONResponse:
        username = await service.identity.account(request.headers.get("authorization", ""))
        if not username:
            return JSONResponse({"refused": NO_PERSON}, 403)
        body = await _read(request)
        try:
            message = MESSAGES.validate_json(body)
            if isinstance(message, HelpMessage):  # from a team's room too, which is no person
                return JSONResponse(await asyncio.to_thread(service.helping.answer, username, message))
            if not service.identity.is_person(username):
                return JSONResponse({"refused": NO_PERSON}, 403)
            said = await asyncio.to_thread(service.answer, username, message)
        except ValidationError:
            return JSONResponse({"refused": UNKNOWN}, 422)
        except UserError as error:
            return JSONResponse({"refused": str(error)}, 409)
        except OSError as error:
            log.exception("a message of %s", username)
            return JSONResponse({"refused": DISK_FULL if error.errno in FULL else FAULT}, 507)
        if isinstance(message, HandInLesson):
            service.grade_newest(message.lesson, username, said["partner"])
        return JSONResponse(said)

    return app


async def _read(request: Request) -> bytes:
    """Return a request's body; nothing of one that is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return b""
    return bytes(body)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise GradingError("A part of this message is not base64.") from None
