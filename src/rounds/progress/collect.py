"""Put the board together: the lessons' exercises, nbgrader's marks, what was handed in, the check buttons' log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from rounds.event import Event
from rounds.lessons.placing import IndexedLesson, read_index
from rounds.progress.model import BoardExercise, BoardLesson, CellMark, EventMarks, Mark, State
from rounds.store.folders import Folders

_CELL_SUFFIX = "-test"

Marks = dict[str, dict[str, dict[str, Mark]]]


def collect_progress(
    event: Event, folders: Folders, submissions: Iterable[tuple[str, str]], grades: Iterable[CellMark]
) -> EventMarks:
    """Return the whole board of an event from who handed in which lesson and from nbgrader's marks."""
    lessons = board_lessons(event.event.lessons, read_index(folders.lessons))
    marks: Marks = {}
    for person in event.people:
        _add_checks(marks, person.username, _read_checks(folders.checks(person.username)), lessons)
    _add_submissions(marks, submissions, lessons)
    for grade in grades:
        _add_grade(marks, grade, event.policy.pass_mark)
    return EventMarks(lessons, marks)


def board_lessons(wanted: Iterable[str], index: Iterable[IndexedLesson]) -> tuple[BoardLesson, ...]:
    """Return the lessons of these assignments, each with the exercises that give points."""
    by_assignment = {lesson.assignment: lesson for lesson in index}
    return tuple(_board_lesson(by_assignment[name]) for name in wanted if name in by_assignment)


def _board_lesson(lesson: IndexedLesson) -> BoardLesson:
    exercises = tuple(BoardExercise(e.id, e.title, e.points) for e in lesson.exercises)
    return BoardLesson(lesson.assignment, lesson.title, lesson.track, exercises)


def _read_checks(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield lesson, exercise and outcome of each press; a torn last line is passed over."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            said = json.loads(line)
            yield str(said["lesson"]), str(said["exercise"]), bool(said["passed"])
        except (ValueError, KeyError, TypeError):
            continue


def _add_checks(
    marks: Marks, username: str, checks: Iterable[tuple[str, str, bool]], lessons: tuple[BoardLesson, ...]
) -> None:
    short = {lesson.id.partition("-")[0]: lesson for lesson in lessons}
    for lesson_id, exercise, passed in checks:
        lesson = short.get(lesson_id)
        if lesson is None or exercise not in {e.id for e in lesson.exercises}:
            continue
        row = marks.setdefault(username, {}).setdefault(lesson.id, {})
        before = row.get(exercise, Mark())
        state = State.CHECKED if passed or before.state is State.CHECKED else State.TRIED
        row[exercise] = Mark(state, attempts=before.attempts + 1)


def _add_submissions(marks: Marks, submissions: Iterable[tuple[str, str]], lessons: tuple[BoardLesson, ...]) -> None:
    exercises = {lesson.id: lesson.exercises for lesson in lessons}
    for username, lesson_id in submissions:
        row = marks.setdefault(username, {}).setdefault(lesson_id, {})
        for exercise in exercises.get(lesson_id, ()):
            row[exercise.id] = Mark(State.SUBMITTED, attempts=row.get(exercise.id, Mark()).attempts)


def _add_grade(marks: Marks, grade: CellMark, pass_mark: float) -> None:
    if grade.points is None or not grade.cell.endswith(_CELL_SUFFIX):
        return
    exercise = grade.cell.removesuffix(_CELL_SUFFIX)
    row = marks.setdefault(grade.username, {}).setdefault(grade.lesson, {})
    done = grade.points >= pass_mark * grade.max_points
    attempts = row.get(exercise, Mark()).attempts
    row[exercise] = Mark(State.DONE if done else State.NOT_YET, grade.points, attempts)
