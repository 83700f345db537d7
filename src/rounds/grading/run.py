"""Collect what was handed in and autograde it, with nbgrader's own grading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rounds.errors import GradingError
from rounds.grading.course import Course
from rounds.grading.release import check_success, nbgrader_api

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class GradingRun:
    """What one run of grading did: pairs of person and lesson, and the sentence for each that failed."""

    graded: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str, str], ...]


def run_grading(course: Course, progress: Progress) -> GradingRun:
    """Collect every lesson, autograde what is new, make its feedback; one failure stops no other."""
    api = nbgrader_api(course)
    lessons = sorted(path.name for path in course.outbound.iterdir()) if course.outbound.is_dir() else []
    for lesson in lessons:
        progress(f"collect {lesson}", 0, 0)
        check_success(api.collect(lesson), f"Collecting {lesson}")
    waiting = [(who, lesson) for lesson in lessons for who in _waiting(course, lesson)]
    graded: list[tuple[str, str]] = []
    failed: list[tuple[str, str, str]] = []
    for number, (who, lesson) in enumerate(waiting, 1):
        progress(f"{lesson} of {who}", number - 1, len(waiting))
        try:
            _check_whole(course, lesson, who)
            check_success(api.autograde(lesson, who), f"Autograding {lesson} of {who}")
            check_success(api.generate_feedback(lesson, who), f"Feedback on {lesson} of {who}")
            graded.append((who, lesson))
        except GradingError as error:
            failed.append((who, lesson, str(error)))
        progress(f"{lesson} of {who}", number, len(waiting))
    for lesson in sorted({lesson for _, lesson in graded}):
        check_success(api.release_feedback(lesson), f"Releasing feedback on {lesson}")
    return GradingRun(tuple(graded), tuple(failed))


def _waiting(course: Course, lesson: str) -> list[str]:
    """Return who has handed in a lesson that is newer than what was graded, or only half of one."""
    handed_in = sorted((course.root / "submitted").glob(f"*/{lesson}"))
    stamps = [(path.parent.name, _stamp(path), _stamp(_autograded(course, path))) for path in handed_in]
    return [who for who, came, graded in stamps if came is None or came != graded]


def _check_whole(course: Course, lesson: str, who: str) -> None:
    """Raise `GradingError` for a hand-in that broke off: nbgrader writes its time last, when all files are there."""
    submitted = course.root / "submitted" / who / lesson
    if _stamp(submitted) is None:
        raise GradingError(
            f"The hand-in of {lesson} by {who} is not whole: {submitted / 'timestamp.txt'} is missing. It stays not "
            "graded; ask for it to be handed in again."
        )


def _autograded(course: Course, submitted: Path) -> Path:
    return course.root / "autograded" / submitted.parent.name / submitted.name


def _stamp(folder: Path) -> str | None:
    file = folder / "timestamp.txt"
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None
