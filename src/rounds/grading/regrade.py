"""Grade again what was graded before: after a mended check, and say whose marks moved.

What a mentor wrote stays: a mark by hand goes on counting, and nbgrader asks to look at it again; comments are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rounds.errors import GradingError, suggest
from rounds.grading.course import Course
from rounds.grading.marks import read_grades
from rounds.grading.run import Progress, count_workers, grade_all
from rounds.grading.workers import Submission, open_workers


@dataclass(frozen=True)
class Moved:
    """One mark that is another than before."""

    who: str
    cell: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Regrading:
    """What came of grading a lesson again."""

    graded: int
    moved: tuple[Moved, ...]
    failed: tuple[tuple[str, str, str], ...]


def regrade(course: Course, lesson: str, progress: Progress) -> Regrading:
    """Grade every stored hand-in of a lesson again.

    Raises
    ------
    GradingError
        When nobody has handed in such a lesson.
    """
    stored = sorted((course.root / "submitted").glob(f"*/{lesson}"))
    if not stored:
        known = {path.name for path in (course.root / "submitted").glob("*/*")}
        raise GradingError(f'Nobody has handed in "{lesson}".{suggest(lesson, known)}')
    before = _marks(course, lesson)
    hand_ins = [Submission(path.parent.name, lesson) for path in stored]
    with open_workers(course, count_workers(len(hand_ins))) as workers:
        done = grade_all(workers, hand_ins, progress)
    return Regrading(len(done.graded), _find_moved(before, _marks(course, lesson)), done.failed)


def _marks(course: Course, lesson: str) -> Mapping[tuple[str, str], float | None]:
    return {(grade.username, grade.cell): grade.points for grade in read_grades(course, lesson)}


def _find_moved(
    before: Mapping[tuple[str, str], float | None], after: Mapping[tuple[str, str], float | None]
) -> tuple[Moved, ...]:
    return tuple(
        Moved(who, cell, before.get((who, cell)), points)
        for (who, cell), points in after.items()
        if before.get((who, cell)) != points
    )
