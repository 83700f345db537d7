"""Grade one hand-in: repaired, run, judged, its marks in nbgrader's gradebook, its feedback where nbgrader's lies.

Doing it again gives the same; a lock keeps two workers from one hand-in.  nbgrader changes the folder that a process
works in, so a process grades one hand-in at a time: workers are processes.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rounds.errors import GradingError
from rounds.grading.course import Course
from rounds.grading.feedback import write_feedback
from rounds.grading.gradebook import one_engine
from rounds.grading.judge.bench import borrow
from rounds.grading.release import check_success, nbgrader_api
from rounds.grading.verdicts import Findings, read_findings
from rounds.store.folders import make_folder

_one_at_a_time = threading.Lock()
_apis: dict[tuple[int, Course], Any] = {}


def grade_submission(course: Course, lesson: str, who: str) -> Findings:
    """Grade what a person handed in last of a lesson; return what was found.

    Raises
    ------
    GradingError
        When it is no whole hand-in, or nbgrader cannot read it; nobody else's is touched by that.
    """
    submitted = course.root / "submitted" / who / lesson
    check_whole(submitted)
    with _one_at_a_time, _alone(course, lesson, who):
        drop_links(submitted)
        with one_engine():
            check_success(kept_api(course).autograde(lesson, who), f"Grading {lesson} of {who}")
        write_feedback(course, lesson, who)
    return read_findings(course, lesson, who)


def get_ready(course: Course) -> None:
    """Import nbgrader and let a judge read the checks of every released lesson, before the first hand-in comes."""
    kept_api(course)
    with borrow(course) as judge:
        judge.read_ahead()


def check_whole(submitted: Path) -> None:
    """Raise `GradingError` for a hand-in that broke off: nbgrader writes its time last, when all files are there."""
    if not (submitted / "timestamp.txt").is_file():
        raise GradingError(
            f"The hand-in of {submitted.name} by {submitted.parent.name} is not whole: "
            f"{submitted / 'timestamp.txt'} is missing. It stays not graded; ask for it to be handed in again."
        )


def drop_links(folder: Path) -> None:
    """Remove the links in a hand-in: nbgrader would copy what they point at."""
    for path in folder.rglob("*"):
        if path.is_symlink():
            path.unlink()


def kept_api(course: Course) -> Any:
    """Return nbgrader's interface of this process; it takes 20 ms to make."""
    key = (os.getpid(), course)
    if key not in _apis:
        _apis[key] = nbgrader_api(course)
    return _apis[key]


@contextmanager
def _alone(course: Course, lesson: str, who: str) -> Iterator[None]:
    folder = make_folder(course.root / "locks")
    with (folder / f"{lesson}+{who}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
