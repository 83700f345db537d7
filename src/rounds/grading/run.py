"""Collect what was handed in and grade what is new: one hand-in's trouble stops no other, nor its feedback."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rounds.errors import GradingError
from rounds.grading.course import Course
from rounds.grading.grade import kept_api
from rounds.grading.release import check_success, nbgrader_api
from rounds.grading.workers import Submission, Workers, open_workers
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole

Progress = Callable[[str, int, int], None]
MOST_WORKERS, FEWEST_EACH = 4, 4


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
    waiting = [Submission(who, lesson) for lesson in lessons for who in _waiting(course, lesson)]
    with open_workers(course, count_workers(len(waiting))) as workers:
        return grade_all(workers, waiting, progress)


def grade_all(workers: Workers, hand_ins: Sequence[Submission], progress: Progress) -> GradingRun:
    """Grade these hand-ins and release the feedback of each that was graded."""
    graded: list[tuple[str, str]] = []
    failed: list[tuple[str, str, str]] = []
    for number, (hand_in, said) in enumerate(workers.grade(hand_ins), 1):
        said = said or release_feedback(workers.course, hand_in)
        if said:
            failed.append((hand_in.who, hand_in.lesson, said))
        else:
            graded.append((hand_in.who, hand_in.lesson))
        progress(f"{hand_in.lesson} of {hand_in.who}", number, len(hand_ins))
    return GradingRun(tuple(sorted(graded)), tuple(sorted(failed)))


def count_workers(hand_ins: int) -> int:
    """Return how many processes are worth their start for so many hand-ins."""
    return min(os.cpu_count() or 1, MOST_WORKERS, hand_ins // FEWEST_EACH)


def release_feedback(course: Course, hand_in: Submission) -> str:
    """Release the feedback of one hand-in; return the sentence why it could not be, empty when it was."""
    try:
        released = kept_api(course).release_feedback(hand_in.lesson, hand_in.who)
        check_success(released, f"Releasing the feedback on {hand_in.lesson} of {hand_in.who}")
    except GradingError as error:
        return str(error)
    note = _given_back(course, hand_in)
    make_folder(note.parent)
    write_whole(note, _stamp(course.root / "submitted" / hand_in.who / hand_in.lesson) or "")
    return ""


def _waiting(course: Course, lesson: str) -> list[str]:
    """Return who has handed in a lesson that is newer than what was given back, or only half of one."""
    waiting = []
    for path in sorted((course.root / "submitted").glob(f"*/{lesson}")):
        came, note = _stamp(path), _given_back(course, Submission(path.parent.name, lesson))
        if came is None or not note.is_file() or note.read_text(encoding="utf-8") != came:
            waiting.append(path.parent.name)
    return waiting


def _given_back(course: Course, hand_in: Submission) -> Path:
    """Return the note of which hand-in's feedback was released last; what failed has none, and is tried again."""
    return course.root / "given-back" / hand_in.lesson / f"{hand_in.who}.txt"


def _stamp(folder: Path) -> str | None:
    file = folder / "timestamp.txt"
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None
