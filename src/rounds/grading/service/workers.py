"""The processes that grade: started once with nbgrader imported, replaced when one of them dies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from rounds.grading.attempts import Attempt, collect_attempt
from rounds.grading.course import Course
from rounds.grading.run import release_feedback
from rounds.grading.service.queue import AT_ONCE
from rounds.grading.workers import Submission, start_pool, try_to_grade

DIED = "The process that graded this ended before it was done, twice. Tell an organiser; hand in again to retry."


class KeptWorkers:
    """Processes that grade one attempt each at a time; call `grade` from any thread."""

    def __init__(self, find_course: Callable[[], Course]) -> None:
        self._find_course = find_course
        self._lock = threading.Lock()
        self._pool = start_pool(find_course(), AT_ONCE)

    def grade(self, attempt: Attempt) -> str:
        """Grade an attempt and release its feedback; return why it could not be, empty when it was."""
        for _ in range(2):
            pool = self._pool
            try:
                return pool.submit(grade_attempt, self._find_course(), attempt).result()
            except BrokenProcessPool:
                self._replace(pool)
        return DIED

    def get_ready(self) -> None:
        """Start the processes: they import nbgrader and read the checks before the first hand-in comes."""
        list(self._pool.map(time.sleep, [0.2] * AT_ONCE))

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = start_pool(self._find_course(), AT_ONCE)


def grade_attempt(course: Course, attempt: Attempt) -> str:
    """Grade an attempt in this process; return why it could not be graded, empty when it was."""
    collect_attempt(course, attempt)
    hand_in = Submission(attempt.username, attempt.lesson)
    return try_to_grade(course, hand_in) or release_feedback(course, hand_in)
