"""The board's figures: presses, minutes, who is stuck; by person, exercise, lesson and team.

Nobody is ranked: no line is sorted by a figure, and a learner gets the own one only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from rounds.event import Event, Person, Team
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark


@dataclass(frozen=True)
class Figures:
    """Figures of some marks.

    `presses` and `minutes` are sums of a person's, and else the median of those who tried; None where nobody did.
    """

    passed: int
    exercises: int
    at_once: int
    tried: int
    presses: float | None
    minutes: float | None
    stuck: int = 0


@dataclass(frozen=True)
class Line:
    """One line of the board: what it is about, and its figures; they are None where they are not for the viewer."""

    title: str
    figures: Figures | None
    is_part: bool = False
    passed: int = 0
    exercises: int = 0


def sum_marks(marks: Iterable[Mark], stuck: int = 0, one_person: bool = False) -> Figures:
    """Return the figures of some marks."""
    marks = list(marks)
    worked = [mark.work for mark in marks if mark.work.presses]
    whole = sum if one_person else median
    return Figures(
        passed=sum(mark.is_passed for mark in marks),
        exercises=len(marks),
        at_once=sum(work.is_at_once for work in worked),
        tried=len(worked),
        presses=whole([work.presses for work in worked]) if worked else None,
        minutes=whole([work.seconds / 60 for work in worked]) if worked else None,
        stuck=stuck,
    )


def sum_person(progress: EventMarks, person: Person, lessons: Sequence[BoardLesson], stuck: bool = False) -> Figures:
    """Return one person's figures over some lessons."""
    return sum_marks(_marks(progress, [person], lessons), int(stuck), one_person=True)


def sum_lessons(
    progress: EventMarks,
    people: Sequence[Person],
    lessons: Sequence[BoardLesson],
    stuck: Sequence[tuple[BoardLesson, BoardExercise | None]],
) -> list[Line]:
    """Return a line for each lesson, and below it one for each of its exercises."""
    lines = []
    for lesson in lessons:
        here = [at for its, at in stuck if its == lesson]
        lines.append(Line(lesson.title, sum_marks(_marks(progress, people, [lesson]), len(here))))
        for exercise in lesson.exercises:
            marks = [progress.mark(person.username, lesson.id, exercise.id) for person in people]
            lines.append(Line(exercise.title, sum_marks(marks, here.count(exercise)), is_part=True))
    return lines


def sum_team(event: Event, progress: EventMarks, team: Team, lessons: Sequence[BoardLesson], stuck: int | None) -> Line:
    """Return a team's line; without its figures where `stuck` is None, for who sees how much is done and no more."""
    marks = list(_marks(progress, event.members(team.id), lessons))
    figures = None if stuck is None else sum_marks(marks, stuck)
    return Line(team.title, figures, passed=sum(mark.is_passed for mark in marks), exercises=len(marks))


def _marks(progress: EventMarks, people: Sequence[Person], lessons: Sequence[BoardLesson]) -> Iterable[Mark]:
    return (
        progress.mark(person.username, lesson.id, exercise.id)
        for person in people
        for lesson in lessons
        for exercise in lesson.exercises
    )
