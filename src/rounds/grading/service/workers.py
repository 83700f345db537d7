"""The processes that grade: started once with nbgrader imported, replaced when one of them dies."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from rounds.grading.attempts import Attempt, collect_attempt
from rounds.grading.course import Course
from rounds.grading.grade import get_ready
from rounds.grading.run import release_feedback
from rounds.grading.service.queue import AT_ONCE
from rounds.grading.workers import PRELOAD, Submission, try_to_grade

DIED = "The process that graded this ended before it was done, twice. Tell an organiser; hand in again to retry."


class KeptWorkers:
    """Processes that grade one attempt each at a time; call `grade` from any thread."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._lock = threading.Lock()
        self._pool = _start(course)

    def grade(self, course: Course, attempt: Attempt) -> str:
        """Grade an attempt and release its feedback; return why it could not be, empty when it was."""
        for _ in range(2):
            pool = self._pool
            try:
                return pool.submit(grade_attempt, course, attempt).result()
            except BrokenProcessPool:
                self._replace(pool)
        return DIED

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = _start(self._course)


def grade_attempt(course: Course, attempt: Attempt) -> str:
    """Grade an attempt in this process; return why it could not be graded, empty when it was."""
    collect_attempt(course, attempt)
    hand_in = Submission(attempt.username, attempt.lesson)
    return try_to_grade(course, hand_in) or release_feedback(course, hand_in)


def _start(course: Course) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return ProcessPoolExecutor(AT_ONCE, context, initializer=get_ready, initargs=(course,))
