"""Processes that grade: each has imported nbgrader, and has a judge of its own that has read the lessons' checks."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait

from rounds.errors import GradingError
from rounds.grading.course import Course
from rounds.grading.grade import get_ready, grade_submission

PRELOAD = ["rounds.grading.workers", "rounds.grading.runner.steps", "nbgrader.apps", "nbgrader.converters.autograde"]


@dataclass(frozen=True)
class Submission:
    """What one person handed in last of one lesson."""

    who: str
    lesson: str


@dataclass(frozen=True)
class Workers:
    """Several processes for one course; with none, the process at hand grades."""

    course: Course
    pool: ProcessPoolExecutor | None = None

    def grade(self, hand_ins: Sequence[Submission]) -> Iterator[tuple[Submission, str]]:
        """Yield each hand-in once it is graded, with the sentence why it could not be, empty when it was."""
        if self.pool is None:
            yield from ((hand_in, try_to_grade(self.course, hand_in)) for hand_in in hand_ins)
            return
        asked = {self.pool.submit(try_to_grade, self.course, hand_in): hand_in for hand_in in hand_ins}
        for done in as_completed(asked):
            yield asked[done], done.result()


@contextmanager
def open_workers(course: Course, count: int) -> Iterator[Workers]:
    """Keep so many processes as long as the block lasts; below two, none."""
    if count < 2:
        yield Workers(course)
        return
    with start_pool(course, count) as pool:
        list(pool.map(time.sleep, [0.2] * count))
        yield Workers(course, pool)


def start_pool(course: Course, count: int) -> ProcessPoolExecutor:
    """Return so many processes that grade one course.

    They are forked from a server process of their own: one of Rounds' may have threads, which no fork survives.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return ProcessPoolExecutor(count, context, initializer=_begin, initargs=(course,))


def _begin(course: Course) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    get_ready(course)


def _end_with_parent() -> None:
    """End this process with the one that started it, however that ends.

    A worker waits for work at a pipe whose other end it holds itself, and so does the process that forks the workers:
    neither sees that nobody is left to write.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def try_to_grade(course: Course, hand_in: Submission) -> str:
    """Grade one hand-in; return the sentence why it could not be, empty when it was."""
    try:
        grade_submission(course, hand_in.lesson, hand_in.who)
    except GradingError as error:
        return str(error)
    return ""
