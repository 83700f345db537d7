"""Put the board together: the lessons' exercises, nbgrader's marks, what was handed in, the check buttons' log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from rounds.event import Event
from rounds.lessons.placing import IndexedLesson, read_index
from rounds.pairs.joining import Pair
from rounds.progress.model import BoardExercise, BoardLesson, CellMark, EventMarks, Mark, State
from rounds.progress.presses import Press, PressLogs
from rounds.progress.work import Sitting, Work, find_sitting, sum_work
from rounds.store.folders import Folders

_CELL_SUFFIX = "-test"

Marks = dict[str, dict[str, dict[str, Mark]]]
Lessons = tuple[BoardLesson, ...]
Submissions = Mapping[tuple[str, str], datetime]  # who handed in which lesson, and when the last time


@dataclass(frozen=True)
class Summary:
    """What one person's presses come to: the work at each exercise of the board, and where the person is."""

    work: dict[tuple[str, str], Work]
    sitting: Sitting | None


@dataclass
class Summaries:
    """What everybody's presses come to, reckoned again only for whose log changed."""

    logs: PressLogs = field(default_factory=PressLogs)
    _kept: dict[Path, tuple[tuple[Press, ...], Lessons, Summary]] = field(default_factory=dict)

    def of(self, path: Path, lessons: Lessons) -> Summary:
        """Return what the presses in one log come to."""
        presses = self.logs.read(path)
        kept = self._kept.get(path)
        if kept is None or kept[0] is not presses or kept[1] != lessons:
            known = _of_the_board(presses, lessons)
            kept = self._kept[path] = (presses, lessons, Summary(sum_work(known), find_sitting(known)))
        return kept[2]


@dataclass(frozen=True)
class Record:
    """What is kept beside the presses: who handed in what and when, nbgrader's marks, who does a lesson with whom."""

    submissions: Submissions = field(default_factory=dict)
    grades: Iterable[CellMark] = ()
    pairs: Iterable[Pair] = ()


def collect_progress(event: Event, folders: Folders, record: Record, summaries: Summaries) -> EventMarks:
    """Return the whole board of an event: from presses, from who handed in which lesson, from nbgrader's marks."""
    lessons = board_lessons(event.event.lessons, read_index(folders.lessons))
    marks: Marks = {}
    sittings: dict[str, Sitting] = {}
    for person in event.people:
        summary = summaries.of(folders.checks(person.username), lessons)
        _add_work(marks, person.username, summary.work)
        if summary.sitting:
            sittings[person.username] = summary.sitting
    for pair in record.pairs:
        _share_passed(marks, pair)
    _add_submissions(marks, record.submissions, lessons)
    for grade in record.grades:
        _add_grade(marks, grade, event.policy.pass_mark, record.submissions.get((grade.username, grade.lesson)))
    return EventMarks(lessons, marks, sittings)


def board_lessons(wanted: Iterable[str], index: Iterable[IndexedLesson]) -> tuple[BoardLesson, ...]:
    """Return the lessons of these assignments, each with the exercises that give points."""
    by_assignment = {lesson.assignment: lesson for lesson in index}
    return tuple(_board_lesson(by_assignment[name]) for name in wanted if name in by_assignment)


def _board_lesson(lesson: IndexedLesson) -> BoardLesson:
    exercises = tuple(BoardExercise(e.id, e.title, e.points, e.part) for e in lesson.exercises)
    return BoardLesson(lesson.assignment, lesson.title, lesson.track, exercises, lesson.for_two, lesson.must_minutes)


def _of_the_board(presses: Iterable[Press], lessons: Lessons) -> list[Press]:
    """Return the presses of exercises that are on the board, each with its lesson's id there."""
    ids = {name: lesson.id for lesson in lessons for name in (lesson.id, lesson.id.partition("-")[0])}
    known = {(lesson.id, exercise) for lesson in lessons for exercise in ("", *(e.id for e in lesson.exercises))}
    named = (replace(press, lesson=ids.get(press.lesson, "")) for press in presses)
    return [press for press in named if (press.lesson, press.exercise) in known]


def _add_work(marks: Marks, username: str, done: Mapping[tuple[str, str], Work]) -> None:
    for (lesson, exercise), work in done.items():
        state = State.CHECKED if work.passed_at else State.TRIED
        marks.setdefault(username, {}).setdefault(lesson, {})[exercise] = Mark(state, work=work)


def _share_passed(marks: Marks, pair: Pair) -> None:
    """Count what one of a pair passed for the other too, who has the same keyboard."""
    rows = [marks.setdefault(name, {}).setdefault(pair.lesson, {}) for name in (pair.opener, pair.partner)]
    for row, others in (rows, rows[::-1]):
        for exercise, mark in others.items():
            own = row.get(exercise, Mark())
            if mark.is_passed and not own.is_passed:
                row[exercise] = Mark(mark.state, work=replace(own.work, passed_at=mark.work.passed_at))


def _add_submissions(marks: Marks, submissions: Submissions, lessons: Lessons) -> None:
    exercises = {lesson.id: lesson.exercises for lesson in lessons}
    for username, lesson_id in submissions:
        row = marks.setdefault(username, {}).setdefault(lesson_id, {})
        for exercise in exercises.get(lesson_id, ()):
            row[exercise.id] = replace(row.get(exercise.id, Mark()), state=State.SUBMITTED)


def _add_grade(marks: Marks, grade: CellMark, pass_mark: float, handed_in: datetime | None) -> None:
    if grade.points is None or not grade.cell.endswith(_CELL_SUFFIX):
        return
    exercise = grade.cell.removesuffix(_CELL_SUFFIX)
    row = marks.setdefault(grade.username, {}).setdefault(grade.lesson, {})
    mark = row.get(exercise, Mark())
    if grade.points >= pass_mark * grade.max_points:
        state = State.DONE
    else:  # who passed the check after the hand-in has mended it: it waits for another hand-in
        passed_at = mark.work.passed_at
        state = State.CHECKED if handed_in and passed_at and passed_at > handed_in else State.NOT_YET
    row[exercise] = replace(mark, state=state, points=grade.points)
