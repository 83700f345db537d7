"""Who is stuck, by the numbers of the event file, among the people that the viewer looks after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rounds.counted import counted
from rounds.event import Event, Person
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark, State
from rounds.progress.work import Sitting, Stuck, find_stuck


@dataclass(frozen=True)
class StuckPerson:
    """One person who is stuck, and where; the exercise is None for who opened a lesson and pressed nothing."""

    person: Person
    lesson: BoardLesson
    exercise: BoardExercise | None
    stuck: Stuck

    @property
    def why(self) -> str:
        """Why it seems so, in words."""
        if self.stuck.by_failures:
            return f"{counted(self.stuck.failures, 'press', 'presses')} in a row did not pass"
        return f"{self.stuck.minutes} min without a step"


def find_stuck_people(event: Event, progress: EventMarks, people: Iterable[Person], now: datetime) -> list[StuckPerson]:
    """Return who of `people` is stuck, the longest first."""
    found = _find(event, progress, people, now)
    return sorted(found, key=lambda one: progress.sittings[one.person.username].since)


def _find(event: Event, progress: EventMarks, people: Iterable[Person], now: datetime) -> Iterator[StuckPerson]:
    lessons = {lesson.id: lesson for lesson in progress.lessons}
    most = event.policy.stuck_failures, event.policy.stuck_min
    for person in people:
        sitting = progress.sittings.get(person.username)
        if sitting is None or _is_through(progress, person, lessons[sitting.lesson]):
            continue
        stuck = find_stuck(sitting, _mark(progress, person, sitting).work.failures, now, most)
        if stuck:
            lesson = lessons[sitting.lesson]
            exercise = next((one for one in lesson.exercises if one.id == sitting.exercise), None)
            yield StuckPerson(person, lesson, exercise, stuck)


def _mark(progress: EventMarks, person: Person, sitting: Sitting) -> Mark:
    return progress.mark(person.username, sitting.lesson, sitting.exercise)


def _is_through(progress: EventMarks, person: Person, lesson: BoardLesson) -> bool:
    """Return whether nothing of a lesson is left to do before its marks."""
    marks = (progress.mark(person.username, lesson.id, exercise.id) for exercise in lesson.exercises)
    return all(mark.is_passed or mark.state is State.SUBMITTED for mark in marks)
