"""Grade what was handed in at once, a few at a time; a newer attempt takes the place of one that still waits.

The queue holds at most one entry a person and lesson.  It is no record: the attempts are, so a service that was killed
finds at its start what is not graded yet.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rounds.grading.attempts import Attempt, find_attempts
from rounds.grading.course import Course
from rounds.grading.released_feedback import find_feedback
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole

AT_ONCE = 2
Key = tuple[str, str]
Grade = Callable[[Attempt], str]  # an empty sentence when it was graded

log = logging.getLogger(__name__)


@dataclass
class GradingQueue:
    """What waits for its mark; `grade` is called in a thread and may take its time.

    `find_course` returns the course as the event is applied now.
    """

    find_course: Callable[[], Course]
    grade: Grade
    _waiting: dict[Key, None] = field(default_factory=dict)  # in order
    _running: set[Key] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, attempt: Attempt) -> None:
        """Let an attempt be graded; again when its person hands in once more meanwhile."""
        self._waiting[attempt.username, attempt.lesson] = None
        self._news.set()

    def __len__(self) -> int:
        """Return how many wait or are being graded."""
        return len(self._waiting) + len(self._running)

    async def work(self) -> None:
        """Grade for ever; begin with what was handed in while no service ran."""
        for attempt in find_ungraded(self.find_course()):
            self.add(attempt)
        async with asyncio.TaskGroup() as workers:
            for _ in range(AT_ONCE):
                workers.create_task(self._work())

    async def _work(self) -> None:
        while True:
            key = next((key for key in self._waiting if key not in self._running), None)
            if key is None:
                self._news.clear()
                await self._news.wait()
                continue
            del self._waiting[key]
            self._running.add(key)
            try:
                await asyncio.to_thread(self._grade, *key)
            finally:
                self._running.discard(key)
                self._news.set()

    def _grade(self, username: str, lesson: str) -> None:
        course = self.find_course()
        newest = list(find_attempts(course, username, lesson))[-1]
        try:
            sentence = self.grade(newest)
        except Exception:
            log.exception("grading %s of %s", lesson, username)
            sentence = f"{lesson} of {username} could not be graded: a fault of Rounds, see the service's log."
        note_refusal(course, newest, sentence)


def find_ungraded(course: Course) -> list[Attempt]:
    """Return the newest attempt of each person and lesson that has no mark yet and was not refused one."""
    newest = {(attempt.username, attempt.lesson): attempt for attempt in find_attempts(course)}
    return [a for a in newest.values() if not is_graded(course, a) and not refusal_of(course, a)]


def is_graded(course: Course, attempt: Attempt) -> bool:
    """Return whether this very attempt has its feedback, which is released last of all."""
    return bool(find_feedback(course, attempt))


def refusal_of(course: Course, attempt: Attempt) -> str:
    """Return why an attempt could not be graded; empty when it could, or waits."""
    try:
        noted = json.loads(_note(course, attempt).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(noted["sentence"]) if noted["time"] == attempt.time else ""


def note_refusal(course: Course, attempt: Attempt, sentence: str) -> None:
    """Remember why an attempt could not be graded; an empty sentence forgets."""
    path = _note(course, attempt)
    if sentence:
        make_folder(path.parent)
        write_whole(path, json.dumps({"time": attempt.time, "sentence": sentence}))
    else:
        path.unlink(missing_ok=True)


def _note(course: Course, attempt: Attempt) -> Path:
    return course.root / "not-gradable" / f"{attempt.username}+{attempt.lesson}.json"
