"""Collect what was handed in and grade what is new: one hand-in's trouble stops no other, nor its feedback."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from rounds.errors import GradingError
from rounds.grading.course import Course
from rounds.grading.grade import grade_submission
from rounds.grading.release import check_success, nbgrader_api

Progress = Callable[[str, int, int], None]
MOST_WORKERS, FEWEST_EACH = 4, 2
PRELOAD = ("rounds.grading.grade", "nbgrader.apps", "rounds.grading.runner.steps", "nbgrader.converters.autograde")


@dataclass(frozen=True)
class HandIn:
    """What one person handed in last of one lesson."""

    who: str
    lesson: str


@dataclass(frozen=True)
class GradingRun:
    """What one run of grading did: pairs of person and lesson, and the sentence for each that failed."""

    graded: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str, str], ...]


def run_grading(course: Course, progress: Progress) -> GradingRun:
    """Collect every lesson, grade what is new, release its feedback; one failure stops no other."""
    api = nbgrader_api(course)
    lessons = sorted(path.name for path in course.outbound.iterdir()) if course.outbound.is_dir() else []
    for lesson in lessons:
        progress(f"collect {lesson}", 0, 0)
        check_success(api.collect(lesson), f"Collecting {lesson}")
    waiting = [HandIn(who, lesson) for lesson in lessons for who in _waiting(course, lesson)]
    return grade_all(course, waiting, progress)


def grade_all(course: Course, hand_ins: Sequence[HandIn], progress: Progress, workers: int | None = None) -> GradingRun:
    """Grade these hand-ins, several at once where there are many, and release the feedback of each that was graded."""
    graded: list[tuple[str, str]] = []
    failed: list[tuple[str, str, str]] = []
    for number, (hand_in, said) in enumerate(_grade(course, hand_ins, workers), 1):
        said = said or release_feedback(course, hand_in)
        if said:
            failed.append((hand_in.who, hand_in.lesson, said))
        else:
            graded.append((hand_in.who, hand_in.lesson))
        progress(f"{hand_in.lesson} of {hand_in.who}", number, len(hand_ins))
    return GradingRun(tuple(sorted(graded)), tuple(sorted(failed)))


def _grade(course: Course, hand_ins: Sequence[HandIn], workers: int | None) -> Iterator[tuple[HandIn, str]]:
    """Yield each hand-in with the sentence why it could not be graded, empty when it was."""
    count = workers or min(os.cpu_count() or 1, MOST_WORKERS, len(hand_ins) // FEWEST_EACH)
    if count < 2:
        yield from ((hand_in, try_to_grade(course, hand_in)) for hand_in in hand_ins)
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOAD))
    with ProcessPoolExecutor(count, context) as pool:
        asked = {pool.submit(try_to_grade, course, hand_in): hand_in for hand_in in hand_ins}
        for done in as_completed(asked):
            yield asked[done], done.result()


def try_to_grade(course: Course, hand_in: HandIn) -> str:
    """Grade one hand-in; return the sentence why it could not be, empty when it was."""
    try:
        grade_submission(course, hand_in.lesson, hand_in.who)
    except GradingError as error:
        return str(error)
    return ""


def release_feedback(course: Course, hand_in: HandIn) -> str:
    """Release the feedback of one hand-in; return the sentence why it could not be, empty when it was."""
    try:
        released = nbgrader_api(course).release_feedback(hand_in.lesson, hand_in.who)
        check_success(released, f"Releasing the feedback on {hand_in.lesson} of {hand_in.who}")
    except GradingError as error:
        return str(error)
    return ""


def _waiting(course: Course, lesson: str) -> list[str]:
    """Return who has handed in a lesson that is newer than what was graded, or only half of one."""
    handed_in = sorted((course.root / "submitted").glob(f"*/{lesson}"))
    stamps = [(path.parent.name, _stamp(path), _stamp(_given_back(course, path))) for path in handed_in]
    return [who for who, came, graded in stamps if came is None or came != graded]


def _given_back(course: Course, submitted: Path) -> Path:
    """Return where the feedback on a hand-in lies; it is what is written last."""
    return course.root / "feedback" / submitted.parent.name / submitted.name


def _stamp(folder: Path) -> str | None:
    file = folder / "timestamp.txt"
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None
